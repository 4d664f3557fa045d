"""Data quality: what a set of CDR files, or a store, holds and lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from circlegraph.errors import InputError
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.layout import HOVER
from circlegraph.views.palette import AMBER, BLUE, GREY, ORANGE
from circlegraph.views.words import percent

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.graph.inspection import Inspection
    from circlegraph.store.store import Store

SHOWN_FILES, SHOWN_REASONS = 20, 12
STRAY = 0.001
"""Share of the events, at each end, whose days are taken for mistakes where they lie far off."""
OUTCOMES = ("accepted", "duplicates", "rejected")
WIDTH = 420


def quality_chart(source: Inspection | Store) -> Chart:
    """Show where the rows of CDR files went and which days lack records, or the days of a store.

    Parameters
    ----------
    source
        What `inspect_cdr` gives, or a `Store`.

    Returns
    -------
    Chart
        Records of files: file, outcome (accepted, duplicates, rejected, noted), reason, rows; the file *all* has
        the duplicates, which are found across files; and day, events, missing of each day. Of a store: the days.

    Examples
    --------
    >>> import pandas as pd
    >>> from circlegraph import inspect_cdr, open_cdr
    >>> rows = pd.DataFrame({"caller": ["138", "138", "139"], "callee": ["139", "139", ""], "duration": [5, 5, 9],
    ...     "start": pd.to_datetime(["2024-05-01"] * 3)})
    >>> chart = quality_chart(inspect_cdr(open_cdr(rows)))
    >>> chart.title
    'Of 3 rows 33.3% are used; duplicates: 1, rejected: 1'

    Raises
    ------
    InputError
        If there is neither a row nor a day.
    """
    if hasattr(source, "manifest"):
        return _days(source)
    return _files(source)


def _files(found: Any) -> Chart:
    import pandas as pd

    alt = load_altair()
    total = found.total
    if not total.read:
        raise InputError("the files hold no row, so there is nothing to draw")
    rows: list[tuple[str, str, str, int]] = []
    named = [
        (file.path.rsplit("/", 1)[-1], report)
        for file, report in zip(found.cdr.files, found.files, strict=True)
    ]
    for name, report in [*named, ("all", total)]:
        rows.append((name, "accepted", "", report.accepted))
        for outcome in ("duplicates", "rejected", "notes"):
            counts = getattr(report, outcome)
            rows += [
                (name, "noted" if outcome == "notes" else outcome, reason, n)
                for reason, n in sorted(counts.items())
                if n
            ]
    records = pd.DataFrame(rows, columns=["file", "outcome", "reason", "rows"])
    colour = alt.Color(
        "outcome:N",
        title=None,
        scale=alt.Scale(domain=[*OUTCOMES, "noted"], range=[BLUE, AMBER, ORANGE, GREY]),
        legend=alt.Legend(orient="top"),
    )
    panels = [_by_reason(records[records["file"] == "all"], total.read, colour)]
    by_file = _by_file(records[records["file"] != "all"], colour) if len(named) > 1 else None
    if by_file is not None:
        panels.append(by_file)
    days, strays = _within(found.days)
    if len(days) > 1:
        panels.append(_day_bars(days, WIDTH, 120, f"events a day{_gaps(days, strays)}"))
    dropped, rejected = total.duplicates.total(), total.rejected.total()
    used = percent(total.accepted / total.read)
    title = f"Of {total.read:,} rows {used} are used; duplicates: {dropped:,}, rejected: {rejected:,}"
    span = total.as_dict()
    begin, end = (str(span[name]).replace("T", " ") for name in ("first", "last"))
    subtitle = [
        f"{len(named)} {'file' if len(named) == 1 else 'files'}, {begin} to {end}",
        f"{found.numbers:,} numbers ({found.own:,} own network), {found.pairs:,} pairs in contact",
    ]
    chart = alt.vconcat(*panels, spacing=14)
    return finished(chart, title, subtitle, pd.concat([records, days], ignore_index=True))


def _by_file(records: pd.DataFrame, colour: Any) -> Any:
    """Shares of accepted and rejected rows of each file that has rejected ones, the worst first."""
    alt = load_altair()
    sums = records[records["outcome"] != "noted"].groupby(["file", "outcome"], as_index=False)["rows"].sum()
    sums["share"] = sums["rows"] / sums.groupby("file")["rows"].transform("sum")
    good = sums[sums["outcome"] == "accepted"].set_index("file")["share"].sort_values(kind="stable")
    shown = good.index[(good < 1).to_numpy()][:SHOWN_FILES]
    if not len(shown):
        return None
    sums = sums[sums["file"].isin(shown)]
    sums["place"] = sums["outcome"].map({name: place for place, name in enumerate(OUTCOMES)})
    sums["hover"] = [
        f"{file}: {rows:,} rows {outcome} ({percent(share)})"
        for file, rows, outcome, share in sums[["file", "rows", "outcome", "share"]].itertuples(index=False)
    ]
    left = len(good) - len(shown)
    title = "files with rejected rows" + (f"; {left:,} with fewer or none not shown" if left else "")
    return (
        alt.Chart(drawn(sums))
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title="share of rows", axis=alt.Axis(format="%", tickCount=5), stack="zero"),
            y=alt.Y("file:N", sort=list(shown), title=None, axis=alt.Axis(labelLimit=260, ticks=False)),
            color=colour,
            order="place:O",
            **HOVER,
        )
        .properties(width=WIDTH, height=20 * len(shown), title=alt.TitleParams(title, fontSize=12))
    )


def _by_reason(records: pd.DataFrame, read: int, colour: Any) -> Any:
    """How many rows went where, and why."""
    alt = load_altair()
    reasons = records.sort_values("rows", ascending=False, kind="stable").head(SHOWN_REASONS)
    reasons = reasons.assign(
        label=[
            reason or outcome for reason, outcome in zip(reasons["reason"], reasons["outcome"], strict=True)
        ],
        said=[f"{n:,} ({percent(n / read)})" for n in reasons["rows"]],
    )
    reasons["hover"] = reasons["label"] + ": " + reasons["said"] + " rows"
    base = alt.Chart(drawn(reasons)).encode(
        x=alt.X(
            "rows:Q",
            title="rows",
            scale=alt.Scale(domain=[0, 1.25 * float(reasons["rows"].max())], nice=False),
            axis=alt.Axis(tickCount=5, format=",d"),
        ),
        y=alt.Y(
            "label:N", sort=reasons["label"].tolist(), title=None, axis=alt.Axis(labelLimit=260, ticks=False)
        ),
        **HOVER,
    )
    bars = base.mark_bar().encode(color=colour)
    return alt.layer(bars, base.mark_text(align="left", dx=4).encode(text="said:N")).properties(
        width=WIDTH,
        height=22 * len(reasons),
        title=alt.TitleParams("all rows by what became of them", fontSize=12),
    )


def _days(store: Any) -> Chart:
    events = {day: entry.events.rows for day, entry in store.manifest.days.items()}
    if not events:
        raise InputError("the store holds no day yet, so there is nothing to draw")
    records = _every_day(events)
    missing = int(records["missing"].sum())
    title = f"{len(events):,} days, {missing:,} missing between"
    typical = float(records.loc[~records["missing"], "events"].median())
    subtitle = (
        f"{records['events'].sum():,} events, {typical:,.0f} on a middle day; orange: no records of that day"
    )
    return finished(_day_bars(records, 640, 200), title, subtitle, records)


def _every_day(events: Mapping[str, int]) -> pd.DataFrame:
    """Day, events, missing of every day from the first to the last."""
    import pandas as pd

    told = pd.Series({pd.Timestamp(day): count for day, count in events.items()}).sort_index()
    every = pd.date_range(told.index[0], told.index[-1])
    count = told.reindex(every, fill_value=0).to_numpy()
    return pd.DataFrame({"day": every, "events": count, "missing": ~every.isin(told.index)})


def _within(events: Mapping[str, int]) -> tuple[pd.DataFrame, int]:
    """Days but for those at either end that hold next to none of the events, and how many events these hold."""
    import pandas as pd

    if not events:
        return pd.DataFrame({"day": [], "events": [], "missing": []}), 0
    before = pd.Series(events).cumsum()
    low, high = STRAY * before.iloc[-1], (1 - STRAY) * before.iloc[-1]
    kept = {day: count for day, count in events.items() if before[day] > low and before[day] - count < high}
    return _every_day(kept), int(before.iloc[-1]) - sum(kept.values())


def _gaps(days: pd.DataFrame, strays: int) -> str:
    missing = int(days["missing"].sum())
    gaps = f"; orange: {missing:,} of {len(days):,} days without any" if missing else ""
    return gaps + (f"; {strays:,} events on days far off" if strays else "")


def _day_bars(days: pd.DataFrame, width: int, height: int, title: str = "") -> Any:
    import pandas as pd

    alt = load_altair()
    rows = days.assign(
        begin=days["day"] + pd.Timedelta(hours=2),
        end=days["day"] + pd.Timedelta(hours=22),
        top=float(days["events"].max()),
        hover=[
            f"{day:%a %Y-%m-%d}: {'missing' if gone else f'{n:,} events'}"
            for day, n, gone in days.itertuples(index=False)
        ],
    )
    x = alt.X("begin:T", title=None, axis=alt.Axis(format="%d %b", labelOverlap=True, labelSeparation=6))
    y = alt.Y("events:Q", title="events a day", axis=alt.Axis(format=",d", tickCount=5))
    hover = {"x2": "end:T", **HOVER}
    layers = [alt.Chart(drawn(rows)).mark_bar(color=BLUE).encode(x=x, y=y, y2=alt.datum(0), **hover)]
    if days["missing"].any():
        gaps = alt.Chart(drawn(rows[rows["missing"]])).mark_bar(color=ORANGE, opacity=0.5)
        layers.append(gaps.encode(x=x, y="top:Q", y2=alt.datum(0), **hover))
    named = {"title": alt.TitleParams(title, fontSize=12)} if title else {}
    return alt.layer(*layers).properties(width=width, height=height, **named)
