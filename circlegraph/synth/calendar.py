"""Days of the window as dates, months and Arrow columns."""

import datetime as dt
from typing import Any

import numpy as np
import numpy.typing as npt

from circlegraph.synth.settings import Settings

EPOCH = dt.date(1970, 1, 1)


def months_of(settings: Settings) -> list[tuple[int, int]]:
    """Calendar months (year, month) that the window touches, in order."""
    last = settings.start + dt.timedelta(days=settings.days - 1)
    months = 12 * (last.year - settings.start.year) + last.month - settings.start.month + 1
    first = 12 * settings.start.year + settings.start.month - 1
    return [((first + step) // 12, (first + step) % 12 + 1) for step in range(months)]


def month_index(settings: Settings, day: int) -> int:
    """Place of a day's month in `months_of`."""
    date = settings.start + dt.timedelta(days=day)
    return 12 * (date.year - settings.start.year) + date.month - settings.start.month


def covered(settings: Settings, index: int) -> float:
    """Share of a month that lies in the window."""
    year, month = months_of(settings)[index]
    first = dt.date(year, month, 1)
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    inside_from = max(first, settings.start)
    inside_to = min(following, settings.start + dt.timedelta(days=settings.days))
    return (inside_to - inside_from).days / (following - first).days


def dates(settings: Settings, days: npt.ArrayLike, known: npt.ArrayLike | None = None) -> Any:
    """Days of the window as an Arrow date column; rows that are not ``known`` are empty."""
    import pyarrow as pa

    offset = (settings.start - EPOCH).days
    values = (np.asarray(days, dtype=np.int64) + offset).astype(np.int32)
    mask = None if known is None else ~np.asarray(known, dtype=np.bool_)
    return pa.array(values, mask=mask).cast(pa.date32())
