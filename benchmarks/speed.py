"""The speed suite: runs the races, checks that all engines agree, and makes tables of it."""

import shutil
import statistics
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import measure, results
from benchmarks.measure import Outcome
from benchmarks.races import RACES, Entry, Input, Race, Timing
from benchmarks.report import Table
from benchmarks.report_charts import bar_chart, figure

ROW_BY_ROW_MOST = 10_000_000
"""Up to this many events results are compared row by row, beyond only by their digests."""

NOTHING = 1e-4
"""Seconds below this are an empty phase, shown as "-"."""


@dataclass(frozen=True)
class Settings:
    """What of the suite is run, and where."""

    data: Path
    events: int
    rounds: int
    threads: int
    races: Collection[str] | None = None
    """Names of the races; all if None."""
    contestants: Collection[str] | None = None
    """Modules of the contestants; all if None."""


@dataclass
class Record:
    """All runs of one contestant in one race."""

    entry: Entry
    runs: list[Outcome] = field(default_factory=list)
    skipped: str | None = None
    equal: dict[str, Any] | None = None
    """How its result compares with that of the first contestant that has one."""

    @property
    def done(self) -> bool:
        """Whether all its runs ended well."""
        return bool(self.runs) and all(run.done for run in self.runs)

    @property
    def why_not(self) -> str:
        """Why there is no time to show."""
        if self.skipped:
            return self.skipped
        bad = next(run for run in self.runs if not run.done)
        return f"not available: {bad.not_available}" if bad.not_available else f"FAILED: {bad.failure}"


def run(settings: Settings) -> tuple[list[Table], list[dict[str, Any]], bool]:
    """Run the races.

    Returns
    -------
    tables : list of Table
    records : list of dict
        Everything measured, for the JSON file.
    good : bool
        False if a contestant failed or a result differs.
    """
    tables: list[Table] = []
    content: list[dict[str, Any]] = []
    good = True
    for race in RACES:
        events = int(settings.events * race.share)
        if (settings.races is not None and race.name not in settings.races) or events < race.least_events:
            continue
        records = run_race(race, events, settings)
        if not records:
            continue
        tables += [timing_table(race, timing, events, records) for timing in race.timings]
        content.append(
            {"race": race.name, "title": race.title, "events": events, "entries": _plain(race, records)}
        )
        good &= all(
            not (record.runs and record.runs[-1].failure) and (record.equal is None or record.equal["equal"])
            for record in records
        )
    return tables, content, good


def run_race(race: Race, events: int, settings: Settings) -> list[Record]:
    """Run one race: one round after the other, in each round every contestant once, the order turning."""
    chosen = [e for e in race.entries if settings.contestants is None or e.module in settings.contestants]
    records = [Record(entry) for entry in chosen]
    if not records:
        return []
    _say(f"{race.name}: {events:,} events")
    given = race.prepare(settings.data, events)
    _read_once(given.file)
    with tempfile.TemporaryDirectory(prefix="results-", dir=settings.data) as folder:
        for number in range(settings.rounds):
            turn = number % len(records)
            for record in records[turn:] + records[:turn]:
                _run_entry(record, race, given, events, number, Path(folder), settings)
        compare(records, race, Path(folder), row_by_row=events <= ROW_BY_ROW_MOST)
    return records


def _run_entry(
    record: Record, race: Race, given: Input, events: int, number: int, folder: Path, settings: Settings
) -> None:
    """Run one contestant in one round, unless there is a reason not to."""
    entry = record.entry
    if entry.most_events is not None and events > entry.most_events:
        record.skipped = f"left out beyond {entry.most_events:,} events"
        return
    if events < entry.least_events:
        record.skipped = f"left out below {entry.least_events:,} events"
        return
    if number >= (entry.rounds or settings.rounds) or (record.runs and not record.runs[-1].done):
        return
    out = _result(folder, record)
    shutil.rmtree(out, ignore_errors=True)
    out.unlink(missing_ok=True)
    file = dict(given.per_module).get(entry.module, given.file)
    arguments = [str(file), "--threads", str(settings.threads), *entry.arguments]
    arguments += ["--out", str(out)] if race.shape else []
    arguments += ["--extra", str(given.extra)] if given.extra else []
    outcome = measure.run(f"benchmarks.contestants.{entry.module}", arguments, settings.threads)
    record.runs.append(outcome)
    _say(f"  {number + 1} {entry.label}: {outcome.wall:.2f} s" if outcome.done else f"  {record.why_not}")


