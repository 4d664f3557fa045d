"""The windows and the periods of seven days that approaches are followed over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.windows import DAY, Windows

RECENT_DAYS = 91
PERIOD_DAYS = 7


def choose_windows(first: int, last: int) -> Windows:
    """All days of the data; the last 91 are a window of their own, in which recent approaches are counted.

    Examples
    --------
    >>> [edge // DAY for edge in choose_windows(0, 100 * DAY).edges]
    [0, 10, 101]
    >>> [edge // DAY for edge in choose_windows(0, 6 * DAY).edges]
    [0, 7]
    """
    begin, end = first // DAY * DAY, (last // DAY + 1) * DAY
    recent = end - RECENT_DAYS * DAY
    return Windows((begin, recent, end)) if recent > begin else Windows((begin, end))


def periods(windows: Windows) -> int:
    """Count the whole periods of seven days, which are counted back from the end of the data.

    Examples
    --------
    >>> periods(Windows((0, 20 * DAY)))
    2
    """
    return (windows.edges[-1] - windows.edges[0]) // DAY // PERIOD_DAYS


def period_of(windows: Windows, second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Period that a time lies in, -1 before the first whole one."""
    begin = windows.edges[-1] - periods(windows) * PERIOD_DAYS * DAY
    return np.maximum((second - begin) // (PERIOD_DAYS * DAY), -1)


def weekday_bits(windows: Windows) -> NDArray[np.uint64]:
    """uint64[words]: the day bits of Mondays to Fridays, of all windows."""
    bits = np.zeros(int(windows.words[-1]), np.uint64)
    for w in range(len(windows)):
        first, last = windows.first_day(w), windows.last_day(w)
        day = np.arange(first, last + 1)
        bit = (day - first)[(day + 3) % 7 < 5]  # 1970-01-01 was a Thursday
        np.bitwise_or.at(bits, windows.words[w] + bit // 64, np.uint64(1) << (bit % 64).astype(np.uint64))
    return bits


def period_masks(windows: Windows, window: int) -> NDArray[np.uint64]:
    """uint64[periods, words]: the day bits of each period in a window."""
    first, last = windows.first_day(window), windows.last_day(window)
    day = np.arange(first, last + 1)
    period = period_of(windows, day * DAY)
    bit = day - first
    masks = np.zeros((periods(windows), (last - first) // 64 + 1), np.uint64)
    inside = period >= 0
    np.bitwise_or.at(
        masks,
        (period[inside], bit[inside] // 64),
        np.uint64(1) << (bit[inside] % 64).astype(np.uint64),
    )
    return masks
