"""Packing, cutting and de-duplicating events, against plain Python."""

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import NUMBERS, TIMES, events, zoo
from naive import Event

from circlegraph.kernels import stamp
from circlegraph.kernels.exchange import (
    gather,
    number_partition,
    pack_stamps,
    pair_partition,
    room_needed,
    scatter,
)
from circlegraph.kernels.legs import second_legs, twins
from circlegraph.kernels.unique import unique_events

ZOO = zoo()
Long = st.integers(-(2**63), 2**63 - 1)


def pack(rows: list[Event]) -> np.ndarray:
    column = list(zip(*rows, strict=True)) if rows else [()] * 6
    types = (np.int64, np.int64, np.int64, np.int32, np.int8, np.int8)
    caller, callee, *rest = (np.array(c, kind) for c, kind in zip(column, types, strict=True))
    return np.stack([caller, callee, pack_stamps(*rest)], axis=1)


@pytest.mark.parametrize("rows", ZOO.values(), ids=ZOO)
def test_pack_zoo(rows: list[Event]) -> None:
    assert pack(rows).tolist() == naive.packed(rows).tolist()


@given(events(min(TIMES), max(TIMES), legs=(0, 1, 2)))
def test_pack_and_unpack(rows: list[Event]) -> None:
    made = pack(rows)
    assert made.tolist() == naive.packed(rows).tolist()
    assert naive.unpacked(made) == rows
    parts = (stamp.start_of, stamp.duration_of, stamp.kind_of, stamp.leg_of)
    for row, e in zip(made, rows, strict=True):
        assert tuple(int(part.py_func(row[2])) for part in parts) == e[2:]


def test_stamps_are_ordered_in_time() -> None:
    ends = [Event(1, 2, t + d, length) for t in TIMES for d in (0, 1) for length in (0, 2**22 - 1)]
    by_stamp = sorted(ends, key=lambda e: naive.packed([e])[0, 2])
    assert [e.start for e in by_stamp] == sorted(e.start for e in ends)


@given(st.lists(st.tuples(Long, Long), max_size=30), st.integers(0, 12))
def test_partitions(pairs: list[tuple[int, int]], bits: int) -> None:
    a, b = (np.array([pair[i] for pair in pairs], np.int64) for i in (0, 1))
    expected = [naive.mix(min(p), max(p)) >> (64 - bits) for p in pairs]
    assert pair_partition(a, b, bits).tolist() == expected
    assert pair_partition(b, a, bits).tolist() == expected
    assert number_partition(a, bits).tolist() == [naive.mix(x, 0) >> (64 - bits) for x in a.tolist()]


def test_partitions_are_even() -> None:
    a = np.arange(13_800_000_000, 13_800_064_000)
    for part in (number_partition(a, 6), pair_partition(a, np.full(len(a), 110086), 6)):
        assert 64 * np.bincount(part, minlength=64).min() / len(a) > 0.85


EDGES = [0, 1, 2**20 - 1, 2**20, 2**26 - 1, 2**26, 2**38 - 1, 2**38, 2**58 - 1, 2**58, 2**63 - 1]
Word = st.one_of(Long, st.sampled_from([*EDGES, *(-e for e in EDGES)]), st.integers(0, 2**38 - 1))


def narrow(caller: int, callee: int, stamp: int) -> bool:
    numbers = 0 <= caller < 2**38 and 0 <= callee < 2**38
    return numbers and 0 <= stamp // 2**26 < 2**32 and stamp // 16 % 2**22 < 2**16


