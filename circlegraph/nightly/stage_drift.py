"""Tonight against the nights before: trends, and an alarm where a detector drifts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from circlegraph.nightly.drift import drift_of
from circlegraph.nightly.night import Night
from circlegraph.nightly.past import earlier


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write the drift of each figure that is followed, and how the figures went."""
    told = night.settings.drift
    now = json.loads((night.folder / "figures" / "figures.json").read_text(encoding="utf-8"))
    before = [json.loads(path.read_text(encoding="utf-8")) for path in past(night)]
    found = drift_of(now, before, told.least_nights, told.psi, told.z)
    trend = [{"date": one["date"], **one["followed"]} for one in (*before, now)]
    text = json.dumps({"drift": found, "trend": trend}, ensure_ascii=False, indent=1)
    (folder / "drift.json").write_text(text, encoding="utf-8")
    return {"nights": len(before), "alarms": [entry["name"] for entry in found if entry["alarm"]]}


def past(night: Night) -> list[Path]:
    """Figures of the last nights before this one, oldest first."""
    return earlier(night, "figures/figures.json")[-night.settings.drift.nights :]
