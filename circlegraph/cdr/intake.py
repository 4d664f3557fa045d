"""Take in CDRs: read and clean every chunk, cut the events into partitions, and count each event once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log2
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.exchange import Exchange, Pieces
from circlegraph.cdr.once import ONE_LEG, SAMPLE_ROWS, TOLERANCE, LegRule, choose_rule, count_once
from circlegraph.cdr.pipeline import Cdr, clean_chunks
from circlegraph.cdr.report import Report
from circlegraph.cdr.sightings import SightingExchange
from circlegraph.cdr.stamps import starts
from circlegraph.errors import InputError
from circlegraph.kernels.aggregate import DAY
from circlegraph.kernels.exchange import pack_stamps, pair_partition
from circlegraph.numbers import Tokens

if TYPE_CHECKING:
    from circlegraph.cdr.events import Events
    from circlegraph.cdr.quarantine import Quarantine
    from circlegraph.cdr.rejected import Rejected
    from circlegraph.cdr.sightings import Sightings
    from circlegraph.resources import Resources

# A partition of about this many rows fits the cache together with its hash tables.
PARTITION_ROWS = 48_000
MOST_BITS = 12
ROW_BYTES_ON_DISK = 20
FIRST_REJECTED = 5

# Rows that a sample takes of one partition, about; more are there if a pair of numbers has very many.
CROWDED = 8 * SAMPLE_ROWS

REPEATED = "repeated row"
SECOND_LEG = "second leg"


@dataclass(slots=True)
class Intake:
    """Cleaned events, cut by pair of numbers, ready to be used once.

    Attributes
    ----------
    reports
        Counts per file, before duplicates are known.
    tokens
        Strings of the numbers that are not made of digits.
    rule
        How one-leg input was told from two-leg input.
    first, last
        Start of the first and the last event, None where there is none. Where the last day of the rows holds second
        records alone, the last second of the day before stands for the latter.
    first_rejected
        Path and row of the first few rejected rows.
    sightings
        Cells, handsets and forwards, where they were asked for.
    timed
        Whether the events have times; else the starts are counts of calls, and no row is repeated.
    """

    reports: list[Report]
    tokens: Tokens
    rule: LegRule
    first: int | None
    last: int | None
    first_rejected: list[tuple[str, Rejected]]
    sightings: SightingExchange | None
    timed: bool
    _exchange: Exchange
    _sizes: dict[int, int]
    _dropped: dict[str, int] = field(default_factory=lambda: {REPEATED: 0, SECOND_LEG: 0})
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __len__(self) -> int:
        """Count the rows, each record of an event by itself."""
        return sum(self._sizes.values())

    def partitions(self) -> list[int]:
        """Numbers of the partitions that hold any event."""
        return list(self._sizes)

    def unique(self, partition: int) -> NDArray[np.int64]:
        """Events of a partition, each once: int64[n, 3] of caller, callee, stamp."""
        return self._once(partition, self.rule)

    def records(self, partition: int) -> NDArray[np.int64]:
        """Rows of a partition, repeated ones dropped, but with all records of each event."""
        return self._once(partition, ONE_LEG)

    def _once(self, partition: int, rule: LegRule) -> NDArray[np.int64]:
        rows = self._exchange.partition(partition, self._sizes[partition])
        if not self.timed:
            return rows
        once = count_once(rows, rule)
        with self._lock:
            self._dropped[REPEATED] += once.repeated
            self._dropped[SECOND_LEG] += once.second_legs
        return once.events

    def pieces(self, partition: int) -> Iterator[Pieces]:
        """Packed rows of a partition."""
        return self._exchange.pieces(partition)

    def days(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Days since 1970-01-01 that hold any event, ascending, and how many events: int64[k] each."""
        parts = [
            np.unique(starts(count_once(rows, self.rule).events[:, 2]) // DAY, return_counts=True)
            for rows in (self._exchange.partition(part, size) for part, size in self._sizes.items())
        ]
        held, place = np.unique(np.concatenate([days for days, _ in parts]), return_inverse=True)
        return held, np.bincount(place, np.concatenate([events for _, events in parts])).astype(np.int64)

    def drop_repeated(self, rows: int) -> None:
        """Count repeated rows that were found in `pieces`."""
        with self._lock:
            self._dropped[REPEATED] += rows

    def release(self) -> None:
        """Let go of the events; the sightings are released by themselves."""
        self._exchange.release()

    def report(self) -> Report:
        """Counts of all files; duplicates are complete once every partition was asked for."""
        total = sum(self.reports, Report())
        for rule, count in self._dropped.items():
            total.drop(rule, count)
        total.check()
        return total


def partition_bits(rows: float) -> int:
    """Bits of the partition number for an expected count of rows; no result depends on it.

    Examples
    --------
    >>> partition_bits(1000), partition_bits(50e6)
    (0, 10)
    """
    return min(MOST_BITS, max(0, round(log2(max(rows, 1) / PARTITION_ROWS))))


def take_in(
    cdr: Cdr,
    resources: Resources,
    quarantine: Quarantine | None = None,
    *,
    sightings: bool = False,
    untimed: bool = False,
) -> Intake:
    """Read and clean all files of a recognised input and cut the events by pair of numbers.

    With `sightings`, cells, handsets and forwards are taken in too, cut by number. With `untimed`, a table of
    counts without times will do.

    Raises
    ------
    InputError
        If a file turns out to be damaged, or says nothing of times though they are needed.
    """
    if not cdr.timed and not untimed:
        raise InputError(
            f"{cdr.files[0].path}: a table of counts does not say when people called, which is needed here; "
            "give CDRs with a time per call"
        )
    expected = sum(file.rows or file.bytes / ROW_BYTES_ON_DISK for file in cdr.files)
    bits = partition_bits(expected)
    exchange = Exchange(resources.event_room)
    reports = [Report() for _ in cdr.files]
    tokens: list[Tokens] = []
    first_rejected: list[tuple[str, Rejected]] = []
    legs = np.zeros(3, np.int64)
    rows = 0
    lock = threading.Lock()

    seen = SightingExchange(bits, resources.sighting_room) if sightings else None
    if sightings:
        cdr = cdr.with_sightings()

    def add(events: Events, found: Sightings) -> None:
        stamps = pack_stamps(events.start, events.duration, events.kind, events.leg)
        part = pair_partition(events.caller, events.callee, bits)
        exchange.add((events.caller, events.callee, stamps), part, 0, 1 << bits)
        if seen is not None:
            seen.add(found)
        with lock:
            legs[:] += [np.count_nonzero(events.leg == leg) for leg in range(3)]

    for chunk in clean_chunks(cdr, resources.threads, add):
        reports[chunk.index] += chunk.report
        if len(chunk.tokens):
            tokens.append(chunk.tokens)
        path = cdr.files[chunk.index].path
        first_rejected += [(path, row) for row in chunk.rejected[: FIRST_REJECTED - len(first_rejected)]]
        if quarantine is not None:
            quarantine.add(path, chunk.rejected)
        rows += chunk.report.read
        resources.progress("reading", rows, None)
    sizes = exchange.sizes()
    rule = choose_rule(legs, _sample(exchange, sizes)) if sizes and cdr.timed else ONE_LEG
    total = sum(reports, Report())
    return Intake(
        reports,
        Tokens.concat(tokens),
        rule,
        total.first,
        _last(exchange, sizes, rule, total.last),
        first_rejected,
        seen,
        cdr.timed,
        exchange,
        sizes,
    )


def _sample(exchange: Exchange, sizes: dict[int, int]) -> NDArray[np.int64]:
    """Rows of the first few partitions: all of their pairs' rows, or of a crowded partition the earliest ones."""
    parts: list[NDArray[np.int64]] = []
    rows = 0
    for number, size in sizes.items():
        if rows >= SAMPLE_ROWS:
            break
        part = exchange.partition(number, size)
        if size > CROWDED:
            part = part[part[:, 2] <= np.partition(part[:, 2], CROWDED)[CROWDED]]
        parts.append(part)
        rows += size
    return np.concatenate(parts)


def _last(exchange: Exchange, sizes: dict[int, int], rule: LegRule, last: int | None) -> int | None:
    """Start of the last event, from that of the last row, which may be a second record.

    A second record may begin a few seconds after midnight though its event counts on the day before: a day of such
    rows alone is no day of the data. At the other end there are none, as of two days the earlier one counts.
    """
    if last is None or rule == ONE_LEG or last % DAY >= TOLERANCE:
        return last
    midnight = last // DAY * DAY
    for number, size in sizes.items():
        rows = exchange.partition(number, size)
        late = rows[starts(rows[:, 2]) >= midnight]
        if not len(late):
            continue
        rows = rows[np.isin(rows[:, 0], late[:, 0]) & np.isin(rows[:, 1], late[:, 1])]
        if (starts(count_once(rows, rule).events[:, 2]) >= midnight).any():
            return last
    return midnight - 1
