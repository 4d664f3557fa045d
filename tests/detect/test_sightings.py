"""Cells, handsets and forwarded calls as evidence: kernels against plain twins, and what is not known."""

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.contacts.forwards import Forwards
from circlegraph.contacts.handsets import Handsets
from circlegraph.contacts.places import Places
from circlegraph.detect.second_numbers.sightings import LEAST_HEARD, LEAST_HOURS, Sightings
from circlegraph.kernels.cell_overlap import cells_within_hours, same_hours

N, CELLS = 4, 3
HEARD = st.lists(
    st.sets(st.tuples(st.integers(480_000, 480_030), st.integers(0, CELLS - 1)), max_size=40),
    min_size=N,
    max_size=N,
)
PAIRS = np.array([(a, b) for a in range(N) for b in range(N) if a != b], np.int64).T.copy()


def places_of(heard) -> Places:
    rows = [row for found in heard for row in sorted(found)]
    indptr = np.cumsum([0, *(len(found) for found in heard)]).astype(np.int64)
    slot, cell = (np.array(rows).reshape(-1, 2).T - [[480_000], [0]]).astype(np.uint16)
    return Places(indptr, slot, cell, pa.array(["a", "b", "c"], pa.large_string()), 480_000)


def band(slot: int) -> int:
    hour, weekday = slot % 24, (slot // 24 + 3) % 7
    if hour >= 22 or hour < 7:
        return 1
    return 0 if weekday < 5 and 8 <= hour < 18 else 2


@given(HEARD, st.sets(st.tuples(st.integers(0, CELLS - 1), st.integers(0, CELLS - 1))))
def test_cells_equal_twin(heard, apart) -> None:
    places = places_of(heard)
    seen = Sightings(N, places)
    place, far = np.array([1, -1, 0], np.int32), np.zeros((2, 2), np.bool_)
    apart = {(c, d) for c, d in apart if c != d and place[c] >= 0 and place[d] >= 0}
    for c, d in apart:
        far[place[c], place[d]] = True
    vars(seen)["_far"] = place, far
    hours = same_hours(places.indptr, places.slot, places.cell, 31, place, far, *PAIRS)
    overlap, (same, distant) = seen.cell_overlap(*PAIRS), seen.hours(*PAIRS)
    for i, (a, b) in enumerate(PAIRS.T.tolist()):
        both = {slot for slot, _ in heard[a]} & {slot for slot, _ in heard[b]}
        met = {slot for slot, _ in heard[a] & heard[b]}
        cells = [{x: {c for s, c in heard[x] if s == slot} for x in (a, b)} for slot in both]
        away = sum(all((c, d) in apart for c in here[a] for d in here[b]) for here in cells)
        assert hours[i].tolist() == [len(both), len(met), away]
        np.testing.assert_array_equal(distant[i], away if both else math.nan)
        want = len(met) / len(both) if len(both) >= LEAST_HOURS else math.nan
        np.testing.assert_allclose(same[i], want)
        parts = []
        for part in range(3):
            mine, theirs = ([cell for slot, cell in heard[x] if band(slot) == part] for x in (a, b))
            if min(len(mine), len(theirs)) >= LEAST_HEARD:
                parts.append(
                    sum(min(mine.count(c) / len(mine), theirs.count(c) / len(theirs)) for c in range(CELLS))
                )
        np.testing.assert_allclose(overlap[i], np.mean(parts) if parts else math.nan)
    cells = seen.of_pairs(*PAIRS)
    np.testing.assert_array_equal(cells[0], overlap)
    assert np.isnan(cells[3]).all()
    both = np.where(np.isnan(same), overlap, np.where(np.isnan(overlap), same, (overlap + same) / 2))
    np.testing.assert_array_equal(cells[1], both)
    np.testing.assert_array_equal(cells[2], distant)
    known, at_once = np.arange(len(overlap)) % 3 > 0, np.arange(len(overlap), dtype=np.float64)
    seen.remember(*PAIRS[:, known], *(column[known] + 7.0 for column in cells[:3]), at_once[known])
    *again, asked = seen.of_pairs(*PAIRS)
    for now, column in zip(again, cells[:3], strict=True):
        np.testing.assert_array_equal(now, np.where(known, column + 7.0, column))
    np.testing.assert_array_equal(asked, np.where(known, at_once, math.nan))


@given(HEARD)
def test_cells_within_hours_equal_twin(heard) -> None:
    places, place = places_of(heard), np.array([1, -1, 0], np.int32)
    want = np.zeros((2, 2), np.int64)
    for rows in heard:
        for slot, c in rows:
            for other, d in rows:
                if slot == other and c != d and place[c] >= 0 and place[d] >= 0:
                    want[place[c], place[d]] += 1
    got = cells_within_hours(places.indptr, places.slot, places.cell, place, 2)
    np.testing.assert_array_equal(got, want)


def test_cells_that_nobody_combines_are_far_apart() -> None:
    """Two towns of two cells; people get around in each of them, and from one to the other in a day only."""
    towns = [
        {(480_000 + hour, cell) for hour in range(0, 40, 2) for cell in town} for town in ((0, 1), (2, 3))
    ]
    traveller = {(480_000, 0), (480_009, 2)}
    heard = [*towns, traveller, {(480_000, 2)}, {(480_000, 1)}, {(480_001, 2)}]
    places = places_of(heard)
    seen = Sightings(len(heard), replace(places, text=pa.array(list("abcd"))))
    place, far = seen._far
    assert far[np.ix_(place, place)].tolist() == [[x // 2 != y // 2 for y in range(4)] for x in range(4)]
    a, b = np.array([[2, 3], [2, 4], [2, 5], [0, 1]]).T
    assert seen.hours(a, b)[1].tolist()[:2] == [1, 0]
    assert math.isnan(seen.hours(a, b)[1][2])
    assert seen.hours(a, b)[1][3] == 20


def test_cells_hardly_heard_are_not_known_to_be_far() -> None:
    heard = [{(480_000, 0), (480_000, 1)}, {(480_000, 2)}, {(480_000, 0)}, set()]
    seen = Sightings(N, places_of(heard))
    assert not seen._far[1].any()
    assert seen.hours(np.array([1]), np.array([2]))[1].tolist() == [0]


@given(st.lists(st.sets(st.integers(0, 4)), min_size=N, max_size=N))
def test_handsets_equal_twin(used) -> None:
    indptr = np.cumsum([0, *(len(found) for found in used)]).astype(np.int64)
    imei = np.array([code for found in used for code in sorted(found)], np.int64)
    same = Sightings(N, handsets=Handsets(indptr, imei, pa.array([""], pa.large_string())))
    want = [float(bool(used[a] & used[b])) if used[a] and used[b] else math.nan for a, b in PAIRS.T.tolist()]
    np.testing.assert_array_equal(same.same_handset(*PAIRS), want)


@given(st.sets(st.tuples(st.integers(0, N - 1), st.integers(0, N))))
def test_forwards_equal_twin(sent) -> None:
    rows = sorted((x, target) for x, target in sent if x != target)
    number, target = np.array(rows, np.int64).reshape(-1, 2).T.copy()
    day = np.zeros(len(rows), np.int32)
    known = np.where(target < N, target, -1)  # the last has no contacts of its own
    forwards = Forwards(number, known, target + 100, np.ones(len(rows), np.int64), day, day)
    want = [
        float((a, b) in rows or any((a, y) in rows and (b, y) in rows for y in range(N + 1)))
        for a, b in PAIRS.T.tolist()
    ]
    np.testing.assert_array_equal(Sightings(N, forwards=forwards).forwarded(*PAIRS), want)


def test_what_was_not_seen_is_unknown() -> None:
    nothing = Sightings(N)
    for values in (*nothing.of_pairs(*PAIRS), nothing.same_handset(*PAIRS)):
        assert np.isnan(values).all()
    assert np.isnan(nothing.forwarded(*PAIRS)).all()
