"""Kernels of the search against plain twins, on random graphs and odd ones."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from circlegraph.kernels.between import between
from circlegraph.kernels.candidates import MET, candidates, count_met, count_wedges, counted_by, lay_met
from circlegraph.kernels.circle_sums import circle_sums, sum_rows
from circlegraph.kernels.common_peers import common_peers
from circlegraph.kernels.day_spans import (
    days_of_rows,
    days_within,
    first_within,
    join_windows,
    steady_since,
)
from circlegraph.kernels.handover import (
    MOST_STRANGERS,
    NEW_RATE,
    NEW_STEADY,
    STEADY,
    UNSEEN,
    handover,
)

Tie = tuple[int, int, int, int, int, int, bool, bool]
N = 8
INDEX = st.integers(0, 3)
SEEDS = st.integers(0, 9999)


def dense(seed: int) -> list[Tie]:
    """Ties of about half of all pairs."""
    rng = np.random.default_rng(seed)
    pairs = [(a, b) for a in range(N) for b in range(a) if rng.random() < 0.5]
    return [(*pair, *rng.integers(0, 4, 4).tolist(), *(rng.random(2) < 0.8).tolist()) for pair in pairs]


def sets_of_days(seed: int, days: int) -> list[set[int]]:
    """Days of each of 60 ties, none to nine."""
    rng = np.random.default_rng(seed)
    return [set(rng.choice(days, rng.integers(10), replace=False).tolist()) for _ in range(60)]


# Drawn one by one, ties and days are few and their rows short: hence also whole graphs by a seed.
TIES = st.one_of(
    SEEDS.map(dense),
    st.lists(
        st.tuples(
            st.integers(0, N - 1),
            st.integers(0, N - 1),
            *(INDEX,) * 4,
            st.booleans(),
            st.booleans(),
        ),
        max_size=30,
    ),
)
# Chance seldom makes two candidates equally similar: 0 and 3 are, by the same peers, and by others.
SAME_PEERS = [(a, b, 0, 1, 1 + (a + b) % 3, 1, True, True) for a in (0, 1, 2, 3, 7) for b in (4, 5, 6)]
OTHER_PEERS = [
    (a, b, 0, 1, b % 3 + 1, 1, True, True) for a, b in ((7, 1), (7, 2), (7, 5), (3, 1), (0, 2), (0, 5))
]


def laid_out(ties: list[Tie]):
    """Rows of ties (a, b, before of a, before of b, after of a, after of b, is b counted for a, is a for b)."""
    edges = {}
    for a, b, before_a, before_b, after_a, after_b, counted_a, counted_b in ties:
        if a != b and (a, b) not in edges:
            day = 5 - (after_a or after_b) if after_a + after_b else -1
            edges[a, b] = (before_a, after_a, counted_a, day)
            edges[b, a] = (before_b, after_b, counted_b, day)
    order = sorted(edges)
    indptr = np.searchsorted([x for x, _ in order], np.arange(N + 1)).astype(np.int64)
    peers = np.array([y for _, y in order], np.int32)
    columns = [
        np.array([edges[e][i] for e in order], t) for i, t in enumerate((float, float, bool, np.int32))
    ]
    return edges, indptr, peers, columns


def slowly(edges, rarity, chosen):
    """Twin with dictionaries: every number is compared with every other."""
    rows = {}
    for x in chosen:
        circle = [y for a, y in sorted(edges) if a == x and edges[a, y][2]]
        for z in range(N):
            met = [y for y in circle if z != x and edges.get((z, y), (0, 0, 0, -1))[3] >= 0]
            if not met:
                continue
            sums = defaultdict(float)
            for y in met:
                (b, o, _, _), (old, n, _, _) = edges[x, y], edges[z, y]
                for name, value in (
                    ("least", min(b, o + n) - min(b, o)),
                    ("most", max(b, o + n) - max(b, o)),
                    ("volume", n),
                    ("old", old),
                    ("rarity", rarity[y]),
                ):
                    sums[name] += value
            known = sum(edges[z, y][0] > 0 for y in met)
            rows[x, z] = (len(met), known, min(edges[z, y][3] for y in met)), list(sums.values())
    return rows


def searched(indptr, peers, columns, chosen: list[int], most_known: float, kept: int):
    """Candidates by the kernel, with unequal rarities and circles."""
    before, after, counted, day = columns
    everybody = np.ones(N, np.bool_)
    count = count_met(indptr, peers, day, everybody, everybody)
    at_peer = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    met = np.empty(at_peer[-1], MET)
    lay_met(indptr, peers, day, before, after, everybody, everybody, at_peer, met)
    wedges = count_wedges(indptr, peers, counted, count)
    ids = np.array(chosen, np.int64)
    rarity, extent = 1.0 / np.arange(1.0, N + 1), np.sqrt(np.arange(N) % 3 + 2.0)
    rows = (indptr, peers, counted, before, after, at_peer, met, rarity, extent, ids)
    return wedges, candidates(*rows, int(wedges[ids].max(initial=0)), most_known, kept)


@given(TIES, st.lists(st.integers(0, N - 1), unique=True))
@example(SAME_PEERS, [0, 1, 2, 7])
def test_candidates_equal_twin(ties: list[Tie], chosen: list[int]) -> None:
    edges, *rows = laid_out(ties)
    wedges, (pairs, counts, sums) = searched(*rows, chosen, np.inf, N)
    assert wedges.tolist() == [
        sum(edges[y, z][3] >= 0 for a, y in edges if a == x and edges[a, y][2] for w, z in edges if w == y)
        for x in range(N)
    ]
    want = slowly(edges, 1.0 / np.arange(1.0, N + 1), chosen)
    assert len(pairs) == len(want) == len(set(map(tuple, pairs.tolist())))
    for pair, count, total in zip(pairs.tolist(), counts.tolist(), sums, strict=True):
        expected_counts, expected_sums = want[tuple(pair)]
        assert tuple(count) == expected_counts
        np.testing.assert_allclose(total, expected_sums[:2], rtol=1e-12, atol=1e-12)


@given(TIES, st.lists(st.integers(0, N - 1)))
def test_whose_counted_peers(ties: list[Tie], chosen: list[int]) -> None:
    edges, indptr, peers, (_, _, counted, _) = laid_out(ties)
    want = {y for x, y in edges if x in chosen and edges[x, y][2]}
    assert (
        set(np.flatnonzero(counted_by(indptr, peers, counted, np.array(chosen, np.int64))).tolist()) == want
    )


@given(TIES, st.sets(st.integers(0, N - 1)), st.sets(st.integers(0, N - 1)))
def test_only_some_can_be_met_by_some(ties: list[Tie], chosen: set[int], asked: set[int]) -> None:
    edges, indptr, peers, (before, after, _, day) = laid_out(ties)
    among, by = (np.array([x in some for x in range(N)]) for some in (chosen, asked))
    count = count_met(indptr, peers, day, among, by)
    at_peer = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    met = np.zeros(at_peer[-1], MET)
    lay_met(indptr, peers, day, before, after, among, by, at_peer, met)
    want = [
        (x, edges[x, y][3], edges[x, y][0], edges[x, y][1])
        for y, x in sorted((y, x) for x, y in edges)
        if x in chosen and y in asked and edges[x, y][3] >= 0
    ]
    assert met.tolist() == want
    assert count.tolist() == [
        (y in asked) * sum(edges[e][3] >= 0 for e in edges if e[1] == y and e[0] in chosen) for y in range(N)
    ]


@given(TIES, SEEDS)
def test_circle_sums_equal_twin(ties: list[Tie], seed: int) -> None:
    edges, indptr, peers, (before, after, stable, day) = laid_out(ties)
    order = sorted(edges)
    met = dict(zip(order, sets_of_days(seed, 10), strict=False))
    days = bits([met[e] for e in order], 1)
    telling, old, rarity = np.arange(N) % 3 > 0, np.arange(N) % 4 > 0, 1.0 / np.arange(1.0, N + 1)
    got = circle_sums(indptr, peers, stable, before, after, day, days, telling, old, rarity, 4, 9)
    for x in range(N):
        row = [(y, *edges[x, y], met[x, y]) for a, y in order if a == x]
        steady = [(b, o) for _, b, o, counted, *_ in row if counted]
        circle = [(y, found) for y, _, _, _, first, found in row if first >= 0 and telling[y]]
        known = [(y, found) for y, found in circle if old[y]]
        contacts = sum(4 <= day < 9 for _, found in known for day in found)
        first = min((edges[x, y][3] for y, _ in circle), default=-1)
        assert got[0][x].tolist() == [len(steady), len(circle), contacts, first]
        early = sum(rarity[y] for y, b, *_ in row if b > 0 and telling[y])
        want = [sum(map(min, steady)), sum(map(max, steady)), early, sum(rarity[y] for y, _ in known)]
        np.testing.assert_allclose(got[1][x], want)
    assert sum_rows(indptr, before).tolist() == [
        sum(edges[e][0] for e in order if e[0] == x) for x in range(N)
    ]


@given(TIES)
def test_between_equals_twin(ties: list[Tie]) -> None:
    edges, indptr, peers, _ = laid_out(ties)
    pairs = np.array([(a, b) for a in range(N) for b in range(N)], np.int64).T.copy()
    place = {edge: i for i, edge in enumerate(sorted(edges))}
    assert between(indptr, peers, *pairs).tolist() == [place.get((a, b), -1) for a, b in pairs.T.tolist()]


@given(TIES, st.sampled_from([0.0, 0.5, 2.0]), st.integers(1, 3))
@example(SAME_PEERS, 0.0, 3)
@example(SAME_PEERS, 0.0, 1)
@example(OTHER_PEERS, 0.0, 3)
@example(OTHER_PEERS, 0.0, 1)
def test_the_most_similar_are_kept(ties: list[Tie], most_known: float, kept: int) -> None:
    edges, *rows = laid_out(ties)
    everybody = list(range(N))
    rarities = slowly(edges, 1.0 / np.arange(1.0, N + 1), everybody)
    listed = sorted(
        (x, -rarity / np.sqrt(2.0 + z % 3), z)
        for (x, z), (_, (_, _, volume, old, rarity)) in rarities.items()
        if old <= volume * most_known
    )
    want = [(x, z) for i, (x, _, z) in enumerate(listed) if sum(row[0] == x for row in listed[:i]) < kept]
    _, (got, _, _) = searched(*rows, everybody, most_known, kept)
    assert list(map(tuple, got.tolist())) == want


@pytest.mark.parametrize("ties", [[], [(0, 1, 1, 1, 1, 1, True, True)]], ids=["no ties", "one pair"])
def test_nobody_shares_a_peer(ties: list[Tie]) -> None:
    _, *rows = laid_out(ties)
    _, (found, counts, sums) = searched(*rows, list(range(N)), 1.0, 2)
    assert (len(found), counts.shape[1], sums.shape[1]) == (0, 3, 2)


DAYS = st.lists(st.sets(st.integers(0, 191)), max_size=8)


def bits(met: list[set[int]], words: int = 3) -> np.ndarray:
    """Day bits of sets of days."""
    days = np.zeros((len(met), words), np.uint64)
    for row, found in zip(days, met, strict=True):
        for day in found:
            row[day // 64] |= np.uint64(1) << np.uint64(day % 64)
    return days


@given(DAYS, st.integers(0, 200), st.integers(0, 200))
def test_days_within_equal_twin(met: list[set[int]], begin: int, end: int) -> None:
    inside = [[day - begin for day in found if begin <= day < end] for found in met]
    assert days_within(bits(met), begin, end).tolist() == [len(found) for found in inside]
    assert first_within(bits(met), begin, end).tolist() == [min(found, default=-1) for found in inside]


def test_limits_at_the_edges_of_words() -> None:
    every = bits([set(range(192))])
    limits = [0, 1, 62, 63, 64, 65, 127, 128, 129, 191, 192, 193]
    for begin in limits:
        for end in limits:
            inside = len(range(begin, min(end, 192)))
            assert days_within(every, begin, end).tolist() == [inside]
            assert first_within(every, begin, end).tolist() == [0 if inside else -1]


@given(DAYS, DAYS, st.integers(1, 192))
def test_windows_joined_equal_twin(before: list[set[int]], after: list[set[int]], shift: int) -> None:
    before, after = before[: len(after)], after[: len(before)]
    before = [{day for day in found if day <= shift} for found in before]  # a split at noon is a day of both
    both = np.concatenate([bits(before), bits(after)], axis=1)
    want = [found | {shift + day for day in later} for found, later in zip(before, after, strict=True)]
    assert join_windows(both, 3, shift, 6).tolist() == bits(want, 6).tolist()


@given(TIES, SEEDS, st.integers(1, 9))
def test_handover_equals_twin(ties: list[Tie], seed: int, split: int) -> None:
    edges, indptr, peers, _ = laid_out(ties)
    met, days = sets_of_days(seed, 10), {}
    for a, b in sorted(edges):
        days[a, b] = days[b, a] if (b, a) in days else met[len(days)]
    table = bits([days[e] for e in sorted(edges)], 1)
    telling = np.arange(N) % 3 > 0
    rarity = 1.0 / np.arange(1.0, N + 1)
    first_day = first_within(table, split, 10)
    pairs = np.array([(a, b) for a in range(N) for b in range(N) if a != b], np.int64)
    onsets = [
        min((later(days, b, y, split) or [10])[0] for y in np.flatnonzero(telling).tolist()) for b in range(N)
    ]
    onset = np.array([first - split if first < 10 else -1 for first in onsets], np.int32)
    counts, sums = handover(
        indptr, peers, table, first_day, telling, rarity, onset, *pairs.T.copy(), split, 10
    )
    for (a, b), count, total in zip(pairs.tolist(), counts.tolist(), sums, strict=True):
        shared, want = [], [0.0] * 8
        met = {y: min(late) for y in range(N) if telling[y] and (late := later(days, b, y, split))}
        onset = min(met.values(), default=10)
        for y in np.flatnonzero(telling).tolist():
            old = [day for day in days.get((a, y), ()) if day < split]
            if not old:
                continue
            want[6] += sum(day >= onset for day in days[a, y])
            want[7] += len(old) / split * (10 - onset)
            if y in met:
                since, left = met[y], 10 - met[y]
                own, new = len(later(days, a, y, since)), len(later(days, b, y, since))
                wont = (len(old) + UNSEEN) * left / split
                one, two = chance(own + new, wont, STEADY), chance(own, wont, STEADY)
                two *= chance(new - 1, NEW_RATE * left, NEW_STEADY)
                for i, more in enumerate(
                    (1, own, new, len(old) / split * left, rarity[y], np.log2(one / two))
                ):
                    want[i] += more
                shared.append(y)
        strange = sum((p, q) not in edges for p in shared for q in shared if q < p)
        assert count == [*want[:3], strange, want[6]]
        np.testing.assert_allclose(total, [*want[3:6], want[7]])


def later(days: dict[tuple[int, int], set[int]], a: int, b: int, begin: int) -> list[int]:
    """Days of a pair from one day on."""
    return sorted(day for day in days.get((a, b), ()) if day >= begin)


def chance(days: int, mean: float, shape: float) -> float:
    """Negative binomial."""
    return float(stats.nbinom.pmf(days, shape, shape / (shape + mean)))


def test_strangers_are_counted_up_to_a_limit() -> None:
    """Two numbers share ten peers: in a clique none are strangers; where nobody knows another, more than count."""
    everybody = np.ones((12, 12), bool)
    np.fill_diagonal(everybody, False)
    star = np.zeros((12, 12), bool)
    star[:2, 2:] = star[2:, :2] = True
    for graph, want in ((everybody, 0), (star, MOST_STRANGERS)):
        heads, peers = np.nonzero(graph)
        indptr = np.searchsorted(heads, np.arange(13)).astype(np.int64)
        days = bits([{0, 5}] * len(peers), 1)
        counts, _ = handover(
            indptr,
            peers.astype(np.int32),
            days,
            first_within(days, 3, 10),
            np.arange(12) > 1,
            np.ones(12),
            np.full(12, 2, np.int32),
            np.array([0]),
            np.array([1]),
            3,
            10,
        )
        assert counts[0].tolist() == [10, 10, 10, want, 10]


@given(DAYS, st.integers(1, 4), st.integers(1, 3), st.integers(0, 6))
def test_steady_since_equals_twin(
    met: list[set[int]], least_days: int, least_weeks: int, monday: int
) -> None:
    week = (np.arange(192) + monday) // 7
    masks = bits([set(np.flatnonzero(week == w).tolist()) for w in range(int(week[-1]) + 1)])
    for found, since in zip(
        met, steady_since(bits(met), masks, least_days, least_weeks).tolist(), strict=True
    ):
        steady = [
            split
            for split in range(193)
            if sum(day < split for day in found) >= least_days
            and len({week[day] for day in found if day < split}) >= least_weeks
        ]
        assert since == min(steady, default=193)


@given(TIES)
def test_common_peers_equal_twin(ties: list[Tie]) -> None:
    edges, indptr, peers, _ = laid_out(ties)
    pairs = [(a, b) for a in range(N) for b in range(N)]
    met = [{y for x, y in edges if x == a} for a in range(N)]
    shared = common_peers(indptr, peers.astype(np.int64), *np.array(pairs, np.int64).T.copy())
    assert shared.tolist() == [len(met[a] & met[b]) for a, b in pairs]


@given(TIES, SEEDS, st.integers(0, 99), st.integers(0, 99))
def test_days_of_rows_equal_twin(ties: list[Tie], seed: int, begin: int, end: int) -> None:
    edges, indptr, _, _ = laid_out(ties)
    days = dict(zip(sorted(edges), sets_of_days(seed, 100), strict=False))
    want = [
        len({day for (a, _), found in days.items() if a == x for day in found if begin <= day < end})
        for x in range(N)
    ]
    table = bits([days[e] for e in sorted(edges)], 2)
    assert days_within(days_of_rows(indptr, table), begin, end).tolist() == want
