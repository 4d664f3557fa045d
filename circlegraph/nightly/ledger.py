"""The ledger of CDR files: which were taken into the store, by checksum, and for which night."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from glob import glob
from pathlib import Path
from typing import Any

from circlegraph.errors import StoreError
from circlegraph.nightly.manifest import file_sha256
from circlegraph.tables import atomic_path

NAME = "intake.json"
TAKEN, REFUSED, SAME = "taken", "refused", "same content as another file"


@dataclass(frozen=True, slots=True)
class Entry:
    """A CDR file as it was when it was looked at.

    Attributes
    ----------
    path, sha256, bytes, changed_ns
        The file; the last tells when it was changed.
    state
        Taken, refused, or the same content as another file.
    night
        For which it was looked at.
    reading
        Checksum of the settings that it was read with.
    reason
        Why it was refused.
    former
        Checksum of what stood at this path before, if anything did.
    rejected
        Rejected rows by reason.
    """

    path: str
    sha256: str
    bytes: int
    changed_ns: int
    state: str = TAKEN
    night: str = ""
    reading: str = ""
    reason: str = ""
    former: str = ""
    rejected: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ledger:
    """All files looked at so far, and the counts of each batch that was taken in.

    Attributes
    ----------
    files
        The newest entry of each path.
    batches
        Per batch: night, id and counts of rows.
    """

    files: dict[str, Entry] = field(default_factory=dict)
    batches: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, store: Path) -> Ledger:
        """Ledger of a store; an empty one where there is none yet.

        Raises
        ------
        StoreError
            If it is damaged.
        """
        path = store / NAME
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            entries = [Entry(**entry) for entry in raw["files"]]
            return cls({entry.path: entry for entry in entries}, raw["batches"])
        except FileNotFoundError:
            return cls()
        except (ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"{path}: the ledger of CDR files is damaged; remove it, and all files are looked at again"
            ) from error

    def write(self, store: Path) -> None:
        """Replace the ledger in one step."""
        raw = {
            "files": [asdict(entry) for _, entry in sorted(self.files.items())],
            "batches": self.batches,
        }
        with atomic_path(store / NAME) as temporary:
            temporary.write_text(json.dumps(raw, ensure_ascii=False, indent=1), encoding="utf-8")

    def of_night(self, night: str) -> list[Entry]:
        """Files looked at for a night, by path."""
        return [entry for _, entry in sorted(self.files.items()) if entry.night == night]


def listed_files(patterns: Iterable[str]) -> tuple[list[Path], list[str]]:
    """Files that paths, folders and globs stand for, each once and sorted; and the patterns that found none.

    Hidden files and folders are passed over, as are such files that are still being written under a name that
    ends in ``.tmp`` or ``.part``.

    Raises
    ------
    InputError
        A folder cannot be listed.
    """
    from circlegraph.cdr.paths import files_below

    found: set[Path] = set()
    empty = []
    for pattern in patterns:
        named = [pattern] if Path(pattern).exists() else glob(pattern, recursive=True)  # noqa: PTH207
        matches = [Path(match) for match in named]
        inside = [
            path
            for match in matches
            for path in (files_below(match) if match.is_dir() else [match])
            if path.is_file() and not path.name.startswith(".") and path.suffix not in (".tmp", ".part")
        ]
        found.update(inside)
        if not inside:
            empty.append(pattern)
    return sorted(found), empty


def news(ledger: Ledger, paths: Iterable[Path], reading: str) -> list[Entry]:
    """Entries for the files that the ledger does not know yet; the others are not even read.

    A file is known if its size and time of change are those of the ledger, or its content is. Refused files are
    looked at again once the settings for reading have changed.
    """
    taken = {entry.sha256 for entry in ledger.files.values() if entry.state == TAKEN}
    found = []
    for path in paths:
        old = ledger.files.get(str(path))
        stat = path.stat()
        if old is not None and (old.bytes, old.changed_ns) == (stat.st_size, stat.st_mtime_ns):
            if old.state == REFUSED and old.reading != reading:
                found.append(replace(old, state=TAKEN, reading=reading, reason=""))
            continue
        sha = file_sha256(path)
        former = "" if old is None or old.sha256 == sha or old.state != TAKEN else old.sha256
        state = SAME if sha in taken else TAKEN
        taken.add(sha)
        found.append(Entry(str(path), sha, stat.st_size, stat.st_mtime_ns, state, "", reading, "", former))
    return found
