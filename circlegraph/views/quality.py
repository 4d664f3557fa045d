"""Data quality: what a set of CDR files, or a store, holds and lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circlegraph.errors import InputError
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.layout import HOVER
from circlegraph.views.palette import AMBER, BLUE, GREY, ORANGE

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.graph.inspection import Inspection
    from circlegraph.store.store import Store

SHOWN_FILES, SHOWN_REASONS = 20, 12
OUTCOMES = ("accepted", "duplicates", "rejected")
WIDTH = 420


def quality_chart(source: Inspection | Store) -> Chart:
    """Show where the rows of CDR files went, or the days of a store with what is missing between them.

    Parameters
    ----------
    source
        What `inspect_cdr` gives, or a `Store`.

    Returns
    -------
    Chart
        Records of files: file, outcome (accepted, duplicates, rejected, noted), reason, rows; the file *all* has
        the duplicates, which are found across files. Records of a store: day, events, missing.

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
    panels = []
    if len(named) > 1:
        panels.append(_by_file(records[records["file"] != "all"], colour))
    panels.append(_by_reason(records[records["file"] == "all"], total.read, colour))
    dropped, rejected = total.duplicates.total(), total.rejected.total()
    used = f"{total.accepted / total.read:.1%}"
    title = f"Of {total.read:,} rows {used} are used; duplicates: {dropped:,}, rejected: {rejected:,}"
    span = total.as_dict()
    subtitle = [
        f"{len(named)} files, {str(span['first']).replace('T', ' ')} to {str(span['last']).replace('T', ' ')}",
        f"{found.numbers:,} numbers ({found.own:,} own network), {found.pairs:,} pairs in contact",
    ]
    return finished(alt.vconcat(*panels, spacing=14), title, subtitle, records)


def _by_file(records: pd.DataFrame, colour: Any) -> Any:
    """Shares of accepted and rejected rows of each file, the worst first."""
    alt = load_altair()
    sums = records[records["outcome"] != "noted"].groupby(["file", "outcome"], as_index=False)["rows"].sum()
    sums["share"] = sums["rows"] / sums.groupby("file")["rows"].transform("sum")
    good = sums[sums["outcome"] == "accepted"].set_index("file")["share"].sort_values(kind="stable")
    shown = good.index[:SHOWN_FILES]
    sums = sums[sums["file"].isin(shown)]
    sums["place"] = sums["outcome"].map({name: place for place, name in enumerate(OUTCOMES)})
    sums["hover"] = [
        f"{file}: {rows:,} rows {outcome} ({share:.1%})"
        for file, rows, outcome, share in sums[["file", "rows", "outcome", "share"]].itertuples(index=False)
    ]
    left = len(good) - len(shown)
    return (
        alt.Chart(drawn(sums))
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title="share of rows", axis=alt.Axis(format="%"), stack="zero"),
            y=alt.Y("file:N", sort=list(shown), title=None, axis=alt.Axis(labelLimit=260, ticks=False)),
            color=colour,
            order="place:O",
            **HOVER,
        )
        .properties(
            width=WIDTH,
            height=20 * len(shown),
            title=alt.TitleParams(
                "by file, before duplicates are known"
                + (f"; {left:,} better ones not shown" if left else ""),
                fontSize=12,
            ),
        )
    )


def _by_reason(records: pd.DataFrame, read: int, colour: Any) -> Any:
    """How many rows went where, and why."""
    alt = load_altair()
    reasons = records.sort_values("rows", ascending=False, kind="stable").head(SHOWN_REASONS)
    reasons = reasons.assign(
        label=[
            reason or outcome for reason, outcome in zip(reasons["reason"], reasons["outcome"], strict=True)
        ],
        said=[f"{n:,} ({n / read:.1%})" for n in reasons["rows"]],
    )
    reasons["hover"] = reasons["label"] + ": " + reasons["said"] + " rows"
    base = alt.Chart(drawn(reasons)).encode(
        x=alt.X(
            "rows:Q",
            title="rows",
            scale=alt.Scale(domain=[0, 1.25 * float(reasons["rows"].max())], nice=False),
            axis=alt.Axis(tickCount=5, format="~s"),
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
    import pandas as pd

    alt = load_altair()
    days = store.manifest.days
    if not days:
        raise InputError("the store holds no day yet, so there is nothing to draw")
    events = pd.Series({pd.Timestamp(day): entry.events.rows for day, entry in days.items()}).sort_index()
    every = pd.date_range(events.index[0], events.index[-1])
    records = pd.DataFrame({"day": every, "events": events.reindex(every, fill_value=0).to_numpy()})
    records["missing"] = ~every.isin(events.index)
    missing = int(records["missing"].sum())
    rows = records.assign(
        begin=records["day"] + pd.Timedelta(hours=2),
        end=records["day"] + pd.Timedelta(hours=22),
        hover=[
            f"{day:%a %Y-%m-%d}: {'missing' if gone else f'{n:,} events'}"
            for day, n, gone in records.itertuples(index=False)
        ],
    )
    rows["top"] = float(rows["events"].max())
    x = alt.X("begin:T", title=None, axis=alt.Axis(format="%d %b", labelOverlap=True, labelSeparation=6))
    y = alt.Y("events:Q", title="events a day", axis=alt.Axis(format="~s"))
    hover = {"x2": "end:T", **HOVER}
    layers = [alt.Chart(drawn(rows)).mark_bar(color=BLUE).encode(x=x, y=y, y2=alt.datum(0), **hover)]
    if missing:
        gaps = alt.Chart(drawn(rows[rows["missing"]])).mark_bar(color=ORANGE, opacity=0.5)
        layers.append(gaps.encode(x=x, y="top:Q", y2=alt.datum(0), **hover))
    typical = float(events.median())
    title = f"{len(events):,} days, {missing:,} missing between"
    subtitle = f"{events.sum():,} events, {typical:,.0f} on a middle day; orange: no records of that day"
    return finished(alt.layer(*layers).properties(width=640, height=200), title, subtitle, records)
