"""Run the methods over the worlds of a size and make tables of what was measured."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.quality import cities, copenhagen, judge, seeds
from benchmarks.quality.methods import METHODS, Method
from benchmarks.quality.world import Case, NotAvailableError
from benchmarks.report import Table

CITY_SEEDS = {"small": 3, "full": 4}
"""How many of the seeds are used, the first ones."""

ALL = "all cities"


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


def run(settings: Settings) -> tuple[list[Table], dict[str, Any]]:
    """Run all methods over all worlds.

    Returns
    -------
    tables : list of Table
    content : dict
        Everything measured, for the JSON file: ``groups`` → group → method → measures, and ``skipped``.
    """
    seeds.check()
    parts: dict[str, dict[str, list[judge.Judged]]] = {}
    missing: dict[str, str] = {}
    skipped: dict[str, str] = {}
    for index, make in enumerate(_makers(settings, skipped)):
        case = make()
        _say(f"  {case.world.name}: {int(case.truth['wanted'].sum())} second numbers wanted")
        for method in settings.methods:
            try:
                judged = _judge(method, case, index)
            except NotAvailableError as reason:
                missing[method.label] = str(reason)
                continue
            for group in _groups(case):
                parts.setdefault(group, {}).setdefault(method.label, []).append(judged)
    by_label = {method.label: method for method in settings.methods}
    groups = {
        group: {
            label: judge.measure(judge.join(cases), is_probability=by_label[label].is_probability)
            for label, cases in methods.items()
        }
        for group, methods in parts.items()
    }
    content: dict[str, Any] = {
        "size": settings.size,
        "seeds": "tuning" if settings.tuning else "judging",
        "groups": groups,
    }
    content |= {"not_available": missing, "skipped": skipped}
    return make_tables(content, by_label), content


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


def _groups(case: Case) -> list[str]:
    return [case.group, ALL] if case.tables else [case.group]


def make_tables(content: dict[str, Any], methods: dict[str, Method]) -> list[Table]:
    """Lay out the figures for reading."""
    notes = [f"{label}: not available: {reason}" for label, reason in content["not_available"].items()]
    groups = content["groups"]
    semi_real = {group: found for group, found in groups.items() if group.startswith("Copenhagen")}
    city = {group: found for group, found in groups.items() if group not in semi_real}
    made = [_city_table(group, found, notes, content) for group, found in city.items()]
    if ALL in city:
        made += [_kind_table(city[ALL], methods)]
    if semi_real:
        made += [_copenhagen_table(semi_real, methods, notes)]
    made += [Table(f"{what}: skipped", ["reason"], [[reason]]) for what, reason in content["skipped"].items()]
    return made


def _city_table(group: str, found: dict[str, Any], notes: list[str], content: dict[str, Any]) -> Table:
    columns = ["method", "PR-AUC", "recall at 95 %", "precision at size", "accepted: precision", "recall"]
    columns += ["rank 1", "recall at 5", "hidden claimed", "Brier", "worst bin", "s"]
    rows = [
        [
            label,
            _with_interval(figures, "pr_auc"),
            _with_interval(figures, "recall_at_95"),
            _two(figures["precision_at_wanted"]),
            _two(figures["precision"]),
            _two(figures["recall"] if figures["accepted"] else None),
            _with_interval(figures, "rank1"),
            _two(figures["recall_at_5"]),
            _two(figures["hidden_claimed"]),
            _two(figures.get("brier"), 4),
            _two(worst_bin(figures.get("reliability"))),
            _two(figures["seconds"], 1),
        ]
        for label, figures in found.items()
    ]
    wanted = max((figures["wanted"] for figures in found.values()), default=0)
    title = f"Second numbers, {group} ({content['size']}, {content['seeds']} seeds): {wanted} wanted"
    return Table(title, columns, rows, notes)


def _copenhagen_table(groups: dict[str, Any], methods: dict[str, Method], notes: list[str]) -> Table:
    columns = ["rank 1 (Copenhagen)"]
    for group in groups:
        share = group.rpartition("= ")[2]
        columns += [f"p = {share}: all", "new"]
    labels = [label for label in next(iter(groups.values())) if not methods[label].new_only]
    rows = [
        [
            label,
            *(
                text
                for found in groups.values()
                for text in (_two(found[label]["rank1"]), _two(found[label]["rank1_new"]))
            ),
        ]
        for label in labels
    ]
    return Table("Second numbers, planted moves in the Copenhagen data", columns, rows, notes)


def _kind_table(found: dict[str, Any], methods: dict[str, Method]) -> Table:
    """Recall at 95 % precision and rank 1 by kind, of circlegraph and the baselines over new numbers."""
    labels = [label for label in found if methods[label].new_only or methods[label].is_probability]
    if not labels:
        labels = list(found)
    rows = []
    for column, kinds in found[labels[0]]["breakdown"].items():
        for place, kind in enumerate(kinds):
            cells = [found[label]["breakdown"][column][place] for label in labels]
            rows.append(
                [f"{column.replace('_', ' ')} {kind['kind']}", str(kind["wanted"])]
                + [f"{_two(cell['recall_at_95'])} / {_two(cell['rank1'])}" for cell in cells]
            )
    return Table(f"Recall at 95 % precision / rank 1 by kind, {ALL}", ["kind", "wanted", *labels], rows)


def worst_bin(bins: list[dict[str, Any]] | None, least: int = 20) -> float | None:
    """Largest difference between predicted and observed share over the bins of at least ``least`` claims."""
    gaps = [abs(cell["predicted"] - cell["observed"]) for cell in bins or [] if cell["count"] >= least]
    return max(gaps, default=None)


def _with_interval(figures: dict[str, Any], name: str) -> str:
    edges = figures["intervals"].get(name)
    text = _two(figures[name])
    return f"{text} ({_two(edges[0])}-{_two(edges[1])})" if edges else text


def _two(value: float | None, digits: int = 2) -> str:
    return "-" if value is None or value != value else f"{value:.{digits}f}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
