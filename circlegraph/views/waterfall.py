"""Waterfall of evidence: how a probability comes about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circlegraph.errors import InputError
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.layout import HOVER
from circlegraph.views.palette import BLUE, GREY, INK, NEW, PAPER
from circlegraph.views.words import figure, percent, shown_number

if TYPE_CHECKING:
    import pandas as pd

KEYS = ("number", "second_number", "number_a", "number_b")
TICKS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)
FOR, AGAINST, START, SUM = "speaks for it", "speaks against it", "before any evidence", "in all"
ROW = 26
LEAST_SHOWN = 0.005
"""Weight that a bar of its own can show."""


def waterfall_chart(weights: pd.DataFrame, title: str | None = None, *, prior: float | None = None) -> Chart:
    """Show what each piece of evidence adds to a match weight, and the probability after it.

    A weight of 1 doubles the odds, -1 halves them; the scale is of probabilities.

    Parameters
    ----------
    weights
        The rows of one pair or one number of a result's ``.weights``: evidence, value, weight; or what has
        such rows as its ``.weights``. A row with the evidence *prior* comes first. Weights of nearly 0, of
        what is not known, are left out and counted.
    title
        What the probability says; by default whose it is, or how much evidence there is.
    prior
        Weight before any evidence (a model's ``prior_weight``), where the rows have none.

    Returns
    -------
    Chart
        Records: evidence, value, weight, start, end (weights), probability after it, effect.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"evidence": ["prior", "overlap"], "value": [None, 0.8], "weight": [-6.0, 9.0]})
    >>> waterfall_chart(rows, "One owner?").records["end"].tolist()
    [-6.0, 3.0, 3.0]

    Raises
    ------
    InputError
        If the rows are of more than one pair, or lack a column.
    """
    import pandas as pd

    alt = load_altair()
    both = [getattr(weights, key, None) for key in KEYS[:2]]
    pair = " and ".join(shown_number(number) for number in both if isinstance(number, str))
    weights = getattr(weights, "weights", weights)
    if prior is not None:
        first = pd.DataFrame({"evidence": ["prior"], "value": [None], "weight": [prior]})
        weights = pd.concat([first.astype(object), weights.astype(object)], ignore_index=True)
    records, unknown = _steps(weights)
    last = float(records["probability"].iloc[-1])
    pieces = len(weights)
    said = title or f"{pair or f'{pieces} pieces of evidence'}: probability {_sure(last)}"
    subtitle = ["each bar moves the probability by what one piece of evidence weighs"]
    if title:
        subtitle = [f"probability {_sure(last)}; {subtitle[0]}"]
    if unknown:
        subtitle.append(f"{unknown} more not known or without weight, which counts for nothing")
    data = drawn(records, *KEYS)
    order = records["label"].tolist()
    reach = [*records["start"], *records["end"]]
    low, high = min(min(reach), -1.0) - 0.5, max(max(reach), 1.0) + 0.5
    shown = [float(np.log2(p / (1 - p))) for p in TICKS]
    # The domain is drawn for what the bars need, so ticks outside of it must go.
    ticks = [tick for tick in shown if low <= tick <= high]
    # Vega writes negative figures with a minus sign of its own.
    names_of = {
        f"{tick:.3f}".replace("-", "\u2212"): f"{100 * p:g}%" for tick, p in zip(shown, TICKS, strict=True)
    }
    names = ", ".join(f"'{at}': '{text}'" for at, text in names_of.items())
    x = alt.X(
        "start:Q",
        title="probability",
        scale=alt.Scale(domain=[low, high + 0.16 * (high - low)], nice=False),
        axis=alt.Axis(values=ticks, labelExpr=f"{{{names}}}[format(datum.value, '.3f')]", grid=True),
    )
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=320, ticks=False, domain=False))
    colour = alt.Color(
        "effect:N",
        title=None,
        scale=alt.Scale(domain=[FOR, AGAINST, START, SUM], range=[NEW, BLUE, GREY, INK]),
        legend=alt.Legend(orient="bottom"),
    )
    base = alt.Chart(data)
    bars = base.mark_bar(height=ROW - 10).encode(x=x, x2="end:Q", y=y, color=colour, **HOVER)
    text = base.mark_text(align="left", dx=5).encode(x="edge:Q", y=y, text="said:N")
    halo = text.encode(color=alt.value(PAPER)).mark_text(align="left", dx=5, stroke=PAPER, strokeWidth=4)
    half = alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x="at:Q")
    chart = alt.layer(half, bars, halo, text).properties(width=460, height=ROW * len(records))
    return finished(chart, said, subtitle, records)


def _steps(weights: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Bars from the prior to the sum, the heaviest evidence first, and how many pieces are not known."""
    import pandas as pd

    missing = [name for name in ("evidence", "value", "weight") if name not in weights]
    if missing:
        raise InputError(f"the weights lack the column {missing[0]!r}; give the rows of a result's .weights")
    for key in KEYS:
        if key in weights and weights[key].nunique() > 1:
            raise InputError(
                f"the weights are of {weights[key].nunique()} values of {key}; give the rows of one"
            )
    frame = weights.reset_index(drop=True).astype({"weight": float})
    first = frame["evidence"] == "prior"
    told = frame[first | (frame["weight"].abs() >= LEAST_SHOWN)]
    strength = told["weight"].abs().where(~first, np.inf)
    told = told.loc[strength.sort_values(ascending=False, kind="stable").index]
    end = told["weight"].cumsum()
    effect = np.where(told["evidence"] == "prior", START, np.where(told["weight"] > 0, FOR, AGAINST))
    records = told.assign(start=end - told["weight"], end=end, effect=effect)
    total = float(frame["weight"].sum())
    row = {"evidence": "in all", "value": None, "weight": total, "start": 0.0, "end": total, "effect": SUM}
    records = pd.concat([records.astype(object), pd.DataFrame([row]).astype(object)], ignore_index=True)
    for name in ("weight", "start", "end"):
        records[name] = records[name].astype(float)
    records["probability"] = 1 / (1 + np.exp2(-records["end"].clip(-500, 500)))
    records["label"] = [_label(*pair) for pair in zip(records["evidence"], records["value"], strict=True)]
    records["edge"] = records[["start", "end"]].max(axis=1)
    records["said"] = [
        f"{'' if name == SUM else f'{weight:+.{1 if abs(weight) >= 0.1 else 2}f} → '}{_sure(p)}"
        for name, weight, p in zip(records["effect"], records["weight"], records["probability"], strict=True)
    ]
    records["hover"] = [
        f"{label}: weight {round(weight, 2) + 0.0:+.2f}, {effect}; probability after it {_sure(p)}"
        for label, weight, effect, p in records[["label", "weight", "effect", "probability"]].itertuples(
            index=False
        )
    ]
    return records, len(frame) - len(told)


def _sure(probability: float) -> str:
    """Probability in percent; nothing is certain."""
    return percent(min(max(probability, 1e-9), 1 - 1e-9))


def _label(evidence: str, value: object) -> str:
    name = {"prior": "before any evidence", "in all": "in all"}.get(evidence, evidence.replace("_", " "))
    if value is None or value != value:
        return name
    if isinstance(value, bool | np.bool_):
        return f"{name}: {'yes' if value else 'no'}"
    return f"{name}: {figure(float(value)) if isinstance(value, int | float | np.number) else value}"
