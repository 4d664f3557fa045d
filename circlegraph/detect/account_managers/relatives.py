"""Relatives among the approached."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.account_managers.ties import Ties
from circlegraph.errors import InputError
from circlegraph.graph.numbering import Numbers


def read_families(found: Any, numbers: Numbers) -> NDArray[np.int64]:
    """Family of each number from a `Families` or from a table with its columns, int64[numbers]; -1 for none.

    Raises
    ------
    InputError
        If a column is missing.
    """
    import pandas as pd

    frame = getattr(found, "members", found)
    for name in ("number", "family_id"):
        if name not in getattr(frame, "columns", ()):
            raise InputError(f"the families have no column {name!r}; give a Families or its .members")
    ids = numbers.ids_of([str(number) for number in frame["number"]])
    codes, _ = pd.factorize(frame["family_id"])
    family = np.full(len(numbers), -1, np.int64)
    family[ids[ids >= 0]] = codes[ids >= 0]
    return family


def pairs_of_relatives(
    ties: Ties, chosen: NDArray[np.bool_], family: NDArray[np.int64], judged: int
) -> NDArray[np.float64]:
    """Count the pairs of one family among the chosen peers of each judged number, float64[judged]."""
    rows = np.flatnonzero(chosen & (family[ties.callee] >= 0))
    groups, size = np.unique(
        np.stack([ties.caller[rows], family[ties.callee[rows]]]), axis=1, return_counts=True
    )
    pairs = np.bincount(groups[0], size * (size - 1) / 2, judged)
    return np.asarray(pairs, np.float64)
