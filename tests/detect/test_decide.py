"""How pairs are decided: the operators' rules line by line, one owner for each second number, and ranks."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.detect.second_numbers.decide import assign, by_rules, rank_within
from circlegraph.detect.second_numbers.evidence import Evidence


@pytest.mark.parametrize(
    ("told", "accepted"),
    [
        ({}, False),
        ({"shared": 0.4, "mou_drop": 0.3}, True),
        ({"shared": 0.4}, True),
        ({"shared": 0.39, "mou_drop": 0.9}, False),
        ({"shared": 0.9, "mou_drop": 0.29}, False),
        ({"same_document": 1}, True),
        ({"same_document": 0}, False),
        ({"cell_overlap": 0.7}, True),
        ({"cell_overlap": 0.7, "other_months": 1}, True),
        ({"cell_overlap": 0.7, "other_months": 0}, False),
        ({"cell_overlap": 0.69, "other_months": 1}, False),
        ({"same_imei": 1, "active_days": 10}, True),
        ({"same_imei": 1, "active_days": 10, "other_months": 1}, True),
        ({"same_imei": 1, "active_days": 10, "other_months": 0}, False),
        ({"same_imei": 1, "active_days": 9}, False),
        ({"same_imei": 0, "active_days": 30}, False),
    ],
    ids=str,
)
def test_each_rule_by_itself(told: dict[str, float], accepted: bool) -> None:
    given = {"steady": 1, **told}  # so that the overlap is what is shared
    evidence = Evidence(*(np.array([given.get(f.name, np.nan)]) for f in fields(Evidence)))
    assert by_rules(evidence).tolist() == [accepted]


PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(5, 9), st.integers(0, 3)), max_size=20)


@given(PAIRS)
def test_nobody_apart_would_rather_have_each_other(pairs: list[tuple[int, int, int]]) -> None:
    number, other, weight = np.array(pairs, np.int64).reshape(-1, 3).T.copy()
    given_to = [
        pair for pair, chosen in zip(pairs, assign(number, other, weight * 1.0), strict=True) if chosen
    ]
    assert len({x for x, _, _ in given_to}) == len({z for _, z, _ in given_to}) == len(given_to)
    for x, z, w in pairs:
        assert any((x == a or z == b) and w <= v for a, b, v in given_to)


@given(PAIRS)
def test_ranks_equal_twin(pairs: list[tuple[int, int, int]]) -> None:
    number, first, second = np.array(pairs, np.int64).reshape(-1, 3).T.copy()
    by_rank = sorted(range(len(pairs)), key=lambda i: (-first[i], -second[i]))
    want = [[i for i in by_rank if number[i] == number[j]].index(j) + 1 for j in range(len(pairs))]
    assert rank_within(number, first * 1.0, second * 1.0).tolist() == want
