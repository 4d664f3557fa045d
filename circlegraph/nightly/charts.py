"""Charts of the report, drawn as all charts of circlegraph are; without the extra views there are tables alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.views.chart import Chart

LEAST_CLAIMS = 20
"""Claims without which a reliability curve says nothing."""
WIDTH, HEIGHT, COLUMNS = 280, 90, 3


def available() -> bool:
    """Whether the extra views is installed."""
    return find_spec("altair") is not None and find_spec("vl_convert") is not None


def trend_chart(trend: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Chart:
    """Figures night by night, each on a scale of its own.

    Parameters
    ----------
    trend
        A mapping per night: date, and counts by name.
    names
        Which counts to draw, and what they are called.
    """
    import pandas as pd

    from circlegraph.views.chart import drawn, finished, load_altair
    from circlegraph.views.layout import HOVER
    from circlegraph.views.palette import BLUE

    rows = [
        (pd.Timestamp(night["date"]), title, night[name])
        for night in trend
        for name, title in names.items()
        if name in night
    ]
    records = pd.DataFrame(rows, columns=["date", "figure", "count"])
    records["hover"] = [f"{day:%d %b %Y}: {count:,} {title}" for day, title, count in rows]
    alt = load_altair()
    line = (
        alt.Chart(drawn(records))
        .mark_line(color=BLUE, point=alt.OverlayMarkDef(color=BLUE, size=30))
        .encode(
            x=alt.X("date:T", title=None, axis=alt.Axis(format="%d %b", tickCount=4)),
            y=alt.Y("count:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=3)),
            **HOVER,
        )
    )
    chart = _panels(line, list(names.values()))
    return finished(chart, f"The last {len(trend)} nights", "", records.drop(columns="hover"))


def spread_chart(spreads: Mapping[str, Sequence[int]], edges: Mapping[str, Sequence[float]]) -> Chart:
    """How often each range of a figure occurs.

    Parameters
    ----------
    spreads
        Counts by figure.
    edges
        Where the ranges begin, and the last one ends.
    """
    import pandas as pd

    from circlegraph.views.chart import drawn, finished, load_altair
    from circlegraph.views.layout import HOVER
    from circlegraph.views.palette import BLUE

    rows = [
        (name, place, f"{low:g}", f"{low:g} to {high:g}: {count:,}", count)
        for name, counts in spreads.items()
        for place, (low, high, count) in enumerate(
            zip(edges[name][:-1], edges[name][1:], counts, strict=True)
        )
    ]
    records = pd.DataFrame(rows, columns=["figure", "place", "low", "hover", "count"])
    alt = load_altair()
    bars = (
        alt.Chart(drawn(records))
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X("low:O", sort=alt.SortField("place"), title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("count:Q", title=None, scale=alt.Scale(type="symlog"), axis=alt.Axis(tickCount=3)),
            **HOVER,
        )
    )
    chart = _panels(bars, list(spreads))
    note = "heights are logarithmic; a range is named by its beginning"
    return finished(chart, "How often each range occurs", note, records.drop(columns=["hover", "place"]))


def reliability_charts(judged: pd.DataFrame) -> dict[str, Chart]:
    """Past probabilities against what became true, by question; only where enough is known."""
    from circlegraph.views.reliability import reliability_chart

    return {
        str(question): reliability_chart(part["probability"], part["right"])
        for question, part in judged.groupby("question", sort=False)
        if len(part) >= LEAST_CLAIMS
    }


def inline(chart: Chart) -> str:
    """Picture to stand in a page: the names of its formats, which look like addresses, are not needed there."""
    return re.sub(r' xmlns(:\w+)?="[^"]*"', "", chart.svg())


def _panels(chart: Any, order: list[str]) -> Any:
    """One small chart a figure, in columns."""
    from circlegraph.views.chart import load_altair

    alt = load_altair()
    facet = alt.Facet("figure:N", sort=order, title=None, header=alt.Header(labelAnchor="start"))
    shaped = chart.properties(width=WIDTH, height=HEIGHT).facet(facet, columns=COLUMNS)
    return shaped.resolve_scale(x="independent", y="independent")
