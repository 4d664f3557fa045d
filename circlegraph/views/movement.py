"""Movement of one subscriber over the weeks: the points, and which indicators fired."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.detect.weekly_movement.points import FIGURES, LEVELS
from circlegraph.errors import InputError
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.layout import HOVER
from circlegraph.views.palette import AMBER, GREY, INK, ORANGE, PALE, PAPER, SKY
from circlegraph.views.words import figure, shown_number, shown_text, with_texts

if TYPE_CHECKING:
    import pandas as pd

COLOURS = (GREY, SKY, AMBER, ORANGE)
FIRED, QUIET, UNKNOWN = "fired", "quiet", "unknown"
CELL = 46
NARROWEST = 240
WRAPPED, MOST_LINES = 84, 8


def movement_chart(movement: Any, number: str, *, full: bool = False) -> Chart:
    """Draw a subscriber's points week by week, and below them each indicator's figure and whether it fired.

    Parameters
    ----------
    movement
        `Movement`, or its weeks: number, week, a column per indicator's figure, points, level, known_points,
        and fired (names of the indicators that fired, with commas or spaces between).
    number
        The subscriber.
    full
        Whether to show the number without blanking out its middle.

    Returns
    -------
    Chart
        Records: week, indicator, value, state (fired, quiet, unknown), points, level (of the week).

    Raises
    ------
    InputError
        If the number has no week there, or a column is missing.
    """
    import pandas as pd

    alt = load_altair()
    weeks = _weeks(getattr(movement, "weeks", movement), number)
    names = [name for name in FIGURES if name in weeks]
    rows = []
    for row in weeks.to_dict(orient="records"):
        fired = set(re.split(r"[,;\s]+", row["fired"] if isinstance(row["fired"], str) else ""))
        for name in names:
            value = _real(row[name])
            state = FIRED if name in fired else UNKNOWN if np.isnan(value) else QUIET
            rows.append((row["week"], name, value, state, float(row["points"]), row["level"]))
    records = pd.DataFrame(rows, columns=["week", "indicator", "value", "state", "points", "level"])
    weeks = weeks.assign(at=weeks["week"].map("{:%d %b %Y}".format))
    weeks["hover"] = [
        f"week to {at}: {points:g} points of {known:g} that could be known, {level}"
        for at, points, known, level in weeks[["at", "points", "known_points", "level"]].itertuples(
            index=False
        )
    ]
    order = weeks["at"].tolist()
    every = max(1, -(-len(order) // 14))
    dates = alt.Axis(
        title="week to", labelAngle=0, values=order[::every], labelExpr="slice(datum.value, 0, 6)"
    )
    x = alt.X("at:O", sort=order, axis=dates)
    top = alt.Chart(drawn(weeks, "number", "fired", "reason")).encode(x=alt.X("at:O", sort=order, axis=None))
    known = top.mark_tick(color=GREY, thickness=1.5).encode(y="known_points:Q", **HOVER)
    most = max(float(weeks["points"].max()), 22.0, float(weeks["known_points"].max()) + 1)
    bars = top.mark_bar().encode(
        y=alt.Y("points:Q", title="points", scale=alt.Scale(domain=[0, most], nice=False)),
        color=alt.Color(
            "level:N",
            title="level",
            scale=alt.Scale(domain=list(LEVELS), range=list(COLOURS)),
            legend=alt.Legend(orient="top"),
        ),
        **HOVER,
    )
    said = alt.Text("points:Q", format="~g")
    tall = f"datum.points >= {0.12 * most:g}"
    text = [
        top.transform_filter(tall)
        .mark_text(dy=9, fontWeight="bold", color=PAPER)
        .encode(y="points:Q", text=said),
        top.transform_filter(f"!({tall})")
        .mark_text(dy=-7, fontWeight="bold")
        .encode(y="points:Q", text=said),
    ]
    width = max(CELL * len(order), NARROWEST)
    chart = alt.vconcat(
        alt.layer(bars, known, *text).properties(width=width, height=130),
        _grid(records, names, x, width),
        spacing=8,
    ).resolve_scale(color="independent")
    last = weeks.iloc[-1]
    title = f"{shown_number(number, full=full)}: {last['level']} in the last week, {last['points']:g} points"
    reason = (
        str(last["reason"]) if isinstance(last.get("reason"), str) and last["reason"] else "nothing fired"
    )
    wrapped = _lines(f"last week: {shown_text(reason, full=full)}")
    notes = [*wrapped, "grey line: the points that what is known could have given"]
    return finished(chart, title, notes, records)


def _weeks(frame: pd.DataFrame, number: str) -> pd.DataFrame:
    missing = [
        name for name in ("number", "week", "points", "level", "known_points", "fired") if name not in frame
    ]
    if missing:
        raise InputError(f"the weeks lack the column {missing[0]!r}; give a Movement or its .weeks")
    import pandas as pd

    frame = with_texts(frame, "number")
    mine = frame[frame["number"] == number]
    mine = mine.assign(week=pd.to_datetime(mine["week"])).sort_values("week", ignore_index=True)
    if mine.empty:
        raise InputError(f"{number} has no week here")
    return mine


def _grid(records: pd.DataFrame, names: list[str], x: Any, width: int) -> Any:
    """Indicators by week: fired ones filled, with their figures."""
    alt = load_altair()
    cells = records.assign(
        at=records["week"].map("{:%d %b %Y}".format),
        label=records["indicator"].str.replace("_", " "),
        said=[
            figure(v) if s == FIRED and not np.isnan(v) else ""
            for v, s in zip(records["value"], records["state"], strict=True)
        ],
    )
    cells["hover"] = [
        f"{label}, week to {at}: {figure(value)}, {state}"
        for label, at, value, state in cells[["label", "at", "value", "state"]].itertuples(index=False)
    ]
    y = alt.Y(
        "label:N",
        sort=[name.replace("_", " ") for name in names],
        title=None,
        axis=alt.Axis(ticks=False, labelLimit=200),
    )
    base = alt.Chart(drawn(cells)).encode(x=x, y=y)
    boxes = base.mark_rect(stroke=PAPER, strokeWidth=2).encode(
        color=alt.Color(
            "state:N",
            title="indicator",
            scale=alt.Scale(domain=[FIRED, QUIET, UNKNOWN], range=[INK, PALE, "#F7F7F7"]),
            legend=alt.Legend(orient="top"),
        ),
        **HOVER,
    )
    text = base.mark_text(color=PAPER, fontSize=10).encode(text="said:N")
    return alt.layer(boxes, text).properties(width=width, height=20 * len(names))


def _real(value: Any) -> float:
    import pandas as pd

    return float("nan") if value is None or value is pd.NA else float(value)


def _lines(text: str) -> list[str]:
    """Text cut into lines, with dots at its end if it is too long.

    Examples
    --------
    >>> lines = _lines("word " * 300)
    >>> len(lines), lines[-1][-3:]
    (8, 'd …')
    """
    from textwrap import wrap

    return wrap(text, WRAPPED, max_lines=MOST_LINES, placeholder=" …")
