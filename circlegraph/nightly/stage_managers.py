"""Competitors' account managers, and whom they approached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from circlegraph.nightly.night import Night

TOLD = ("number", "second_number", "second_operator", "probability", "accepted", "onset")
"""What account managers and movement are told of second numbers."""


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write managers, contacts and what each piece of evidence weighs."""
    from circlegraph.detect.account_managers.run import run_managers

    tables = night.settings.tables
    found, _ = run_managers(
        night.store,
        subscribers=tables.subscribers,
        bills=tables.bills,
        second_numbers=night.frame("second_numbers", "pairs", TOLD),
        families=night.frame("families", "members", ("number", "family_id")),
        known=tables.known_managers,
        previous=night.previous("managers", "contacts"),
        network=night.network,
        country=night.country,
        resources=night.resources,
    )
    for name in ("managers", "contacts", "weights"):
        night.write(folder / f"{name}.parquet", getattr(found, name))
    return {
        **found.facts,
        "accepted": int(found.managers.accepted.sum()),
        "approached": int(found.contacts.number.nunique()),
    }
