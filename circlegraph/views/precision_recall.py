"""Precision and recall of ranked lists, several methods in one picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.errors import InputError
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.layout import HOVER
from circlegraph.views.palette import DASHES, GREY, SERIES

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

WIDTH, HEIGHT = 460, 340
AIM = 0.95
MOST_POINTS = 400


def precision_recall_chart(
    methods: Mapping[str, tuple[ArrayLike, ArrayLike]], wanted: int | None = None, *, aim: float = AIM
) -> Chart:
    """Draw precision against recall down each method's list.

    Parameters
    ----------
    methods
        By name: scores float[n] (more is surer) and whether each claim is right, bool[n]. At most 8.
    wanted
        How many true answers there are, found or not; by default all right ones that any method lists.
    aim
        Precision that is marked.

    Returns
    -------
    Chart
        Records: method, score, claims, precision, recall at each distinct score, area (PR-AUC, by average
        precision), reached (largest recall at a precision of `aim`).

    Examples
    --------
    >>> chart = precision_recall_chart({"circle": ([0.9, 0.8, 0.7], [1, 0, 1]), "chance": ([0.5, 0.5], [1, 0])}, 2)
    >>> chart.records.groupby("method", sort=False).area.first().round(3).to_dict()
    {'circle': 0.833, 'chance': 0.25}

    Raises
    ------
    InputError
        If there is no method or too many, or nothing is wanted.
    """
    import pandas as pd

    alt = load_altair()
    if not 1 <= len(methods) <= len(SERIES):
        raise InputError(f"there are {len(methods)} methods; a picture takes 1 to {len(SERIES)}")
    lists = {
        name: (np.asarray(scores, dtype=float), np.asarray(right, dtype=float))
        for name, (scores, right) in methods.items()
    }
    count = wanted if wanted is not None else max(int(right.sum()) for _, right in lists.values())
    if count < 1:
        raise InputError("nothing is wanted, so there is no recall")
    parts = [_curve(name, *pair, count, aim) for name, pair in lists.items()]
    records = pd.concat(parts, ignore_index=True)
    best = records.groupby("method", sort=False)["area"].first().sort_values(ascending=False, kind="stable")
    label = {name: f"{name} ({area:.2f})" for name, area in best.items()}
    lines = _thinned(records).assign(label=lambda rows: rows["method"].map(label))
    lines["hover"] = [
        f"{m}: the best {n:,.0f} claims hold {p:.0%} right ones, {r:.0%} of all"
        for m, n, p, r in lines[["method", "claims", "precision", "recall"]].itertuples(index=False)
    ]
    colour = {name: SERIES[place] for place, name in enumerate(methods)}
    stroke = {name: list(DASHES[place]) for place, name in enumerate(methods)}
    names = list(best.index)
    keyed = {"domain": [label[name] for name in names]}
    legend = alt.Legend(
        title="area under the curve",
        orient="right",
        symbolType="stroke",
        labelLimit=300,
        symbolStrokeWidth=2.5,
        symbolSize=400,
    )
    scale, percent = alt.Scale(domain=[0, 1]), alt.Axis(format="%")
    base = alt.Chart(drawn(lines)).encode(
        x=alt.X(
            "recall:Q", scale=scale, axis=percent, title="recall: share of all true ones that are on the list"
        ),
        y=alt.Y("precision:Q", scale=scale, axis=percent, title="precision: share of the list that is true"),
        color=alt.Color("label:N", scale=alt.Scale(**keyed, range=[colour[n] for n in names]), legend=legend),
    )
    curves = base.mark_line(strokeWidth=2.5).encode(
        strokeDash=alt.StrokeDash(
            "label:N", scale=alt.Scale(**keyed, range=[stroke[n] for n in names]), legend=legend
        ),
        order="claims:Q",
    )
    points = base.mark_circle(size=60, opacity=0).encode(**HOVER)  # only to be pointed at
    line = (
        alt.Chart(alt.Data(values=[{"aim": aim}])).mark_rule(color=GREY, strokeDash=[5, 4]).encode(y="aim:Q")
    )
    top = names[0]
    reached = float(records.loc[records["method"] == top, "reached"].iloc[0])
    title = f"{top}: {reached:.0%} recall at {aim:.0%} precision"
    subtitle = f"{count:,} wanted; the dashed line marks {aim:.0%} precision"
    chart = alt.layer(line, curves, points).properties(width=WIDTH, height=HEIGHT)
    return finished(chart, title, subtitle, records)


def _thinned(records: pd.DataFrame) -> pd.DataFrame:
    """At most about `MOST_POINTS` points of each curve, the first and the last among them."""
    import pandas as pd

    parts = []
    for _, curve in records.groupby("method", sort=False):
        kept = np.unique(
            np.linspace(0, len(curve) - 1, min(len(curve), MOST_POINTS)).round().astype(np.int64)
        )
        parts.append(curve.iloc[kept])
    return pd.concat(parts, ignore_index=True)


def _curve(
    name: str, scores: np.ndarray[Any, Any], right: np.ndarray[Any, Any], wanted: int, aim: float
) -> pd.DataFrame:
    """Precision and recall down to each distinct score; equal scores are one step."""
    import pandas as pd

    if len(scores) != len(right) or not len(scores):
        raise InputError(
            f"{name}: there are {len(scores)} scores and {len(right)} outcomes; give one for each"
        )
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    claims = ends + 1.0
    hits = np.cumsum(right[order])[ends]
    precision, recall = hits / claims, hits / wanted
    good = precision >= aim - 1e-9
    return pd.DataFrame(
        {
            "method": name,
            "score": ordered[ends],
            "claims": claims,
            "precision": precision,
            "recall": recall,
            "area": float(np.sum(np.diff(recall, prepend=0.0) * precision)),
            "reached": float(recall[good].max(initial=0.0)),
        }
    )
