"""Sums over events and over stored days, and the day bits, against plain Python."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import NUMBERS, events, zoo
from naive import DAY, Event

from circlegraph.contacts.windows import Windows
from circlegraph.kernels.aggregate import group_pairs, sum_pairs, sum_times
from circlegraph.kernels.day_bits import days_and_weeks, union_days
from circlegraph.kernels.stored_days import sum_day_times, sum_days

ZOO = zoo()
# One day, lengths around the word of 64 days, a split in the middle of a day, several windows, odd centuries.
EDGES = {
    "one day": (0, DAY),
    "63 days": (0, 63 * DAY),
    "64 days": (-DAY, 63 * DAY),
    "65 days": (0, 65 * DAY),
    "200 days": (-100 * DAY, 100 * DAY),
    "middle of a day": (-DAY // 3, 2 * DAY + 4321, 66 * DAY + 4322),
    "within one day": (100, 200, 300),
    "several": (-2 * DAY, 0, DAY, 65 * DAY, 130 * DAY + 77),
    "centuries": (-70 * 366 * DAY, 0, 80_001 * DAY),
}


def summed(rows: list[Event], edges: Sequence[int]) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    made, bounds = naive.packed(rows), np.array(edges, np.int64)
    pair, keys = group_pairs(made, bounds[0], bounds[-1])
    words = Windows(tuple(edges)).words
    sums = sum_pairs(made, pair, len(keys), bounds, words)
    return keys, (*sums, *sum_times(made, pair, len(keys), bounds))


def as_columns(keys: np.ndarray, sums: tuple[np.ndarray, ...], edges: Sequence[int]) -> dict[Any, Any]:
    """The kernels' columns in the shape of `naive.columns`."""
    counts, seconds, bits, nights, seen = sums
    windows = Windows(tuple(edges))
    found = {}
    for i, key in enumerate(keys.tolist()):
        days = []
        for w in range(len(windows)):
            words = bits[i, windows.words[w] : windows.words[w + 1]].tolist()
            first = windows.first_day(w)
            days.append(
                {
                    first + 64 * j + k
                    for j, word in enumerate(words)
                    if word
                    for k in range(64)
                    if word >> k & 1
                }
            )
        found[tuple(key)] = {
            "counts": counts[i].tolist(),
            "seconds": seconds[i].tolist(),
            "days": days,
            "nights": nights[i].tolist(),
            "seen": seen[i].tolist(),
        }
    assert len(found) == len(keys)
    return found


def check_sums(rows: list[Event], edges: Sequence[int]) -> None:
    keys, sums = summed(rows, edges)
    assert as_columns(keys, sums, edges) == naive.columns(naive.pair_sums(rows, edges), edges)