def compare(records: Sequence[Record], race: Race, folder: Path, *, row_by_row: bool) -> None:
    """Compare the last result of every contestant with that of the first one that has a result."""
    if race.shape is None:
        return
    finished = [record for record in records if record.done and record.entry.compared]
    for record in finished:
        path, reference = _result(folder, record), _result(folder, finished[0])
        digest = results.digest(path, race.shape)
        equal = race.common or results.digests_equal(digest, results.digest(reference, race.shape))
        record.equal = {"with": finished[0].entry.label, "digest": digest}
        if record is not finished[0] and (row_by_row or race.common):
            found = results.compare_rows(path, reference, race.shape, common=race.common)
            record.equal["rows"] = found
            equal = equal and results.rows_equal(found)
        record.equal["equal"] = equal


def timing_table(race: Race, timing: Timing, events: int, records: Sequence[Record]) -> Table:
    """Show one time of a race for all its contestants, with ratios to the reference."""
    by_label = {record.entry.label: record for record in records if record.done}
    base = by_label.get(race.reference) or next(iter(by_label.values()), None)
    rows, notes = [], []
    for record in records:
        if not record.done:
            rows.append([record.entry.label, *["-"] * 6])
            notes.append(f"{record.entry.label}: {record.why_not}")
            continue
        times = [timing.of(run) for run in record.runs]
        assert base is not None
        ratios = [time / timing.of(other) for time, other in zip(times, base.runs, strict=False)]
        rows.append(
            [
                record.entry.label,
                spread(times),
                spread([run.answer["phases"]["compile"] for run in record.runs]),
                spread([run.cpu for run in record.runs]),
                f"{statistics.median(run.memory for run in record.runs) / 1e6:,.0f}",
                spread(ratios),
                _verdict(record),
            ]
        )
    base_label = base.entry.label if base else "-"
    columns = ["engine", timing.unit, "compile s", "CPU s", "peak MB", f"times {base_label}", "result"]
    return Table(f"{race.title} ({events:,} events): {timing.title}", columns, rows, notes)


def make_charts(content: Sequence[dict[str, Any]]) -> list[str]:
    """Draw the median time of each contestant that ended well, race by race, with least and most."""
    drawn = []
    for race in content:
        done = [entry for entry in race["entries"] if entry["times"]]
        for title in done[0]["times"] if done else ():
            bars = []
            for entry in done:
                times = entry["times"][title]
                bars.append((entry["entry"]["label"], statistics.median(times), min(times), max(times)))
            most = max(high for *_, high in bars)
            if most > NOTHING:
                drawn.append(bar_chart(f"{race['title']} ({race['events']:,} events): {title}", bars, most))
    return drawn


def spread(values: Sequence[float]) -> str:
    """Show a median, with least and most where there are several values."""
    if max(values) < NOTHING:
        return "-"
    middle = figure(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} ({figure(min(values))}-{figure(max(values))})"


def _verdict(record: Record) -> str:
    if record.equal is None:
        return ""
    if record.equal["with"] == record.entry.label:
        return "reference"
    return "equal" if record.equal["equal"] else "DIFFERENT"


def _plain(race: Race, records: Sequence[Record]) -> list[dict[str, Any]]:
    """Turn the records into what JSON can hold, the race's times of each run with them."""
    return [
        asdict(record)
        | {
            "times": {t.title: [t.of(run) for run in record.runs] for t in race.timings}
            if record.done
            else None
        }
        for record in records
    ]


def _result(folder: Path, record: Record) -> Path:
    name = "-".join([record.entry.module, *(a.strip("-") for a in record.entry.arguments)])
    return folder / f"{name}.parquet"


def _read_once(path: Path) -> None:
    """Bring the input into the file cache, so that no contestant pays for the disk alone."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
