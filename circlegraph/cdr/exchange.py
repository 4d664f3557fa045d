"""The exchange: cleaned events, cut into partitions that each can be worked on alone."""

import threading
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels.exchange import copy_pieces, scatter
from circlegraph.spill import SpillFile

Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
Rows = NDArray[np.int64]
ROW_BYTES = 24
SEGMENT_ROWS = 1 << 22


class Exchange:
    """Events by partition, in memory or, past `room` bytes, in an unnamed temporary file.

    Batches may be added from several threads; a partition holds its events batch by batch, and what is
    computed from it must not depend on that order. When the first partition is asked for, no more batches
    may come.
    """

    def __init__(self, room: int | None = None) -> None:
        self._room = room
        self._held = 0
        self._segments: list[Rows] = []
        self._free = 0  # rows left in the last segment
        self._file = SpillFile()
        # Per batch: segment (-1 for the file), first row there or first byte, lowest partition, offsets.
        self._batches: list[tuple[int, int, int, NDArray[np.int64]]] = []
        self._lock = threading.Lock()

    def add(self, columns: Columns, partition: NDArray[np.int32], lowest: int, parts: int) -> None:
        """Scatter a batch of events; event i belongs to partition ``lowest + partition[i]``.

        Parameters
        ----------
        columns
            Caller, callee and stamp, int64[n] each.
        partition
            int32[n], in ``range(parts)``.
        lowest, parts
            The partitions of the batch lie in ``range(lowest, lowest + parts)``.
        """
        n = len(partition)
        if not n:
            return
        place = self._reserved(n)
        if place is None:
            rows = np.empty((n, 3), np.int64)
            offsets = scatter(*columns, partition, parts, rows)
            with self._lock:
                self._batches.append((-1, self._file.append(rows), lowest, offsets))
            return
        segment, first = place
        offsets = scatter(*columns, partition, parts, self._segments[segment][first : first + n])
        with self._lock:
            self._batches.append((segment, first, lowest, offsets))

    def _reserved(self, n: int) -> tuple[int, int] | None:
        """Segment and first row of n rows in memory, None if there is no room."""
        with self._lock:
            if self._free < n:
                size = max(n, SEGMENT_ROWS)
                if self._room is not None:
                    size = min(size, max(n, (self._room - self._held) // ROW_BYTES))
                    if self._held + size * ROW_BYTES > self._room:
                        return None
                self._segments.append(np.empty((size, 3), np.int64))
                self._held += size * ROW_BYTES
                self._free = size
            first = len(self._segments[-1]) - self._free
            self._free -= n
            return len(self._segments) - 1, first

    @cached_property
    def _pieces(self) -> dict[int, NDArray[np.int64]]:
        """Per partition int64[pieces, 3]: segment, first and last row; for the file -1 and bytes."""
        found = []
        for segment, first, lowest, offsets in self._batches:
            at = np.flatnonzero(np.diff(offsets))
            unit = ROW_BYTES if segment < 0 else 1
            begin, end = first + unit * offsets[at], first + unit * offsets[at + 1]
            found.append(np.stack([lowest + at, np.full(len(at), segment), begin, end], axis=1))
        if not found:
            return {}
        pieces = np.concatenate(found)
        pieces = pieces[np.lexsort((pieces[:, 2], pieces[:, 1], pieces[:, 0]))]
        numbers, starts = np.unique(pieces[:, 0], return_index=True)
        cuts = np.split(pieces[:, 1:], starts[1:])
        return dict(zip(numbers.tolist(), cuts, strict=True))

    def sizes(self) -> dict[int, int]:
        """Number of rows of each partition that has any, in ascending order of the partitions."""
        sizes = {}
        for number, pieces in self._pieces.items():
            length = pieces[:, 2] - pieces[:, 1]
            length[pieces[:, 0] < 0] //= ROW_BYTES
            sizes[number] = int(length.sum())
        return sizes

    def partition(self, number: int, size: int) -> Rows:
        """Collect the rows of one partition: int64[size, 3] of caller, callee, stamp."""
        rows = np.empty((size, 3), np.int64)
        filled = 0
        pieces = self._pieces[number]
        for segment in np.unique(pieces[:, 0]).tolist():
            begin, end = np.ascontiguousarray(pieces[pieces[:, 0] == segment, 1:].T)
            if segment < 0:
                for low, high in zip(begin.tolist(), end.tolist(), strict=True):
                    stop = filled + (high - low) // ROW_BYTES
                    self._file.read(low, rows[filled:stop])
                    filled = stop
            else:
                filled = copy_pieces(self._segments[segment], begin, end, rows, filled)
        return rows

    def release(self) -> None:
        """Let go of the memory and the file."""
        self._segments.clear()
        self._batches.clear()
        self._file.close()
