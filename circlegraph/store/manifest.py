"""The manifest of a contact store: which files make up its present state."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from circlegraph.errors import StoreError
from circlegraph.tables import atomic_path

NAME = "manifest.json"
TEMPORARY = ".tmp"
VERSION = 2
CHECKSUM = "sha256"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A data file: its name below the store, SHA-256, size in bytes and rows."""

    name: str
    sha256: str
    bytes: int
    rows: int

    def verify(self, root: Path) -> None:
        """Compare the file with the checksum noted when it was written.

        Raises
        ------
        StoreError
            If it is missing or differs.
        """
        path = root / self.name
        try:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise StoreError(f"{path}: a stored file cannot be read ({error.strerror})") from error
        if digest != self.sha256:
            raise StoreError(f"{path}: a stored file has changed since it was written; take its day in again")


@dataclass(frozen=True, slots=True)
class StoredDay:
    """The files of a day.

    Attributes
    ----------
    contacts, events
        Contacts per number and peer, and the events they were summed from.
    places, handsets, forwards
        What was seen that day, where the CDRs tell it.
    second_legs
        Rows that tell of an event of which another row tells too, where there are any. They count for nothing, but
        are kept: which row is the second may change with what is taken in later.
    """

    contacts: StoredFile
    events: StoredFile
    places: StoredFile | None = None
    handsets: StoredFile | None = None
    forwards: StoredFile | None = None
    second_legs: StoredFile | None = None

    def sightings(self, kind: str) -> StoredFile | None:
        """File of the sightings of a kind."""
        file: StoredFile | None = getattr(self, kind)
        return file

    def with_sightings(self, kind: str, file: StoredFile | None) -> StoredDay:
        """The same day with another file of a kind of sightings."""
        change: dict[str, Any] = {kind: file}
        return replace(self, **change)

    def files(self) -> list[StoredFile]:
        """All files of the day."""
        every = (getattr(self, f.name) for f in fields(self))
        return [file for file in every if file is not None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """State of a store; a new one replaces the old in one step.

    Attributes
    ----------
    version
        Of the layout on disk.
    partition_bits
        Contacts are cut into ``2 ** partition_bits`` partitions by a hash of the number.
    generation
        Counts the changes since the store was made.
    days
        By ISO date.
    tokens
        Tables of the numbers that are not made of digits; each holds those that the ones before lack.
    appended
        What was taken in, oldest first: paths and counts.
    former
        Files of the generation before, which a reader may still have open.
    durations
        Whether any CDRs taken in said how long calls last; None before.
    country
        Home calling code that its numbers were read for, 0 for none; None before any were.
    dropped
        Days dropped since the tokens were last pruned.
    twins
        Kinds of events whose rows come twice, see `circlegraph.store.merge`.
    evidence
        What tells so: by ISO date and kind, rows of unknown leg, and those in twos. That of dropped days stays.
    eventless
        By ISO date, days all of whose rows are second records. They are no part of `days`, which say from when to
        when the data last.
    """

    version: int
    partition_bits: int
    generation: int = 0
    days: dict[str, StoredDay] = field(default_factory=dict)
    tokens: list[StoredFile] = field(default_factory=list)
    appended: list[dict[str, Any]] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    durations: bool | None = None
    country: int | None = None
    dropped: int = 0
    twins: list[str] = field(default_factory=list)
    evidence: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    eventless: dict[str, StoredDay] = field(default_factory=dict)

    @property
    def every_day(self) -> dict[str, StoredDay]:
        """The days with events and those without, by ISO date."""
        return self.days | self.eventless

    def files(self) -> list[StoredFile]:
        """All data files of the present state."""
        return [file for day in self.every_day.values() for file in day.files()] + self.tokens

    def changed(self, every_day: Mapping[str, StoredDay], **changes: Any) -> Manifest:
        """The next generation, with these days."""
        days, eventless = (
            {
                date: every_day[date]
                for date in sorted(every_day)
                if bool(every_day[date].events.rows) == events
            }
            for events in (True, False)
        )
        following = replace(self, generation=self.generation + 1, days=days, eventless=eventless, **changes)
        kept = {file.name for file in following.files()}
        former = sorted({file.name for file in self.files()} - kept)
        return replace(following, former=former)

    def write(self, root: Path) -> None:
        """Replace the manifest of a store in one step, on disk for good when this returns."""
        plain = asdict(self)
        plain[CHECKSUM] = _checksum(plain)
        with atomic_path(root / NAME) as temporary:
            temporary.write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
        sync_folder(root)

    @classmethod
    def read(cls, root: Path) -> Manifest:
        """Read the manifest of a store.

        Raises
        ------
        StoreError
            If there is none, or it is of another version, or damaged: it differs from what its checksum was made of.
        """
        path = root / NAME
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            if raw["version"] != VERSION:
                raise StoreError(
                    f"{path}: the store has version {raw['version']}, this circlegraph reads version {VERSION}; "
                    "build it anew from the CDRs"
                )
            if raw.pop(CHECKSUM) != _checksum(raw):
                raise ValueError("another checksum")
            days, eventless = (
                {
                    date: StoredDay(**{name: file and StoredFile(**file) for name, file in day.items()})
                    for date, day in some.items()
                }
                for some in (raw.pop("days"), raw.pop("eventless"))
            )
            tokens = [StoredFile(**file) for file in raw.pop("tokens")]
            return cls(**raw, days=days, tokens=tokens, eventless=eventless)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise StoreError(f"{root}: there is no contact store here") from error
        except OSError as error:
            raise StoreError(f"{path}: cannot be read ({error.strerror})") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(
                f"{path}: the manifest is damaged; build the store anew from the CDRs"
            ) from error


def _checksum(plain: dict[str, Any]) -> str:
    """SHA-256 of a manifest as plain data."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


class NewFile:
    """A data file while it is written, and then under a name that ends in its digest."""

    def __init__(self, folder: Path, temporary: Path, stem: str) -> None:
        self.temporary = temporary
        self._folder = folder  # as the caller wrote it: the temporary path is always absolute
        self._stem = stem
        self._path: Path | None = None
        self._digest = ""

    def finish(self) -> None:
        """Give the complete file its name; the same content gets the same name."""
        with self.temporary.open("rb") as stream:
            os.fsync(stream.fileno())
            self._digest = hashlib.file_digest(stream, "sha256").hexdigest()
        self._path = self._folder / f"{self._stem}.{self._digest[:12]}.parquet"
        self.temporary.replace(self._path)

    def stored(self, root: Path, rows: int) -> StoredFile:
        """Describe the finished file for the manifest."""
        assert self._path is not None
        name = self._path.relative_to(root).as_posix()
        return StoredFile(name, self._digest, self._path.stat().st_size, rows)


@contextmanager
def new_file(folder: Path, stem: str) -> Iterator[NewFile]:
    """Write a data file of a store; readable by its owner only, gone if the block fails.

    Raises
    ------
    StoreError
        If the folder cannot be written to, or the disk is full.
    """
    try:
        handle, name = tempfile.mkstemp(TEMPORARY, f"{stem}.", folder)  # made 0600
        os.close(handle)
        new = NewFile(folder, Path(name), stem)
        try:
            yield new
            new.finish()
        finally:
            new.temporary.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror or error})") from error


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last through a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
