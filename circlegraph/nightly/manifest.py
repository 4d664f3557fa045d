"""The manifest of a stage: what its results were made of, so that they need not be made again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class StageManifest:
    """What a stage read, and what it wrote.

    Attributes
    ----------
    stage, date
        Which results these are.
    version
        Of circlegraph.
    config
        Checksum of the settings that the stage reads.
    inputs
        Checksums of what the stage reads, by name.
    outputs
        SHA-256 of the files written, by name.
    counts
        What there is to say of them.
    """

    stage: str
    date: str
    version: str
    config: str
    inputs: dict[str, str]
    outputs: dict[str, str] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)

    def made_of_the_same(self, other: StageManifest) -> bool:
        """Whether two manifests tell of the same work."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in ("stage", "date", "version", "config", "inputs")
        )

    def changed(self, other: StageManifest) -> list[str]:
        """Names of what differs in what two manifests read."""
        own = [name for name in ("version", "config") if getattr(self, name) != getattr(other, name)]
        names = sorted({*self.inputs, *other.inputs})
        return own + [name for name in names if self.inputs.get(name) != other.inputs.get(name)]

    def content(self) -> str:
        """Checksum of all that was written: equal for equal results, whatever they were made of."""
        text = json.dumps(self.outputs, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def intact(self, folder: Path) -> bool:
        """Whether the files are still those that were written."""
        try:
            return all(file_sha256(folder / name) == sha for name, sha in self.outputs.items())
        except OSError:
            return False

    def write(self, folder: Path, **found: Mapping[str, Any]) -> None:
        """Write the manifest of the files in a folder."""
        outputs = {path.name: file_sha256(path) for path in sorted(folder.iterdir())}
        text = json.dumps({**asdict(self), "outputs": outputs, **found}, ensure_ascii=False, indent=1)
        (folder / NAME).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> StageManifest | None:
        """Manifest of a folder; None where there is none that can be read."""
        try:
            return cls(**json.loads((folder / NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Fill a folder that takes the place of the old one as a whole when the block ends without an error."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary, former = (folder.with_name(f".{folder.name}.{end}") for end in ("new", "old"))
    for left in (temporary, former):
        shutil.rmtree(left, ignore_errors=True)
    temporary.mkdir(mode=0o700)
    try:
        yield temporary
        for path in (*temporary.iterdir(), temporary):
            _settle(path)
        if folder.exists():
            folder.rename(former)
        temporary.rename(folder)
        _settle(folder.parent)
    finally:
        for left in (temporary, former):
            shutil.rmtree(left, ignore_errors=True)


def _settle(path: Path) -> None:
    """Make a file or a folder last through a power failure; only its owner may read it."""
    path.chmod(0o700 if path.is_dir() else 0o600)
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
