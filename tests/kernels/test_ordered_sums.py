"""Sums of packed rows in one pass, against plain Python and against what takes any order."""

from collections.abc import Sequence
from itertools import pairwise

import naive
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import events, zoo
from naive import DAY, Event

from circlegraph.circles.run import run_circles
from circlegraph.contacts.pairs import PairParts, Pairs
from circlegraph.contacts.windows import Windows
from circlegraph.kernels import ordered_sums
from circlegraph.kernels.exchange import room_needed, scatter
from circlegraph.kernels.ordered_sums import MOST_ROWS_A_SECOND

EDGES = {
    "two": (-DAY // 3, 2 * DAY + 4321, 66 * DAY + 4322),
    "one": (100, 30 * DAY),
    "within a day": (100, 200, 300),
    "many": (-2 * DAY, 0, DAY, 65 * DAY, 130 * DAY + 77),
}


def pieces(rows: Sequence[Event], cuts: Sequence[int]) -> list[tuple[np.ndarray, ...]]:
    """Rows as an exchange holds them: batches between the cuts, in each the narrow ones first."""
    found = []
    bounds = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    for low, high in pairwise(bounds):
        columns = tuple(naive.packed(rows[low:high]).T.copy())
        part = np.zeros(high - low, np.int32)
        offsets = room_needed(*columns, part, 1)
        words = np.empty(offsets[-1], np.int64)
        scatter(*columns, part, offsets, words)
        found.append((words, offsets[:-1], offsets[1:], np.array([0, 1])))
    return found


def as_dict(pairs: Pairs) -> dict[tuple[int, ...], list[list[int]]]:
    found = {
        tuple(ends): [pairs.counts[i].tolist(), pairs.seconds[i].tolist(), pairs.days[i].tolist()]
        for i, ends in enumerate(pairs.ends.tolist())
    }
    assert len(found) == len(pairs)
    return found


def in_order(found: list[tuple[np.ndarray, ...]], windows: Windows) -> tuple[Pairs, int] | None:
    parts = PairParts(1)
    repeated = parts.append_in_order(found, windows)
    pairs = parts.whole()
    return None if repeated is None or pairs is None else (pairs, repeated)


def check(rows: list[Event], edges: tuple[int, ...], cuts: Sequence[int] = ()) -> None:
    """Rows of one width and in order are summed; any others are, or are refused."""
    rows = sorted(rows, key=lambda event: event.start)
    windows = Windows(edges)
    found = in_order(pieces(rows, cuts), windows)
    once = naive.unique(rows)
    if found is None:
        a_second = max(sum(event.start == other.start for other in once) for event in once)
        assert a_second > MOST_ROWS_A_SECOND or len({width(event) for event in once}) == 2
        return
    pairs, repeated = found
    assert repeated == len(rows) - len(once)
    assert as_dict(pairs) == as_dict(Pairs.of_events(naive.packed(once), windows, "sums"))
    measured = {ends: (counts, seconds) for ends, (counts, seconds, _) in as_dict(pairs).items()}
    expected = naive.columns(naive.pair_sums(once, edges), edges)
    assert measured == {ends: (columns["counts"], columns["seconds"]) for ends, columns in expected.items()}


def width(event: Event) -> int:
    ((begin, between, end),) = [
        room_needed(*naive.packed([event]).T.copy(), np.zeros(1, np.int32), 1).tolist()
    ]
    return 2 if between > begin else 3 if end > between else 0


@pytest.mark.parametrize("edges", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("rows", zoo().values(), ids=zoo())
def test_zoo(rows: list[Event], edges: tuple[int, ...]) -> None:
    check(rows, edges)


Cuts = st.lists(st.integers(0, 20), max_size=4)


@given(events(0, 70 * DAY), st.sampled_from(list(EDGES.values())), Cuts)
def test_narrow_rows_and_wide_ones(rows: list[Event], edges: tuple[int, ...], cuts: list[int]) -> None:
    check(rows, edges, cuts)


@given(events(90, 110, numbers=(5, 6, 7), legs=(0, 1), durations=st.integers(0, 2)), Cuts)
def test_repeated_rows(rows: list[Event], cuts: list[int]) -> None:
    check(rows, (95, 100, 105), cuts)


@given(events(-10 * DAY, 10 * DAY, numbers=(-5, -6, -7)), Cuts)
def test_wide_rows(rows: list[Event], cuts: list[int]) -> None:
    check(rows, (-9 * DAY, 0, 9 * DAY), cuts)


def test_room_grows_with_the_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordered_sums, "SOME_PAIRS", 2)
    rows = [Event(i % 41, 41 + i % 37, i, i, i % 3) for i in range(3000)]
    check(rows, (10, 1500, 2999), [100, 101, 2000])


def test_rows_out_of_order_are_refused() -> None:
    rows = [Event(1, 2, 100), Event(1, 2, 99)]
    assert in_order(pieces(rows, []), Windows((0, DAY))) is None
    assert in_order(pieces(rows, [1]), Windows((0, DAY))) is None


@pytest.mark.parametrize("count", [MOST_ROWS_A_SECOND, MOST_ROWS_A_SECOND + 1])
def test_so_many_rows_in_a_second(count: int) -> None:
    rows = [Event(1, 2 + i, 100) for i in range(count)]
    found = in_order(pieces(rows + rows[:3], []), Windows((0, DAY)))
    assert (found is None) == (count > MOST_ROWS_A_SECOND)
    assert found is None or (len(found[0]), found[1]) == (count, 3)


def test_circles_do_not_depend_on_the_order_of_the_rows() -> None:
    rng = np.random.default_rng(5)
    n = 3000
    table = {
        "caller": rng.integers(13_800_000_000, 13_800_000_050, n),
        "callee": rng.integers(13_900_000_000, 13_900_000_050, n),
        "start": 1_714_521_600 + np.sort(rng.integers(0, 40 * DAY, n)),
        "duration": rng.integers(0, 300, n),
    }
    again = np.sort(np.concatenate([np.arange(n), np.arange(0, n, 7)]))
    found = []
    for order in (again, rng.permutation(again)):
        run = run_circles(pa.table({name: column[order] for name, column in table.items()}), "2024-05-20")
        (circles,) = run.blocks
        found.append((circles.to_arrow(), run.report.as_dict()))
    assert found[0][0].equals(found[1][0])
    assert found[0][1] == found[1][1]
    assert found[0][1]["duplicates"] == {"repeated row": len(range(0, n, 7)), "second leg": 0}
