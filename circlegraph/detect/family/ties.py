"""Everything the search for families needs to know of the ties above a floor, and of each number's whole circle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.windows import Windows
from circlegraph.graph.numbering import Numbers
from circlegraph.graph.rows import Rows
from circlegraph.graph.source import Contacts
from circlegraph.kernels.circle_ranks import circle_ranks
from circlegraph.kernels.day_patterns import day_patterns
from circlegraph.kernels.recognise import reverse_edges
from circlegraph.kernels.row_sums import row_sums
from circlegraph.resources import Resources

LONG_DAYS = 45
MANY_PAIRS = 1 << 24
"""Where there are so many days and pairs, ties with contact on one day only are left out, to save time and memory."""
HABIT_COLUMNS = 10
"""Parts of the week and classes of length, without who opened the contact."""
COLUMNS = ("contacts", "days", "weeks", "run", "days_off", "out", "in")


@dataclass(frozen=True, slots=True)
class FamilyTies:
    """Ties on at least `least_days` days between numbers that are no hubs.

    Attributes
    ----------
    numbers, windows
        The numbers, and the one window.
    indptr, peers, tie
        int64: symmetric rows with ascending peers, and the tie that each edge belongs to.
    rank
        float64[edges]: rank of the peer in the number's circle by contacts, from 1; equals share the mean.
    ends
        int64[ties, 2]: ids, the smaller first.
    table
        int32[ties, 7], columns as in `COLUMNS`: calls and texts, days, weeks, longest run of days, days off; contacts
        from the smaller to the larger number and the other way.
    habits
        int32[ties, 10]: as `contacts.pairs.HABITS`, without who opened the contact.
    totals
        int64[numbers, 11]: contacts and habits of each number with all its peers, those under the floor too.
    degree
        int64[numbers]: all peers of each number.
    hubs
        bool[numbers]: numbers with more than `most_peers` peers.
    least_days, most_peers
        Floor and cap.
    off_share
        Share of the window's days that are weekends or holidays.
    """

    numbers: Numbers
    windows: Windows
    indptr: NDArray[np.int64]
    peers: NDArray[np.int64]
    tie: NDArray[np.int64]
    rank: NDArray[np.float64]
    ends: NDArray[np.int64]
    table: NDArray[np.int32]
    habits: NDArray[np.int32]
    totals: NDArray[np.int64]
    degree: NDArray[np.int64]
    hubs: NDArray[np.bool_]
    least_days: int
    most_peers: int
    off_share: float

    def __len__(self) -> int:
        """Count the ties."""
        return len(self.ends)

    def column(self, name: str) -> NDArray[np.int32]:
        """One column of the table, int32[ties]."""
        return self.table[:, COLUMNS.index(name)]

    @property
    def ranks(self) -> NDArray[np.float64]:
        """Rank of each tie in the circle of its smaller and of its larger number, float64[ties, 2]."""
        sides = np.empty((len(self), 2))
        heads = np.repeat(np.arange(len(self.numbers)), np.diff(self.indptr))
        larger = heads > self.peers
        sides[self.tie[~larger], 0] = self.rank[~larger]
        sides[self.tie[larger], 1] = self.rank[larger]
        return sides


def floor_of(windows: Windows, pairs: int) -> int:
    """Days of contact that a tie needs: one, or two where the data are long and large.

    Examples
    --------
    >>> month, season = Windows((0, 30 * 86_400)), Windows((0, 120 * 86_400))
    >>> floor_of(month, 10**9), floor_of(season, 10**6), floor_of(season, 10**9)
    (1, 1, 2)
    """
    return 2 if windows.length(0) >= LONG_DAYS and pairs > MANY_PAIRS else 1


def make_ties(
    contacts: Contacts, resources: Resources, holidays: NDArray[np.int64], most_peers: int
) -> FamilyTies:
    """Collect the ties block by block; `contacts` is used up.

    `holidays` are days since 1970-01-01 that count as days off beside Saturdays and Sundays.
    """
    table, numbers = contacts.table, contacts.numbers
    least_days = floor_of(table.windows, int(table.degree.sum()) // 2)
    off, share = _days_off(table.windows, holidays)
    hubs = table.degree > most_peers
    totals = np.zeros((len(numbers), HABIT_COLUMNS + 1), np.int64)
    kept = np.zeros(len(numbers), np.int64)
    parts: list[tuple[NDArray[np.generic], ...]] = []
    for rows in table.rows(resources):
        pairs = rows.pairs
        habits = pairs.habits[:, :HABIT_COLUMNS]
        counts = pairs.counts.sum(axis=1, dtype=np.int32)
        everything = np.column_stack([counts, habits])
        totals[rows.low : rows.high] = row_sums(rows.indptr, rows.sources, everything)
        days, weeks = rows.days_and_weeks(0)
        keep = (rows.of_pairs(days) >= least_days) & ~hubs[rows.peers]
        keep &= ~np.repeat(hubs[rows.low : rows.high], np.diff(rows.indptr))
        kept[rows.low : rows.high] = np.diff(np.concatenate([[0], np.cumsum(keep)])[rows.indptr])
        first = rows.sources[keep & (rows.sources & 1 == 0)] >> 1
        parts.append((rows.peers[keep], *_columns(rows, first, counts, days, weeks, off)))
    peers, ends, columns, habits = (
        np.concatenate(column)
        for column in zip(*parts, strict=True)  # a block at least
    )
    indptr = np.concatenate([[0], np.cumsum(kept)]).astype(np.int64)
    tie = _ties_of_edges(indptr, peers)
    strength = columns[:, 0].astype(np.int64)
    return FamilyTies(
        numbers=numbers,
        windows=table.windows,
        indptr=indptr,
        peers=peers,
        tie=tie,
        rank=circle_ranks(indptr, strength[tie]),
        ends=ends,
        table=columns,
        habits=habits,
        totals=totals,
        degree=table.degree,
        hubs=hubs,
        least_days=least_days,
        most_peers=most_peers,
        off_share=share,
    )


def _columns(
    rows: Rows,
    first: NDArray[np.int64],
    counts: NDArray[np.int32],
    days: NDArray[np.int32],
    weeks: NDArray[np.int32],
    off: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Ends, table and habits of some pairs of a block."""
    pairs = rows.pairs
    patterns = day_patterns(pairs.days[first], off)
    ways = pairs.counts[first]
    table = np.column_stack(
        [counts[first], days[first], weeks[first], patterns, ways[:, 0] + ways[:, 2], ways[:, 1] + ways[:, 3]]
    )
    return pairs.ends[first], table.astype(np.int32), pairs.habits[first, :HABIT_COLUMNS]


def _ties_of_edges(indptr: NDArray[np.int64], peers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of each edge's tie; ties are the edges to a larger id, in the order of the rows."""
    heads = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    forward = np.flatnonzero(heads < peers)
    tie = np.empty(len(peers), np.int64)
    tie[forward] = np.arange(len(forward))
    tie[reverse_edges(indptr, peers)[forward]] = np.arange(len(forward))
    return tie


def _days_off(windows: Windows, holidays: NDArray[np.int64]) -> tuple[NDArray[np.uint64], float]:
    """Day bits of Saturdays, Sundays and holidays, and their share of the window's days."""
    first, last = windows.first_day(0), windows.last_day(0)
    day = np.arange(first, last + 1)
    off = ((day + 3) % 7 >= 5) | np.isin(day, holidays)  # 1970-01-01 was a Thursday
    bits = np.zeros((last - first) // 64 + 1, np.uint64)
    bit = np.flatnonzero(off)
    np.bitwise_or.at(bits, bit // 64, np.uint64(1) << (bit % 64).astype(np.uint64))
    return bits, float(off.mean())
