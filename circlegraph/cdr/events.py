"""Events: what the rest of circlegraph knows of a CDR row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

CALL = 0
SMS = 1
FORWARD = 2

WHOLE = 0
CALLER_LEG = 1
CALLEE_LEG = 2


@dataclass(frozen=True, slots=True)
class Events:
    """Calls, texts and forwards as columns of equal length.

    Columns may be views of the source's own memory: nobody writes to them.

    Attributes
    ----------
    caller, callee : int64[n]
        Number keys (`circlegraph.numbers`). Of a forward, the caller is the number that forwards and the
        callee the number it forwards to.
    start : int64[n]
        Seconds of the wall clock since 1970-01-01 00:00; may be negative. Of a table of counts, which knows
        no times, the number of calls that the row stands for.
    duration : int32[n]
        Seconds; 0 for texts and missed calls.
    kind : int8[n]
        CALL, SMS or FORWARD.
    leg : int8[n]
        WHOLE, CALLER_LEG (recorded at the caller's end) or CALLEE_LEG.

    Examples
    --------
    >>> len(Events.empty())
    0
    """

    caller: NDArray[np.int64]
    callee: NDArray[np.int64]
    start: NDArray[np.int64]
    duration: NDArray[np.int32]
    kind: NDArray[np.int8]
    leg: NDArray[np.int8]

    def __len__(self) -> int:
        return int(self.caller.size)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Events:
        """Those events that a mask or an index array selects."""
        return Events(*(getattr(self, field.name)[rows] for field in fields(self)))

    @staticmethod
    def empty() -> Events:
        """No events."""
        long = np.empty(0, np.int64)
        short = np.empty(0, np.int8)
        return Events(long, long, long, np.empty(0, np.int32), short, short)

    @staticmethod
    def concat(parts: Sequence[Events]) -> Events:
        """All events of several batches, in their order."""
        if not parts:
            return Events.empty()
        if len(parts) == 1:
            return parts[0]
        return Events(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Events)))
