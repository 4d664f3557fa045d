"""Everything the search for families needs to know of the ties above a floor, and of each number's whole circle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.pairs import LENGTHS, PARTS_OF_WEEK, Pairs
from circlegraph.contacts.windows import Windows
from circlegraph.graph.numbering import Numbers
from circlegraph.graph.source import Contacts
from circlegraph.kernels.circle_ranks import circle_ranks
from circlegraph.kernels.day_bits import days_and_weeks
from circlegraph.kernels.day_patterns import day_patterns
from circlegraph.kernels.tied_rows import add_to_ends, tied_rows
from circlegraph.parallel import mapped
from circlegraph.resources import Resources

LONG_DAYS = 45
MANY_PAIRS = 1 << 24
"""Where there are so many days and pairs, ties with contact on one day only are left out, to save time and memory."""
COLUMNS = ("contacts", "days", "weeks", "run", "out", "in")
RHYTHM = ("days_off", "work", "free", "short", "answered")
WORK_HOURS, EVENINGS, WEEKENDS = (PARTS_OF_WEEK.index(p) for p in ("work_hours", "evenings", "weekend_days"))
CONTACTS, WORK, FREE = range(3)
"""Columns of the totals."""


@dataclass(frozen=True, slots=True)
class FamilyTies:
    """Ties on at least `least_days` days between numbers that are no hubs.

    There may be millions: the columns are as narrow as they can be.

    Attributes
    ----------
    numbers, windows
        The numbers, and the one window.
    indptr, peers, tie
        int64, int32, int32: symmetric rows with ascending peers, and the tie that each edge belongs to.
    ranks
        float32[ties, 2]: rank of each tie by contacts in the circle of its smaller and of its larger number, from 1;
        equals share the mean.
    ends
        int32[ties, 2]: ids, the smaller first.
    table
        int32[ties, 6], columns as in `COLUMNS`: calls and texts, days, weeks, longest run of days; contacts from the
        smaller to the larger number and the other way.
    rhythm
        int32[ties, 5], columns as in `RHYTHM`: days off; contacts in work hours, and in evenings and on days of the
        weekend; calls of up to a minute, and all answered ones. Only the evidence is made of them.
    hours
        int64[3]: contacts of all ties in work hours, in evenings, and on days of the weekend.
    totals
        int64[numbers, 3]: contacts of each number with all its peers, those under the floor too; of them in work hours;
        in evenings and on days of the weekend.
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
    peers: NDArray[np.int32]
    tie: NDArray[np.int32]
    ranks: NDArray[np.float32]
    ends: NDArray[np.int32]
    table: NDArray[np.int32]
    rhythm: NDArray[np.int32]
    hours: NDArray[np.int64]
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
        """One column of the tables, int32[ties]."""
        if name in COLUMNS:
            return self.table[:, COLUMNS.index(name)]
        return self.rhythm[:, RHYTHM.index(name)]


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
    """Collect the ties piece by piece; the pairs of `contacts` are used up.

    `holidays` are days since 1970-01-01 that count as days off beside Saturdays and Sundays.
    """
    table, numbers = contacts.table, contacts.numbers
    least_days = floor_of(table.windows, int(table.degree.sum()) // 2)
    off, share = _days_off(table.windows, holidays)
    hubs = table.degree > most_peers
    totals, hours = np.zeros((len(numbers), 3), np.int64), np.zeros(3, np.int64)
    parts: list[tuple[NDArray[np.int32], ...]] = [
        tuple(np.empty((0, width), np.int32) for width in (2, len(COLUMNS), len(RHYTHM)))
    ]

    def looked_at(pairs: Pairs) -> tuple[NDArray[Any], ...]:
        days, weeks = days_and_weeks(pairs.days, 0, table.windows.week_masks(0))
        kept = (days >= least_days) & ~hubs[pairs.ends].any(axis=1)
        everything = np.column_stack([_contacts(pairs), *_work_and_free(pairs)])
        return pairs.ends, everything, *_columns(pairs.take(kept), days[kept], weeks[kept], off)

    for ends, everything, when, *part in mapped(looked_at, table.parts, resources.threads):
        add_to_ends(ends, everything, totals)
        hours += when
        parts.append(tuple(part))
    table.parts.release()
    table.places = None
    ends, columns, rhythm = _in_order(parts, len(numbers), resources.threads)
    indptr, peers, tie = tied_rows(ends, len(numbers))
    return FamilyTies(
        numbers=numbers,
        windows=table.windows,
        indptr=indptr,
        peers=peers,
        tie=tie,
        ranks=circle_ranks(indptr, peers, tie, columns[:, 0]),
        ends=ends,
        table=columns,
        rhythm=rhythm,
        hours=hours,
        totals=totals,
        degree=table.degree,
        hubs=hubs,
        least_days=least_days,
        most_peers=most_peers,
        off_share=share,
    )


def _columns(
    pairs: Pairs, days: NDArray[np.int32], weeks: NDArray[np.int32], off: NDArray[np.uint64]
) -> tuple[NDArray[Any], ...]:
    """Contacts of some pairs by the parts of the week, and their ends and tables."""
    ways, habits = pairs.counts, pairs.habits
    run, days_off = day_patterns(pairs.days, off).T
    lengths = habits[:, len(PARTS_OF_WEEK) : len(PARTS_OF_WEEK) + len(LENGTHS)]
    calls = lengths[:, 1] + lengths[:, 2], lengths[:, 1:].sum(axis=1, dtype=np.int32)
    return (
        habits[:, [WORK_HOURS, EVENINGS, WEEKENDS]].sum(axis=0, dtype=np.int64),
        pairs.ends.astype(np.int32),
        np.column_stack(
            [_contacts(pairs), days, weeks, run, ways[:, 0] + ways[:, 2], ways[:, 1] + ways[:, 3]]
        ),
        np.column_stack([days_off, *_work_and_free(pairs), *calls]),
    )


def _contacts(pairs: Pairs) -> NDArray[np.int32]:
    return np.asarray(pairs.counts.sum(axis=1, dtype=np.int32))


def _work_and_free(pairs: Pairs) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Contacts of pairs in work hours, and in evenings and on days of the weekend."""
    return pairs.habits[:, WORK_HOURS], pairs.habits[:, EVENINGS] + pairs.habits[:, WEEKENDS]


def _in_order(
    parts: list[tuple[NDArray[np.int32], ...]], numbers: int, threads: int
) -> list[NDArray[np.int32]]:
    """Put ends and tables of parts, which are used up, together in the order of the ends."""
    keys = np.concatenate([ends[:, 0].astype(np.int64) * numbers + ends[:, 1] for ends, *_ in parts])
    place = np.empty(len(keys), np.int32)
    place[np.argsort(keys)] = np.arange(len(keys), dtype=np.int32)
    del keys
    places = np.split(place, np.cumsum([len(ends) for ends, *_ in parts])[:-1])
    whole = [np.empty((len(place), column.shape[1]), np.int32) for column in parts[0]]

    def put(number: int) -> None:
        for column, some in zip(whole, parts[number], strict=True):
            column[places[number]] = some
        parts[number] = ()

    list(mapped(put, range(len(parts)), threads))
    return whole


def _days_off(windows: Windows, holidays: NDArray[np.int64]) -> tuple[NDArray[np.uint64], float]:
    """Day bits of Saturdays, Sundays and holidays, and their share of the window's days."""
    first, last = windows.first_day(0), windows.last_day(0)
    day = np.arange(first, last + 1)
    off = ((day + 3) % 7 >= 5) | np.isin(day, holidays)  # 1970-01-01 was a Thursday
    bits = np.zeros((last - first) // 64 + 1, np.uint64)
    bit = np.flatnonzero(off)
    np.bitwise_or.at(bits, bit // 64, np.uint64(1) << (bit % 64).astype(np.uint64))
    return bits, float(off.mean())
