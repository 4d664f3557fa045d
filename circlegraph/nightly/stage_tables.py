"""The customer tables: rows that make no sense are named, before anything is made of the others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.nightly.customer_tables import CHECKED, LATER
from circlegraph.nightly.night import Night

if TYPE_CHECKING:
    from circlegraph.detect.sound import Sound

NAME = "rejected.csv"


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write table, row and reason of each row that is left out; what the row holds stays where it is.

    Of the subscribers the number counts all the same, as the own network's: only the entry is taken for unknown.
    """
    import pandas as pd

    tables = night.settings.tables
    found = {name: sound for name in CHECKED if (sound := night.tables.sound(name)) is not None}
    if tables.subscribers is not None:
        found["subscribers"] = _subscribers(night, tables.subscribers)
    counts: dict[str, dict[str, int]] = {}
    parts = [pd.DataFrame({name: pd.Series([], dtype="str") for name in ("table", "row", "reason")})]
    for name, sound in found.items():
        if not sound.rejected:
            continue
        if name == "subscribers":
            night.tell(f"{tables.subscribers}: some entries do not count: {sound.why}")
        elif sound.rejected.keys() - {LATER}:
            night.tell(f"{getattr(tables, name)}: {sound}")
        counts[name] = {reason: len(rows) for reason, rows in sound.rejected.items()}
        parts += [
            pd.DataFrame({"table": name, "row": rows.astype(str), "reason": reason})
            for reason, rows in sound.rejected.items()
        ]
    night.write(folder / NAME, pd.concat(parts, ignore_index=True))
    return {"left out": counts}


def _subscribers(night: Night, path: Path) -> Sound:
    from circlegraph.detect.known import read_subscribers

    found = read_subscribers(path, night.country).sound
    assert found is not None
    return found