@given(st.lists(st.tuples(Word, Word, Word, st.integers(0, 7)), max_size=50))
def test_what_is_scattered_is_gathered(rows: list[tuple[int, int, int, int]]) -> None:
    columns = [np.array([row[i] for row in rows], np.int64) for i in range(3)]
    part = np.array([row[3] for row in rows], np.int32)
    offsets = room_needed(*columns, part, 8)
    words = np.full(offsets[-1], -1)
    scatter(*columns, part, offsets, words)
    for key in range(16):
        begin, end = offsets[key : key + 1], offsets[key + 1 : key + 2]
        wide = np.array([key % 2])
        expected = [row[:3] for row in rows if row[3] == key // 2 and narrow(*row[:3]) == (key % 2 == 0)]
        assert end[0] - begin[0] == len(expected) * (2 + key % 2)
        found = np.full((len(expected) + 1, 3), -1)
        assert gather(words, begin, end, wide, found, 1) == len(expected) + 1
        assert [tuple(row) for row in found[1:].tolist()] == expected


def test_an_ordinary_event_is_narrow() -> None:
    (ordinary,) = naive.packed([Event(113800138000, 199999999999, 2**32 - 1, 65535, 2, 2)]).tolist()
    offsets = room_needed(*np.array([ordinary]).T.copy(), np.zeros(1, np.int32), 1)
    assert offsets.tolist() == [0, 2, 2]


def check_unique(rows: list[Event]) -> None:
    made = naive.packed(rows)
    kept = unique_events(made)
    assert naive.unpacked(made[:kept]) == naive.unique(rows)


@pytest.mark.parametrize("rows", ZOO.values(), ids=ZOO)
def test_unique_zoo(rows: list[Event]) -> None:
    check_unique(rows)


@given(events(0, 30, numbers=(5, 6, -7), legs=(0, 1, 2), durations=st.integers(0, 2)))
def test_unique(rows: list[Event]) -> None:
    check_unique(rows)
    check_unique(sorted(rows, key=lambda e: e.start))


@pytest.mark.parametrize("crowd", [1, 63, 64, 65, 66, 300])
@pytest.mark.parametrize("copies", [1, 2])
def test_unique_in_a_crowded_second(crowd: int, copies: int) -> None:
    before = [Event(5, 6, i // 2, 7) for i in range(40)]
    second = [Event(5, 6 + i, 1000, 7) for i in range(crowd)] * copies
    after = [Event(5, 6, 1000 + i // 3, 7) for i in range(40)]
    check_unique(before + second + after)
    check_unique(before + after + second)


@given(st.lists(st.tuples(Long, Long, Long), max_size=40))
def test_unique_of_any_integers(rows: list[tuple[int, int, int]]) -> None:
    made = np.array(rows + rows[::3], np.int64).reshape(-1, 3)
    kept = unique_events(made)
    assert [tuple(row) for row in made[:kept].tolist()] == list(dict.fromkeys(rows))


def check_second_legs(rows: list[Event], start: int, duration: int) -> dict[int, int]:
    made = naive.packed(rows)
    order = np.lexsort((made[:, 2], made[:, 2] & 15, made[:, 1], made[:, 0]))
    found = second_legs(made, order, start, duration)
    expected = naive.second_legs(rows, start, duration)
    assert {i: j for i, j in enumerate(found.tolist()) if j >= 0} == expected
    return expected


def check_twins(rows: list[Event], start: int, duration: int, kinds: int = 63) -> dict[int, int]:
    made = naive.packed(rows)
    order = np.lexsort((made[:, 2], made[:, 2] >> 2 & 3, made[:, 1], made[:, 0]))
    found = twins(made, order, start, duration, kinds)
    expected = naive.twins(rows, start, duration, kinds)
    assert {i: j for i, j in enumerate(found.tolist()) if j >= 0} == expected
    return expected


@pytest.mark.parametrize("rows", ZOO.values(), ids=ZOO)
def test_legs_zoo(rows: list[Event]) -> None:
    rows = naive.unique([e._replace(leg=i % 3) for i, e in enumerate(rows)])
    check_second_legs(rows, 5, 5)
    check_twins(rows, 5, 5)


close = events(-20, 40, numbers=(5, -7, 2**40), legs=(0, 1, 2), durations=st.integers(0, 9))


@given(close, st.integers(0, 6), st.integers(0, 6))
def test_second_legs(rows: list[Event], start: int, duration: int) -> None:
    rows = naive.unique(rows)
    found = check_second_legs(rows, start, duration)
    assert len(set(found.values())) == len(found)
    for back, out in found.items():
        assert rows[back][:2] == rows[out][:2]
        assert (rows[back].leg, rows[out].leg, rows[back].kind) == (2, 1, rows[out].kind)
        assert abs(rows[back].start - rows[out].start) <= start
        assert abs(rows[back].duration - rows[out].duration) <= duration


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 7), st.integers(1, 2)), min_size=4, max_size=40))
def test_second_legs_of_one_tie(rows: list[tuple[int, int, int]]) -> None:
    check_second_legs([Event(1, 2, *row[:2], 0, row[2]) for row in dict.fromkeys(rows)], 5, 5)


@given(close, st.integers(0, 6), st.integers(0, 6), st.integers(0, 63))
def test_twins(rows: list[Event], start: int, duration: int, kinds: int) -> None:
    found = check_twins(naive.unique(rows), start, duration, kinds)
    assert not set(found) & set(found.values())


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=20), st.permutations(NUMBERS))
def test_every_second_leg_of_distant_calls_is_found(delays: list[int], numbers: list[int]) -> None:
    outs = [Event(numbers[0], numbers[1], 100 * i, 30 + i % 5, i % 2, 1) for i in range(len(delays))]
    backs = [
        e._replace(start=e.start + d, duration=e.duration - d, leg=2)
        for e, d in zip(outs, delays, strict=True)
    ]
    assert len(check_second_legs(outs + backs, 5, 5)) == len(delays)
    assert not check_second_legs(outs + [e._replace(start=e.start + 12) for e in backs], 5, 5)
    assert not check_second_legs(outs + [e._replace(duration=e.duration + 12) for e in backs], 5, 5)
