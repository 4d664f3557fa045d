"""The plan by which new CDR files go into the store: written first, so that a killed run is carried on with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from circlegraph.nightly.ledger import Entry
from circlegraph.tables import atomic_path

NAME = "intake-plan.json"
BATCH_BYTES = 1 << 30


@dataclass(slots=True)
class Batch:
    """Files that go into the store in one step.

    Attributes
    ----------
    files
        Their entries.
    refused
        Why the store did not take them; "" if it did or was not asked yet.
    """

    files: list[Entry]
    refused: str = ""

    @property
    def id(self) -> str:
        """Name of the batch, by the content of its files."""
        return hashlib.sha256("".join(entry.sha256 for entry in self.files).encode()).hexdigest()[:12]


@dataclass(slots=True)
class Plan:
    """Batches in the order in which they are taken in.

    Attributes
    ----------
    noted
        How many times the store had been appended to when the plan was made.
    batches
        What to take in.
    set_aside
        Files that are not to be read, with the reason in them.
    """

    noted: int
    batches: list[Batch] = field(default_factory=list)
    set_aside: list[Entry] = field(default_factory=list)

    @classmethod
    def of(cls, noted: int, files: Sequence[Entry], set_aside: list[Entry]) -> Plan:
        """Cut files into batches of about a gigabyte."""
        batches: list[Batch] = []
        room = 0
        for entry in files:
            if not batches or entry.bytes > room:
                batches.append(Batch([]))
                room = BATCH_BYTES
            batches[-1].files.append(entry)
            room -= entry.bytes
        return cls(noted, batches, set_aside)

    @classmethod
    def read(cls, store: Path) -> Plan | None:
        """Plan of a run that did not end; None where there is none."""
        path = store / NAME
        if not path.exists():
            return None
        raw = json.loads(path.read_text(encoding="utf-8"))
        batches = [Batch([Entry(**e) for e in batch["files"]], batch["refused"]) for batch in raw["batches"]]
        return cls(raw["noted"], batches, [Entry(**entry) for entry in raw["set_aside"]])

    def write(self, store: Path) -> None:
        """Put the plan on disk in one step."""
        with atomic_path(store / NAME) as temporary:
            temporary.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    def split(self, at: int, store: Path) -> None:
        """Try the files of a batch one by one."""
        self.batches[at : at + 1] = [Batch([entry]) for entry in self.batches[at].files]
        self.write(store)
