"""Run the methods over the worlds of a size and make tables of what was measured."""

import math
import sys
import time
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.kept import keep
from benchmarks.quality import (
    cities,
    copenhagen,
    families,
    judge,
    managers,
    movement,
    onsets,
    seeds,
)
from benchmarks.quality.methods import METHODS, Method
from benchmarks.quality.tables import ALL, make_tables
from benchmarks.quality.world import Case, NotAvailableError, World
from benchmarks.report import Table

CITY_SEEDS = {"small": 3, "full": 2}
"""How many of the seeds are used, the first ones."""
FRAMES = (onsets, families, managers, movement)
"""Further questions, each a module with NAME, KEY, PRESETS, SUBSCRIBERS, make, METHODS, PROBABILITIES, judge_case,
measure and COLUMNS."""
SECOND_NUMBERS = "second-numbers"
QUESTIONS = (SECOND_NUMBERS, *(frame.KEY for frame in FRAMES))


@dataclass(frozen=True)
class Settings:
    """What of the suite is run."""

    size: str = "small"
    tuning: bool = False
    """Whether to judge on the tuning seeds, as whoever develops a method must."""
    questions: Collection[str] = QUESTIONS
    """Some of `QUESTIONS`."""
    subscribers: int | None = None
    presets: Sequence[str] = (*cities.PRESETS, cities.SPARSE)
    shares: Sequence[float] = copenhagen.SHARES
    most_seeds: int | None = None
    methods: Sequence[Method] = tuple(METHODS)
    folder: Path | None = None
    """Where judged worlds are kept, to go on from there another time."""

    @property
    def used_seeds(self) -> dict[str, tuple[int, ...]]:
        """Seeds of the worlds by kind."""
        used = seeds.TUNING if self.tuning else seeds.JUDGING
        return {
            "city": used["city"][: self.most_seeds or CITY_SEEDS[self.size]],
            "copenhagen": used["copenhagen"][: self.most_seeds],
        }


Maker = tuple[str, str, Callable[[], Case]]
"""A name that tells a world from all others, its city's if it is one, and what makes it."""
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
    troubles = Troubles()
    jobs = list(_jobs(settings, troubles))
    done = {}
    for job in sorted(jobs, key=lambda job: job.city):
        done[job.name] = keep(settings.folder, job.name, job.work, _is_sound)
    for job in jobs:
        _add(done[job.name], parts if job.question == SECOND_NUMBERS else others, troubles)
    probabilities = {method.label for method in settings.methods if method.is_probability}
    content: dict[str, Any] = {
        "size": settings.size,
        "seeds": "tuning" if settings.tuning else "judging",
        "groups": {
            group: {
                label: {
                    **judge.measure(judge.join(cases), is_probability=label in probabilities),
                    "range": _range(
                        [judge.measure(case, is_probability=False, resamples=0) for case in cases]
                    ),
                }
                for label, cases in found.items()
            }
            for group, found in parts.items()
        },
        "frames": {
            group: {label: _measure_frame(group, label, cases) for label, cases in found.items()}
            for group, found in others.items()
        },
        "not_available": troubles.missing,
        "failed": troubles.failed,
        "skipped": troubles.skipped,
    }
    content = _plain(content)
    by_label = {method.label: method for method in settings.methods}
    return make_tables(content, by_label, {frame.NAME: frame.COLUMNS for frame in FRAMES}), content


@dataclass
class Troubles:
    """What could not be run, and why: by method, and by world."""

    missing: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


@dataclass
class Done:
    """What all methods made of one world: (group, method, judged), and what went wrong."""

    judged: list[tuple[str, str, Any]] = field(default_factory=list)
    troubles: Troubles = field(default_factory=Troubles)

    def attempt(
        self, label: str, case: Case, group: str, work: Callable[[], Any], question: str = ""
    ) -> None:
        """Do the work and keep what was judged, for the case's group and for all cities."""
        try:
            judged = work()
        except NotAvailableError as reason:
            self.troubles.missing[f"{question}{label}"] = str(reason)
            return
        except Exception as error:  # one method that breaks must not hide how the others do
            why = f"{case.world.name}: {type(error).__name__}: {error}"[:200]
            self.troubles.failed[f"{question}{label}"] = why
            _say(traceback.format_exc())
            return
        for name in [group, group.replace(case.group, ALL)] if case.group in cities.PRESETS else [group]:
            self.judged.append((name, label, judged))


@dataclass(frozen=True)
class Job:
    """One question put to one world: what it is called, and the city, whose jobs are done one after the other."""

    question: str
    name: str
    city: str
    work: Callable[[], Done]


