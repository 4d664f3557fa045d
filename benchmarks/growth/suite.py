"""Run all steps on cities of growing size and fit how time and memory grow.

Each step is a process of its own, measured as a whole; importing is taken off the time, kernels have been compiled
before by a run on a tiny city. The exponent k of seconds ~ N^k is that of least squares through the logarithms of
all sizes; the last one is that between the two largest sizes, where fixed costs weigh least. On a machine that others
use too the CPU seconds, those of importing with them, tell more than the time that passed.
"""

import json
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import measure
from benchmarks.growth.steps import STEPS
from benchmarks.kept import keep
from benchmarks.report import Table
from benchmarks.report_charts import log_chart

SIZES = {"small": (1_000, 3_000, 10_000), "full": (10_000, 100_000, 1_000_000)}
MAKING = ("synth", "store")
"""Steps that make what the others read; the second takes the first one's records away."""
FIGURES = ("seconds", "cpu", "memory")
TINY = (200, 28)
"""Subscribers and days of the city on which kernels are compiled."""
MOST_SECONDS = 4 * 3600.0
"""After so long a step is ended."""
MEMORY_SHARE = 0.75
"""Share of the machine's memory at which a step is ended, before everything else on it suffers."""
BYTES = 240
"""Disk that a subscriber takes a day, 45 for records and 180 in the store, with some to spare."""


@dataclass(frozen=True)
class Settings:
    """What is run, and where."""

    data: Path
    sizes: Sequence[int]
    days: int = 120
    threads: int = 2
    steps: Collection[str] = tuple(STEPS)
    """Those wanted; the city and its store are made for the others where they are missing."""
    folder: Path | None = None
    """Where figures, cities and stores are kept, to go on from there another time; else cities are removed."""


@dataclass(frozen=True)
class Point:
    """One step on one city: seconds without importing, CPU seconds with it, peak bytes, and what it counted."""

    seconds: float
    cpu: float
    memory: int
    counts: dict[str, int]


Steps = tuple[dict[str, Point], dict[str, str]]
"""What each step took, and what could not run."""


def run(
    settings: Settings, write: Callable[[dict[str, Any]], None] = lambda _: None
) -> tuple[list[Table], dict[str, Any], bool]:
    """Run the steps on all sizes.

    Parameters
    ----------
    settings : Settings
        What is run.
    write : callable
        Called with the content so far after each step, so that a slow or broken one loses nothing.

    Returns
    -------
    tables : list of Table
    content : dict
        step → size → seconds, memory and counts; the exponents; what could not run.
    good : bool
        False if a step failed.
    """
    points: dict[str, dict[int, Point]] = {step: {} for step in STEPS if step in settings.steps}
    troubles: dict[str, str] = {}
    records: dict[int, int] = {}
    making = tuple(step for step in MAKING if step in settings.steps)
    parts = [making, *((step,) for step in STEPS if step in settings.steps and step not in MAKING)]
    compiled = False
    content = _content(settings, points, records, troubles)
    for subscribers in sorted(settings.sizes):
        with _folder(settings, subscribers) as folder:
            for part in filter(None, parts):
                if troubles.keys() & {*MAKING, *part}:
                    continue

                def work(
                    subscribers: int = subscribers, folder: Path = folder, part: Sequence[str] = part
                ) -> Steps:
                    nonlocal compiled
                    if not compiled:
                        _say(f"  compiling on a city of {TINY[0]}")
                        with tempfile.TemporaryDirectory(prefix="growth-", dir=settings.data) as tiny:
                            _run(settings, Path(tiny), *TINY, [step for part in parts for step in part])
                        compiled = True
                    return _run(settings, folder, subscribers, settings.days, part)

                name = f"growth, {subscribers}, {settings.days}, {settings.threads}: {', '.join(part)}"
                found, trouble = keep(settings.folder, name, work, lambda made: not made[1])
                troubles |= trouble
                for step, point in found.items():
                    points.setdefault(step, {})[subscribers] = point
                records[subscribers] = _records(folder)
                content = _content(settings, points, records, troubles)
                write(content)
    good = not any(text.startswith("FAILED") for text in troubles.values())
    return [make_table(content)], content, good


def _content(
    settings: Settings,
    points: dict[str, dict[int, Point]],
    records: dict[int, int],
    troubles: dict[str, str],
) -> dict[str, Any]:
    """All that is known so far, in the order of the steps."""
    points = {step: points[step] for step in STEPS if step in points}
    return {
        "days": settings.days,
        "records": dict(records),
        "points": {
            step: {size: vars(point) for size, point in found.items()} for step, found in points.items()
        },
        "exponents": {
            step: {name: exponents(_series(found, name)) for name in FIGURES}
            for step, found in points.items()
        },
        "troubles": dict(troubles),
    }


@contextmanager
def _folder(settings: Settings, subscribers: int) -> Iterator[Path]:
    """Where a city and its store lie; it goes with them unless they are kept."""
    if settings.folder is None:
        with tempfile.TemporaryDirectory(prefix="growth-", dir=settings.data) as scratch:
            yield Path(scratch)
    else:
        folder = settings.folder / f"growth-{subscribers}-{settings.days}"
        folder.mkdir(parents=True, exist_ok=True)
        yield folder


