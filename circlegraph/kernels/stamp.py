"""When and what, in one int64: start, duration, kind and leg of an event.

``start << 26 | duration << 4 | kind << 2 | leg``. Ordered stamps are ordered in time, and two rows
are the same event at the same end exactly when caller, callee and stamp are equal. The start takes any
year from -200 to 4100; the duration up to 2**22 - 1 seconds (48 days), which the readers guarantee.
"""

import numpy as np

from circlegraph.kernels._jit import inline

START_SHIFT = 26
DURATION_SHIFT = 4
DURATION_MASK = (1 << START_SHIFT - DURATION_SHIFT) - 1
KIND_SHIFT = 2
LOW_MASK = 3


@inline
def pack(start: int, duration: int, kind: int, leg: int) -> np.int64:
    """Join the four parts; each within its range."""
    return (
        np.int64(start) << START_SHIFT
        | np.int64(duration) << DURATION_SHIFT
        | np.int64(kind) << KIND_SHIFT
        | np.int64(leg)
    )


@inline
def start_of(stamp: int) -> int:
    """Wall-clock seconds since 1970."""
    return stamp >> START_SHIFT


@inline
def duration_of(stamp: int) -> int:
    """Seconds."""
    return (stamp >> DURATION_SHIFT) & DURATION_MASK


@inline
def kind_of(stamp: int) -> int:
    """0 call, 1 text, 2 forwarded call."""
    return (stamp >> KIND_SHIFT) & LOW_MASK


@inline
def leg_of(stamp: int) -> int:
    """0 the whole event, 1 as the caller's end recorded it, 2 as the callee's end did."""
    return stamp & LOW_MASK
