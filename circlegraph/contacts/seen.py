"""What numbers were seen with: the distinct sightings of some windows, partition by partition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.sightings import UNITS
from circlegraph.contacts.number_ids import NumberCollector, NumberIndex
from circlegraph.contacts.windows import Windows
from circlegraph.numbers import Tokens, decode_arrow
from circlegraph.parallel import mapped
from circlegraph.spill import give_back

if TYPE_CHECKING:
    import pyarrow as pa

    from circlegraph.resources import Resources

Longs = NDArray[np.int64]
Columns = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


class SightingSource(Protocol):
    """Where sightings come from: CDRs just read, or a store."""

    def partitions(self, kind: str) -> list[int]:
        """Partitions that hold any sighting of a kind; a number belongs to one partition."""

    def rows(self, kind: str, partition: int) -> Longs:
        """Sightings of a partition, int64[n, 3]: number key, time, what; repeated ones among them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Distinct sightings.

    Attributes
    ----------
    parts
        Per partition int32 number ids, times and codes as narrow as they are; ids ascend, and a number is in one part
        only.
    keys
        int64[codes]: key of what each code stands for.
    first
        What the times are counted from.
    """

    parts: list[Columns]
    keys: Longs
    first: int = 0

    def __len__(self) -> int:
        return sum(len(part[0]) for part in self.parts)


def distinct(first: NDArray[Any], second: NDArray[Any], third: NDArray[Any]) -> Columns:
    """Distinct triples of integers in ascending order, each column in the width it had.

    Examples
    --------
    >>> import numpy as np
    >>> [column.tolist() for column in distinct(np.array([2, 1, 2]), np.array([5, 5, 5]), np.array([0, 9, 0]))]
    [[1, 2], [5, 5], [9, 0]]
    """
    columns = (first, second, third)
    if not len(first):
        return columns
    lows = [int(column.min()) for column in columns]
    bits = [(int(column.max()) - low).bit_length() for column, low in zip(columns, lows, strict=True)]
    if sum(bits) < 64:  # one number holds a triple, and sorts far faster
        key = np.zeros(len(first), np.int64)
        for column, low, width in zip(columns, lows, bits, strict=True):
            key = key << width | (column.astype(np.int64) - low)
        key.sort()
        key = key[changes(key)]
        shifts = (bits[1] + bits[2], bits[2], 0)
        parts = ((key >> shift & ((1 << width) - 1)) for shift, width in zip(shifts, bits, strict=True))
        values = [part + low for part, low in zip(parts, lows, strict=True)]
    else:
        order = np.lexsort(columns[::-1])
        ordered = [column[order] for column in columns]
        new = changes(*ordered)
        values = [column[new] for column in ordered]
    a, b, c = (value.astype(column.dtype) for value, column in zip(values, columns, strict=True))
    return a, b, c


def changes(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Where any of some columns differs from the row before; true at the first row.

    Examples
    --------
    >>> import numpy as np
    >>> changes(np.array([1, 1, 2, 2]), np.array([5, 5, 5, 6])).tolist()
    [True, False, True, True]
    """
    new = np.ones(len(columns[0]), np.bool_)
    new[1:] = False
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return new


def seen_in(
    source: SightingSource,
    kind: str,
    index: NumberIndex,
    windows: Windows,
    resources: Resources,
    *,
    timed: bool = True,
) -> Seen:
    """Distinct sightings of the numbers of an index, at times that some windows touch; or whenever, all at time 0."""
    unit = UNITS[kind]
    first, end = windows.edges[0] // unit, -(-windows.edges[-1] // unit)
    width = width_of(end - first)
    collector = NumberCollector()

    def of_partition(partition: int) -> Columns:
        number, time, what = np.ascontiguousarray(source.rows(kind, partition).T)
        ids = index.ids(number)
        wanted = (ids >= 0) & (time >= first) & (time < end)
        ids, time, what = ids[wanted], (time[wanted] - first) * timed, what[wanted]
        collector.collect(what)
        code = what.astype(width_of(int(what.max(initial=0))))
        return distinct(ids.astype(np.int32), time.astype(width), code)

    parts = list(mapped(of_partition, source.partitions(kind), resources.threads))
    coded, rank = collector.finish()
    code = rank.astype(width_of(len(rank)))
    seen = [(ids, time, code[what]) for ids, time, what in drained(parts) if len(ids)]
    return Seen(seen, coded.keys, first)


def width_of(most: int) -> np.dtype[np.unsignedinteger[Any]]:
    """Type of integers from 0 to some value; of two bytes at least, as kernels are compiled for every type.

    Examples
    --------
    >>> width_of(9), width_of(70_000)
    (dtype('uint16'), dtype('uint32'))
    """
    return np.promote_types(np.uint16, np.min_scalar_type(most))


def drained(parts: list[Columns]) -> Iterator[Columns]:
    """Take parts one after the other out of their list, so that they need not all be held to the end."""
    while parts:
        yield parts.pop(0)


def by_text(keys: Longs, tokens: Tokens) -> tuple[pa.LargeStringArray, NDArray[np.unsignedinteger[Any]]]:
    """Texts of keys in ascending order, and the place of each key's text among them, as narrow as it is."""
    import pyarrow.compute as pc

    texts = decode_arrow(keys, tokens)
    order = pc.sort_indices(texts).to_numpy().astype(np.int64)
    place = np.empty(len(keys), width_of(len(keys)))
    place[order] = np.arange(len(keys))
    return texts.take(order), place


@dataclass(frozen=True, slots=True)
class Laid:
    """Rows of all numbers in the order of their ids."""

    indptr: Longs
    second: NDArray[Any]
    third: NDArray[Any]


def lay_by_number(parts: Iterable[Columns], numbers: int) -> Laid:
    """Put rows of parts, each sorted and at least one, in the order of the ids; a number is in one part only.

    All parts are held, but for their ids: each stands once, with its rows' begin.
    """
    indptr = np.zeros(numbers + 1, np.int64)
    rows = []
    for ids, b, c in parts:
        start = np.flatnonzero(changes(ids))
        indptr[ids[start] + 1] = np.diff(start, append=len(ids))
        rows.append((ids[start], start, b, c))
    np.cumsum(indptr, out=indptr)
    give_back()  # the ids, which lie between what is held
    second, third = (np.empty(indptr[-1], column.dtype) for column in rows[0][2:])
    while rows:
        number, start, b, c = rows.pop()
        to = np.repeat(indptr[number] - start, np.diff(start, append=len(b))) + np.arange(len(b))
        second[to] = b
        third[to] = c
    return Laid(indptr, second, third)
