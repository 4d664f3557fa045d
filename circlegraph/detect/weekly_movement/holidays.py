"""Public holidays of mainland China: days off as the State Council set them, make-up workdays left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.weekly_movement.volumes import Weeks
from circlegraph.store.dates import day_number

_SPANS = (
    ("2023-12-30", 3), ("2024-02-10", 8), ("2024-04-04", 3), ("2024-05-01", 5), ("2024-06-08", 3),
    ("2024-09-15", 3), ("2024-10-01", 7),
    ("2025-01-01", 1), ("2025-01-28", 8), ("2025-04-04", 3), ("2025-05-01", 5), ("2025-05-31", 3),
    ("2025-10-01", 8),
    ("2026-01-01", 3), ("2026-02-15", 9), ("2026-04-04", 3), ("2026-05-01", 5), ("2026-06-19", 3),
    ("2026-09-25", 3), ("2026-10-01", 7),
)  # fmt: skip

CHINA = tuple(
    (dt.date.fromisoformat(first) + dt.timedelta(days=i)).isoformat()
    for first, days in _SPANS
    for i in range(days)
)
"""ISO dates, 2024 to 2026. Source: the State Council's yearly notices on the arrangement of public holidays."""

LEAST_HOLIDAYS = 3
"""Holidays that make a week a holiday week."""


def holiday_weeks(holidays: Iterable[object], weeks: Weeks) -> NDArray[np.bool_]:
    """bool[weeks]: weeks with at least three holidays.

    Examples
    --------
    >>> holiday_weeks(CHINA, Weeks(day_number("2025-10-12"), 3)).tolist()
    [False, True, True]
    """
    return weeks.counted(sorted({day_number(str(day)) for day in holidays})) >= LEAST_HOLIDAYS
