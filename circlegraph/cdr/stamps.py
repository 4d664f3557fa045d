"""Stamps of many events at once: start, duration, kind and leg of each in one int64 (`kernels.stamp`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from circlegraph.kernels.stamp import DURATION_MASK, DURATION_SHIFT, KIND_SHIFT, LOW_MASK, START_SHIFT

Longs = NDArray[np.int64]


def packed(start: Longs, duration: ArrayLike = 0, kind: ArrayLike = 0, leg: ArrayLike = 0) -> Longs:
    """Join the four parts, each within its range.

    Examples
    --------
    >>> stamps = packed(np.array([600]), 30, 1, 2)
    >>> [part(stamps).tolist() for part in (starts, durations, kinds, legs)]
    [[600], [30], [1], [2]]
    """
    stamp: Longs = start << START_SHIFT
    for part, shift in ((duration, DURATION_SHIFT), (kind, KIND_SHIFT), (leg, 0)):
        stamp |= np.asarray(part, np.int64) << shift
    return stamp


def starts(stamp: Longs) -> Longs:
    """Wall-clock seconds since 1970."""
    return stamp >> START_SHIFT


def durations(stamp: Longs) -> Longs:
    """Seconds."""
    return stamp >> DURATION_SHIFT & DURATION_MASK


def kinds(stamp: Longs) -> Longs:
    """0 call, 1 text, 2 forwarded call."""
    return stamp >> KIND_SHIFT & LOW_MASK


def kinds_and_legs(stamp: Longs) -> Longs:
    """Kind and leg together: rows that differ in neither are recorded alike."""
    return stamp & ((1 << DURATION_SHIFT) - 1)


def legs(stamp: Longs) -> Longs:
    """0 the whole event, 1 as the caller's end recorded it, 2 as the callee's end did."""
    return stamp & LOW_MASK
