"""The customer tables: rows that make no sense are named, before anything is made of the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from circlegraph.nightly.customer_tables import CHECKED, LATER
from circlegraph.nightly.night import Night

NAME = "rejected.csv"


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write table, row and reason of each row that is left out; what the row holds stays where it is."""
    import pandas as pd

    from circlegraph.detect.known import read_subscribers

    if night.settings.tables.subscribers is not None:
        read_subscribers(night.settings.tables.subscribers, night.country)
    counts: dict[str, dict[str, int]] = {}
    parts = [pd.DataFrame({name: pd.Series([], dtype="str") for name in ("table", "row", "reason")})]
    for name in CHECKED:
        sound = night.tables.sound(name)
        if sound is None or not sound.rejected:
            continue
        if sound.rejected.keys() - {LATER}:
            night.tell(f"{getattr(night.settings.tables, name)}: {sound}")
        counts[name] = {reason: len(rows) for reason, rows in sound.rejected.items()}
        parts += [
            pd.DataFrame({"table": name, "row": rows.astype(str), "reason": reason})
            for reason, rows in sound.rejected.items()
        ]
    night.write(folder / NAME, pd.concat(parts, ignore_index=True))
    return {"left out": counts}
