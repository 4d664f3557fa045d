"""Answers that are known already: pairs of which somebody has found out whether they have one owner."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.known import Listed, read_pairs
from circlegraph.errors import InputError
from circlegraph.graph.numbering import Numbers

COLUMNS = ("number", "second_number", "true")
YES, NO = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")


def read_labels(source: Any, country: str | None = "86") -> tuple[Listed, NDArray[np.float64]]:
    """Table of labels from a file or a table, and the answers: 1 or 0, NaN where none is given.

    Raises
    ------
    InputError
        If a column is misspelt or missing, a pair is listed twice, or an answer is neither yes nor no.
    """
    listed = read_pairs(source, "labels", COLUMNS, ("number", "second_number"), country, ("true",))
    words = [str("" if word is None else word).strip().lower() for word in listed.table["true"].to_pylist()]
    for row, word in enumerate(words, 1):
        if word and word not in YES + NO:
            raise InputError(f"the table of labels: in row {row} the column 'true' is neither 1 nor 0")
    return listed, np.array([1.0 if word in YES else 0.0 if word in NO else np.nan for word in words])


def answers(
    labels: tuple[Listed, NDArray[np.float64]],
    numbers: Numbers,
    number: NDArray[np.integer[Any]],
    other: NDArray[np.integer[Any]],
) -> NDArray[np.float64]:
    """Answer for each pair of ids, float64[pairs]: 1, 0, or NaN where nobody knows."""
    listed, true = labels
    ends = [numbers.index.ids(listed.keys[name]) for name in COLUMNS[:2]]
    there = (ends[0] >= 0) & (ends[1] >= 0)
    keys = (ends[0] * len(numbers) + ends[1])[there]
    order = np.argsort(keys, kind="stable")
    keys, true = np.append(keys[order], -1), np.append(true[there][order], np.nan)
    wanted = number.astype(np.int64) * len(numbers) + other
    at = np.searchsorted(keys[:-1], wanted)
    return np.where(keys[at] == wanted, true[at], np.nan)
