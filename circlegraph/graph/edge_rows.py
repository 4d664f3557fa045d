"""Make a graph from rows of number and peer, as tables and other libraries hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph._version import version
from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.contacts.pairs import DETAILS
from circlegraph.contacts.windows import DAY, Windows, wall_clock
from circlegraph.errors import InputError, SettingsError
from circlegraph.graph.graph import EDGE_COLUMNS, Graph
from circlegraph.graph.numbering import Numbers
from circlegraph.numbers import TokenTable, encode_with_tokens

TIMES = ("first", "last")
NARROW = (*DETAILS, "days", "weeks")
UNKNOWN_DAYS = -1


@dataclass(frozen=True, slots=True)
class EdgeRows:
    """Rows of number and peer with some of the columns of a graph, in any order.

    Attributes
    ----------
    number, peer
        Sequences of strings, integers or Arrow arrays; taken as they stand, without normalisation.
    columns
        Whole numbers per row, for some of `EDGE_COLUMNS`; times in wall-clock seconds since 1970.
    """

    number: Any
    peer: Any
    columns: Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class NumberRows:
    """What is known of each number: as `EdgeRows`, any order.

    Attributes
    ----------
    number
        As in `EdgeRows`; numbers without an edge too.
    own, operator, active_days
        Per row, or None where it is not known: then all are own, without an operator's name, and their
        active days unknown.
    """

    number: Any
    own: NDArray[np.bool_] | None = None
    operator: Sequence[str] | None = None
    active_days: NDArray[Any] | None = None


def graph_of_rows(
    edges: EdgeRows,
    numbers: NumberRows | None,
    window: tuple[object, object] | None,
    provenance: Mapping[str, Any] | None,
) -> Graph:
    """Graph from its edges, where a pair may stand once or once for each of its ends.

    What is not given for one end is taken from the other with *in* and *out* exchanged, else it is 0.

    Parameters
    ----------
    edges, numbers
        The rows; without rows of numbers, the numbers are those of the edges.
    window
        Start and end; by default the days from the earliest ``first`` to the latest ``last``.
    provenance
        By default, that the graph was made from a table.

    Raises
    ------
    InputError
        If a row lacks a number, joins a number with itself, stands twice, or contradicts the row of the
        other end; if a column holds anything but whole numbers; or if a number of the edges is not among the
        numbers.
    SettingsError
        If there are no times to tell the window from and none is given.
    """
    (head_keys, peer_keys, listed_keys), known = _keys(edges, numbers)
    index = NumberIndex(np.unique(np.concatenate([head_keys, peer_keys, listed_keys])))
    heads, peers = index.ids(head_keys), index.ids(peer_keys)
    same = np.flatnonzero(heads == peers)
    if len(same):
        raise InputError(f"row {_row(same[0])} of the edges joins a number with itself")
    n = np.int64(len(index))
    given = heads * n + peers
    order = np.argsort(given, kind="stable")
    repeated = np.flatnonzero(np.diff(given[order]) == 0)
    if len(repeated):
        raise InputError(
            f"row {_row(order[repeated[0] + 1])} of the edges repeats the pair of an earlier row"
        )
    rows: NDArray[np.int64] = np.union1d(given, peers * n + heads)
    own_row = _places(given, order, rows)
    peer_row = _places(given, order, rows % n * n + rows // n)
    checked = {name: _counts(name, values) for name, values in edges.columns.items()}
    columns = {name: _column(name, checked, own_row, peer_row) for name in EDGE_COLUMNS}
    indptr = np.zeros(len(index) + 1, np.int64)
    np.cumsum(np.bincount(rows // n, minlength=len(index)), out=indptr[1:])
    facts, active_days = _facts(index, known, listed_keys, numbers)
    return Graph(
        facts,
        indptr,
        rows % n,
        columns,
        active_days,
        _span(checked) if window is None else _edges_of(window),
        provenance or {"version": version(), "source": "table"},
    )


def whole_numbers(name: str, values: Any) -> NDArray[np.int64]:
    """Whole numbers of a column, int64[rows].

    Examples
    --------
    >>> whole_numbers("days", [1.0, 2.0]).tolist()
    [1, 2]

    Raises
    ------
    InputError
        If there is anything else in it.
    """
    array = np.asarray(values)
    if array.dtype.kind in "iu":
        return array.astype(np.int64)
    try:
        numbers = array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"column {name} must hold whole numbers") from error
    wrong = np.flatnonzero(~(np.abs(numbers) < 2**53) | (numbers != np.floor(numbers)))
    if len(wrong):
        raise InputError(
            f"column {name} must hold whole numbers, but row {_row(wrong[0])} holds {numbers[wrong[0]]}"
        )
    return numbers.astype(np.int64)


def other_way(name: str) -> str:
    """Name of the column that tells the same at the other end of an edge.

    Examples
    --------
    >>> other_way("calls_out"), other_way("days")
    ('calls_in', 'days')
    """
    if name.endswith("_out"):
        return name.removesuffix("_out") + "_in"
    return name.removesuffix("_in") + "_out" if name.endswith("_in") else name


def _keys(edges: EdgeRows, numbers: NumberRows | None) -> tuple[list[NDArray[np.int64]], TokenTable]:
    """Keys of the heads, the peers and the numbers, and the tokens among them."""
    known = TokenTable()
    keys = []
    listed = numbers.number if numbers is not None else []
    for what, values in (("edges", edges.number), ("edges", edges.peer), ("numbers", listed)):
        found, tokens = encode_with_tokens(values, country=None)
        known.add(tokens)
        empty = np.flatnonzero(found == 0)
        if len(empty):
            raise InputError(f"row {_row(empty[0])} of the {what} lacks a number")
        keys.append(found)
    return keys, known


def _places(
    given: NDArray[np.int64], order: NDArray[np.int64], wanted: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Position of each wanted value in the given ones, -1 where it is not there."""
    if not len(given):
        return np.full(len(wanted), -1)
    at = order[np.minimum(np.searchsorted(given, wanted, sorter=order), len(given) - 1)]
    return np.where(given[at] == wanted, at, -1)


