"""How far the week up to the night's date departs from each subscriber's own past."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.errors import InputError
from circlegraph.nightly.night import Night
from circlegraph.nightly.past import apart, earlier, stacked
from circlegraph.nightly.stage_managers import TOLD

if TYPE_CHECKING:
    from circlegraph.detect.weekly_movement.points import Points

PAST_DAYS, APART = 365, 7
POINTS = "points.json"


def past(night: Night) -> list[Path]:
    """Weeks of earlier nights to fit the points on; none unless that is asked for and outcomes are there."""
    if not night.settings.movement.fit or night.settings.tables.outcomes is None:
        return []
    return apart(earlier(night, "movement/weeks.parquet", PAST_DAYS), APART)


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write a row per own number with its figures, points and level; and the points that were in use."""
    from circlegraph.detect.weekly_movement.run import run_movement

    tables, told = night.settings.tables, night.settings.movement
    points, fitted = _points(night, folder)
    found = run_movement(
        night.store,
        night.date,
        subscribers=tables.subscribers,
        bills=tables.bills,
        forwarding=night.tables.table("forwarding"),
        second_numbers=night.frame("second_numbers", "pairs", TOLD),
        families=night.frame("families", "members", ("number", "family_id")),
        managers=night.frame("managers", "contacts"),
        points=points,
        service_numbers=told.service_numbers,
        holidays=night.holidays,
        network=night.network,
        country=night.country,
        resources=night.resources,
    )
    night.write(folder / "weeks.parquet", found.weeks)
    (folder / POINTS).write_text(json.dumps(asdict(points), indent=1), encoding="utf-8")
    fired = found.weeks.fired.str.split(",").explode().value_counts().sort_index()
    counts = {str(name): int(count) for name, count in fired.items() if name}
    return {**found.facts, "rests on": found.summary()["rests on"], "points": fitted, "fired": counts}


def points_in_use(night: Night) -> Points:
    """Points that the night's weeks were judged with."""
    from circlegraph.detect.weekly_movement.points import Points

    return Points(**json.loads((night.folder / "movement" / POINTS).read_text(encoding="utf-8")))


def _points(night: Night, folder: Path) -> tuple[Points, str]:
    """Points of the config, or fitted to past losses, with their table, where that is asked for and can be done."""
    from circlegraph.detect.weekly_movement.points import Points
    from circlegraph.detect.weekly_movement.scorecard import fit_scorecard

    told = Points(**night.settings.movement.points)  # type: ignore[arg-type]
    weeks = stacked(night, past(night))
    lost = night.tables.lost()
    if weeks is None or lost is None:
        return told, "of the config"
    try:
        card = fit_scorecard(weeks, lost, points=told)
    except InputError as error:
        return told, f"of the config: {error}"
    card.write(folder / "scorecard.csv")
    return card.points, "fitted: " + "; ".join(f"{name} {text}" for name, text in card.summary().items())
