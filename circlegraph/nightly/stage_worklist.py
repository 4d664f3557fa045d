"""Whom to call, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.detect.weekly_movement.points import FIGURES
from circlegraph.nightly.customer_tables import plain_numbers
from circlegraph.nightly.night import Night
from circlegraph.nightly.past import earlier, stacked

if TYPE_CHECKING:
    import pandas as pd

MOVEMENT = (
    "number",
    "week",
    *FIGURES,
    "off_net_usual",
    "circle_usual",
    "forwards_away",
    "level",
    "risk",
    "fired",
)
"""What the work list is told of movement."""


def past(night: Night) -> list[Path]:
    """Earlier lists: nobody stands on two of them within the days of rest."""
    return earlier(night, "worklist/worklist.parquet", night.settings.worklist_settings.rest_days)


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write the work list as Parquet and CSV."""
    from circlegraph.nightly.worklist import make_worklist

    labels = night.frame("labels", "coded")
    assert labels is not None
    bills = night.tables.frame("bills")
    listed = make_worklist(
        labels,
        night.date,
        movement=night.frame("movement", "weeks", MOVEMENT),
        bills=None if bills is None or "arpu" not in bills else bills,
        desks=_desks(night),
        history=stacked(night, past(night)),
        settings=night.settings.worklist_settings,
    )
    for suffix in ("parquet", "csv"):
        night.write(folder / f"worklist.{suffix}", listed)
    return {
        "listed": len(listed),
        "by situation": {
            str(name): int(n) for name, n in listed.situation.value_counts().sort_index().items()
        },
        "by group": {str(name): int(n) for name, n in listed["group"].value_counts().sort_index().items()},
    }


def _desks(night: Night) -> pd.DataFrame | None:
    """Desk of each number, by a column of the table of subscribers."""
    import pandas as pd

    from circlegraph.tables import read_table

    name, path = night.settings.worklist_settings.desk, night.settings.tables.subscribers
    if name is None or path is None:
        return None
    table = read_table(path, ("number", name))
    numbers = plain_numbers(table["number"], night.country)
    return pd.DataFrame({"number": numbers, "desk": table[name].to_pandas()})
