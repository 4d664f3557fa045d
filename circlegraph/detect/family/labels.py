"""Pairs of which it is known whether they are of one family."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.tables import as_table
from circlegraph.errors import InputError
from circlegraph.graph.numbering import Numbers
from circlegraph.tables import read_table

COLUMNS = ("number_a", "number_b", "family")
YES = ("true", "1", "1.0", "yes")
NO = ("false", "0", "0.0", "no")


def read_labels(source: Any, numbers: Numbers, ends: NDArray[np.int32]) -> NDArray[np.float64]:
    """What is known of pairs: 1 for one family, 0 for not, NaN for unknown, float64[pairs].

    Parameters
    ----------
    source
        File or table: number_a, number_b in either order, family.
    numbers
        The numbers.
    ends
        int32[pairs, 2]: ids, the smaller first.

    Raises
    ------
    InputError
        If a column is missing, or an entry of family is neither true nor false.
    """
    table = read_table(source, COLUMNS) if isinstance(source, str | Path) else as_table(source)
    for name in COLUMNS:
        if name not in table.column_names:
            raise InputError(f"the table of known pairs has no column {name!r}")
    words = [str(word).strip().lower() for word in table["family"].to_pylist()]
    for row, word in enumerate(words, 1):
        if word not in YES + NO:
            raise InputError(f"the known pairs, row {row}: family must be true or false")
    sides = [numbers.ids_of([str(word) for word in table[name].to_pylist()]) for name in COLUMNS[:2]]
    low, high = np.minimum(*sides), np.maximum(*sides)
    told = np.full(len(ends), np.nan)
    if not len(ends) or not len(words):
        return told
    keys = ends[:, 0].astype(np.int64) * len(numbers) + ends[:, 1]  # ascending
    wanted = low * len(numbers) + high
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found = (low >= 0) & (keys[at] == wanted)
    told[at[found]] = np.isin(np.array(words)[found], YES)
    return told