def _jobs(settings: Settings, troubles: Troubles) -> Iterator[Job]:
    """All questions and worlds, in the order of the tables."""
    if SECOND_NUMBERS in settings.questions:
        labels = ", ".join(method.label for method in settings.methods)
        for name, city, make in _makers(settings, troubles):
            work = partial(_second_numbers, make, settings.methods)
            yield Job(SECOND_NUMBERS, f"{SECOND_NUMBERS}, {name}: {labels}", city, work)
    for frame in FRAMES:
        subscribers = settings.subscribers or frame.SUBSCRIBERS[settings.size]
        for preset in frame.PRESETS if frame.KEY in settings.questions else ():
            for seed in settings.used_seeds["city"] if preset in settings.presets else ():
                name = f"{frame.KEY}, {preset}, {subscribers}, {seed}: {', '.join(frame.METHODS)}"
                work = partial(_frame_world, frame, preset, seed, subscribers)
                yield Job(frame.KEY, name, f"{preset}, {seed}", work)


def _add(done: Done, target: Parts, troubles: Troubles) -> None:
    for group, label, judged in done.judged:
        target.setdefault(group, {}).setdefault(label, []).append(judged)
    for name in ("missing", "failed", "skipped"):
        getattr(troubles, name).update(getattr(done.troubles, name))


def _is_sound(done: Done) -> bool:
    return not done.troubles.failed


def _second_numbers(make: Callable[[], Case], methods: Sequence[Method]) -> Done:
    case, done = make(), Done()
    _say(f"  {case.world.name}: {int(case.truth['wanted'].sum())} second numbers wanted")
    for method in methods:
        done.attempt(method.label, case, case.group, partial(_judge, method, case))
    return done


def _frame_world(frame: Any, preset: str, seed: int, subscribers: int) -> Done:
    case, done = frame.make(preset, seed, subscribers), Done()
    _say(f"  {frame.NAME}: {case.world.name}")
    for label, method in frame.METHODS.items():
        if preset == cities.SPARSE and label.endswith("alone"):
            continue  # the world holds no more than that
        work = partial(_judge_frame, frame, method, case)
        done.attempt(label, case, f"{frame.NAME}, {case.group}", work, f"{frame.NAME}: ")
    return done


def _judge_frame(frame: Any, method: Callable[[World], Any], case: Case) -> tuple[Any, float]:
    begin = time.perf_counter()
    found = method(case.world)
    return frame.judge_case(case, found), time.perf_counter() - begin


def _measure_frame(group: str, label: str, cases: Sequence[tuple[Any, float]]) -> dict[str, Any]:
    frame = next(frame for frame in FRAMES if group.startswith(f"{frame.NAME}, "))
    measured = frame.measure([part for part, _ in cases], is_probability=label in frame.PROBABILITIES)
    alone = [frame.measure([part], resamples=0) for part, _ in cases]
    return {**measured, "range": _range(alone), "seconds": sum(seconds for _, seconds in cases)}


def _range(alone: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    """Least and most of each figure over the worlds, each world on its own."""
    known = {
        name: [
            float(figures[name])
            for figures in alone
            if isinstance(figures.get(name), (int, float)) and math.isfinite(figures[name])
        ]
        for name in {name for figures in alone for name in figures}
    }
    return {name: [min(values), max(values)] for name, values in sorted(known.items()) if len(values) > 1}


def _plain(content: Any) -> Any:
    """Replace NaN, which JSON does not know, by None."""
    if isinstance(content, dict):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_plain(value) for value in content]
    return None if isinstance(content, float) and math.isnan(content) else content


def _makers(settings: Settings, troubles: Troubles) -> Iterator[Maker]:
    subscribers = settings.subscribers or cities.SUBSCRIBERS[settings.size]
    for preset in cities.PRESETS:
        for seed in settings.used_seeds["city"] if preset in settings.presets else ():
            make = partial(cities.usual_case, preset, seed, subscribers)
            yield f"{preset}, {subscribers}, {seed}", f"{preset}, {seed}", make
    if not settings.shares:
        return
    try:
        events = copenhagen.read()
    except NotAvailableError as reason:
        troubles.skipped["Copenhagen"] = str(reason)
        return
    for share in settings.shares:
        for seed in settings.used_seeds["copenhagen"]:
            yield f"Copenhagen, {share}, {seed}", "", partial(copenhagen.migrate, events, share, seed)


def _judge(method: Method, case: Case) -> judge.Judged:
    begin = time.perf_counter()
    found = method.rank(case.world)
    seconds = time.perf_counter() - begin
    judged = judge.judge_case(case, found)
    judged.seconds.append(seconds)
    return judged


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
