"""The night in figures: what the report shows, what drift is measured on, and the totals for outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.nightly.floor import blanked
from circlegraph.nightly.label_schema import LEVELS
from circlegraph.nightly.manifest import StageManifest
from circlegraph.nightly.night import Night

if TYPE_CHECKING:
    import pandas as pd

BINS = tuple(i / 10 for i in range(11))
POINT_BINS = (0, 3, 6, 9, 14, 20, 1000)
SPREADS: dict[str, tuple[str, str, str, tuple[float, ...]]] = {
    "second numbers, probability": ("second_numbers", "labels", "probability", BINS),
    "families, probability": ("families", "members", "probability", BINS),
    "account managers, probability": ("managers", "managers", "probability", BINS),
    "movement, points": ("movement", "weeks", "points", POINT_BINS),
    "circles, persistence": ("circles", "circles", "persistence", BINS),
    "circles, visible share": ("circles", "circles", "visible_share", BINS),
}
TOTALS = ("dual_sim", "movement_level", "stage", "family_role", "value_tier")


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write the figures, and the totals of the labels by value tier with small counts blanked."""
    import pandas as pd

    labels, coded = night.frame("labels", "labels"), night.frame("labels", "coded")
    assert labels is not None
    assert coded is not None
    totals = {name: _counts(labels[name]) for name in TOTALS}
    totals["movement_level"] = _counts(labels["movement_level"].fillna("unknown"))
    manifests = {stage: StageManifest.read(night.folder / stage) for stage in night.stages}
    counts = {stage: manifest.counts for stage, manifest in manifests.items() if manifest is not None}
    spreads = {
        name: _spread(night.frame(stage, table, (column,)), column, edges)
        for name, (stage, table, column, edges) in SPREADS.items()
    }
    figures = {
        "date": night.date,
        "numbers": len(labels),
        "totals": totals,
        "counts": {stage: counts[stage] for stage in ("intake", *sorted(counts)) if stage in counts},
        "followed": _followed(counts, coded),
        "spreads": {name: spread for name, spread in spreads.items() if spread is not None},
    }
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    (folder / "figures.json").write_text(text, encoding="utf-8")
    floor = night.settings.privacy.floor
    rows = [
        (name, tier, value, count)
        for tier, part in (("all", labels), *labels.groupby("value_tier"))
        for name in TOTALS[:-1]
        for value, count in blanked(_counts(part[name]), floor).items()
    ]
    outside = pd.DataFrame(rows, columns=["label", "value_tier", "value", "count"]).astype({"count": "Int64"})
    night.write(folder / "totals_for_outside.csv", outside)
    return {"totals blanked": int(outside["count"].isna().sum()), "floor": floor}


def _counts(column: pd.Series[Any]) -> dict[str, int]:
    return {str(name): int(count) for name, count in column.value_counts().sort_index().items()}


def _spread(frame: pd.DataFrame | None, column: str, edges: tuple[float, ...]) -> list[int] | None:
    """How often each range of a figure occurs."""
    if frame is None or column not in frame:
        return None
    known = frame[column].dropna().to_numpy(np.float64)
    counts, _ = np.histogram(known, edges)
    return [int(count) for count in counts]


def _followed(counts: dict[str, dict[str, Any]], coded: pd.DataFrame) -> dict[str, int]:
    """Counts that are followed from night to night."""
    levels = dict.fromkeys(LEVELS, 0) | _counts(coded["movement_level"])
    found = {
        "accepted second numbers": counts.get("second_numbers", {}).get("accepted"),
        "cannot be judged": counts.get("second_numbers", {}).get("cannot tell"),
        "families": counts.get("families", {}).get("families"),
        "members of families": counts.get("families", {}).get("members"),
        "accepted account managers": counts.get("managers", {}).get("accepted"),
        "approached subscribers": counts.get("managers", {}).get("approached"),
        "numbers with a circle": counts.get("circles", {}).get("with a circle"),
        "own numbers": len(coded),
        **{f"movement {level}": count for level, count in levels.items()},
    }
    return {name: int(count) for name, count in found.items() if count is not None}
