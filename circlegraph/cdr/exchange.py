"""The exchange: cleaned events, cut into partitions that each can be worked on alone."""

import os
import threading
from tempfile import TemporaryFile
from typing import IO

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels.exchange import scatter

ROW_BYTES = 24


class Exchange:
    """Events by partition, in memory or, past `room` bytes, in an unnamed temporary file.

    Batches may be added from several threads; a partition holds its events batch by batch, and what is
    computed from it must not depend on that order.
    """

    def __init__(self, room: int | None = None) -> None:
        self._room = room
        self._held = 0
        self._file: IO[bytes] | None = None
        self._batches: list[tuple[int, NDArray[np.int64], NDArray[np.int64] | int]] = []
        self._lock = threading.Lock()

    def add(self, rows: NDArray[np.int64], partition: NDArray[np.int32], lowest: int, parts: int) -> None:
        """Scatter a batch of int64[n, 3]; row i belongs to partition ``lowest + partition[i]``.

        The partitions lie in ``lowest + range(parts)``.
        """
        if not len(rows):
            return
        ordered, offsets = scatter(rows, partition, parts)
        with self._lock:
            if self._room is None or self._held + ordered.nbytes <= self._room:
                self._held += ordered.nbytes
                self._batches.append((lowest, offsets, ordered))
                return
            if self._file is None:
                self._file = TemporaryFile(prefix="circlegraph-events-")
            position = self._file.seek(0, os.SEEK_END)
            self._file.write(ordered.data)
            self._file.flush()
            self._batches.append((lowest, offsets, position))

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
                assert self._file is not None
                os.preadv(self._file.fileno(), [target.data.cast("B")], held + begin * ROW_BYTES)
            elif begin < end:
                target[:] = held[begin:end]
            filled += end - begin
        return rows

    def release(self) -> None:
        """Let go of the memory and the file."""
        self._batches.clear()
        if self._file is not None:
            self._file.close()
