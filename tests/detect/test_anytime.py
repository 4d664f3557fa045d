"""Second numbers at any time: found in a town with changes spread over the window, and dated."""

from dataclasses import fields
from fractions import Fraction
from types import SimpleNamespace

import made
import numpy as np
import pandas as pd
import planted
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import circlegraph as cg
from circlegraph.circles.weights import StableRule
from circlegraph.contacts.windows import Windows, wall_clock
from circlegraph.detect.second_numbers.anytime import Best, make_history, splits_of, ties_at
from circlegraph.detect.second_numbers.evidence import Evidence
from circlegraph.detect.second_numbers.ties import make_ties
from circlegraph.errors import CirclegraphWarning, InputError, SettingsError
from circlegraph.graph.network import Network
from circlegraph.graph.source import contacts_of
from circlegraph.kernels.day_spans import grown_since
from circlegraph.resources import Resources
from circlegraph.spill import Shelf

START = pd.Timestamp(made.START) if hasattr(made, "START") else planted.calls().start.min().normalize()
PEOPLE = 120
MOVES = {f"1350000{i:04}": (f"1850000{i:04}", 25 + 17 * i) for i in range(4)}
"""Number, its second number, and the day from which on that one is used."""


def village(days: int = 112) -> pd.DataFrame:
    """Everybody phones six neighbours; four people change over to a new number, each in his own week."""
    rng = np.random.default_rng(8)
    people = [f"1350000{i:04}" for i in range(PEOPLE)]
    lines = []
    for day in range(days):
        for i, caller in enumerate(people):
            for step in rng.choice([1, 3, 8, -1, -3, -8], 2, replace=False):
                callee = people[(i * 7 + step * 7) % PEOPLE]
                lines.append(
                    (caller, callee, START + pd.Timedelta(days=day, minutes=int(rng.integers(1440))))
                )
    calls = pd.DataFrame(lines, columns=["caller", "callee", "start"]).assign(duration=60, kind="call")
    for old, (new, onset) in MOVES.items():
        late = calls.start >= START + pd.Timedelta(days=onset)
        moved = rng.random(len(calls)) < 0.9
        for end in ("caller", "callee"):
            calls[end] = calls[end].where(~(late & moved & (calls[end] == old)), new)
    return calls[calls.caller != calls.callee]


CALLS = village()


def test_changes_are_found_when_they_happen() -> None:
    found = cg.detect.dual_sim(CALLS, "auto")
    accepted = found.pairs[found.pairs.accepted].set_index("number")
    assert accepted.second_number.to_dict() == {old: new for old, (new, _) in MOVES.items()}
    for old, (_, onset) in MOVES.items():
        assert abs((accepted.onset[old] - START).days - onset) <= 2
    assert found.pairs.mou_drop.isna().all()


def test_a_number_that_was_known_before_is_found_once_it_grows() -> None:
    old, (new, _) = list(MOVES.items())[-1]
    early = CALLS[CALLS.start < START + pd.Timedelta(days=60)].iloc[[40, 4000]].assign(caller=new)
    found = cg.detect.dual_sim(pd.concat([CALLS, early]), "auto")
    assert found.pairs[found.pairs.number == old].second_number.iloc[0] == new


def test_a_day_of_the_history_is_a_split() -> None:
    split = wall_clock(START + pd.Timedelta(days=40))
    options = {"network": Network(), "resources": Resources(), "detail": "sums"}
    two = contacts_of(CALLS, lambda first, last: Windows.around(split, first, last), **options)
    want = make_ties(two, Resources(), StableRule(), 1000)
    one = contacts_of(
        CALLS, lambda _, __: Windows.single(want.windows.edges[0], want.windows.edges[2]), **options
    )
    got = ties_at(make_history(one, Resources(), 1000), 40, StableRule())
    for name in ("indptr", "peers", "stable", "first_day", "contacts", "hubs"):
        assert (getattr(got, name) == getattr(want, name)).all(), name
    assert ((got.before > 0) == (want.before > 0)).all()
    assert ((got.after > 0) == (want.after > 0)).all()
    assert (got.split_day, got.span) == (want.split_day, want.span)
    assert (got.days == want.days).all()
    met = np.unpackbits(got.days.view(np.uint8), axis=1, bitorder="little")
    np.testing.assert_allclose(got.before, met[:, :40].mean(axis=1))
    np.testing.assert_allclose(got.after, met[:, 40 : got.span].mean(axis=1))


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.integers(0, 3),
                st.integers(0, 3),
                st.tuples(st.sampled_from([0.4, 1.0]), st.integers(0, 3)),
            ),
            max_size=9,
        ),
        max_size=4,
    )
)
def test_each_pair_stands_once_at_its_best_split(
    splits: list[list[tuple[int, int, tuple[float, int]]]],
) -> None:
    best, want = Best(4, Shelf()), {}
    for split, rows in enumerate(splits):
        found = sorted({(x, z): told for x, z, told in rows}.items())
        values = {f.name: np.zeros(len(found)) for f in fields(Evidence)}
        values["number"] = np.array([x for (x, _), _ in found], np.int64)
        values["other"] = np.array([z for (_, z), _ in found], np.int64)
        values["newness"], values["expected_days"] = (
            np.array([told for _, told in found], float).reshape(-1, 2).T
        )
        values["split"] = np.full(len(found), split)
        best.add(Evidence(**values))
        for pair, (newness, expected) in found:  # the more were expected, the more fell
            if pair not in want or (newness, expected) > want[pair][:2]:
                want[pair] = (newness, expected, split)
    if splits:
        names = ("number", "other", "newness", "expected_days", "split")
        evidence = best.finish()
        got = zip(*(getattr(evidence, name) for name in names), strict=True)
        assert list(got) == [(*pair, *row) for pair, row in sorted(want.items())]


