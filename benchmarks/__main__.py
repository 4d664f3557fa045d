"""`python -m benchmarks`: run the benchmarks, print their tables and write them as JSON and HTML."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from benchmarks import report, report_html, speed
from benchmarks.growth import suite as growth
from benchmarks.quality import baseline, charts, cities
from benchmarks.quality import suite as quality
from benchmarks.quality.tables import ALL
from benchmarks.races import RACES
from benchmarks.report import Table
from benchmarks.validity import suite as validity

SIZES = {"small": 1_000_000, "full": 50_000_000}
PRESETS = (*cities.PRESETS, cities.SPARSE)
SUITES = ("speed", "quality", "growth", "validity")


def main() -> int:
    """Run what the command line asks for; 1 if an engine failed, results differ or quality fell."""
    made = parser()
    options = made.parse_args()
    if options.update_baseline and (options.seeds or options.subscribers):
        made.error(
            "--update-baseline stores figures of the usual cities: leave --seeds and --subscribers out"
        )
    # Leave by an exception, so that the contestant that runs is ended and scratch files are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    good = True
    suites = {"speed": _speed, "quality": _quality, "growth": _growth, "validity": _validity}
    for name, run in suites.items():
        if options.only in (None, name):
            good &= run(options)
    return 0 if good else 1


def _growth(options: argparse.Namespace) -> bool:
    options.data.mkdir(parents=True, exist_ok=True)
    settings = growth.Settings(
        data=options.data,
        sizes=options.growth_sizes or growth.SIZES[options.size],
        threads=options.threads,
        folder=options.resume,
    )
    tables, content, good = growth.run(settings)
    print("\n".join(map(str, tables)))
    _write(options, "growth", content, tables, growth.make_charts(content))
    return good


def _validity(options: argparse.Namespace) -> bool:
    presets = [preset for preset in options.presets or PRESETS if preset in cities.PRESETS]
    settings = validity.Settings(options.size, sorted(presets, key=PRESETS.index), options.subscribers)
    tables, content, drawn = validity.run(settings)
    print("\n".join(map(str, tables)))
    _write(options, "validity", content, tables, drawn)
    return True


def _write(
    options: argparse.Namespace, name: str, content: dict[str, Any], tables: list[Table], drawn: list[str]
) -> None:
    """Write a suite's figures as JSON and as a page."""
    path = options.json.with_name(f"{name}.json")
    machine = report.machine()
    report.write_json(path, {"machine": machine, name: content})
    facts = f"{options.size}; {machine['system']}, Python {machine['python']}"
    report_html.write_page(
        path.with_suffix(".html"), report_html.page(f"circlegraph: {name}", facts, tables, drawn)
    )
    print(f"written: {path} and {path.with_suffix('.html')}", file=sys.stderr)


def _speed(options: argparse.Namespace) -> bool:
    settings = speed.Settings(
        data=options.data,
        events=options.events or SIZES[options.size],
        rounds=options.rounds,
        threads=options.threads,
        races=options.races,
        contestants=options.contestants,
    )
    settings.data.mkdir(parents=True, exist_ok=True)
    content: dict[str, object] = {"machine": report.machine(), "threads": settings.threads}
    tables, content["speed"], good = speed.run(settings)
    print("\n".join(map(str, tables)))
    report.write_json(options.json, content)
    print(f"written: {options.json}", file=sys.stderr)
    return good


def _quality(options: argparse.Namespace) -> bool:
    settings = quality.Settings(
        size=options.size,
        tuning=options.tuning,
        questions=options.questions or quality.QUESTIONS,
        presets=tuple(options.presets or PRESETS),
        most_seeds=options.seeds,
        subscribers=options.subscribers,
        folder=options.resume,
    )
    tables, measured = quality.run(settings)
    print("\n".join(map(str, tables)))
    figures = baseline.kept(measured["groups"] | measured["frames"])
    if options.presets:  # "all cities" are not all of them
        figures = {group: found for group, found in figures.items() if not group.endswith(ALL)}
    alarms = [f"failed: {label}: {why}" for label, why in measured["failed"].items()]
    if options.update_baseline and not alarms:
        baseline.update(options.size, figures, baseline.FILE)
        print(f"written: {baseline.FILE}", file=sys.stderr)
    elif options.tuning or options.seeds or options.subscribers:
        print("not compared with the stored figures, which are of other worlds", file=sys.stderr)
    else:
        stored = baseline.load(options.size, baseline.FILE)
        if not stored:
            print(
                f"no figures are stored for --size {options.size}: nothing to compare with", file=sys.stderr
            )
        alarms += [f"fell: {text}" for text in baseline.falls(stored, figures)]
    print("\n".join(alarms))
    path = options.json.with_name("quality.json")
    machine = report.machine()
    report.write_json(path, {"machine": machine, "quality": measured, "alarms": alarms})
    facts = f"{options.size}, {measured['seeds']} seeds; {machine['system']}, Python {machine['python']}"
    text = report_html.page("circlegraph: quality", facts, tables, charts.make_charts(measured), alarms)
    report_html.write_page(path.with_suffix(".html"), text)
    print(f"written: {path} and {path.with_suffix('.html')}", file=sys.stderr)
    return not alarms


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    made.add_argument("--only", choices=SUITES, help="one suite only")
    made.add_argument(
        "--size",
        choices=SIZES,
        default="small",
        help="small: 1 M events, cities of 1,500; full: 50 M, 10,000",
    )
    made.add_argument("--events", type=int, help="any other number of events")
    made.add_argument("--rounds", type=int, default=3, help="runs of each contestant, interleaved")
    made.add_argument("--threads", type=int, default=2)
    names = ", ".join(race.name for race in RACES)
    made.add_argument("--races", type=_names, help=f"some of: {names}")
    made.add_argument(
        "--contestants", type=_names, help="modules of benchmarks.contestants, with commas between"
    )
    made.add_argument("--json", type=Path, default=Path("build/benchmarks.json"))
    made.add_argument(
        "--data",
        type=Path,
        default=Path(tempfile.gettempdir()) / "circlegraph-benchmarks",
        help="folder for the made-up feeds, kept between runs (full size: some 5 GB)",
    )
    questions = ", ".join(quality.QUESTIONS)
    made.add_argument("--questions", type=_some_of(quality.QUESTIONS), help=f"some of: {questions}")
    presets = ", ".join(PRESETS)
    made.add_argument("--presets", type=_some_of(PRESETS), help=f"cities of some presets: {presets}")
    made.add_argument("--seeds", type=int, help="cities of the first so many seeds only")
    made.add_argument("--subscribers", type=int, help="cities of another size, to look closer or faster")
    made.add_argument(
        "--resume",
        type=Path,
        metavar="FOLDER",
        help="quality, growth: keep what is done there and go on from there after a stop, until the code changes",
    )
    made.add_argument("--growth-sizes", type=_sizes, help="subscribers of the growing cities, with commas")
    seeds = made.add_mutually_exclusive_group()
    seeds.add_argument("--tuning", action="store_true", help="judge on the tuning seeds, to develop a method")
    seeds.add_argument("--update-baseline", action="store_true", help="store this run's quality figures")
    return made


def _some_of(known: Collection[str]) -> Callable[[str], frozenset[str]]:
    def names(text: str) -> frozenset[str]:
        unknown = _names(text) - set(known)
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: known are {', '.join(known)}")
        return _names(text)

    return names


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.replace("_", "").split(","))


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split(","))


if __name__ == "__main__":
    raise SystemExit(main())
