"""Events of wrong clocks: few, and far from all others in time. They would stretch a window over years of silence."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.windows import DAY, as_text
from circlegraph.errors import CirclegraphWarning

FAR = 366
"""Days without any event, at least, between strays and the others."""
FEW = 0.01
"""All strays together are at most this share of the events."""

Longs = NDArray[np.int64]


def without_strays(days: Longs, events: Longs) -> tuple[int, int]:
    """First and last second of the days that are no strays; a warning tells what is left out.

    Parameters
    ----------
    days
        int64[k], ascending: days since 1970-01-01 that hold any event.
    events
        int64[k]: how many.

    Warns
    -----
    CirclegraphWarning
        If some events are strays.

    Examples
    --------
    >>> days, events = np.array([10, 11, 12]), np.array([500, 500, 1])
    >>> [second // DAY for second in without_strays(days, events)]
    [10, 12]
    """
    begins = np.concatenate([[0], np.flatnonzero(np.diff(days) > FAR) + 1])
    ends = np.append(begins[1:], len(days))
    held = np.add.reduceat(events, begins)
    most, total = int(held.argmax()), int(held.sum())
    strays = total - int(held[most])
    if strays > FEW * total:
        return int(days[0]) * DAY, (int(days[-1]) + 1) * DAY - 1
    first, last = int(days[begins[most]]) * DAY, (int(days[ends[most] - 1]) + 1) * DAY - 1
    if strays:
        warnings.warn(
            f"{strays:,} of {total:,} events lie more than a year away from all others, which run from "
            f"{as_text(first)} to {as_text(last)}: they are left out as those of wrong clocks",
            CirclegraphWarning,
            stacklevel=2,
        )
    return first, last
