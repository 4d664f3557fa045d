"""Families, with the ids that they had the night before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from circlegraph.nightly.night import Night


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write members, pairs, changes, and what each piece of evidence weighs inside families."""
    from circlegraph.detect.family.run import run_families

    tables = night.settings.tables
    found, _ = run_families(
        night.store,
        subscribers=tables.subscribers,
        previous=night.previous("families", "members"),
        labels=tables.known_families,
        holidays=night.holidays,
        network=night.network,
        country=night.country,
        most_peers=night.settings.second_numbers.most_peers,
        resources=night.resources,
    )
    for name in ("members", "changes"):
        night.write(folder / f"{name}.parquet", getattr(found, name))
    night.write_pieces(folder / "pairs.parquet", found.pieces("pairs"))
    night.write_pieces(folder / "weights.parquet", found.inside().pieces("weights"))
    changes = found.changes.change.value_counts().sort_index()
    return {
        **found.facts,
        "families": int(found.members.family_id.nunique()),
        "members": len(found.members),
        "changes": {str(name): int(count) for name, count in changes.items()},
    }
