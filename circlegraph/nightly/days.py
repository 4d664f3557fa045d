"""The days that a night looks at: a store up to a date, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from circlegraph.errors import InputError, StoreError
from circlegraph.nightly.settings import Settings
from circlegraph.store.dates import day_number, iso_date
from circlegraph.store.manifest import Manifest, StoredDay
from circlegraph.store.store import Store


class StoreWindow(Store):
    """The days of a store from one date to another, both inside; to be read only.

    Parameters
    ----------
    path
        The folder of the store.
    first, last
        ISO dates.
    """

    def __init__(self, path: str | Path, first: str, last: str) -> None:
        super().__init__(path)
        self.first, self.last = first, last

    @property
    def manifest(self) -> Manifest:
        """The present state, without the other days."""
        whole = super().manifest
        days = {date: day for date, day in whole.days.items() if self.first <= date <= self.last}
        return replace(whole, days=days)

    @contextmanager
    def _writing(self) -> Iterator[Manifest]:
        raise StoreError(f"{self.path}: only some days of the store are open, to be read")


@dataclass(frozen=True, slots=True)
class Span:
    """The windows of a night, and how complete they are.

    Attributes
    ----------
    first, split, date
        ISO dates: `before` runs from first to the day before split, `after` from split to the night's date.
    missing, thin
        Dates between first and date without events, and with far fewer than the others.
    """

    first: str
    split: str
    date: str
    missing: tuple[str, ...]
    thin: tuple[str, ...]

    @property
    def before(self) -> int:
        """Days of the window before the split; 0 where the data are too short for one."""
        return day_number(self.split) - day_number(self.first)

    @property
    def after(self) -> int:
        """Days of the window after the split."""
        return day_number(self.date) - day_number(self.split) + 1


def events_per_day(days: Mapping[str, StoredDay]) -> dict[str, int]:
    """Stored events by date."""
    return {date: day.events.rows for date, day in days.items()}


def last_full_day(events: Mapping[str, int], thin: float) -> str:
    """Last date that is no stray: with at least a share of the events of the median day.

    Examples
    --------
    >>> last_full_day({"2024-05-01": 90, "2024-05-02": 110, "2031-01-01": 1}, 0.1)
    '2024-05-02'

    Raises
    ------
    InputError
        If there are no days.
    """
    if not events:
        raise InputError(
            "the store holds no days yet, and no usable CDR file was found; see [inputs] in the config"
        )
    least = thin * median(events.values())
    return max(date for date, count in events.items() if count >= least)


def span_of(settings: Settings, date: str, events: Mapping[str, int]) -> Span:
    """Windows that end with a date.

    Where the data are shorter than the windows, `after` gets no more than a third of them.

    Examples
    --------
    >>> from circlegraph.nightly.config import make_settings
    >>> settings = make_settings({"inputs": {"cdr": "a"}, "folders": {"store": "s", "results": "r"},
    ...                           "windows": {"before": 6, "after": 3}})
    >>> span_of(settings, "2024-05-09", {f"2024-05-0{day}": 100 for day in (1, 2, 3, 5, 6, 7, 8, 9)})
    Span(first='2024-05-01', split='2024-05-07', date='2024-05-09', missing=('2024-05-04',), thin=())
    >>> span_of(settings, "2024-05-03", {f"2024-05-0{day}": 100 for day in (1, 2, 3)}).split
    '2024-05-03'

    Raises
    ------
    InputError
        If there is no day in the windows.
    """
    last = day_number(date)
    wanted = last - settings.windows.before - settings.windows.after + 1
    inside = {day: count for day, count in events.items() if iso_date(wanted) <= day <= date}
    if not inside:
        held = f"the store holds {min(events)} to {max(events)}" if events else "the store holds no days"
        raise InputError(
            f"no stored day stands in the windows that end with {date}: {held}; give another date"
        )
    least = settings.missing_days.thin * median(inside.values())
    first = day_number(min(day for day, count in inside.items() if count >= least))
    after = min(settings.windows.after, max((last - first + 1) // 3, 1))
    every = [iso_date(day) for day in range(first, last + 1)]
    return Span(
        first=iso_date(first),
        split=iso_date(last - after + 1),
        date=date,
        missing=tuple(day for day in every if day not in inside),
        thin=tuple(day for day in every if day in inside and inside[day] < least),
    )
