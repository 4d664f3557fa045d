"""Ids of numbers, region by region, against plain Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.contacts import number_ids
from circlegraph.contacts.number_ids import number_ends

Key = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(0, 9), st.just(2**63 - 1))


def check(keys: list[int], threads: int) -> None:
    ends = np.array(keys + keys[: len(keys) % 2], np.int64).reshape(-1, 2)
    given_keys = ends.ravel().tolist()
    found = number_ends(ends, threads)
    numbers = sorted(set(given_keys))
    assert found.numbers.keys.tolist() == numbers
    assert [numbers[x] for x in ends.ravel().tolist()] == given_keys
    assert found.degree.tolist() == [given_keys.count(key) for key in numbers]
    places = [[i for i, key in enumerate(given_keys) if key == number] for number in numbers]
    assert found.places.tolist() == [i for row in places for i in row]


@given(st.lists(Key, max_size=60), st.integers(1, 4))
def test_few_keys(keys: list[int], threads: int) -> None:
    check(keys, threads)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("distinct", [1, 2, 300, 2000])
def test_keys_in_many_regions(monkeypatch: pytest.MonkeyPatch, distinct: int, threads: int) -> None:
    monkeypatch.setattr(number_ids, "REGION_ENDS", 4)
    rng = np.random.default_rng(distinct)
    check((10**11 + 7 * rng.integers(0, distinct, 3000)).tolist(), threads)


def test_most_keys_are_one_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(number_ids, "REGION_ENDS", 4)
    check([*range(-200, 200), *[7] * 2000, 2**63 - 1, -(2**63)], 2)
