"""The contacts of pairs of numbers: what one partition of events or of stored days comes to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.exchange import Pieces
from circlegraph.contacts.number_ids import NumberCollector, NumberedEnds, NumberIndex, number_ends
from circlegraph.contacts.windows import Windows
from circlegraph.kernels.aggregate import group_pairs, sum_pairs, sum_times
from circlegraph.kernels.counts import sum_counts
from circlegraph.kernels.habits import sum_habits
from circlegraph.kernels.ordered_sums import REPEATED, add_in_order, first_words, no_sums, unpack
from circlegraph.parallel import mapped
from circlegraph.spill import SpillFile

MEASURES = ("calls_out", "seconds_out", "calls_in", "seconds_in", "sms_out", "sms_in")
PIECE_ROWS = 1 << 16
DETAILS = ("night_calls", "night_sms", "weekend_calls", "weekend_sms")
PARTS_OF_WEEK = ("work_hours", "evenings", "nights", "weekend_days")
LENGTHS = ("unanswered", "to_30s", "to_60s", "to_180s", "to_600s", "longer")
HABITS = (*PARTS_OF_WEEK, *LENGTHS, "opened")
"""Per pair and window, see `kernels.habits.sum_habits`; *opened* is 1 where the smaller key opened the contact."""

Detail = Literal["sums", "times", "habits"]
"""What is summed: measures and days; nights, weekends and times as well; habits as well."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Measures per unordered pair of numbers, a < b, and window; columns as `kernels.aggregate` gives them.

    `nights` and `seen` have no columns where only sums were asked for; `habits` has none unless asked for.
    `ends` are number keys at first, and ids once `PairParts.number` was called.
    """

    ends: NDArray[np.int64]
    counts: NDArray[np.int32]
    seconds: NDArray[np.int64]
    days: NDArray[np.uint64]
    nights: NDArray[np.int32]
    seen: NDArray[np.int64]
    habits: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def columns(self) -> tuple[NDArray[np.generic], ...]:
        """The arrays, in the order of the fields."""
        return tuple(getattr(self, f.name) for f in fields(self))

    @property
    def row_bytes(self) -> int:
        """Size of a row in bytes."""
        return sum(column.dtype.itemsize * column.shape[1] for column in self.columns)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64] | slice) -> "Pairs":
        """Only the rows that a mask, positions or a slice select."""
        return Pairs(*(column[rows] for column in self.columns))  # type: ignore[arg-type]

    @classmethod
    def of_events(cls, events: NDArray[np.int64], windows: Windows, detail: Detail) -> "Pairs":
        """Sum the unique events of one partition (int64[n, 3]: caller, callee, stamp)."""
        edges = np.array(windows.edges, np.int64)
        pair, keys = group_pairs(events, edges[0], edges[-1])
        sums = sum_pairs(events, pair, len(keys), edges, windows.words)
        nights, seen = no_times(len(keys))
        habits = no_habits(len(keys))
        if detail != "sums":
            nights, seen = sum_times(events, pair, len(keys), edges)
        if detail == "habits":
            habits = sum_habits(events, pair, len(keys), edges)
        return cls(keys, *sums, nights, seen, habits)

    @classmethod
    def in_order(cls, pieces: Iterable[Pieces], windows: Windows) -> "tuple[Pairs, int] | None":
        """Sum the packed rows of one partition (`Exchange.pieces`), each once, and say how many were repeated.

        None if they do not come in the order of time.
        """
        edges, words = np.array(windows.edges, np.int64), windows.words
        first = first_words(words)
        sums = no_sums(int(first[-1]))
        for piece in pieces:
            sums, ordered = add_in_order(*piece, edges, first, sums)
            if not ordered:
                return None
        repeated, n = sums.state[REPEATED:].tolist()
        found = cls(
            np.empty((n, 2), np.int64),
            np.empty((n, 4 * len(windows)), np.int32),
            np.empty((n, 2 * len(windows)), np.int64),
            np.empty((n, words[-1]), np.uint64),
            *no_times(n),
            no_habits(n),
        )
        unpack(sums.records[:n], first, found.ends, found.counts, found.seconds, found.days)
        return found, repeated

    @classmethod
    def of_counts(cls, rows: NDArray[np.int64], windows: Windows, detail: Detail) -> "Pairs":
        """Sum the rows of one partition of a table of counts, whose starts are counts; no days, no times.

        `windows` is one window, and says no more than how many columns there are.
        """
        pair, keys = group_pairs(rows, 1, np.iinfo(np.int64).max)
        counts = sum_counts(rows, pair, len(keys))
        days = np.zeros((len(keys), windows.words[-1]), np.uint64)
        nights, seen = no_times(len(keys))
        habits = no_habits(len(keys))
        if detail != "sums":
            nights, seen = np.zeros((len(keys), 4), np.int32), np.zeros((len(keys), 2), np.int64)
        if detail == "habits":
            habits = np.zeros((len(keys), len(HABITS)), np.int32)
        return cls(keys, counts, np.zeros((len(keys), 2), np.int64), days, nights, seen, habits)

    @classmethod
    def concatenate(cls, parts: "list[Pairs]") -> "Pairs":
        """Join the rows of several partitions."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate(columns) for columns in zip(*(p.columns for p in parts), strict=True)))


