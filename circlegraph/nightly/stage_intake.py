"""What was read for a night: files, counts, rejected rows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from circlegraph.nightly.intake import quarantine_path
from circlegraph.nightly.ledger import REFUSED, TAKEN, Ledger
from circlegraph.nightly.night import Night


def entered(night: Night) -> dict[str, Any]:
    """Files and batches of the ledger that belong to a night."""
    ledger = Ledger.read(night.settings.folders.store)
    return {
        "files": [
            {
                "path": entry.path,
                "sha256": entry.sha256,
                "bytes": entry.bytes,
                "state": entry.state,
                "reason": entry.reason,
                "changed": bool(entry.former),
                "rejected": entry.rejected,
            }
            for entry in ledger.of_night(night.date)
        ],
        "batches": [batch for batch in ledger.batches if batch["night"] == night.date],
    }


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write the files looked at for this night with their counts, and the rejected rows.

    With pseudonyms, the rejected rows stay with the store: nobody can tell the numbers in them.
    """
    found = entered(night)
    (folder / "files.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    if not night.settings.privacy.pseudonyms:
        _write_rejected(folder / "quarantine.csv", found["batches"], night)
    batches, files = found["batches"], found["files"]
    span = night.span
    return {
        **{name: sum(batch[name] for batch in batches) for name in ("read", "accepted")},
        **{name: _summed(batches, name) for name in ("duplicates", "rejected")},
        "files": sum(file["state"] == TAKEN for file in files),
        "refused files": sum(file["state"] == REFUSED for file in files),
        "changed files": sum(file["changed"] for file in files),
        "windows": {"first": span.first, "split": span.split, "last": span.date},
        "missing days": list(span.missing),
        "thin days": list(span.thin),
    }


def _write_rejected(path: Path, batches: list[dict[str, Any]], night: Night) -> None:
    """Put the quarantine files of the batches one behind the other, under one header."""
    header = b"file,line,reason,row\n"
    with path.open("wb") as stream:
        stream.write(header)
        for batch in batches:
            with quarantine_path(night.settings.folders.store, batch["id"]).open("rb") as rows:
                rows.readline()
                shutil.copyfileobj(rows, stream)


def _summed(batches: list[dict[str, Any]], name: str) -> dict[str, int]:
    total: dict[str, int] = {}
    for batch in batches:
        for reason, count in batch[name].items():
            total[reason] = total.get(reason, 0) + count
    return dict(sorted(total.items()))
