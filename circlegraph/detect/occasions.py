"""On which occasions numbers are heard by which cells: nights, working days, days of weekends; and their home cells.

Made partition by partition, so that the hours themselves need never be held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.sightings import PLACES
from circlegraph.contacts.number_ids import NumberCollector
from circlegraph.contacts.seen import changes, distinct
from circlegraph.parallel import mapped

if TYPE_CHECKING:
    from circlegraph.contacts.number_ids import NumberIndex
    from circlegraph.contacts.seen import SightingSource
    from circlegraph.contacts.windows import Windows
    from circlegraph.resources import Resources

Longs = NDArray[np.int64]

HOURS = 24
NIGHT, WORK, WEEKEND = range(3)
MOST_NARROW = 1 << 16
CODE_BITS = 31
"""Numbers and cells have codes below 2 to the power of this."""


@dataclass(frozen=True, slots=True)
class Occasions:
    """Occasions of the numbers of an index, each with every cell that hears them once.

    Attributes
    ----------
    begin, end
        int64[numbers]: the rows of number x are ``begin[x]:end[x]``.
    key
        int16 or int32[rows]: ``step`` times the part (night, work hours, weekend day) plus the day; ascending for a
        number.
    at
        uint16 or int32[rows]: the cell, by its place among the keys of all cells.
    step
        More than there are days.
    home, nights
        int32[numbers]: the cell that hears a number on most nights, of equals the one with the smallest key, and on how
        many; -1 and 0 where none is known.
    """

    begin: Longs
    end: Longs
    key: NDArray[Any]
    at: NDArray[Any]
    step: int
    home: NDArray[np.int32]
    nights: NDArray[np.int32]


def occasions_of(
    source: SightingSource,
    index: NumberIndex,
    windows: Windows,
    resources: Resources,
    *,
    homes_only: bool = False,
) -> Occasions | None:
    """Find the occasions in some windows, whole hours at their edges; None if no cells are known.

    With `homes_only` the rows are left empty, and take no memory.
    """
    first, last = windows.edges[0] // 3600, -(-windows.edges[-1] // 3600)
    before = first // HOURS - 1  # the first night may have begun the day before
    step = last // HOURS - before + 2
    width = np.int16 if 3 * step <= np.iinfo(np.int16).max else np.int32
    collector = NumberCollector()

    def of_partition(partition: int) -> tuple[NDArray[Any], ...]:
        number, hour, cell = np.ascontiguousarray(source.rows(PLACES, partition).T)
        ids = index.ids(number)
        part, day = parts_of_day(hour)
        wanted = (ids >= 0) & (hour >= first) & (hour < last) & (part >= 0)
        ids, cell = ids[wanted], cell[wanted]
        collector.collect(cell)
        ids, key, at = distinct(ids, part[wanted] * step + day[wanted] - before, cell)
        narrow = np.uint16 if at.max(initial=0) < MOST_NARROW else np.int32
        begin = np.flatnonzero(changes(ids))
        rows = () if homes_only else (key.astype(width), at.astype(narrow))
        return ids[begin], np.diff(begin, append=len(ids)), *_most_nights(ids, key < step, at), *rows

    found = list(mapped(of_partition, source.partitions(PLACES), resources.threads))
    cells, rank = collector.finish()
    if not len(cells):
        return None
    home, nights = (np.full(len(index), empty, np.int32) for empty in (-1, 0))
    begin, end = np.zeros(len(index), np.int64), np.zeros(len(index), np.int64)
    rows = sum(len(part[-1]) for part in found) if not homes_only else 0
    key = np.empty(rows, width)
    at = np.empty(rows, np.uint16 if len(rank) <= MOST_NARROW else np.int32)
    rows = 0
    while found:
        ids, size, sleeper, cell, count, *kept = found.pop(0)
        _take_smallest(home, nights, sleeper, rank[cell].astype(np.int32), count)
        if kept:
            end[ids] = rows + np.cumsum(size)
            begin[ids] = end[ids] - size
            there = slice(rows, rows + len(kept[0]))
            key[there], at[there] = kept[0], rank[kept[1]]
            rows += len(kept[0])
    return Occasions(begin, end, key, at, step, home, nights)


def parts_of_day(hour: Longs) -> tuple[Longs, Longs]:
    """Part and day of hours since 1970: night (20-8), work hours (Mon-Fri 8-18), a weekend by day, or -1 for none.

    A night belongs to the day it begins on.

    Examples
    --------
    >>> friday = 24 * 8  # 1970-01-09
    >>> part, day = parts_of_day(friday + np.array([7, 8, 18, 20, 32, 33]))
    >>> part.tolist(), day.tolist()
    ([0, 1, -1, 0, 2, 2], [7, 8, 8, 8, 9, 9])
    """
    day, of_day = hour // HOURS, hour % HOURS
    night = (of_day >= 20) | (of_day < 8)
    weekend = (day + 3) % 7 >= 5  # 1970-01-01 was a Thursday
    part = np.where(night, NIGHT, np.where(weekend, WEEKEND, np.where(of_day < 18, WORK, -1)))
    return part, np.where(night, (hour - 8) // HOURS, day)


def _most_nights(ids: Longs, night: NDArray[np.bool_], at: Longs) -> tuple[Longs, Longs, NDArray[np.int32]]:
    """Numbers, the cells that hear them on most nights (several if equal), and on how many; `ids` ascend."""
    slept = np.sort(ids[night] << CODE_BITS | at[night])  # one number holds both, and sorts far faster
    start = np.flatnonzero(changes(slept))
    count = np.diff(start, append=len(slept))
    ids, at = slept[start] >> CODE_BITS, slept[start] & ((1 << CODE_BITS) - 1)
    first = np.flatnonzero(changes(ids))
    most = np.maximum.reduceat(count, first) if len(first) else count
    best = count == np.repeat(most, np.diff(first, append=len(ids)))
    return ids[best], at[best], count[best].astype(np.int32)


def _take_smallest(
    home: NDArray[np.int32],
    nights: NDArray[np.int32],
    ids: Longs,
    cell: NDArray[np.int32],
    count: NDArray[np.int32],
) -> None:
    """Note the cell of each number, in place; of several the smallest."""
    order = np.lexsort((-cell, ids))  # the smallest is written last
    home[ids[order]] = cell[order]
    nights[ids] = count
