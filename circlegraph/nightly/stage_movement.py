"""How far the week up to the night's date departs from each subscriber's own past."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from circlegraph.nightly.night import Night


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write a row per own number with its figures, points and level."""
    from circlegraph.detect.movement.points import Points
    from circlegraph.detect.movement.run import run_movement

    tables, told = night.settings.tables, night.settings.movement
    found = run_movement(
        night.store,
        night.date,
        subscribers=tables.subscribers,
        bills=tables.bills,
        forwarding=tables.forwarding,
        second_numbers=night.frame("second_numbers", "pairs"),
        families=night.frame("families", "members"),
        managers=night.frame("managers", "contacts"),
        points=Points(**told.points),  # type: ignore[arg-type]
        service_numbers=told.service_numbers,
        holidays=night.holidays,
        network=night.network,
        country=night.country,
        resources=night.resources,
    )
    night.write(folder / "weeks.parquet", found.weeks)
    fired = found.weeks.fired.str.split(",").explode().value_counts().sort_index()
    return {**found.facts, "fired": {str(name): int(count) for name, count in fired.items() if name}}