def test_who_has_too_few_steady_peers_by_himself_is_not_judged() -> None:
    """One of his three peers is steady only with both numbers together; two such people would get one label."""
    old, (new, onset) = next(iter(MOVES.items()))
    lines = []
    for person, second, peers in (
        ("13600000001", "18600000001", ("13500000010", "13500000020")),
        ("13600000002", "18600000002", ("13500000030", "13500000040")),
    ):
        lines += [(person, peer, day) for peer in peers for day in range(2, 80, 3)]
        lines += [(second, peer, day) for peer in peers for day in range(80, 112, 3)]
        lines += [(person, old, onset - 4), (person, new, onset + 10), (person, new, onset + 11)]
        lines += [(second, new, day) for day in range(80, 112, 3)]
    few = pd.DataFrame(lines, columns=["caller", "callee", "start"]).assign(duration=60, kind="call")
    few["start"] = START + pd.to_timedelta(few.start, "D") + pd.Timedelta(hours=12)
    own = sorted(set(CALLS.caller) | {"13600000001", "13600000002"})
    found = cg.detect.dual_sim(pd.concat([CALLS, few]), "auto", subscribers=pd.DataFrame({"number": own}))
    labels = found.labels.set_index("number")
    assert labels.index.is_unique
    assert (labels.dual_sim[["13600000001", "13600000002"]] == "cannot_tell").all()
    assert set(found.pairs.number) <= set(labels.index[labels.dual_sim != "cannot_tell"])
    assert labels.second_number[list(MOVES)].tolist() == [new for new, _ in MOVES.values()]


@pytest.mark.parametrize(("span", "splits"), [(21, [14]), (27, [14]), (28, [14, 21])])
def test_a_week_is_left_after_the_last_split(span: int, splits: list[int]) -> None:
    every_day = np.full((1, 1), ~np.uint64(0))
    assert splits_of(SimpleNamespace(span=span, days=every_day)) == splits  # type: ignore[arg-type]


def test_weeks_without_any_event_are_no_splits() -> None:
    days = np.zeros((2, 20), np.uint64)
    days[0, 0], days[1, 19] = 1 << 20, 1 << 3
    assert splits_of(SimpleNamespace(span=1280, days=days)) == [14, 21, 1218, 1225]  # type: ignore[arg-type]


def test_one_wrong_date_decades_away_changes_nothing() -> None:
    wrong = CALLS.iloc[[0]].assign(start=pd.Timestamp("1990-05-01 12:00"))
    with pytest.warns(CirclegraphWarning, match="1 of .* events lie more than a year away from all others"):
        found = cg.detect.dual_sim(pd.concat([CALLS, wrong]), "auto")
    pd.testing.assert_frame_equal(found.pairs, cg.detect.dual_sim(CALLS, "auto").pairs)


@given(st.lists(st.lists(st.sets(st.integers(0, 69)), max_size=3), max_size=4))
@example([[{0, 20}, {20, 21}], [{0, 20, 21}], [set(range(14)) | set(range(14, 42))]])
def test_who_has_grown(rows: list[list[set[int]]]) -> None:
    span, splits = 70, np.array([14, 21, 35])
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    words = [
        [sum(1 << day % 64 for day in met if day // 64 == word) for word in (0, 1)]
        for row in rows
        for met in row
    ]
    days = np.array(words, np.uint64).reshape(-1, 2)
    for s, found in zip(splits.tolist(), grown_since(indptr, days, splits, span, 2.0).tolist(), strict=True):
        contacts = [[day for met in row for day in met] for row in rows]
        before = [sum(day < s for day in row) for row in contacts]
        assert found == [
            Fraction(len(row) - b, span - s) >= 2 * Fraction(b, s)
            for row, b in zip(contacts, before, strict=True)
        ]


def test_too_few_days() -> None:
    few = CALLS[CALLS.start < START + pd.Timedelta(days=20)]
    with pytest.raises(InputError, match="hold 20 days, but to find second numbers at any time 21"):
        cg.detect.dual_sim(few, "auto")


@pytest.mark.parametrize("options", [{"method": "rules"}, {"days_before": 30}])
def test_what_needs_a_split(options: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="give a split time"):
        cg.detect.dual_sim(CALLS, "auto", **options)  # type: ignore[arg-type]
