"""Recognition of numbers by their circles, and coefficients learned from it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import circlegraph as cg
from circlegraph.circles.learn import coarse_grid, neighbours
from circlegraph.circles.recognition import MOST_PEERS, recognisable
from circlegraph.errors import InputError
from circlegraph.kernels.recognise import recognise, reverse_edges

COPENHAGEN = Path(__file__).parents[3] / "shared" / "data" / "copenhagen"


def circles_of(edges):
    """Circles of calls given as (caller, callee, is it after?)."""
    days = {False: "2024-05-01", True: "2024-05-28"}  # 14 days each side
    rows = [(str(100 + a), str(100 + b), days[bool(after)]) for a, b, after in edges if a != b]
    rows += [("1", "2", day) for day in days.values()]
    calls = pd.DataFrame(rows, columns=["caller", "callee", "start"])
    calls["start"] = pd.to_datetime(calls["start"]) + pd.to_timedelta(range(len(calls)), unit="s")
    return cg.contact_circles(calls.assign(duration=60), at="2024-05-15", threads=1)


def recognised_slowly(circles, chosen, most_peers):
    """Twin of the kernel with dictionaries, all pairs."""
    before, after = {}, {}
    for x, y, b, a in zip(
        circles.heads, circles.peers, circles.before_index, circles.after_index, strict=True
    ):
        before.setdefault(x, {})[y] = b
        after.setdefault(x, {})[y] = a
    rows = []
    for x in chosen:
        similarity = {}
        for z in range(len(circles)):
            shared = sum(
                min(before[x][y], after[z].get(y, 0)) for y in before[x] if len(before[y]) <= most_peers
            )
            most = sum(before[x].values()) + sum(after[z].values()) - shared
            similarity[z] = shared / most if most else 0
        own = similarity.pop(x)
        close = [np.isclose(s, own, rtol=1e-9, atol=0) and s > 0 for s in similarity.values()]
        better = sum(s > own for s, c in zip(similarity.values(), close, strict=True) if not c)
        rows.append((better, sum(close), own, max(similarity.values(), default=0)))
    return rows


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.booleans()), max_size=40), st.integers(1, 5)
)
def test_kernel_equals_twin(edges, most_peers):
    circles = circles_of(edges)
    chosen = np.arange(len(circles))
    reverse = reverse_edges(circles.indptr, circles.peers)
    assert (circles.peers[reverse] == circles.heads).all()
    got = recognise(
        circles.indptr,
        circles.peers,
        reverse,
        circles.before_index,
        circles.after_index,
        chosen,
        most_peers,
    )
    want = recognised_slowly(circles, chosen, most_peers)
    assert [tuple(row[:2]) for row in want] == list(zip(got[0], got[1], strict=True))
    np.testing.assert_allclose(np.array(got[2:]).T, [row[2:] for row in want], rtol=1e-9)


def test_unchanged_circles_are_recognised():
    edges = [(x, y, after) for x, y in [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5)] for after in (False, True)]
    found = cg.recognition(circles_of(edges))
    assert found.rank1 == 1
    assert found.persistence == pytest.approx(1)
    assert 0 <= found.uniqueness <= 1


def test_nobody_to_recognise():
    found = cg.recognition(circles_of([]))
    assert found.numbers == 0
    assert np.isnan(found.rank1)


def test_learning_needs_numbers():
    with pytest.raises(InputError, match="needs 20"):
        cg.learn_weights(circles_of([]))


def test_moves_stay_coefficients():
    for coefficients in coarse_grid():
        for moved in neighbours(coefficients):
            assert cg.Weights(moved).coefficients == moved


@pytest.mark.skipif(not COPENHAGEN.is_dir(), reason="the Copenhagen data are not part of the repository")
def test_learned_index_beats_jaccard_on_real_data():
    circles = cg.contact_circles(COPENHAGEN, at="1970-01-15")
    assert np.diff(circles.indptr).max() <= MOST_PEERS
    learned = cg.learn_weights(circles)
    assert learned.numbers == len(recognisable(circles)) == 254
    # The balance of binary circles is the Jaccard similarity.
    assert learned.table.rank1["binary"] == pytest.approx(0.827, abs=0.001)
    assert learned.table.rank1["learned"] > learned.table.rank1["binary"]
    again = cg.learn_weights(circles)
    assert again.weights == learned.weights
