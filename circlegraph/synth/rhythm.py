"""Rhythm: which day it is, how busy each kind of tie is on it, at what hour people phone, and how long."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from circlegraph.synth.settings import Settings

Floats = npt.NDArray[np.float32]

WORKDAY, REST, HOLIDAY = range(3)

#                       spouse household elder kin friend acquaintance team coworker
_BUSY = np.array(
    [
        [1.06, 1.02, 0.92, 0.90, 0.95, 1.05, 1.30, 1.30],
        [0.88, 0.98, 1.20, 1.25, 1.13, 0.95, 0.35, 0.30],
        [0.66, 0.80, 1.70, 1.90, 1.05, 0.70, 0.14, 0.10],
    ]
)

# Shares of the hours 0..23 for family, friends and work, on workdays and days of rest. The shapes follow the
# two humps (before noon, early evening) and the night trough that mobile phone records show everywhere.
_FAMILY = (3, 1, 1, 1, 1, 3, 12, 28, 34, 34, 38, 55, 60, 40, 34, 36, 48, 88, 100, 92, 82, 66, 36, 12)
_FAMILY_REST = (5, 2, 1, 1, 1, 2, 8, 20, 40, 62, 76, 80, 70, 52, 48, 52, 62, 76, 84, 82, 76, 62, 38, 16)
_FRIENDS = (10, 4, 2, 1, 1, 2, 8, 20, 38, 52, 60, 64, 66, 56, 56, 60, 66, 82, 96, 100, 94, 76, 48, 24)
_FRIENDS_REST = (16, 8, 3, 2, 1, 1, 4, 12, 28, 52, 72, 80, 76, 70, 70, 74, 80, 88, 94, 92, 86, 72, 50, 30)
_WORK = (1, 0, 0, 0, 0, 1, 6, 30, 76, 100, 100, 84, 46, 58, 88, 94, 90, 76, 40, 22, 14, 8, 4, 2)
_HOURS = (_FAMILY, _FAMILY_REST, _FRIENDS, _FRIENDS_REST, _WORK, _WORK)
_GROUP_OF_KIND = np.array([0, 0, 0, 0, 1, 1, 2, 2])
_STEPS = 4096

_SECONDS = np.array([0.75, 0.7, 1.5, 1.9, 1.3, 0.8, 0.9, 0.8])
"""Median call of each kind of tie in units of the usual median: family calls are many and short."""


@dataclass(frozen=True)
class Day:
    """One day: its number in the window, its date, and which kind of day it is."""

    number: int
    date: dt.date
    kind: int
    festival: bool

    @property
    def workday(self) -> bool:
        """Whether most people work."""
        return self.kind == WORKDAY


def day_of(settings: Settings, number: int) -> Day:
    """Look a day up in the calendar of the settings."""
    date = settings.start + dt.timedelta(days=number)
    for first, last in settings.rhythm.holidays:
        if first <= date <= last:
            return Day(number, date, HOLIDAY, (last - first).days >= 5)
    rest = date.weekday() in settings.rhythm.weekly_holidays
    return Day(number, date, REST if rest else WORKDAY, False)


def busy(day: Day) -> npt.NDArray[np.float64]:
    """Factor on the strength of each kind of tie."""
    factors: npt.NDArray[np.float64] = _BUSY[day.kind]
    return factors


@lru_cache(maxsize=8)
def _clock(shift: float) -> Floats:
    """Second of the day at equal steps of probability, shape (profiles, steps + 1)."""
    table = np.empty((len(_HOURS), _STEPS + 1), dtype=np.float32)
    for row, hours in enumerate(_HOURS):
        weights = np.array(hours, dtype=np.float64) + 1e-3
        edges = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])
        at = np.interp(np.linspace(0.0, 1.0, _STEPS + 1), edges, np.arange(25) * 3600.0)
        # A late country sleeps late: the day is stretched from five in the morning on.
        late = np.where(at > 5 * 3600, at + shift * 3600 * np.minimum(1.0, (at / 3600 - 5) / 3), at)
        table[row] = late
    return table


def seconds_of_day(settings: Settings, day: Day, kind: npt.NDArray[np.int8], dice: Floats) -> Floats:
    """Draw the second of the day of each event by the kind of its tie."""
    table = _clock(settings.rhythm.hour_shift)
    rows = (2 * _GROUP_OF_KIND + (0 if day.workday else 1)).astype(np.int32)
    place = dice * _STEPS
    step = place.astype(np.int32)
    part = place - step
    flat = rows[kind] * (_STEPS + 1) + step
    low = table.ravel()[flat]
    drawn: Floats = (low + (table.ravel()[flat + 1] - low) * part) % np.float32(86400)
    return drawn


def call_seconds(settings: Settings, kind: npt.NDArray[np.int8], normal: Floats) -> npt.NDArray[np.int32]:
    """Draw how long each call lasts, in seconds, from standard normal numbers."""
    median = (settings.rhythm.call_median * _SECONDS).astype(np.float32)[kind]
    drawn = median * np.exp(np.float32(settings.rhythm.call_sigma) * normal)
    seconds: npt.NDArray[np.int32] = np.clip(drawn, 1, 10800).astype(np.int32)
    return seconds
