"""The exchange: cleaned events, cut into partitions that each can be worked on alone."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels.exchange import gather, room_needed, scatter
from circlegraph.spill import SpillFile

Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
Longs = NDArray[np.int64]
Pieces = tuple[Longs, Longs, Longs, Longs]
"""Packed rows: words, and of the pieces there begin, end and 1 for wide rows, as `kernels.exchange.gather` has them."""


@dataclass(frozen=True, slots=True)
class _Batch:
    segment: int  # -1 for the file
    first: int  # its first word there, or first byte
    lowest: int  # partition
    offsets: Longs
    begins: int  # stamp of its first row


WORD_BYTES = 8
SEGMENT_WORDS = 1 << 26  # what is not written to takes no memory yet


class Exchange:
    """Events by partition, in memory or, past `room` bytes, in an unnamed temporary file.

    Batches may be added from several threads; a partition holds its events in no certain order, and what is
    computed from it must not depend on that. When the first partition is asked for, no more batches may come.
    """

    def __init__(self, room: int | None = None) -> None:
        self._room = room
        self._held = 0
        self._segments: list[Longs] = []
        self._free = 0  # words left in the last segment
        self._file = SpillFile()
        self._batches: list[_Batch] = []
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
        offsets = room_needed(*columns, partition, parts)
        size, begins = int(offsets[-1]), int(columns[2][0])
        place = self._reserved(size)
        if place is None:
            words = np.empty(size, np.int64)
            scatter(*columns, partition, offsets, words)
            with self._lock:
                self._batches.append(_Batch(-1, self._file.append(words), lowest, offsets, begins))
            return
        segment, first = place
        scatter(*columns, partition, offsets, self._segments[segment][first : first + size])
        with self._lock:
            self._batches.append(_Batch(segment, first, lowest, offsets, begins))

    def _reserved(self, n: int) -> tuple[int, int] | None:
        """Segment and first word of n words in memory, None if there is no room."""
        with self._lock:
            if self._free < n:
                size = max(n, SEGMENT_WORDS)
                if self._room is not None:
                    size = min(size, max(n, (self._room - self._held) // WORD_BYTES))
                    if self._held + size * WORD_BYTES > self._room:
                        return None
                self._segments.append(np.empty(size, np.int64))
                self._held += size * WORD_BYTES
                self._free = size
            first = len(self._segments[-1]) - self._free
            self._free -= n
            return len(self._segments) - 1, first

    @cached_property
    def _sorted(self) -> Longs:
        """Of all pieces int64[pieces, 5]: partition, segment, first and last word (of the file bytes), 1 for wide rows.

        By partition, and within it in the order of the batches' first rows: where these come in order of time, as they
        mostly do, so do a partition's, and are counted once the faster.
        """
        found = [np.empty((0, 5), np.int64)]
        for batch in sorted(self._batches, key=lambda batch: batch.begins):
            at = np.flatnonzero(np.diff(batch.offsets))
            bounds = batch.first + batch.offsets * (WORD_BYTES if batch.segment < 0 else 1)
            where = np.full(len(at), batch.segment)
            found.append(
                np.stack([batch.lowest + at // 2, where, bounds[at], bounds[at + 1], at % 2], axis=1)
            )
        pieces = np.concatenate(found)
        return pieces[np.argsort(pieces[:, 0], kind="stable")]

    @cached_property
    def _bounds(self) -> dict[int, tuple[int, int]]:
        """First and last piece of each partition that has any."""
        numbers, first = np.unique(self._sorted[:, 0], return_index=True)
        bounds = [*first.tolist(), len(self._sorted)]
        return dict(zip(numbers.tolist(), pairwise(bounds), strict=True))

    def sizes(self) -> dict[int, int]:
        """Number of rows of each partition that has any, in ascending order of the partitions."""
        _, segment, begin, end, wide = self._sorted.T
        rows = (end - begin) // np.where(segment < 0, WORD_BYTES, 1) // (2 + wide)
        until = [0, *np.cumsum(rows).tolist()]
        return {number: until[last] - until[first] for number, (first, last) in self._bounds.items()}

    def partition(self, number: int, size: int) -> Longs:
        """Collect the rows of one partition: int64[size, 3] of caller, callee, stamp."""
        rows = np.empty((size, 3), np.int64)
        filled = 0
        for pieces in self.pieces(number):
            filled = gather(*pieces, rows, filled)
        return rows

    def pieces(self, number: int) -> Iterator[Pieces]:
        """Yield the packed rows of one partition."""
        first, last = self._bounds[number]
        segments, *columns = np.ascontiguousarray(self._sorted[first:last, 1:].T)
        cuts = [0, *(np.flatnonzero(np.diff(segments)) + 1).tolist(), last - first]
        for run in pairwise(cuts):
            segment = segments[run[0]]
            begin, end, wide = (column[slice(*run)] for column in columns)
            if segment < 0:
                words, bounds = self._from_file(begin, end)
                yield words, bounds[:-1], bounds[1:], wide
            else:
                yield self._segments[segment], begin, end, wide

    def _from_file(self, begin: Longs, end: Longs) -> tuple[Longs, Longs]:
        """Words of pieces of the file, one behind the other, and where each begins."""
        bounds = np.concatenate([[0], np.cumsum((end - begin) // WORD_BYTES)])
        words = np.empty(bounds[-1], np.int64)
        for k, position in enumerate(begin.tolist()):
            self._file.read(position, words[bounds[k] : bounds[k + 1]])
        return words, bounds

    def release(self) -> None:
        """Let go of the memory and the file."""
        self._segments.clear()
        self._batches.clear()
        self._file.close()
