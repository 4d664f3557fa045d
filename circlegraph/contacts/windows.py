"""Windows of time: their edges, their days and their weeks."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from circlegraph.errors import InputError, SettingsError

DAY = 86_400
MOST_DAYS = 36_525


@dataclass(frozen=True, slots=True)
class Windows:
    """One or more adjoining windows, in wall-clock seconds since 1970; each holds its start, not its end.

    Examples
    --------
    >>> w = Windows((0, 14 * DAY, 28 * DAY))
    >>> len(w), w.length(0), w.words.tolist()
    (2, 14.0, [0, 1, 2])
    """

    edges: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.edges) - 1

    @classmethod
    def around(
        cls,
        split: int,
        first: int,
        last: int,
        days_before: int | None = None,
        days_after: int | None = None,
    ) -> "Windows":
        """Windows before and after a split time: all days of the data, or no more days than asked for.

        No window reaches beyond the data: days that nobody recorded would count as days without contact.

        Parameters
        ----------
        split
            The split time T, wall-clock seconds.
        first, last
            Start of the first and of the last event.
        days_before, days_after
            Most days of the windows; by default all that the data hold.

        Raises
        ------
        SettingsError
            If a length is not at least one day, or is more than a century.
        InputError
            If the split leaves no event on one side.
        """
        for name, days in (("days_before", days_before), ("days_after", days_after)):
            if days is not None and not 1 <= days <= MOST_DAYS:
                raise SettingsError(f"{name} is {days}, but must be at least 1 and at most {MOST_DAYS}")
        if not first < split <= last:
            raise InputError(
                f"the split {as_text(split)} leaves no events on one side: the data run from "
                f"{as_text(first)} to {as_text(last)}; choose a time between"
            )
        begin, end = first // DAY * DAY, (last // DAY + 1) * DAY
        if days_before is not None:
            begin = max(begin, split - days_before * DAY)
        if days_after is not None:
            end = min(end, split + days_after * DAY)
        return cls((begin, split, end))

    @classmethod
    def single(cls, start: int, end: int) -> "Windows":
        """One window.

        Raises
        ------
        SettingsError
            If it does not end after it begins.
        """
        if end <= start:
            raise SettingsError(f"the window from {as_text(start)} to {as_text(end)} is empty")
        return cls((start, end))

    def length(self, window: int) -> float:
        """Length of a window in days, D_w of the communication index."""
        return (self.edges[window + 1] - self.edges[window]) / DAY

    def first_day(self, window: int) -> int:
        """Day of the window's first bit, counted from 1970-01-01."""
        return self.edges[window] // DAY

    def last_day(self, window: int) -> int:
        """Day of the last second of the window."""
        return (self.edges[window + 1] - 1) // DAY

    @property
    def words(self) -> NDArray[np.int64]:
        """int64[W + 1]: where each window's words of day bits begin, 64 days a word."""
        sizes = [(self.last_day(w) - self.first_day(w)) // 64 + 1 for w in range(len(self))]
        return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    def week_masks(self, window: int) -> NDArray[np.uint64]:
        """uint64[weeks, words]: the day bits of each calendar week, Monday to Sunday, of a window."""
        first, last = self.first_day(window), self.last_day(window)
        day = np.arange(first, last + 1)
        week = (day + 3) // 7  # 1970-01-01 was a Thursday
        week -= week[0]
        bit = day - first
        masks = np.zeros((int(week[-1]) + 1, (last - first) // 64 + 1), np.uint64)
        np.bitwise_or.at(masks, (week, bit // 64), np.uint64(1) << (bit % 64).astype(np.uint64))
        return masks


def wall_clock(when: object) -> int:
    """Wall-clock seconds since 1970-01-01 of a date or a time.

    Examples
    --------
    >>> wall_clock("1970-01-15")
    1209600

    Raises
    ------
    SettingsError
        If it is neither.
    """
    try:
        moment = datetime.fromisoformat(str(when))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None:
        raise SettingsError(
            f"{str(when)!r} is neither a date nor a time; write 2024-05-31 or 2024-05-31T12:00:00, without a zone"
        )
    return int(np.datetime64(moment, "s").astype(np.int64))


def as_text(second: int) -> str:
    """Wall-clock seconds as a date and time.

    Examples
    --------
    >>> as_text(86400 + 3600)
    '1970-01-02 01:00:00'
    """
    return str(np.datetime64(int(second), "s")).replace("T", " ")
