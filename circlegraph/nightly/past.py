"""Results of earlier nights that a stage reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circlegraph.nightly.night import Night, nights
from circlegraph.store.dates import day_number, iso_date

if TYPE_CHECKING:
    import pandas as pd


def earlier(night: Night, file: str, days: int | None = None) -> list[Path]:
    """Paths of a file such as ``worklist/worklist.parquet`` of the nights before, oldest first.

    Parameters
    ----------
    night
        This night.
    file
        Path below the folder of a night.
    days
        How far back to look; all nights by default.
    """
    first = "" if days is None else iso_date(day_number(night.date) - days)
    results = night.settings.folders.results
    paths = (results / date / file for date in nights(results) if first <= date < night.date)
    return [path for path in paths if path.exists()]


def apart(paths: list[Path], days: int) -> list[Path]:
    """Only paths of nights at least some days apart, counted back from the last.

    Examples
    --------
    >>> nights = [Path(f"2024-05-{day:02d}/labels/labels.parquet") for day in (1, 2, 8, 9)]
    >>> [path.parts[0] for path in apart(nights, 7)]
    ['2024-05-02', '2024-05-09']
    """
    found: list[Path] = []
    for path in reversed(paths):
        if not found or _day(found[-1]) - _day(path) >= days:
            found.append(path)
    return found[::-1]


def _day(path: Path) -> int:
    return day_number(path.parent.parent.name)


def stacked(night: Night, paths: list[Path]) -> pd.DataFrame | None:
    """Tables of several nights one under the other; None for no nights."""
    import pandas as pd

    frames = [night.read(path) for path in paths]
    return pd.concat(frames, ignore_index=True) if frames else None
