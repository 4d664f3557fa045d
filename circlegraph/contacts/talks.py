"""Talks: when each number is in a call."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.events import CALL
from circlegraph.cdr.stamps import durations, kinds, starts
from circlegraph.contacts.windows import DAY
from circlegraph.kernels.talks import LEAST_STEPS, LENGTH_BITS, MOST_DAYS, MOST_STEPS, STEP, lay_talks
from circlegraph.parallel import mapped
from circlegraph.spill import SpillFile

if TYPE_CHECKING:
    from circlegraph.contacts.number_ids import NumberIndex
    from circlegraph.contacts.windows import Windows
    from circlegraph.resources import Resources

Longs = NDArray[np.int64]
Piece = tuple[Longs, NDArray[np.uint32]]
"""Where the calls of each number begin, and the calls, as `kernels.talks.lay_talks` gives them."""

CALL_BYTES = 24
"""Of each call while a piece is laid out: both ends' ids and itself, and what is laid."""


class EventSource(Protocol):
    """Where events come from, day by day: CDRs just read, or a store."""

    @property
    def sizes(self) -> Collection[int]:
        """Days, since 1970-01-01, of which there are any."""

    def rows(self, day: int) -> Longs:
        """Events of a day, int64[n, 3]: caller, callee, stamp; each once, in no certain order."""


class Talks:
    """Calls of all numbers that last long enough to overlap with others, in pieces of time.

    Where there are several pieces, all but the one in use lie in a temporary file.
    """

    def __init__(self) -> None:
        self._file = SpillFile()
        self._sizes: list[tuple[int, int, int]] = []
        self._last: Piece | None = None

    def __len__(self) -> int:
        return sum(calls for _, _, calls in self._sizes)

    def add(self, piece: Piece) -> None:
        """Add a piece."""
        if self._last is not None:
            self._spill(self._last)
        self._last = piece
        self._sizes.append((-1, len(piece[0]), len(piece[1])))

    def _spill(self, piece: Piece) -> None:
        position = self._file.append(piece[0])
        self._file.append(piece[1])
        self._sizes[-1] = (position, *self._sizes[-1][1:])

    def pieces(self) -> Iterator[Piece]:
        """All pieces, one after the other."""
        for position, ends, calls in self._sizes:
            if position < 0:
                assert self._last is not None
                yield self._last
                continue
            indptr, laid = np.empty(ends, np.int64), np.empty(calls, np.uint32)
            self._file.read(position, indptr)
            self._file.read(position + indptr.nbytes, laid)
            yield indptr, laid


def long_calls(events: Longs) -> Longs:
    """Those of some events that are calls and last long enough."""
    stamp = events[:, 2]
    used: Longs = events[(kinds(stamp) == CALL) & (durations(stamp) >= LEAST_STEPS * STEP)]
    return used


def talks_of(source: EventSource, index: NumberIndex, windows: Windows, resources: Resources) -> Talks:
    """Talks of the numbers of an index in some windows.

    Parameters
    ----------
    source
        Where the events come from.
    index
        The numbers.
    windows
        From the first to the last of their edges.
    resources
        Threads, and memory for a piece.
    """
    begin, end = windows.edges[0], windows.edges[-1]
    room = resources.sighting_room
    most = np.iinfo(np.int64).max if room is None else room // CALL_BYTES

    def of_day(day: int) -> tuple[Longs, NDArray[np.int32], NDArray[np.int32], Longs]:
        caller, callee, stamp = np.ascontiguousarray(long_calls(source.rows(day)).T)
        start = starts(stamp)
        inside = (start >= begin) & (start < end)
        order = np.flatnonzero(inside)[np.argsort(start[inside])]
        a, b = (index.ids(keys[order]).astype(np.int32) for keys in (caller, callee))
        return start[order], a, b, start[order] + durations(stamp[order])

    talks = Talks()
    held: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint32]]] = []
    zero = rows = 0

    def lay() -> None:
        nonlocal rows
        if held:
            a, b, call = (np.concatenate(columns) for columns in zip(*held, strict=True))
            held.clear()
            rows = 0
            talks.add(lay_talks(a, b, call, len(index)))

    days = [day for day in sorted(source.sizes) if begin < (day + 1) * DAY and day * DAY < end]
    for day, (start, a, b, stop) in zip(days, mapped(of_day, days, resources.threads), strict=True):
        if rows + len(start) > most or day * DAY - zero >= MOST_DAYS * DAY:
            lay()
        if not held:
            zero = day * DAY
        step = (start - zero) // STEP
        length = np.minimum((stop - zero) // STEP - step, MOST_STEPS)
        held.append((a, b, (step << LENGTH_BITS | length).astype(np.uint32)))
        rows += len(start)
    lay()
    return talks
