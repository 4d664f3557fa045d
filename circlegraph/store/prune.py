"""Tokens that no stored day needs any more."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.sightings import UNITS
from circlegraph.parallel import mapped
from circlegraph.store.day_files import opened
from circlegraph.store.manifest import StoredDay, StoredFile
from circlegraph.store.sighting_files import COLUMNS
from circlegraph.store.token_files import read_tokens, write_tokens


def prune_tokens(
    root: Path, tokens: list[StoredFile], days: Iterable[StoredDay], threads: int
) -> list[StoredFile]:
    """Tables of those tokens only that some days use: one new table, or the same ones if nothing is to go.

    Raises
    ------
    StoreError
        If a file is missing or damaged.
    """
    used = np.empty(0, np.int64)
    for keys in mapped(lambda day: _tokens_of(root, day), days, threads):
        used = np.union1d(used, keys)
    known = read_tokens(root, tokens).tokens()
    kept = known.take(np.isin(known.key, used))
    if len(kept) == len(known):
        return tokens
    return [write_tokens(root, kept)] if len(kept) else []


def _tokens_of(root: Path, day: StoredDay) -> NDArray[np.int64]:
    """Distinct keys of tokens, which are negative, among the numbers, cells and handsets of a day."""
    events = [day.events] if day.second_legs is None else [day.events, day.second_legs]
    columns = [(file, ("caller", "callee")) for file in events]
    for kind in UNITS:
        file = day.sightings(kind)
        if file is not None:
            number, _, what = COLUMNS[kind]
            columns.append((file, (number, what)))
    found = [np.empty(0, np.int64)]
    for file, names in columns:
        with opened(root, file) as parquet:
            table = parquet.read(columns=list(names))
            keys = [table[name].to_numpy() for name in names]
        found += [np.unique(key[key < 0]) for key in keys]
    return np.unique(np.concatenate(found))