def _records(folder: Path) -> int:
    """Count of a city's records."""
    about = folder / "city" / "city.json"
    counts = json.loads(about.read_text()).get("counts", {}) if about.exists() else {}
    return int(counts.get("records", 0))


def _run(settings: Settings, folder: Path, subscribers: int, days: int, steps: Sequence[str]) -> Steps:
    """Run steps one after the other; the city and its store are made for them where they are missing."""
    if steps[0] in MAKING or not (folder / "store").exists():
        needed, free = subscribers * days * BYTES, shutil.disk_usage(folder).free
        if needed > free:
            room = f"FAILED at {subscribers:,}: {folder} has {free / 1e9:.1f} GB free, needed are"
            return {}, dict.fromkeys(steps, f"{room} {needed / 1e9:.1f} GB")
        for name in ("city", "store"):
            shutil.rmtree(folder / name, ignore_errors=True)
        if list(steps) != ["synth"]:
            steps = [*MAKING, *(step for step in steps if step not in MAKING)]
    found: dict[str, Point] = {}
    troubles: dict[str, str] = {}
    most_memory = MEMORY_SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for step in steps:
        arguments = [step, str(folder), "--subscribers", str(subscribers), "--days", str(days)]
        arguments += ["--threads", str(settings.threads)]
        outcome = measure.run(
            "benchmarks.growth.steps",
            arguments,
            settings.threads,
            most_seconds=MOST_SECONDS,
            most_memory=most_memory,
        )
        if not outcome.done:
            troubles[step] = outcome.not_available or f"FAILED at {subscribers:,}: {outcome.failure}"
            _say(f"  {step}: {troubles[step]}")
            if step in MAKING:
                break
            continue
        if step == "store":  # the other steps read the store alone
            shutil.rmtree(folder / "city" / "cdr", ignore_errors=True)
        seconds = outcome.answer["phases"]["run"]
        _say(f"  {step}, {subscribers:,}: {seconds:.2f} s, {outcome.memory / 1e9:.2f} GB")
        found[step] = Point(seconds, outcome.cpu, outcome.memory, outcome.answer["counts"])
    return found, troubles


def _series(found: dict[int, Point], name: str) -> list[tuple[int, float]]:
    return [(size, float(getattr(point, name))) for size, point in sorted(found.items())]


def exponents(series: Sequence[tuple[float, float]]) -> dict[str, float] | None:
    """Exponents of a power law: fitted to all points, and between the last two.

    Examples
    --------
    >>> exponents([(1, 2.0), (10, 20.0), (100, 2000.0)])
    {'fitted': 1.5, 'last': 2.0}
    """
    points = [(math.log(size), math.log(value)) for size, value in series if value > 0]
    if len(points) < 2:
        return None
    mean_x, mean_y = (sum(column) / len(points) for column in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    (x_before, y_before), (x_last, y_last) = points[-2:]
    return {"fitted": round(slope, 9), "last": round((y_last - y_before) / (x_last - x_before), 9)}


def make_table(content: dict[str, Any]) -> Table:
    """Lay out seconds and peak memory by step and size."""
    sizes = sorted(content["records"])
    columns = ["step"]
    for size in sizes:
        columns += [f"{size:,}: s", "CPU s", "MB"]
    columns += ["s ~ N^k: k", "last k", "CPU s: k", "last k", "memory: k"]
    rows = []
    for step, found in content["points"].items():
        cells = [step]
        for size in sizes:
            point = found.get(size)
            cells += (
                [f"{point['seconds']:.2f}", f"{point['cpu']:.2f}", f"{point['memory'] / 1e6:,.0f}"]
                if point
                else ["-"] * 3
            )
        time, cpu, memory = (content["exponents"][step][name] for name in FIGURES)
        for found_k in (time, cpu):
            cells += [f"{found_k['fitted']:.2f}", f"{found_k['last']:.2f}"] if found_k else ["-", "-"]
        rows.append([*cells, f"{memory['fitted']:.2f}" if memory else "-"])
    notes = [f"{size:,} subscribers: {count:,} records" for size, count in content["records"].items()]
    notes += [f"{step}: {text}" for step, text in content["troubles"].items()]
    return Table(f"Growth with the number of subscribers, {content['days']} days", columns, rows, notes)


def make_charts(content: dict[str, Any]) -> list[str]:
    """Draw seconds and megabytes against subscribers, both axes logarithmic."""
    lines = {
        name: {
            step: [(size, point[name] / scale) for size, point in sorted(found.items())]
            for step, found in content["points"].items()
            if found
        }
        for name, scale in (("seconds", 1.0), ("memory", 1e6))
    }
    return [
        log_chart("Seconds by subscribers", lines["seconds"]),
        log_chart("Peak memory by subscribers, MB", lines["memory"]),
    ]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
