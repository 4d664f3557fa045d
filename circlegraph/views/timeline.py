"""Which number carried which contact, week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.errors import InputError
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.layout import HOVER
from circlegraph.views.palette import GREY, NEW, OLD
from circlegraph.views.words import shown_number, the_rest

if TYPE_CHECKING:
    import pandas as pd

SHOWN_ROWS = 20
WIDTH = 640
MOST_DATES = 10


def timeline_chart(
    weekly: pd.DataFrame,
    number: str,
    second_number: str | None = None,
    *,
    at: object = None,
    shown: int = SHOWN_ROWS,
    full: bool = False,
) -> Chart:
    """Draw, for each peer and week, how many contacts each of the two numbers carried.

    Parameters
    ----------
    weekly
        What `weekly_contacts` gives for the two numbers.
    number, second_number
        The old number and the one that may have taken over.
    at
        Split time or onset, drawn as a line.
    shown
        Peers with a row of their own, those with the most contacts; the rest is one row.
    full
        Whether to show numbers without blanking out their middle.

    Returns
    -------
    Chart
        Records: number, peer, week, contacts (calls and texts).

    Raises
    ------
    InputError
        If the number has no contacts there.
    """
    import pandas as pd

    alt = load_altair()
    both = [number] if second_number is None else [number, second_number]
    records = weekly[weekly["number"].isin(both) & ~weekly["peer"].isin(both)].reset_index(drop=True)
    if records.empty:
        raise InputError("the number has no contacts in these weeks, so there is nothing to draw")
    records = records[["number", "peer", "week"]].assign(contacts=records["calls"] + records["texts"])
    names = {both[0]: shown_number(both[0], full=full)}
    if second_number is not None:
        names[second_number] = shown_number(second_number, full=full)
    if len(set(names.values())) < len(names):
        names[both[1]] += " (second)"
    rows = _rows(records, shown, full)
    rows["who"] = rows["number"].map(names)
    most = max(int(rows.loc[~rows["rest"], "contacts"].max()), 2)
    sizes = sorted({1, (most + 1) // 2, most})
    rows["hover"] = [
        f"{who} and {label}, week of {week:%Y-%m-%d}: {contacts} contacts"
        for who, label, week, contacts in rows[["who", "label", "week", "contacts"]].itertuples(index=False)
    ]
    first, last = records["week"].min(), records["week"].max() + pd.Timedelta(days=7)
    span = (last - first).days // 7
    mondays = [
        _moment(alt, first + pd.Timedelta(weeks=w)) for w in range(0, span + 1, -(-span // MOST_DATES))
    ]
    dates = alt.Axis(format="%d %b", values=mondays, labelOverlap=True)
    x = alt.X(
        "middle:T", title=None, scale=alt.Scale(domain=[_moment(alt, first), _moment(alt, last)]), axis=dates
    )
    rows["middle"] = rows["week"] + pd.Timedelta(days=3.5)
    colour = alt.Color(
        "who:N",
        title=None,
        scale=alt.Scale(domain=list(names.values()), range=[OLD, NEW][: len(names)]),
        legend=alt.Legend(orient="top"),
    )
    labels = dict(zip(rows["row"], rows["label"], strict=True))
    text = ", ".join(f"'{row}': '{label}'" for row, label in sorted(labels.items()))
    y = alt.Y(
        "row:N",
        title=None,
        axis=alt.Axis(labelExpr=f"{{{text}}}[datum.value]", ticks=False, grid=True, bandPosition=1),
    )
    dots = (
        alt.Chart(drawn(rows, "number", "peer"))
        .mark_circle(opacity=0.85)
        .encode(
            x=x,
            y=y,
            yOffset=alt.YOffset("who:N", sort=list(names.values()), scale=alt.Scale(paddingOuter=0.45)),
            size=alt.Size(
                "contacts:Q",
                title="contacts a week",
                # The row of the rest holds many; its dots stay at the size of the largest single one.
                scale=alt.Scale(domain=[1, most], clamp=True, range=[14, 220], nice=False),
                legend=alt.Legend(orient="top", values=sizes, titleOrient="left", titlePadding=8),
            ),
            color=colour,
            **HOVER,
        )
    )
    totals = rows.groupby(["who", "middle", "week"], as_index=False).agg(contacts=("contacts", "sum"))
    totals["hover"] = [
        f"{who}, week of {week:%Y-%m-%d}: {contacts} contacts"
        for who, week, contacts in totals[["who", "week", "contacts"]].itertuples(index=False)
    ]
    bars = (
        alt.Chart(drawn(totals))
        .mark_bar(width=0.7 * WIDTH / span)
        .encode(
            x=x,
            y=alt.Y("contacts:Q", title="all contacts"),
            color=colour,
            order=alt.Order("who:N", sort="ascending"),
            **HOVER,
        )
    )
    panels = [bars.properties(width=WIDTH, height=90), dots.properties(width=WIDTH, height=26 * len(labels))]
    if at is not None:
        mark = alt.Chart(drawn(pd.DataFrame({"at": [pd.Timestamp(str(at))]})))
        rule = mark.mark_rule(color=GREY, strokeDash=[5, 3], strokeWidth=1.5).encode(x="at:T")
        panels = [alt.layer(panel, rule) for panel in panels]
    chart = alt.vconcat(*panels, spacing=10).resolve_scale(color="shared")
    ego = names[number]
    title = f"Week by week: who is reached from {ego}" + (
        f" and from {names[second_number]}" if second_number else ""
    )
    subtitle = f"{records['peer'].nunique()} contacts, the busiest first; the size of a dot is the contacts of a week"
    return finished(chart, title, subtitle, records)


def _rows(records: pd.DataFrame, shown: int, full: bool) -> pd.DataFrame:
    """Records with the row that each is drawn in; beyond the busiest peers all share one."""
    busy = records.groupby("peer", sort=True)["contacts"].sum().sort_values(ascending=False, kind="stable")
    most = shown if len(busy) > shown + 1 else len(busy)
    place = dict(zip(busy.index, np.minimum(np.arange(len(busy)), most).tolist(), strict=True))
    row = records["peer"].map(place)
    label = [
        the_rest(len(busy) - most) if at == most else shown_number(peer, full=full)
        for peer, at in zip(records["peer"], row, strict=True)
    ]
    rows = records.assign(row=row.map("{:03d}".format), label=label, rest=(row == most).to_numpy())
    keys = ["number", "row", "label", "rest", "week"]
    return rows.groupby(keys, as_index=False).agg(contacts=("contacts", "sum"), peer=("peer", "first"))


def _moment(alt: Any, when: pd.Timestamp) -> Any:
    return alt.DateTime(year=when.year, month=when.month, date=when.day)
