"""Small graphs of one window, made from events without any reader; for tests."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from circlegraph.contacts.pairs import Pairs
from circlegraph.contacts.windows import DAY, Windows
from circlegraph.graph.build import pair_table
from circlegraph.graph.graph import Graph
from circlegraph.graph.numbering import Numbers
from circlegraph.kernels.stamp import pack
from circlegraph.numbers import Tokens, TokenTable, encode_with_tokens
from circlegraph.resources import Resources

CALL, TEXT, FORWARD = 0, 1, 2
WEEKS = (0, 28 * DAY)
OPERATORS = ("", "East", "West")


@dataclass(frozen=True)
class Event:
    caller: str
    callee: str
    start: int
    duration: int = 0
    kind: int = CALL


def graph_of(events: list[Event], window: tuple[int, int] = WEEKS, threads: int = 1) -> Graph:
    """Graph of events; every third number is not own, and operators go round."""
    callers, first = encode_with_tokens([event.caller for event in events] or pa.array([], pa.string()))
    callees, second = encode_with_tokens([event.callee for event in events] or pa.array([], pa.string()))
    stamps = [pack(event.start, event.duration, event.kind, 0) for event in events]
    packed = np.stack([callers, callees, np.array(stamps, np.int64)], axis=1)
    windows = Windows(window)
    resources = Resources(threads=threads)
    table = pair_table([packed], lambda part: Pairs.of_events(part, windows, detail=True), windows, resources)
    index = table.index
    tokens = _united(first, second)
    ids = np.arange(len(index))
    numbers = Numbers(index, tokens, ids % 3 != 1, (ids % len(OPERATORS)).astype(np.int16), OPERATORS)
    (rows,) = table.rows(resources)
    return Graph.from_rows(
        rows, numbers, 0, {"version": "0", "files": ["a.csv", "b.csv"], "rows": len(events)}
    )


def _united(*tables: Tokens) -> Tokens:
    known = TokenTable()
    for table in tables:
        known.add(table)
    return known.tokens()


def differences(one: Graph, other: Graph) -> list[str]:
    """Name all in which two graphs differ, but for their provenance."""
    arrays = ("indptr", "peers", "active_days")
    found = [name for name in arrays if not _same(getattr(one, name), getattr(other, name))]
    if one.numbers.text.to_pylist() != other.numbers.text.to_pylist():
        found.append("numbers")
    ids = np.arange(len(one), dtype=np.int64)
    if len(one) == len(other):
        if not _same(one.numbers.index.keys, other.numbers.index.keys):
            found.append("keys")
        if not _same(one.numbers.own, other.numbers.own):
            found.append("own")
        if not np.array_equal(one.numbers.operators(ids), other.numbers.operators(ids)):
            found.append("operators")
    if list(one.columns) != list(other.columns):
        found.append("names of columns")
    found += [name for name in one.columns if not _same(one[name], other.columns.get(name, np.empty(0)))]
    if one.window != other.window:
        found.append("window")
    return found


def _same(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    return one.dtype == other.dtype and np.array_equal(one, other)


NAMES = [
    "13800138000",
    "10086",
    "007",
    "0",
    "4294967296",
    "999999999999999999",
    "1" * 30,
    "a3f9",
    "号码",
    "deadbeef" * 8,
]


@st.composite
def event_lists(draw: st.DrawFn, most: int = 40) -> list[Event]:
    """Unique events between a few odd numbers, at any second of four weeks."""
    ends = st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True)
    drawn = st.builds(
        lambda ends, start, duration, kind: Event(*ends, start, duration if kind != TEXT else 0, kind),
        ends,
        st.integers(0, 28 * DAY - 1),
        st.integers(0, 4000),
        st.sampled_from([CALL, CALL, TEXT, TEXT, FORWARD]),
    )
    return draw(st.lists(drawn, max_size=most, unique=True))


def hub(peers: int) -> list[Event]:
    """One number with a call to each of many, the i-th after i minutes."""
    return [Event("10086", str(20_000_000_000 + i), 60 * i % (28 * DAY), i % 100) for i in range(peers)]


ZOO: dict[str, list[Event]] = {
    "empty": [],
    "one pair": [Event("1", "2", 0, 10)],
    "one text": [Event("1", "2", 28 * DAY - 1, 0, TEXT)],
    "only forwards": [Event("1", "2", 0, 10, FORWARD)],
    "hub": hub(300),
    "tokens": [Event(a, b, 3600 * i, i) for i, (a, b) in enumerate(pairwise(["a1", "b2", "号码", "0" * 64]))],
    "long numbers": [Event("2147483648", "999999999999999999", 5, 2**22 - 1), Event("00", "0", 6)],
    "both ways": [Event("1", "2", 10, 5), Event("2", "1", 20, 7, TEXT), Event("2", "1", 30, 9)],
}
