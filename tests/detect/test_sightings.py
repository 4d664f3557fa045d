"""Cells, handsets and forwarded calls as evidence: kernels against plain twins, and what is not known."""

import math

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.contacts.forwards import Forwards
from circlegraph.contacts.handsets import Handsets
from circlegraph.contacts.places import Places
from circlegraph.detect.second_numbers.sightings import LEAST_HEARD, LEAST_HOURS, Sightings
from circlegraph.kernels.cell_overlap import same_hours

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
    slot, cell = np.array(rows, np.int32).reshape(-1, 2).T.copy()
    return Places(indptr, slot, cell, pa.array(["a", "b", "c"], pa.large_string()))


def band(slot: int) -> int:
    hour, weekday = slot % 24, (slot // 24 + 3) % 7
    if hour >= 22 or hour < 7:
        return 1
    return 0 if weekday < 5 and 8 <= hour < 18 else 2


@given(HEARD)
def test_cells_equal_twin(heard) -> None:
    places = places_of(heard)
    seen = Sightings(N, places)
    hours = same_hours(places.indptr, places.slot, places.cell, 480_000, 31, *PAIRS)
    overlap, same = seen.cell_overlap(*PAIRS), seen.same_cell(*PAIRS)
    for i, (a, b) in enumerate(PAIRS.T.tolist()):
        both = {slot for slot, _ in heard[a]} & {slot for slot, _ in heard[b]}
        met = {slot for slot, _ in heard[a] & heard[b]}
        assert hours[i].tolist() == [len(both), len(met)]
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
    cells = seen.cells(*PAIRS)
    np.testing.assert_array_equal(cells[0], overlap)
    both = np.where(np.isnan(same), overlap, np.where(np.isnan(overlap), same, (overlap + same) / 2))
    np.testing.assert_array_equal(cells[1], both)
    known = np.arange(len(overlap)) % 3 > 0
    seen.remember(*PAIRS[:, known], *(column[known] + 7.0 for column in cells))
    for again, column in zip(seen.cells(*PAIRS), cells, strict=True):
        np.testing.assert_array_equal(again, np.where(known, column + 7.0, column))


@given(st.lists(st.sets(st.integers(0, 4)), min_size=N, max_size=N))
def test_handsets_equal_twin(used) -> None:
    indptr = np.cumsum([0, *(len(found) for found in used)]).astype(np.int64)
    imei = np.array([code for found in used for code in sorted(found)], np.int64)
    day = np.zeros(len(imei), np.int32)
    same = Sightings(N, handsets=Handsets(indptr, imei, day, day, day, pa.array([""], pa.large_string())))
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
    for values in (*nothing.cells(*PAIRS), nothing.same_handset(*PAIRS)):
        assert np.isnan(values).all()
    assert np.isnan(nothing.forwarded(*PAIRS)).all()
