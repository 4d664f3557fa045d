"""Rows judged together: by whichever way, each is judged as if it were alone."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.kernels.cleaning import KIND_MISSED, NOTE_MISSED, SELF_CALL, judge
from circlegraph.kernels.fields import BAD_VALUE, MISSED, NO_VALUE
from circlegraph.kernels.number_keys import BAD_TEXT, EMPTY

Row = tuple[int, int, int, int, int, int]
ORDINARY: Row = (113800138000, -7, 1_714_521_600, 60, 0, 0)
FORWARD: Row = (113800138000, 15, -100, 0, 2, 2)
SMS: Row = (15, 113800138000, 4_000_000_000, NO_VALUE, 1, 1)
ODD = {
    "empty caller": (EMPTY, 15, 0, 0, 0, 0),
    "bad callee": (15, BAD_TEXT, 0, 0, 0, 0),
    "self call": (15, 15, 0, 0, 0, 0),
    "no time": (15, 16, NO_VALUE, 0, 0, 0),
    "early": (15, 16, -2208988801, 0, 0, 0),
    "late": (15, 16, 7258118400, 0, 0, 0),
    "kind": (15, 16, 0, 0, -1, 0),
    "leg": (15, 16, 0, 0, 0, -1),
    "missed kind": (15, 16, 0, 5, KIND_MISSED, 0),
    "missed": (15, 16, 0, MISSED, 0, 0),
    "bad duration": (15, 16, 0, BAD_VALUE, 2, 0),
    "long": (15, 16, 0, 7 * 86400 + 1, 0, 0),
}


def judged(rows: list[Row]) -> tuple[int, dict[str, Any]]:
    types = (np.int64, np.int64, np.int64, np.int64, np.int8, np.int8)
    columns = [np.array([row[i] for row in rows], kind) for i, kind in enumerate(types)]
    n = len(rows)
    out = {
        "duration": np.full(n, -9, np.int32),
        "kind": np.full(n, -9, np.int8),
        "reasons": np.full(n, 99, np.uint8),
        "notes": np.zeros(2, np.int64),
        "span": np.array([2**62, -(2**62)]),
    }
    return judge(*columns, *out.values()), {name: values.tolist() for name, values in out.items()}


Odd = st.sampled_from([*ODD.values(), ORDINARY, FORWARD, SMS])


@given(st.lists(Odd, max_size=20))
def test_each_row_is_judged_as_if_it_were_alone(rows: list[Row]) -> None:
    bad, together = judged(rows)
    alone = [judged([row]) for row in rows]
    assert bad == sum(one for one, _ in alone)
    for name in ("duration", "kind", "reasons"):
        assert together[name] == [value for _, found in alone for value in found[name]]
    assert together["notes"] == [sum(found["notes"][i] for _, found in alone) for i in range(2)]
    spans = [found["span"] for _, found in alone]
    assert together["span"] == [min([2**62, *(s[0] for s in spans)]), max([-(2**62), *(s[1] for s in spans)])]


def test_ordinary_rows() -> None:
    bad, found = judged([ORDINARY, FORWARD, SMS])
    assert (bad, found["reasons"], found["notes"]) == (0, [0, 0, 0], [0, 0])
    assert (found["duration"], found["kind"]) == ([60, 0, 0], [0, 2, 1])
    assert found["span"] == [-100, 4_000_000_000]


@pytest.mark.parametrize("row", ODD.values(), ids=ODD)
def test_no_odd_row_goes_unseen(row: Row) -> None:
    bad, found = judged([ORDINARY, row])
    assert bad + sum(found["notes"]) == 1
    assert found["kind"][1] != KIND_MISSED


def test_self_calls_and_missed_ones_are_told() -> None:
    _, found = judged([ODD["self call"], ODD["missed"]])
    assert (found["reasons"], found["notes"][NOTE_MISSED]) == ([SELF_CALL, 0], 1)
