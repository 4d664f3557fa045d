"""The exchange: cleaned events, cut into partitions that each can be worked on alone."""

import threading

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels.exchange import scatter
from circlegraph.spill import SpillFile

Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
ROW_BYTES = 24


class Exchange:
    """Events by partition, in memory or, past `room` bytes, in an unnamed temporary file.

    Batches may be added from several threads; a partition holds its events batch by batch, and what is
    computed from it must not depend on that order.
    """

    def __init__(self, room: int | None = None) -> None:
        self._room = room
        self._held = 0
        self._file = SpillFile()
        self._batches: list[tuple[int, NDArray[np.int64], NDArray[np.int64] | int]] = []
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
        if not len(partition):
            return
        ordered = np.empty((len(partition), 3), np.int64)
        offsets = scatter(*columns, partition, parts, ordered)
        with self._lock:
            if self._room is None or self._held + ordered.nbytes <= self._room:
                self._held += ordered.nbytes
                self._batches.append((lowest, offsets, ordered))
                return
            self._batches.append((lowest, offsets, self._file.append(ordered)))

    def sizes(self) -> dict[int, int]:
        """Number of rows of each partition that has any, in ascending order of the partitions."""
        sizes: dict[int, int] = {}
        for lowest, offsets, _ in self._batches:
            for at in np.flatnonzero(np.diff(offsets)):
                sizes[lowest + int(at)] = sizes.get(lowest + int(at), 0) + int(offsets[at + 1] - offsets[at])
        return dict(sorted(sizes.items()))

    def partition(self, number: int, size: int) -> NDArray[np.int64]:
        """Collect the rows of one partition: int64[size, 3] of caller, callee, stamp."""
        rows = np.empty((size, 3), np.int64)
        filled = 0
        for lowest, offsets, held in self._batches:
            at = number - lowest
            if not 0 <= at < len(offsets) - 1:
                continue
            begin, end = int(offsets[at]), int(offsets[at + 1])
            target = rows[filled : filled + end - begin]
            if isinstance(held, int):
                self._file.read(held + begin * ROW_BYTES, target)
            else:
                target[:] = held[begin:end]
            filled += end - begin
        return rows

    def release(self) -> None:
        """Let go of the memory and the file."""
        self._batches.clear()
        self._file.close()