def _counts(name: str, values: Any) -> NDArray[np.int64]:
    """Whole numbers of an edge column, none negative but times."""
    counts = whole_numbers(name, values)
    if name not in TIMES and len(counts) and counts.min() < 0:
        raise InputError(f"row {_row(counts.argmin())} of the edges has a negative {name}")
    return counts


def _column(
    name: str,
    columns: Mapping[str, NDArray[np.int64]],
    own_row: NDArray[np.int64],
    peer_row: NDArray[np.int64],
) -> NDArray[Any]:
    """Edge column from the rows of both ends, which must agree where both tell it."""
    out = np.zeros(len(own_row), np.int32 if name in NARROW else np.int64)
    back = other_way(name)
    for source, row in ((back, peer_row), (name, own_row)):
        if source in columns:
            there = row >= 0
            out[there] = columns[source][row[there]]
    if name in columns and back in columns:
        both = np.flatnonzero((own_row >= 0) & (peer_row >= 0))
        wrong = both[out[both] != columns[back][peer_row[both]]]
        if len(wrong):
            raise InputError(
                f"rows {_row(own_row[wrong[0]])} and {_row(peer_row[wrong[0]])} of the edges are the two ends "
                f"of one pair, but {name} of one is not {back} of the other"
            )
    return out


def _facts(
    index: NumberIndex, known: TokenTable, keys: NDArray[np.int64], rows: NumberRows | None
) -> tuple[Numbers, NDArray[np.int32]]:
    """Own network, operators and active days by id."""
    own = np.ones(len(index), np.bool_)
    codes = np.zeros(len(index), np.int16)
    names: tuple[str, ...] = ("",)
    active_days = np.full(len(index), UNKNOWN_DAYS, np.int32)
    if rows is not None:
        ids = index.ids(keys)
        listed = np.bincount(ids, minlength=len(index))
        if (listed > 1).any():
            raise InputError(f"{(listed > 1).sum():,} numbers stand more than once in the table of numbers")
        if (listed == 0).any():
            raise InputError(f"the table of numbers lacks {(listed == 0).sum():,} numbers of the edges")
        if rows.own is not None:
            if rows.own.dtype != np.bool_ and len(rows.own):
                raise InputError("column own must say true or false of every number")
            own[ids] = rows.own
        if rows.operator is not None:
            given = np.array([name or "" for name in rows.operator], np.str_)
            distinct, codes[ids] = np.unique(given, return_inverse=True)
            names = tuple(distinct.tolist()) or ("",)
        if rows.active_days is not None:
            days = np.asarray(rows.active_days)
            if days.dtype.kind not in "iu":
                days = np.nan_to_num(days.astype(np.float64), nan=UNKNOWN_DAYS)
            active_days[ids] = whole_numbers("active_days", days)
    return Numbers(index, known.tokens(), own, codes, names), active_days


def _span(columns: Mapping[str, NDArray[np.int64]]) -> tuple[int, int]:
    """Whole days from the earliest first to the latest last time."""
    if not set(TIMES) <= set(columns) or not len(columns["first"]):
        raise SettingsError(
            "the rows have no first and last times to tell the window: give window=(start, end)"
        )
    return int(columns["first"].min()) // DAY * DAY, (int(columns["last"].max()) // DAY + 1) * DAY


def _edges_of(window: tuple[object, object]) -> tuple[int, int]:
    """Window in seconds, which it may be in already."""
    begin, end = (edge if isinstance(edge, int) else wall_clock(edge) for edge in window)
    Windows.single(begin, end)
    return begin, end


def _row(position: Any) -> str:
    """Position in the caller's rows, counted from 0 as pandas does."""
    return f"{int(position):,}"
