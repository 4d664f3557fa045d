"""`python -m benchmarks`: run the benchmarks, print their tables and write them as JSON and HTML."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import report, report_html, speed
from benchmarks.growth import suite as growth
from benchmarks.growth.steps import STEPS
from benchmarks.options import PRESETS, SIZES, parser
from benchmarks.quality import baseline, charts, cities
from benchmarks.quality import suite as quality
from benchmarks.quality.tables import ALL
from benchmarks.report import Table
from benchmarks.validity import suite as validity


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
        steps=options.growth_steps or tuple(STEPS),
        folder=options.resume,
    )
    path, machine = options.json.with_name("growth.json"), report.machine()
    tables, content, good = growth.run(
        settings, lambda content: report.write_json(path, {"machine": machine, "growth": content})
    )
    print("\n".join(map(str, tables)))
    _write(path, options.size, {"growth": content}, tables, growth.make_charts(content))
    return good


def _validity(options: argparse.Namespace) -> bool:
    presets = [preset for preset in options.presets or PRESETS if preset in cities.PRESETS]
    settings = validity.Settings(options.size, sorted(presets, key=PRESETS.index), options.subscribers)
    tables, content, drawn = validity.run(settings)
    print("\n".join(map(str, tables)))
    _write(options.json.with_name("validity.json"), options.size, {"validity": content}, tables, drawn)
    return True


def _write(
    path: Path,
    facts: str,
    content: dict[str, Any],
    tables: list[Table],
    drawn: list[str],
    alarms: Sequence[str] = (),
) -> None:
    """Write a suite's figures as JSON and, beside it, as a page; the suite is the last entry of the content."""
    machine = report.machine()
    report.write_json(path, {"machine": machine, **content})
    facts = f"{facts}; {machine['system']}, Python {machine['python']}"
    text = report_html.page(f"circlegraph: {list(content)[-1]}", facts, tables, drawn, alarms)
    report_html.write_page(path.with_suffix(".html"), text)
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
    tables, races, good = speed.run(settings)
    if not tables:
        print("nothing ran: none of these contestants takes part in these races", file=sys.stderr)
        return False
    print("\n".join(map(str, tables)))
    content = {"threads": settings.threads, "speed": races}
    _write(options.json, options.size, content, tables, speed.make_charts(races))
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
    path, facts = options.json.with_name("quality.json"), f"{options.size}, {measured['seeds']} seeds"
    content = {"alarms": alarms, "quality": measured}
    _write(path, facts, content, tables, charts.make_charts(measured), alarms)
    return not alarms


if __name__ == "__main__":
    raise SystemExit(main())
