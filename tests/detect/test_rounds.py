"""Rounds that take over what has not changed: the same as searching for everybody again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_anytime import CALLS
from test_unify import EDGES, N, friends, made

import circlegraph as cg
from circlegraph.detect.second_numbers import search
from circlegraph.detect.second_numbers.rounds import changed_numbers
from circlegraph.detect.second_numbers.unify import owners, unify

PAIRS = st.lists(
    st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] != pair[1])
)


def row(ties, x: int) -> list[tuple[object, ...]]:
    """What stands in the row of a number."""
    at = slice(ties.indptr[x], ties.indptr[x + 1])
    columns = (ties.peers, ties.before, ties.after, ties.stable, ties.first_day, ties.days[:, 0])
    return list(zip(*(column[at].tolist() for column in columns), strict=True))


TIE = (1, 1, True, 0, 1)


@given(EDGES, PAIRS, PAIRS)
@example({(0, 1): TIE, (2, 3): TIE}, [(4, 1)], [(4, 1), (4, 2)])
def test_who_is_not_named_has_the_same_circle_and_peers(edges, first, second) -> None:
    ties = made(edges)
    before, owner = (owners(N, *np.array(pairs, np.int64).reshape(-1, 2).T) for pairs in (first, second))
    old, new = unify(ties, before, 1), unify(ties, owner, 2)
    changed = changed_numbers(ties, owner, before)
    for x in np.flatnonzero(~changed).tolist():
        assert row(old, x) == row(new, x)
        for y, *_ in row(new, x):
            met = [
                [(z, *edge) for z in range(N) for edge in row(rows, z) if edge[0] == y] for rows in (old, new)
            ]
            assert met[0] == met[1]
    assert (owner != before).any() or not changed.any()


@pytest.mark.parametrize(("calls", "at"), [(friends()[0], "planted"), (CALLS, "auto")])
def test_rounds_equal_searching_for_everybody_again(calls, at, monkeypatch: pytest.MonkeyPatch) -> None:
    import planted

    split = planted.AT if at == "planted" else at
    got = cg.detect.dual_sim(calls, split, threads=2)
    monkeypatch.setattr(search, "changed_numbers", lambda ties, owner, _: np.ones(len(owner), np.bool_))
    want = cg.detect.dual_sim(calls, split, threads=1)
    assert int(got.facts["rounds"].split(",")[0]) > 1
    for table in ("pairs", "labels", "weights"):
        pd.testing.assert_frame_equal(getattr(got, table), getattr(want, table), check_exact=True)
