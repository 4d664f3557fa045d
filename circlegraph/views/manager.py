"""An account manager's star over time: whom he approached, when, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.errors import InputError
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.layout import HOVER, Plane, haloed
from circlegraph.views.palette import AMBER, GREY, INK, ORANGE, PALE, PAPER, SKY
from circlegraph.views.words import shown_number, with_texts

if TYPE_CHECKING:
    import pandas as pd

STAGES = ("stable", "contacted", "reacting", "taken")
COLOURS = (GREY, SKY, AMBER, ORANGE)
SHAPES = ("circle", "square", "triangle-up", "diamond")
SIDE, REACH, NEAREST = 420, 1.12, 0.22
SHOWN_ROWS = 24
RINGS = 4


def manager_chart(managers: Any, number: str, *, shown: int = SHOWN_ROWS, full: bool = False) -> Chart:
    """Draw the targets of an account manager round him, later ones farther out, and the most urgent ones by date.

    Parameters
    ----------
    managers
        `Managers`, or their contacts: number, manager, first_contact, last_contact, calls_in, calls_out, stage.
    number
        The manager.
    shown
        Targets with a row of their own, the most alarming stages first.
    full
        Whether to show numbers without blanking out their middle.

    Returns
    -------
    Chart
        Records: a row per target with number, first_contact, last_contact, calls_in, calls_out, stage, in the
        order of the rows.

    Raises
    ------
    InputError
        If the manager has no contacts there, or a column is missing.
    """
    import pandas as pd

    alt = load_altair()
    frame = getattr(managers, "contacts", managers)
    names = ["number", "manager", "first_contact", "last_contact", "calls_in", "calls_out", "stage"]
    missing = [name for name in names if name not in frame]
    if missing:
        raise InputError(f"the contacts lack the column {missing[0]!r}; give a Managers or its .contacts")
    frame = with_texts(frame, "number", "manager")
    targets = frame.loc[frame["manager"] == number, names].drop(columns="manager")
    if targets.empty:
        raise InputError(f"{number} is no manager with contacts here")
    for name in ("first_contact", "last_contact"):
        targets[name] = pd.to_datetime(targets[name])
    targets["stage"] = targets["stage"].fillna("contacted")
    urgency = (
        targets["stage"]
        .map({stage: place for place, stage in enumerate(reversed(STAGES))})
        .fillna(len(STAGES))
    )
    targets = targets.assign(urgency=urgency).sort_values(
        ["urgency", "last_contact", "number"], ascending=[True, False, True]
    )
    records = targets.drop(columns="urgency").reset_index(drop=True)
    dots = records.assign(label=[shown_number(target, full=full) for target in records["number"]])
    dots["hover"] = [
        f"{label}: {stage}; {first:%d %b} to {last:%d %b}, phoned {a} times, phoned back {b} times"
        for label, stage, first, last, a, b in dots[
            ["label", "stage", "first_contact", "last_contact", "calls_in", "calls_out"]
        ].itertuples(index=False)
    ]
    colour = alt.Color(
        "stage:N",
        title=None,
        sort=list(STAGES),
        legend=alt.Legend(orient="top", symbolSize=110, symbolOpacity=1),
        scale=alt.Scale(domain=list(STAGES), range=list(COLOURS)),
    )
    shape = alt.Shape(
        "stage:N",
        title=None,
        scale=alt.Scale(domain=list(STAGES), range=list(SHAPES)),
        legend=alt.Legend(orient="top", symbolSize=110, symbolOpacity=1),
    )
    who = shown_number(number, full=full)
    chart = alt.hconcat(_star(dots, who, colour, shape), _rows(dots, shown, colour, shape), spacing=30)
    counts = records["stage"].value_counts()
    told = ", ".join(f"{counts[stage]} {stage}" for stage in reversed(STAGES) if stage in counts)
    title = f"{who} approached {len(records)} subscribers: {told}"
    begin, end = records["first_contact"].min(), records["last_contact"].max()
    subtitle = [
        f"contacts from {begin:%Y-%m-%d} to {end:%Y-%m-%d}",
        "left: outward in time, by first contact; right: from first to last contact, the most alarming first",
    ]
    return finished(chart, title, subtitle, records)


def _star(dots: pd.DataFrame, who: str, colour: Any, shape: Any) -> Any:
    """Targets clockwise in the order of their first contact, at a distance that is its date."""
    alt = load_altair()
    first = dots.sort_values(["first_contact", "number"], kind="stable")
    begin, end = first["first_contact"].min(), first["first_contact"].max()
    span = max((end - begin).total_seconds(), 86400.0)
    away = NEAREST + (1 - NEAREST) * (first["first_contact"] - begin).dt.total_seconds() / span
    angle = np.pi / 2 - 2 * np.pi * np.arange(len(first)) / len(first)
    first = first.assign(x=away * np.cos(angle), y=away * np.sin(angle), zero=0.0)
    plane = Plane(REACH)
    base = alt.Chart(drawn(first, "number"))
    rays = base.mark_rule(opacity=0.5, strokeWidth=1.5)
    points = base.mark_point(filled=True, opacity=1, size=90, stroke=PAPER, strokeWidth=0.8)
    hub = alt.Chart(alt.InlineData(values=[{"x": 0.0, "y": 0.0, "label": who}])).encode(plane.x(), plane.y())
    return alt.layer(
        *_rings(begin, span, plane),
        rays.encode(plane.x("zero"), plane.y("zero"), x2="x:Q", y2="y:Q", color=colour),
        points.encode(plane.x(), plane.y(), color=colour, shape=shape, **HOVER),
        hub.mark_circle(size=420, color=INK, opacity=1),
        *haloed(hub, "label", dy=22, fontWeight="bold", fontSize=12),
    ).properties(width=SIDE, height=SIDE)


def _rings(begin: pd.Timestamp, span: float, plane: Plane) -> list[Any]:
    """Circles of equal date, with the dates."""
    import pandas as pd

    alt = load_altair()
    spots: list[dict[str, Any]] = []
    dates: list[dict[str, Any]] = []
    for ring in range(RINGS):
        far = NEAREST + (1 - NEAREST) * ring / (RINGS - 1)
        spots += [
            {"ring": ring, "step": i, "x": far * float(np.cos(turn)), "y": far * float(np.sin(turn))}
            for i, turn in enumerate(np.linspace(0, 2 * np.pi, 73))
        ]
        when = begin + pd.Timedelta(seconds=span * ring / (RINGS - 1))
        # At the top, where the early targets are, the outer rings are free.
        dates += [{"x": 0.02, "y": far, "label": f"{when:%d %b}"}] if ring else []
    lines = alt.Chart(alt.InlineData(values=spots)).mark_line(color=PALE, strokeWidth=1)
    text = alt.Chart(alt.InlineData(values=dates)).encode(plane.x(), plane.y())
    return [
        lines.encode(plane.x(), plane.y(), detail="ring:N", order="step:Q"),
        *haloed(text, "label", fontSize=10, align="left"),
    ]


def _rows(dots: pd.DataFrame, shown: int, colour: Any, shape: Any) -> Any:
    """First to last contact of the most alarming targets."""
    alt = load_altair()
    top = dots.head(shown if len(dots) > shown + 1 else len(dots)).reset_index(drop=True)
    top["row"] = [f"{place:03d}" for place in range(len(top))]
    labels = ", ".join(f"'{row}': '{label}'" for row, label in zip(top["row"], top["label"], strict=True))
    left = len(dots) - len(top)
    y = alt.Y("row:N", title=None, axis=alt.Axis(labelExpr=f"{{{labels}}}[datum.value]", ticks=False))
    axis = alt.Axis(
        format="%d %b",
        labelOverlap=True,
        labelSeparation=8,
        tickCount=6,
        title=f"and {left:,} more, less alarming" if left else None,
    )
    begin = alt.X("first_contact:T", title=None, axis=axis)
    base = alt.Chart(drawn(top, "number"))
    lines = base.mark_rule(strokeWidth=3, opacity=0.6).encode(
        begin, y, x2="last_contact:T", color=colour, **HOVER
    )
    ends = base.mark_point(filled=True, opacity=1, size=70).encode(
        alt.X("last_contact:T", title=None, axis=axis), y, color=colour, shape=shape, **HOVER
    )
    starts = base.mark_tick(thickness=3, height=9).encode(begin, y, color=colour)
    return alt.layer(lines, starts, ends).properties(width=320, height=max(17 * len(top), 60))
