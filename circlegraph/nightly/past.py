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


def stacked(night: Night, paths: list[Path]) -> pd.DataFrame | None:
    """Tables of several nights one under the other; None for no nights."""
    import pandas as pd

    frames = [night.read(path) for path in paths]
    return pd.concat(frames, ignore_index=True) if frames else None
