"""Reliability: do as many come true as were predicted?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.errors import InputError
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.layout import HOVER
from circlegraph.views.palette import BLUE, GREY, PAPER

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

BINS = 10
SIDE = 380
SURE = 1.96
"""Standard deviations either side of 95 % of a normal distribution."""


def reliability_chart(probability: ArrayLike, right: ArrayLike, *, bins: int = BINS) -> Chart:
    """Set predicted shares against observed ones, in bins of equal width, with 95% intervals.

    Parameters
    ----------
    probability
        float[n], predicted.
    right
        bool[n] or 0 and 1: what came true.
    bins
        How many bins between 0 and 1; empty ones are left out.

    Returns
    -------
    Chart
        Records: low, high (of the bin), count, predicted, observed, least, most (Wilson's interval).

    Examples
    --------
    >>> chart = reliability_chart([0.1, 0.1, 0.9, 0.9], [0, 0, 1, 0])
    >>> chart.records[["count", "predicted", "observed"]].to_numpy().tolist()
    [[2.0, 0.1, 0.0], [2.0, 0.9, 0.5]]

    Raises
    ------
    InputError
        If there is nothing, the lengths differ, or a probability is not between 0 and 1.
    """
    alt = load_altair()
    records = _bins(np.asarray(probability, dtype=float), np.asarray(right, dtype=float), bins)
    count = int(records["count"].sum())
    off = (records["observed"] - records["predicted"]).abs()
    error = float((off * records["count"]).sum() / count)
    scale = alt.Scale(domain=[0, 1])
    records["hover"] = [
        f"predicted {p:.0%}, observed {o:.0%} of {n:,}"
        for p, o, n in records[["predicted", "observed", "count"]].itertuples(index=False)
    ]
    percent = alt.Axis(format="%")
    x = alt.X("predicted:Q", scale=scale, title="predicted probability", axis=percent)
    base = alt.Chart(drawn(records)).encode(x=x)
    diagonal = alt.Chart(alt.Data(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}])).mark_line(
        color=GREY, strokeDash=[5, 4], strokeWidth=1.5
    )
    y = alt.Y("observed:Q", scale=scale, title="share that came true", axis=percent)
    curve = alt.layer(
        diagonal.encode(x="x:Q", y="y:Q"),
        base.mark_rule(color=BLUE, opacity=0.5, strokeWidth=2).encode(
            y=alt.Y("least:Q", scale=scale), y2="most:Q"
        ),
        base.mark_line(color=BLUE).encode(y=y),
        base.mark_circle(color=BLUE, opacity=1, size=70).encode(y=y, **HOVER),
    ).properties(width=SIDE, height=SIDE)
    counts = (
        alt.Chart(drawn(records))
        .mark_bar(color=BLUE, opacity=0.6, stroke=PAPER)
        .encode(
            x=alt.X("low:Q", scale=scale, title=None, axis=None),
            x2="high:Q",
            y=alt.Y(
                "count:Q",
                title="how many",
                # Most probabilities are next to 0 or 1: the few between them shall be seen as well.
                scale=alt.Scale(type="symlog", domainMin=0),
                axis=alt.Axis(values=[1, 10, 100, 1000, 10_000, 100_000, 1_000_000], format=",d"),
            ),
            y2=alt.datum(0),
            **HOVER,
        )
        .properties(width=SIDE, height=70)
    )
    title = (
        f"Predicted and observed differ by {100 * error:.1f} points on average, {100 * off.max():.1f} at most"
    )
    subtitle = [
        f"{count:,} predictions in {len(records)} bins of equal width",
        "on the dashed line a probability means what it says; bars: 95% intervals",
    ]
    return finished(alt.vconcat(curve, counts, spacing=6), title, subtitle, records.drop(columns="hover"))


def _bins(probability: np.ndarray[Any, Any], right: np.ndarray[Any, Any], bins: int) -> pd.DataFrame:
    import pandas as pd

    if len(probability) != len(right) or not len(right):
        raise InputError(
            f"there are {len(probability)} probabilities and {len(right)} outcomes; give one for each"
        )
    if not ((probability >= 0) & (probability <= 1)).all():
        raise InputError("a probability is unknown or not between 0 and 1; leave such rows out")
    place = np.minimum((probability * bins).astype(np.int64), bins - 1)
    frame = pd.DataFrame({"place": place, "predicted": probability, "observed": right})
    found = frame.groupby("place").agg(
        count=("observed", "size"), predicted=("predicted", "mean"), observed=("observed", "mean")
    )
    found.insert(0, "low", found.index / bins)
    found.insert(1, "high", (found.index + 1) / bins)
    n, p = found["count"], found["observed"]
    middle = (p + SURE**2 / (2 * n)) / (1 + SURE**2 / n)
    half = SURE / (1 + SURE**2 / n) * np.sqrt(p * (1 - p) / n + SURE**2 / (4 * n**2))
    return found.assign(least=(middle - half).clip(0, 1), most=(middle + half).clip(0, 1)).reset_index(
        drop=True
    )
