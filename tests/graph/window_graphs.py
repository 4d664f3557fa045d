"""Small graphs of one window, made from events in plain Python; for tests."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.contacts.pairs import DETAILS
from circlegraph.contacts.windows import DAY
from circlegraph.graph.graph import EDGE_COLUMNS, Graph
from circlegraph.graph.numbering import Numbers
from circlegraph.numbers import encode_with_tokens

CALL, TEXT, FORWARD = 0, 1, 2
WEEKS = (0, 28 * DAY)
OPERATORS = ("", "East", "West")
NARROW = (*DETAILS, "days", "weeks")


@dataclass(frozen=True)
class Event:
    caller: str
    callee: str
    start: int
    duration: int = 0
    kind: int = CALL


def plain_edges(events: list[Event]) -> dict[tuple[str, str], dict[str, int]]:
    """Columns of each number and peer, event by event."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    days: dict[tuple[str, str], set[int]] = {}
    for e in events:
        if e.kind == FORWARD:
            continue
        kind = "sms" if e.kind == TEXT else "calls"
        day, second = divmod(e.start, DAY)
        for pair, way in (((e.caller, e.callee), "out"), ((e.callee, e.caller), "in")):
            edge = found.setdefault(
                pair, dict.fromkeys(EDGE_COLUMNS, 0) | {"first": e.start, "last": e.start}
            )
            edge[f"{kind}_{way}"] += 1
            edge[f"seconds_{way}"] += e.duration if e.kind == CALL else 0
            edge[f"night_{kind}"] += not 7 * 3600 <= second < 19 * 3600
            edge[f"weekend_{kind}"] += (day + 3) % 7 >= 5
            edge["first"], edge["last"] = min(edge["first"], e.start), max(edge["last"], e.start)
            days.setdefault(pair, set()).add(day)
    for pair, edge in found.items():
        edge["days"], edge["weeks"] = len(days[pair]), len({(day + 3) // 7 for day in days[pair]})
    return found


def graph_of(events: list[Event]) -> Graph:
    """Graph of events of four weeks; every third number is not own, and operators go round."""
    edges = plain_edges(events)
    names = sorted({x for x, _ in edges})
    keys, tokens = encode_with_tokens(pa.array(names, pa.string()))
    order = np.argsort(keys)
    names = [names[i] for i in order]
    place = {name: x for x, name in enumerate(names)}
    ids = np.arange(len(names))
    numbers = Numbers(
        NumberIndex(keys[order]), tokens, ids % 3 != 1, (ids % len(OPERATORS)).astype(np.int16), OPERATORS
    )
    rows = sorted((place[x], place[y], edge) for (x, y), edge in edges.items())
    columns = {
        name: np.array([edge[name] for _, _, edge in rows], np.int32 if name in NARROW else np.int64)
        for name in EDGE_COLUMNS
    }
    degree = np.bincount(np.array([x for x, _, _ in rows], np.int64), minlength=len(names))
    contacts = [e for e in events if e.kind != FORWARD]
    active = [len({e.start // DAY for e in contacts if name in (e.caller, e.callee)}) for name in names]
    return Graph(
        numbers,
        np.concatenate([[0], np.cumsum(degree)]).astype(np.int64),
        np.array([y for _, y, _ in rows], np.int64),
        columns,
        np.array(active, np.int32),
        WEEKS,
        {"version": "0", "files": ["a.csv", "b.csv"], "rows": len(events)},
    )


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
