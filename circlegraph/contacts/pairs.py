"""The contacts of pairs of numbers: what one partition of events or of stored days comes to."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from tempfile import TemporaryFile
from typing import IO

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.contacts.windows import Windows
from circlegraph.kernels.aggregate import group_pairs, sum_pairs, sum_times
from circlegraph.parallel import mapped

MEASURES = ("calls_out", "seconds_out", "calls_in", "seconds_in", "sms_out", "sms_in")
DETAILS = ("night_calls", "night_sms", "weekend_calls", "weekend_sms")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Measures per unordered pair of numbers, a < b, and window; columns as `kernels.aggregate` gives them.

    `nights` and `seen` have no columns unless details were asked for.
    `ends` are number keys at first, and ids once `PairParts.number` was called.
    """

    ends: NDArray[np.int64]
    counts: NDArray[np.int32]
    seconds: NDArray[np.int64]
    days: NDArray[np.uint64]
    nights: NDArray[np.int32]
    seen: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def columns(self) -> tuple[NDArray[np.generic], ...]:
        """The arrays, in the order of the fields."""
        return tuple(getattr(self, f.name) for f in fields(self))

    @property
    def nbytes(self) -> int:
        """Size in bytes."""
        return sum(column.nbytes for column in self.columns)

    def take(self, rows: NDArray[np.bool_]) -> "Pairs":
        """Only the rows that a mask selects."""
        return Pairs(*(column[rows] for column in self.columns))  # type: ignore[arg-type]

    @classmethod
    def of_events(cls, events: NDArray[np.int64], windows: Windows, detail: bool) -> "Pairs":
        """Sum the unique events of one partition (int64[n, 3]: caller, callee, stamp)."""
        edges = np.array(windows.edges, np.int64)
        pair, keys = group_pairs(events, edges[0], edges[-1])
        sums = sum_pairs(events, pair, len(keys), edges, windows.words)
        if detail:
            return cls(keys, *sums, *sum_times(events, pair, len(keys), edges))
        return cls(keys, *sums, np.empty((len(keys), 0), np.int32), np.empty((len(keys), 0), np.int64))

    @classmethod
    def concatenate(cls, parts: "list[Pairs]") -> "Pairs":
        """Join the rows of several partitions."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate(columns) for columns in zip(*(p.columns for p in parts), strict=True)))


class PairParts:
    """The pairs of all partitions: in memory, or past `room` bytes in an unnamed temporary file."""

    def __init__(self, room: int | None = None) -> None:
        self._room = room
        self._held = 0
        self._file: IO[bytes] | None = None
        self._parts: list[Pairs | list[tuple[int, np.dtype[np.generic], tuple[int, ...]]]] = []
        self._index: NumberIndex | None = None

    def append(self, pairs: Pairs) -> None:
        """Add the pairs of one partition."""
        if self._room is None or self._held + pairs.nbytes <= self._room:
            self._held += pairs.nbytes
            self._parts.append(pairs)
            return
        if self._file is None:
            self._file = TemporaryFile(prefix="circlegraph-pairs-")
        places = []
        for column in pairs.columns:
            places.append((self._file.tell(), column.dtype, column.shape))
            self._file.write(np.ascontiguousarray(column).data)
        self._parts.append(places)

    def number(self, index: NumberIndex, threads: int) -> None:
        """Turn the number keys of all pairs into ids: at once in memory, later when read from the file."""
        self._index = index

        def renumber(part: Pairs) -> None:
            part.ends[:] = index.ids(part.ends)

        list(mapped(renumber, (p for p in self._parts if isinstance(p, Pairs)), threads))

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[Pairs]:
        for part in self._parts:
            yield part if isinstance(part, Pairs) else self._load(part)

    def _load(self, places: list[tuple[int, np.dtype[np.generic], tuple[int, ...]]]) -> Pairs:
        assert self._file is not None
        columns = []
        for position, dtype, shape in places:
            self._file.seek(position)
            column = np.fromfile(self._file, dtype, int(np.prod(shape)))
            columns.append(column.reshape(shape))
        pairs = Pairs(*columns)
        if self._index is not None:
            pairs.ends[:] = self._index.ids(pairs.ends)
        return pairs

    def release(self) -> None:
        """Let go of the memory and the file."""
        self._parts.clear()
        if self._file is not None:
            self._file.close()
