"""Numbers of one owner taken together: against a slow twin, and friends who move in the same week."""

from collections import defaultdict

import numpy as np
import pandas as pd
import planted
import pytest
from hypothesis import given
from hypothesis import strategies as st

import circlegraph as cg
from circlegraph.detect.second_numbers import unify as unify_module
from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.detect.second_numbers.unify import owners, unify

N = 7
EDGES = st.dictionaries(
    st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] < pair[1]),
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans(), st.integers(-1, 5), st.integers(0, 255)),
)


class Numbers:
    """A few numbers, of which the last is another network's."""

    own = np.arange(N) < N - 1

    def __len__(self) -> int:
        return N


HUBS = np.arange(N) == N - 2


def made(edges) -> Ties:
    """Symmetric ties of pairs."""
    both = {**edges, **{(b, a): value for (a, b), value in edges.items()}}
    order = sorted(both)
    indptr = np.searchsorted([a for a, _ in order], np.arange(N + 1)).astype(np.int64)
    peers = np.array([b for _, b in order], np.int32)
    columns = [np.array([both[pair][i] for pair in order]) for i in range(5)]
    return Ties(
        numbers=Numbers(),
        windows=None,
        indptr=indptr,
        peers=peers,
        before=columns[0].astype(np.float32),
        after=columns[1].astype(np.float32),
        stable=columns[2].astype(bool),
        first_day=columns[3].astype(np.int32),
        days=columns[4].astype(np.uint64).reshape(-1, 1),
        contacts=columns[0].astype(np.int32),
        minutes=np.zeros((2, N)),
        hubs=HUBS,
        most_peers=9,
    )


def test_a_second_number_keeps_its_first_owner() -> None:
    """Were 4 taken from 5 for 3, which is his own second number, the two would own each other."""
    assert owners(6, np.array([5, 4, 3]), np.array([4, 3, 4])).tolist() == [0, 1, 2, 5, 5, 5]


@given(EDGES, st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), max_size=4))
def test_unified_rows_equal_twin(edges, pairs) -> None:
    ties = made(edges)
    seconds = list({z: (x, z) for x, z in pairs if x != z}.values())
    owner = owners(N, *np.array(seconds, np.int64).reshape(-1, 2).T)
    assert (owner[owner] == owner).all()
    want = defaultdict(lambda: [0.0, 0.0, False, [], 0])
    for x, y, *values in zip(
        ties.heads,
        ties.peers,
        ties.before,
        ties.after,
        ties.stable,
        ties.first_day,
        ties.days[:, 0],
        strict=True,
    ):
        if owner[y] != owner[x] and Numbers.own[owner[y]] and not HUBS[owner[y]]:
            row = want[x, owner[y]]
            row[0] += values[0]
            row[1] += values[1]
            row[2] |= values[2]
            row[3] += [values[3]] if values[3] >= 0 else []
            row[4] |= int(values[4])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unify_module, "EDGES_AT_A_TIME", 3)  # in several ranges
        got = unify(ties, owner, 2)
    assert list(zip(got.heads, got.peers, strict=True)) == sorted(want)
    for i, pair in enumerate(sorted(want)):
        before, after, stable, days, bits = want[pair]
        assert (got.before[i], got.after[i], got.stable[i]) == (before, after, stable)
        assert (got.first_day[i], got.days[i, 0]) == (min(days, default=-1), bits)


def friends(seed: int = 5) -> tuple[pd.DataFrame, dict[str, str]]:
    """Calls of the planted town, and of five friends who change numbers in one week and mostly call each other."""
    rng = np.random.default_rng(seed)
    people = [f"1370000000{i}" for i in range(5)]
    fresh = {name: f"1770000000{i}" for i, name in enumerate(people)}
    town = sorted(planted.NAMES.values())
    acquaintances = {name: rng.choice(town, 5 - i % 3, replace=False) for i, name in enumerate(people)}
    start, split = pd.Timestamp("2024-01-01"), pd.Timestamp(planted.AT)
    lines = []
    for day in range(84):
        moved = start + pd.Timedelta(days=day) >= split
        for i, name in enumerate(people):
            me = fresh[name] if moved else name
            when = start + pd.Timedelta(days=day, hours=10 + i)
            friend = people[(i + 1 + day % 4) % 5]
            lines.append((me, fresh[friend] if moved else friend, when))
            if day % 2 == 0:
                lines.append((me, rng.choice(acquaintances[name]), when + pd.Timedelta(minutes=9)))
    calls = pd.DataFrame(lines, columns=["caller", "callee", "start"]).assign(duration=60, kind="call")
    return pd.concat([planted.calls(), calls], ignore_index=True), fresh


def test_friends_who_move_together_are_found() -> None:
    calls, fresh = friends()
    found = cg.detect.dual_sim(calls, planted.AT)
    accepted = found.pairs[found.pairs.accepted].set_index("number").second_number.to_dict()
    assert {name: accepted.get(name) for name in fresh} == fresh
    assert int(found.facts["rounds"].split(",")[0]) > 1