@pytest.mark.parametrize("edges", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("rows", ZOO.values(), ids=ZOO)
def test_sums_zoo(rows: list[Event], edges: tuple[int, ...]) -> None:
    check_sums(rows, edges)


@given(events(-101 * DAY, 131 * DAY), st.sampled_from(list(EDGES.values())))
def test_sums(rows: list[Event], edges: tuple[int, ...]) -> None:
    check_sums(rows, edges)


def test_pairs_are_numbered_as_they_appear() -> None:
    rows = [Event(9, 4, 5), Event(1, 2, 500), Event(2, 1, 6), Event(4, 9, 7, 0, 2), Event(4, 9, 8)]
    pair, keys = group_pairs(naive.packed(rows), 0, 100)
    assert pair.tolist() == [0, -1, 1, -1, 0]
    assert keys.tolist() == [[4, 9], [1, 2]]


def by_day(rows: list[Event]) -> list[tuple[int, int, int, list[int], int, int]]:
    """Number, peer, midnight, ten measures, first and last: as a store keeps them, one row per pair and day.

    The row is the smaller number's or the larger's, in turn.
    """
    days: dict[int, list[Event]] = defaultdict(list)
    for e in rows:
        days[e.start // DAY].append(e)
    made = []
    for day, of_day in days.items():
        for (a, b), (sums,) in naive.pair_sums(of_day, (day * DAY, (day + 1) * DAY)).items():
            side = (a + b + day) % 2
            measures = [*sums.seen_by(side), *sums.nights, *sums.weekends]
            made.append(((a, b)[side], (a, b)[1 - side], day * DAY, measures, sums.first, sums.last))
    return made


def check_days(rows: list[Event], edges: Sequence[int]) -> None:
    rows = [e for e in rows if e.caller != e.callee]  # a pair has two rows in a store, of which one is summed
    made = by_day(rows)
    bounds = np.array(edges, np.int64)
    number, peer, start, first, last = (np.array([row[i] for row in made], np.int64) for i in (0, 1, 2, 4, 5))
    measures = np.array([row[3] for row in made], np.int64).reshape(-1, 10).T.copy()
    pair, keys = group_pairs(np.stack([number, peer, start << 26], axis=1), bounds[0], bounds[-1])
    words = Windows(tuple(edges)).words
    sums = sum_days(number, peer, start, measures[:6].copy(), pair, len(keys), bounds, words)
    sums += sum_day_times(start, measures[6:].copy(), first, last, pair, len(keys), bounds)
    assert as_columns(keys, sums, edges) == naive.columns(naive.pair_sums(rows, edges), edges)


MIDNIGHTS = {name: edges for name, edges in EDGES.items() if not any(edge % DAY for edge in edges)}


@pytest.mark.parametrize("edges", MIDNIGHTS.values(), ids=MIDNIGHTS)
@pytest.mark.parametrize("rows", ZOO.values(), ids=ZOO)
def test_stored_days_zoo(rows: list[Event], edges: tuple[int, ...]) -> None:
    check_days(rows, edges)


@given(events(-101 * DAY, 131 * DAY), st.sampled_from(list(MIDNIGHTS.values())))
def test_stored_days(rows: list[Event], edges: tuple[int, ...]) -> None:
    check_days(rows, edges)


def check_weeks(rows: list[Event], edges: Sequence[int]) -> None:
    keys, sums = summed(rows, edges)
    windows = Windows(tuple(edges))
    expected = naive.pair_sums(rows, edges)
    for w in range(len(windows)):
        days, weeks = days_and_weeks(sums[2], int(windows.words[w]), windows.week_masks(w))
        found = {
            tuple(k): n
            for k, n in zip(keys.tolist(), zip(days.tolist(), weeks.tolist(), strict=True), strict=True)
        }
        assert found == {key: (len(s[w].days), len(s[w].weeks)) for key, s in expected.items()}


@pytest.mark.parametrize("edges", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("name", ["empty", "one pair", "odd times", "odd keys"])
def test_weeks_zoo(name: str, edges: tuple[int, ...]) -> None:
    check_weeks(ZOO[name], edges)


@given(events(-101 * DAY, 131 * DAY, numbers=NUMBERS[:3]), st.sampled_from(list(EDGES.values())))
def test_weeks(rows: list[Event], edges: tuple[int, ...]) -> None:
    check_weeks(rows, edges)


@given(events(-101 * DAY, 131 * DAY, numbers=NUMBERS[:4]), st.sampled_from(list(EDGES.values())))
def test_days_with_anybody(rows: list[Event], edges: tuple[int, ...]) -> None:
    keys, sums = summed(rows, edges)
    windows = Windows(tuple(edges))
    numbers = np.unique(keys)
    sources: list[int] = []
    indptr = [0]
    for x in numbers:
        sources += [2 * i + side for i, side in zip(*np.nonzero(keys == x), strict=True)]
        indptr.append(len(sources))
    expected = naive.pair_sums(rows, edges)
    for w in range(len(windows)):
        words = [int(windows.words[w]), int(windows.words[w + 1])]
        found = union_days(np.array(indptr, np.int64), np.array(sources, np.int64), sums[2], *words)
        days = [
            set().union(*(s[w].days for key, s in expected.items() if x in key)) for x in numbers.tolist()
        ]
        assert found.tolist() == [len(d) for d in days]


def test_full_words_are_counted() -> None:
    bits = np.full((1, 2), 2**64 - 1, np.uint64)
    days, weeks = days_and_weeks(bits, 0, bits)
    assert (days.tolist(), weeks.tolist()) == ([128], [1])
