"""The contacts of pairs of numbers: what one partition of events or of stored days comes to."""

import threading
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
    def of_sums(cls, rows: int, windows: Windows) -> "Pairs":
        """Rows to be filled, of sums only."""
        return cls(
            np.empty((rows, 2), np.int64),
            np.empty((rows, 4 * len(windows)), np.int32),
            np.empty((rows, 2 * len(windows)), np.int64),
            np.empty((rows, windows.words[-1]), np.uint64),
            *no_times(rows),
            no_habits(rows),
        )

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


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """One array of several, which are let go of."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole


def no_times(pairs: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Stand in for nights and times that were not asked for."""
    return np.empty((pairs, 0), np.int32), np.empty((pairs, 0), np.int64)


def no_habits(pairs: int) -> NDArray[np.int32]:
    """Stand in for habits that were not asked for."""
    return np.empty((pairs, 0), np.int32)


class PairParts:
    """The pairs of all partitions: in memory, or past `room` bytes in an unnamed temporary file.

    Parts may be added from several threads; they stand in the order in which they came.

    Parameters
    ----------
    expected
        Rows to allocate at a time; memory that is not written to costs nothing yet.
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
        self._tables: list[Pairs] = []
        self._filled: list[int] = []
        self._file = file or SpillFile()
        self._collector = collector
        self._spilled: list[list[tuple[int, np.dtype[np.generic], tuple[int, ...]]]] = []
        self._rank: NDArray[np.int64] | None = None
        self._lock = threading.Lock()

    def append(self, pairs: Pairs) -> None:
        """Add the pairs of one partition."""
        rows = self._reserved(pairs, len(pairs))
        if rows is None:
            self._spill(pairs)
        else:
            for column, added in zip(rows.columns, pairs.columns, strict=True):
                column[:] = added

    def append_in_order(self, pieces: Iterable[Pieces], windows: Windows) -> int | None:
        """Add the sums of packed rows of one partition (`Exchange.pieces`), each once, and say how many were repeated.

        None if they do not come in the order of time; nothing is added then.
        """
        edges, first = np.array(windows.edges, np.int64), first_words(windows.words)
        sums = no_sums(int(first[-1]))
        for piece in pieces:
            sums, ordered = add_in_order(*piece, edges, first, sums)
            if not ordered:
                return None
        repeated, n = sums.state[REPEATED:].tolist()
        held = self._reserved(Pairs.of_sums(0, windows), n)
        rows = Pairs.of_sums(n, windows) if held is None else held
        unpack(sums.records[:n], first, rows.ends, rows.counts, rows.seconds, rows.days)
        if held is None:
            self._spill(rows)
        return int(repeated)

    def _reserved(self, like: Pairs, rows: int) -> Pairs | None:
        """Rows in memory to be filled, None if there is no room."""
        with self._lock:
            if self._room is not None and (sum(self._filled) + rows) * like.row_bytes > self._room:
                return None
            if not self._tables or self._filled[-1] + rows > len(self._tables[-1]):
                size = max(self._expected, rows)
                self._tables.append(Pairs(*(np.empty((size, *c.shape[1:]), c.dtype) for c in like.columns)))
                self._filled.append(0)
            begin = self._filled[-1]
            self._filled[-1] += rows
            return self._tables[-1].take(slice(begin, begin + rows))

    def _spill(self, pairs: Pairs) -> None:
        with self._lock:
            if self._collector is not None:
                self._collector.collect(pairs.ends)
            self._spilled.append([(self._file.append(c), c.dtype, c.shape) for c in pairs.columns])

    def _held(self) -> Pairs | None:
        """All pairs in memory, in one table."""
        if not self._tables:
            return None
        if len(self._tables) > 1:
            filled = zip(self._tables, self._filled, strict=True)
            columns = [
                list(parts) for parts in zip(*(t.take(slice(n)).columns for t, n in filled), strict=True)
            ]
            self._tables.clear()
            self._tables.append(Pairs(*(_joined(parts) for parts in columns)))
            self._filled = [len(self._tables[0])]
        return self._tables[0].take(slice(self._filled[0]))

    def number(self, threads: int) -> NumberedEnds | NumberIndex:
        """Turn the number keys of all pairs into ids: at once in memory, later when read from the file.

        Returns
        -------
        NumberedEnds or NumberIndex
            The numbers; where all pairs are in memory, also the places of each number's pairs among their ends.
        """
        table = self._held()
        held = number_ends(np.empty((0, 2), np.int64) if table is None else table.ends, threads)
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
        return None if self._spilled else self._held()

    def _pieces(self) -> Iterator[Pairs]:
        table = self._held()
        for begin in range(0, 0 if table is None else len(table), PIECE_ROWS):
            assert table is not None
            yield table.take(slice(begin, begin + PIECE_ROWS))

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
        self._tables.clear()
        self._filled.clear()
        self._spilled.clear()
        self._file = SpillFile()
