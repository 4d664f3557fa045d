"""Days as dates and as counts since 1970-01-01."""

from __future__ import annotations

import datetime as dt

import numpy as np

from circlegraph.errors import SettingsError


def day_number(day: str | dt.date) -> int:
    """Days since 1970-01-01.

    Examples
    --------
    >>> day_number("1970-01-15")
    14

    Raises
    ------
    SettingsError
        If it is no date.
    """
    text = str(day)
    try:
        # NumPy alone would also take "", "NaT" and "today", and sort the first two behind every date.
        return (dt.datetime.fromisoformat(text).date() - dt.date(1970, 1, 1)).days
    except ValueError as error:
        raise SettingsError(f"{text!r} is no date; write it like 2024-05-31") from error


def iso_date(day: int) -> str:
    """Date of a day counted from 1970-01-01.

    Examples
    --------
    >>> iso_date(14)
    '1970-01-15'
    """
    return str(np.datetime64(day, "D"))


def missing_days(days: list[str]) -> list[str]:
    """Dates between the first and the last that are not there.

    Examples
    --------
    >>> missing_days(["2024-02-28", "2024-03-01"])
    ['2024-02-29']
    """
    if not days:
        return []
    there = set(days)
    every = range(day_number(days[0]), day_number(days[-1]) + 1)
    return [date for date in map(iso_date, every) if date not in there]
