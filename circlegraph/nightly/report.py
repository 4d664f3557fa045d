"""The run report: one page that needs nothing from outside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from circlegraph.nightly import charts
from circlegraph.nightly.log import NAME as LOG
from circlegraph.nightly.log import read_lines
from circlegraph.nightly.manifest import StageManifest
from circlegraph.nightly.night import Night
from circlegraph.nightly.page import page, picture, table
from circlegraph.nightly.report_calibration import calibration
from circlegraph.nightly.stage_figures import SPREADS
from circlegraph.tables import atomic_path

NAME = "report.html"
TILES = (
    ("own numbers", "own numbers"),
    ("accepted second numbers", "second numbers"),
    ("families", "families"),
    ("accepted account managers", "account managers"),
    ("approached subscribers", "approached subscribers"),
    ("movement high", "movement high"),
    ("movement medium", "movement medium"),
)
WORK_COLUMNS = ("desk", "rank", "number", "level", "situation", "value_at_risk", "why", "say_first")


def write_report(night: Night, warnings: Sequence[str]) -> Path:
    """Write the page of a night from its figures, its drift, its work list and the run log.

    All but the last section, on the run itself, follows from the results.
    """
    figures = _json(night.folder / "figures" / "figures.json")
    drift = _json(night.folder / "drift" / "drift.json")
    sections = [
        _head(night, figures),
        _alarms(drift, figures["counts"]["intake"]),
        _tiles(figures, drift),
        _totals(figures),
        _changes(figures),
        _quality(night, figures),
        _work(night),
        calibration(night.folder / "calibration"),
        _drift(drift),
        _spreads(figures),
        _run(night, warnings),
    ]
    title = f"circlegraph, night of {night.date}"
    path = night.folder / NAME
    with atomic_path(path) as temporary:
        temporary.write_text(page(title, sections), encoding="utf-8")
    return path


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _head(night: Night, figures: Mapping[str, Any]) -> str:
    span = night.span
    return (
        f"<h1>Night of {night.date}</h1><p class=sub>{figures['numbers']:,} own numbers; contacts from {span.first}, "
        f"before and after {span.split} ({span.before} and {span.after} days).</p>"
    )


def _alarms(drift: Mapping[str, Any], intake: Mapping[str, Any]) -> str:
    alarms = [
        f"{entry['name']} drifts: {entry['measure']} {entry['value']:.2f}, limit {entry['limit']:g}"
        for entry in drift["drift"]
        if entry["alarm"]
    ]
    told = (("missing days", "days are missing"), ("thin days", "days hold far fewer events than the others"))
    days = [f"{len(intake[name])} {words}" for name, words in told if intake[name]]
    refused = [f"{intake['refused files']} files were refused, see data quality"] * bool(
        intake["refused files"]
    )
    lines = [*alarms, *days, *refused]
    if not lines:
        return "<p class=ok>No alarms: nothing drifts, no day is missing, no file was refused.</p>"
    return "<ul>" + "".join(f"<li class=alarm>{escape(line)}</li>" for line in lines) + "</ul>"


def _tiles(figures: Mapping[str, Any], drift: Mapping[str, Any]) -> str:
    made = []
    for name, title in TILES:
        if name not in figures["followed"]:
            continue
        series = [night[name] for night in drift["trend"] if name in night]
        change = f"{series[-1] - series[-2]:+,} since the night before" if len(series) > 1 else "first night"
        made.append(
            f"<div class=tile><span>{escape(title)}</span><b>{series[-1]:,}</b><small>{change}</small></div>"
        )
    return f"<h2>Totals</h2><div class=tiles>{''.join(made)}</div>{_trend(drift['trend'])}"


def _trend(trend: Sequence[Mapping[str, Any]]) -> str:
    """Totals night by night; without charts the same figures as a table."""
    names = {name: title for name, title in TILES if name in trend[-1]}
    if len(trend) < 2:
        return ""
    if charts.available():
        return picture(charts.trend_chart(trend, names))
    rows = [(str(one["date"]), *(f"{one[name]:,}" if name in one else "" for name in names)) for one in trend]
    note = "<p class=note>There are tables instead of charts: circlegraph's extra views is not installed.</p>"
    return note + table(("night", *names.values()), rows, numeric=range(1, len(names) + 1))


def _totals(figures: Mapping[str, Any]) -> str:
    rows = [
        (name.replace("_", " "), value, f"{count:,}", f"{count / max(figures['numbers'], 1):.1%}")
        for name, counts in figures["totals"].items()
        for value, count in counts.items()
    ]
    rests = figures["counts"]["movement"]["rests on"]
    note = f"<p class=note>Levels of movement rest on {escape(rests)}.</p>"
    return "<h2>Labels</h2>" + table(("label", "value", "numbers", "share"), rows, numeric=(2, 3)) + note


def _changes(figures: Mapping[str, Any]) -> str:
    changes = figures["counts"]["labels"]["changes"]
    if not changes:
        return "<h2>Changes</h2><p class=note>None since the night before, or there is no night before.</p>"
    rows = [
        ("numbers new or gone" if name == "number" else name, f"{count:,}") for name, count in changes.items()
    ]
    return "<h2>Changes since the night before</h2>" + table(("label", "numbers"), rows, numeric=(1,))


def _quality(night: Night, figures: Mapping[str, Any]) -> str:
    counts = figures["counts"]["intake"]
    rows = [
        ("files taken in", f"{counts['files']:,}"),
        ("files refused", f"{counts['refused files']:,}"),
        ("files changed since they were taken in", f"{counts['changed files']:,}"),
        ("rows read", f"{counts['read']:,}"),
        ("rows accepted", f"{counts['accepted']:,}"),
        *((f"duplicates: {reason}", f"{count:,}") for reason, count in counts["duplicates"].items()),
        *((f"rejected: {reason}", f"{count:,}") for reason, count in counts["rejected"].items()),
        *(
            (f"{table}: {'unknown' if table == 'subscribers' else 'left out'} because {reason}", f"{count:,}")
            for table, reasons in figures["counts"]["tables"]["left out"].items()
            for reason, count in reasons.items()
        ),
        ("days missing", ", ".join(counts["missing days"]) or "none"),
        ("days with far fewer events", ", ".join(counts["thin days"]) or "none"),
    ]
    files = _json(night.folder / "intake" / "files.json")["files"]
    refused = [file["reason"] for file in files if file["state"] == "refused"]
    named = "".join(f"<li>{escape(reason)}</li>" for reason in refused)
    return (
        "<h2>Data quality</h2>" + table(("", ""), rows, numeric=(1,)) + (f"<ul>{named}</ul>" if named else "")
    )


def _work(night: Night) -> str:
    """Top of the work list, as it is written: with pseudonyms where they are wanted."""
    import pandas as pd

    path = night.folder / "worklist" / "worklist.parquet"
    if not path.exists():
        return ""
    whole = pd.read_parquet(path)
    whole = whole[whole["group"] == "call"].sort_values("value_at_risk", ascending=False)
    top = whole.head(15)
    rows = [tuple(_cell(value) for value in row) for row in top[list(WORK_COLUMNS)].itertuples(index=False)]
    note = f"<p class=note>The first {len(top)} of {len(whole):,} subscribers to call.</p>"
    head = [name.replace("_", " ") for name in WORK_COLUMNS]
    return "<h2>Work list</h2>" + note + table(head, rows) + _feedback(night)


def _feedback(night: Night) -> str:
    """What became of earlier calls."""
    import pandas as pd

    folder = night.folder / "feedback"
    if not (folder / "rates.parquet").exists():
        return ""
    rates = pd.read_parquet(folder / "rates.parquet")
    shown = ["by", "value", "listed", "reached", "reach_rate", "success_rate", "kept_rate"]
    rows = [tuple(_cell(value) for value in row) for row in rates[shown].itertuples(index=False)]
    lift = _json(folder / "lift.json")
    told = "no lift yet: the calls or the control group have no outcomes"
    if lift["lift"] is not None:
        told = (
            f"{lift['lift']:+.1%} kept against the control group ({lift['low']:+.1%} to {lift['high']:+.1%})"
        )
    head = [name.replace("_", " ") for name in shown]
    return f"<h2>What became of the calls</h2><p>{told}</p>" + table(head, rows)


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.2f}"
    return str(value)


def _drift(drift: Mapping[str, Any]) -> str:
    if not drift["drift"]:
        nights = len(drift["trend"]) - 1
        return f"<h2>Drift</h2><p class=note>{nights} nights before this one: too few to measure drift.</p>"
    rows = [
        (
            entry["name"],
            entry["measure"],
            f"{entry['value']:.2f}",
            f"{entry['limit']:g}",
            f"{entry['nights']}",
            "ALARM" if entry["alarm"] else "",
        )
        for entry in drift["drift"]
    ]
    head = ("figure", "measure", "value", "limit", "nights", "")
    return "<h2>Drift against the nights before</h2>" + table(head, rows, numeric=(2, 3, 4))


def _spreads(figures: Mapping[str, Any]) -> str:
    spreads = figures["spreads"]
    edges = {name: SPREADS[name][-1] for name in spreads}
    if charts.available() and spreads:
        made = picture(charts.spread_chart(spreads, edges))
    else:
        rows = [
            (name, f"{low:g} to {high:g}", f"{count:,}")
            for name, counts in spreads.items()
            for low, high, count in zip(edges[name][:-1], edges[name][1:], counts, strict=True)
        ]
        made = table(("figure", "range", "count"), rows, numeric=(2,))
    return f"<h2>How the figures spread</h2>{made}"


def _run(night: Night, warnings: Sequence[str]) -> str:
    """Time and memory of each stage, when it was last made, and the warnings of this run."""
    last = {
        str(line["stage"]): line
        for line in read_lines(night.folder / LOG)
        if "stage" in line and line.get("state") == "done"
    }
    rows = [
        (name, f"{line['seconds']:,.1f} s", f"{line['peak_mb']:,} MB", str(line["at"]))
        for name, line in last.items()
    ]
    made = StageManifest.read(night.folder / "labels")
    version = "" if made is None else f"<p class=note>circlegraph {escape(made.version)}</p>"
    times = table(("stage", "time", "peak of the memory", "made"), rows, numeric=(1, 2))
    said = "".join(f"<li>{escape(warning)}</li>" for warning in warnings)
    told = f"<h3>Warnings of this run</h3><ul>{said}</ul>" if said else ""
    return f"<section id=run><h2>Time and memory</h2>{times}{version}{told}</section>"
