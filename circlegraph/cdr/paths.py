"""Files that paths, globs and folders stand for."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from pathlib import Path

from circlegraph.errors import InputError

_SUFFIXES = (".csv", ".tsv", ".txt", ".gz", ".zst", ".parquet", ".pq", ".dat", ".cdr")


def listed(source: str) -> list[tuple[Path, bool]]:
    """Files that a path, glob or folder stands for, and whether the user named the file itself.

    A folder stands for all files below it, whose suffix CDRs may have; what is hidden is passed over.

    Raises
    ------
    InputError
        There is no such file, or a folder cannot be looked into.
    """
    try:
        return _listed(source)
    except OSError as error:
        raise _unreadable(error) from error


def _listed(source: str) -> list[tuple[Path, bool]]:
    path = Path(source)
    if path.is_dir():
        return [(p, False) for p in sorted(files_below(path)) if p.suffix.lower() in _SUFFIXES]
    if path.exists():
        return [(path, True)]
    if glob.has_magic(source):
        matches = [Path(match) for match in sorted(glob.glob(source, recursive=True))]  # noqa: PTH207
        if not matches:
            raise InputError(f"{source}: no file matches")
        return [pair for match in matches for pair in _listed(str(match))]
    raise InputError(f"{source}: no such file or folder")


def files_below(folder: Path) -> Iterator[Path]:
    """Files in a folder and the folders in it, but for what is hidden.

    Raises
    ------
    InputError
        One of the folders cannot be listed: its files would be lost without a word.
    """
    try:
        for place, folders, names in os.walk(folder, onerror=_stop):
            folders[:] = [name for name in folders if not name.startswith(".")]
            paths = (Path(place, name) for name in names if not name.startswith("."))
            yield from (path for path in paths if path.is_file())
    except OSError as error:
        raise _unreadable(error) from error


def _stop(error: OSError) -> None:
    raise error


def _unreadable(error: OSError) -> InputError:
    why = (
        "no permission to read it; have it granted, or leave it out by naming files or a glob"
        if isinstance(error, PermissionError)
        else f"cannot be read ({error.strerror})"
    )
    return InputError(f"{error.filename}: {why}")
