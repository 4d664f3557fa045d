"""Run the methods over the worlds of a size and make tables of what was measured."""

import math
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.quality import cities, copenhagen, families, judge, managers, seeds
from benchmarks.quality.methods import METHODS, Method
from benchmarks.quality.tables import ALL, make_tables
from benchmarks.quality.world import Case, NotAvailableError, World
from benchmarks.report import Table

CITY_SEEDS = {"small": 3, "full": 4}
"""How many of the seeds are used, the first ones."""
FRAMES = (families, managers)
"""Further questions, each a module with METHODS, judge_case, measure and COLUMNS."""


@dataclass(frozen=True)
class Settings:
    """What of the suite is run."""

    size: str = "small"
    tuning: bool = False
    """Whether to judge on the tuning seeds, as whoever develops a method must."""
    subscribers: int | None = None
    presets: Sequence[str] = cities.PRESETS
    shares: Sequence[float] = copenhagen.SHARES
    most_seeds: int | None = None
    methods: Sequence[Method] = tuple(METHODS)


Maker = Callable[[], Case]
Parts = dict[str, dict[str, list[Any]]]
"""Group → method → what was judged, case by case."""


def run(settings: Settings) -> tuple[list[Table], dict[str, Any]]:
    """Run all methods over all worlds.

    Returns
    -------
    tables : list of Table
    content : dict
        Everything measured, for the JSON file: ``groups`` (second numbers) and ``frames`` (the other questions) →
        group → method → measures; ``not_available``, ``failed`` and ``skipped`` with reasons.
    """
    seeds.check()
    parts: Parts = {}
    others: Parts = {}
    missing: dict[str, str] = {}
    failed: dict[str, str] = {}
    skipped: dict[str, str] = {}
    for index, make in enumerate(_makers(settings, skipped)):
        case = make()
        _say(f"  {case.world.name}: {int(case.truth['wanted'].sum())} second numbers wanted")
        for label, group, judge_one, target in _work(settings, case, index, parts, others):
            try:
                judged = judge_one()
            except NotAvailableError as reason:
                missing[label] = str(reason)
                continue
            except Exception as error:  # one method that breaks must not hide how the others do
                failed[label] = f"{case.world.name}: {type(error).__name__}"
                _say(traceback.format_exc())
                continue
            for name in [group, group.replace(case.group, ALL)] if case.tables else [group]:
                target.setdefault(name, {}).setdefault(label, []).append(judged)
    probabilities = {method.label for method in settings.methods if method.is_probability}
    content: dict[str, Any] = {
        "size": settings.size,
        "seeds": "tuning" if settings.tuning else "judging",
        "groups": {
            group: {
                label: judge.measure(judge.join(cases), is_probability=label in probabilities)
                for label, cases in found.items()
            }
            for group, found in parts.items()
        },
        "frames": {
            group: {label: _frame(group).measure(cases) for label, cases in found.items()}
            for group, found in others.items()
        },
        "not_available": missing,
        "failed": failed,
        "skipped": skipped,
    }
    content = _plain(content)
    by_label = {method.label: method for method in settings.methods}
    return make_tables(content, by_label, {frame.NAME: frame.COLUMNS for frame in FRAMES}), content


def _work(
    settings: Settings, case: Case, index: int, parts: Parts, others: Parts
) -> Iterator[tuple[str, str, Callable[[], Any], Parts]]:
    """List what is to be judged on a case: label, group, the work, and where its result belongs."""
    for method in settings.methods:
        yield method.label, case.group, partial(_judge, method, case, index), parts
    for frame in FRAMES if case.tables else ():
        for label, method_of in frame.METHODS.items():
            yield label, f"{frame.NAME}, {case.group}", partial(_judge_frame, frame, method_of, case), others


def _judge_frame(frame: Any, method: Callable[[World], Any], case: Case) -> Any:
    return frame.judge_case(case, method(case.world))


def _plain(content: Any) -> Any:
    """Replace NaN, which JSON does not know, by None."""
    if isinstance(content, dict):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_plain(value) for value in content]
    return None if isinstance(content, float) and math.isnan(content) else content


def _frame(group: str) -> Any:
    return next(frame for frame in FRAMES if group.startswith(frame.NAME))


def _makers(settings: Settings, skipped: dict[str, str]) -> Iterator[Maker]:
    used = seeds.TUNING if settings.tuning else seeds.JUDGING
    subscribers = settings.subscribers or cities.SUBSCRIBERS[settings.size]
    count = settings.most_seeds or CITY_SEEDS[settings.size]
    for preset in settings.presets:
        for seed in used["city"][:count]:
            yield partial(cities.city_case, preset, seed, subscribers)
    if not settings.shares:
        return
    try:
        events = copenhagen.read()
    except NotAvailableError as reason:
        skipped["Copenhagen"] = str(reason)
        return
    for share in settings.shares:
        for seed in used["copenhagen"][: settings.most_seeds]:
            yield partial(copenhagen.migrate, events, share, seed)


def _judge(method: Method, case: Case, index: int) -> judge.Judged:
    begin = time.perf_counter()
    found = method.rank(case.world)
    seconds = time.perf_counter() - begin
    judged = judge.judge_case(case, found, index)
    judged.seconds.append(seconds)
    return judged


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
