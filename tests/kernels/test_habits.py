"""Habits of pairs, against plain Python and its own calendar; from CDRs and from a store alike."""

from collections.abc import Sequence
from pathlib import Path

import naive
import numpy as np
import pytest
from hypothesis import given
from made import events, frame, zoo
from naive import DAY, Event

from circlegraph.contacts.pairs import HABITS, Pairs
from circlegraph.contacts.windows import Windows
from circlegraph.graph.network import Network
from circlegraph.graph.source import contacts_of
from circlegraph.resources import Resources
from circlegraph.store.store import Store

ZOO = zoo()
EDGES = {
    "a week": (-DAY, 6 * DAY),
    "two windows": (-3 * DAY, 4321, 9 * DAY),
    "centuries": (-70 * 366 * DAY, 80_001 * DAY),
}


def plain(rows: Sequence[Event], edges: Sequence[int]) -> dict[tuple[int, int], list[int]]:
    """The twin: one event after the other, in order of time."""
    found: dict[tuple[int, int], list[int]] = {}
    opened = set()
    for e in sorted(rows, key=lambda e: (e.stamp, e.caller > e.callee)):
        if e.kind == naive.FORWARD or not edges[0] <= e.start < edges[-1]:
            continue
        window = max(w for w in range(len(edges) - 1) if edges[w] <= e.start)
        key = (min(e.caller, e.callee), max(e.caller, e.callee))
        counts = found.setdefault(key, [0] * len(HABITS) * (len(edges) - 1))

        def add(name: str, counts: list[int] = counts, window: int = window) -> None:
            counts[window * len(HABITS) + HABITS.index(name)] += 1

        if not 8 <= e.moment.hour < 23:
            add("nights")
        elif e.moment.hour >= 18:
            add("evenings")
        else:
            add("weekend_days" if e.moment.isoweekday() >= 6 else "work_hours")
        if e.kind == naive.CALL:
            limits = {0: "unanswered", 30: "to_30s", 60: "to_60s", 180: "to_180s", 600: "to_600s"}
            add(next((name for limit, name in limits.items() if e.duration <= limit), "longer"))
        if (key, window) not in opened and e.caller <= e.callee:
            add("opened")
        opened.add((key, window))
    return found


def check(rows: Sequence[Event], edges: Sequence[int]) -> None:
    pairs = Pairs.of_events(naive.packed(rows), Windows(tuple(edges)), "habits")
    assert dict(zip(map(tuple, pairs.ends.tolist()), pairs.habits.tolist(), strict=True)) == plain(
        rows, edges
    )


@pytest.mark.parametrize("edges", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("rows", ZOO.values(), ids=ZOO)
def test_zoo(rows: list[Event], edges: tuple[int, ...]) -> None:
    check(rows, edges)


@given(events())
def test_any_events(rows: list[Event]) -> None:
    check(rows, (-3 * DAY, 4321, 9 * DAY))


def test_store_and_cdrs_give_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    rows = [
        Event(1000 + int(a), 1000 + int(b), int(s), int(d), int(k))
        for a, b, s, d, k in zip(
            *rng.integers(300, 330, (2, 500)),
            rng.integers(0, 20 * DAY, 500),
            rng.choice([0, 20, 45, 100, 400, 900], 500),
            rng.integers(0, 2, 500),
            strict=True,
        )
    ]
    table = frame(rows)
    store = Store.create(tmp_path / "store")
    store.append(table)

    def habits(source: object) -> dict[tuple[int, int], list[int]]:
        contacts = contacts_of(
            source,
            lambda first, last: Windows((first // DAY * DAY, 10 * DAY, (last // DAY + 1) * DAY)),
            network=Network(),
            resources=Resources(),
            detail="habits",
        )
        found = {}
        for pairs in contacts.table.parts:
            keys = contacts.numbers.index.keys[pairs.ends]
            found |= dict(zip(map(tuple, keys.tolist()), pairs.habits.tolist(), strict=True))
        return found

    assert habits(store) == habits(table)
    assert habits(store)