def no_times(pairs: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Stand in for nights and times that were not asked for."""
    return np.empty((pairs, 0), np.int32), np.empty((pairs, 0), np.int64)


def no_habits(pairs: int) -> NDArray[np.int32]:
    """Stand in for habits that were not asked for."""
    return np.empty((pairs, 0), np.int32)


class PairParts:
    """The pairs of all partitions: in memory, or past `room` bytes in an unnamed temporary file.

    Parameters
    ----------
    expected
        Rows to allocate at first; memory that is not written to costs nothing yet.
    room
        Bytes to hold in memory, None for no limit.
    file
        Where the others go; by default a file of its own, which ends with the pairs.
    collector
        Gives the numbers of the others preliminary ids, where `number` is to be called.
    """

    def __init__(
        self,
        expected: int,
        room: int | None = None,
        file: SpillFile | None = None,
        collector: NumberCollector | None = None,
    ) -> None:
        self._expected = max(expected, 1)
        self._room = room
        self._table: Pairs | None = None
        self._filled = 0
        self._file = file or SpillFile()
        self._collector = collector
        self._spilled: list[list[tuple[int, np.dtype[np.generic], tuple[int, ...]]]] = []
        self._rank: NDArray[np.int64] | None = None

    def append(self, pairs: Pairs) -> None:
        """Add the pairs of one partition."""
        end = self._filled + len(pairs)
        if self._room is not None and end * pairs.row_bytes > self._room:
            if self._collector is not None:
                self._collector.collect(pairs.ends)
            self._spilled.append([(self._file.append(c), c.dtype, c.shape) for c in pairs.columns])
            return
        if self._table is None or end > len(self._table):
            self._grow(pairs, end)
        assert self._table is not None
        for column, added in zip(self._table.columns, pairs.columns, strict=True):
            column[self._filled : end] = added
        self._filled = end

    def _grow(self, like: Pairs, rows: int) -> None:
        rows = max(self._expected if self._table is None else 2 * len(self._table), rows)
        larger = Pairs(*(np.empty((rows, *c.shape[1:]), c.dtype) for c in like.columns))
        if self._table is not None:
            for column, old in zip(larger.columns, self._table.columns, strict=True):
                column[: self._filled] = old[: self._filled]
        self._table = larger

    def number(self, threads: int) -> NumberedEnds | NumberIndex:
        """Turn the number keys of all pairs into ids: at once in memory, later when read from the file.

        Returns
        -------
        NumberedEnds or NumberIndex
            The numbers; where all pairs are in memory, also the places of each number's pairs among their ends.
        """
        ends = np.empty((0, 2), np.int64) if self._table is None else self._table.ends[: self._filled]
        held = number_ends(ends, threads)
        if not self._spilled:
            return held
        assert self._collector is not None
        keys = held.numbers.keys
        self._collector.collect(keys)
        index, self._rank = self._collector.finish()
        rank = self._rank[keys]

        def renumber(part: Pairs) -> None:
            part.ends[:] = np.take(rank, part.ends)  # lets other threads run meanwhile

        list(mapped(renumber, self._pieces(), threads))
        return index

    def __iter__(self) -> Iterator[Pairs]:
        yield from self._pieces()
        for places in self._spilled:
            yield self._load(places)

    def whole(self) -> Pairs | None:
        """All pairs at once, None if some are in the temporary file."""
        if self._spilled or self._table is None:
            return None
        return self._table.take(slice(self._filled))

    def _pieces(self) -> Iterator[Pairs]:
        for begin in range(0, self._filled, PIECE_ROWS):
            assert self._table is not None
            yield self._table.take(slice(begin, min(begin + PIECE_ROWS, self._filled)))

    def _load(self, places: list[tuple[int, np.dtype[np.generic], tuple[int, ...]]]) -> Pairs:
        columns: list[NDArray[Any]] = []
        for position, dtype, shape in places:
            columns.append(np.empty(shape, dtype))
            self._file.read(position, columns[-1])
        pairs = Pairs(*columns)
        if self._rank is not None:
            pairs.ends[:] = self._rank[pairs.ends]
        return pairs

    def release(self) -> None:
        """Let go of the memory and the file."""
        self._table, self._filled = None, 0
        self._spilled.clear()
        self._file = SpillFile()
