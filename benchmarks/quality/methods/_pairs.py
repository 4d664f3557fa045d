"""Score pairs of numbers that share a peer, block by block, and keep the best of each number."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.quality.counts import Counts, Matrix

Floats = NDArray[np.float64]
Score = Callable[[Floats, Floats, Floats], Floats]
"""From a pair's product, the sum of the number's row and that of the candidate's row to a score in [0, 1]."""

BLOCK = 512
TOP = 20
"""Candidates kept for each number."""


def ranked(
    counts: Counts,
    left: Matrix,
    right: Matrix,
    score: Score,
    *,
    new_only: bool,
    least: float = 0.0,
    numbers: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Rank candidates by a score of the product of two rows.

    Parameters
    ----------
    counts : Counts
        The world's contacts.
    left : csr array of shape (n, m)
        What is known of each number before the split.
    right : csr array of shape (n, m)
        What is known of each candidate after the split.
    score : callable
        Turns products into scores.
    new_only : bool
        Whether only numbers without a contact before the split are candidates.
    least : float
        Scores below this, and scores of 0, are no candidates.
    numbers : ndarray of bool, shape (n,), optional
        Which own numbers are judged; all by default.

    Returns
    -------
    pandas.DataFrame
        number, second_number, probability (the score): up to `TOP` rows a number, the best first.
    """
    wanted = counts.own & (np.diff(left.indptr) > 0)
    rows = np.flatnonzero(wanted if numbers is None else wanted & numbers)
    columns = np.flatnonzero((np.diff(right.indptr) > 0) & (counts.new | (not new_only)))
    left_sums, right_sums = np.asarray(left.sum(axis=1)), np.asarray(right.sum(axis=1))
    turned = right[columns].T.tocsr()
    # Equal scores fall in an order that has nothing to do with the names of the numbers.
    dice = np.random.default_rng(0).random(len(counts.numbers))
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]] = []
    for begin in range(0, len(rows), BLOCK):
        block = rows[begin : begin + BLOCK]
        product = (left[block] @ turned).tocoo()
        head, tail = block[product.row], columns[product.col]
        points = score(product.data, left_sums[head], right_sums[tail])
        kept = (head != tail) & (points > 0) & (points >= least)
        found.append(_best(head[kept], tail[kept], points[kept], dice))
    heads, tails, scores = (
        np.concatenate(parts) if found else np.empty(0) for parts in zip(*found, strict=True)
    )
    return pd.DataFrame(
        {
            "number": counts.numbers[heads.astype(np.int64)],
            "second_number": counts.numbers[tails.astype(np.int64)],
            "probability": scores,
        }
    )


def _best(
    heads: NDArray[np.int64], tails: NDArray[np.int64], scores: Floats, dice: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Keep the `TOP` best of each head."""
    order = np.lexsort((dice[tails], -scores, heads))
    heads, tails, scores = heads[order], tails[order], scores[order]
    place = np.arange(len(heads)) - np.searchsorted(heads, heads)
    kept = place < TOP
    return heads[kept], tails[kept], scores[kept]


def binary(matrix: Matrix) -> Matrix:
    """Set every entry to 1."""
    made = matrix.copy()
    made.data = np.ones_like(made.data)
    return made


def scaled_rows(matrix: Matrix, factors: Floats) -> Matrix:
    """Multiply each row by its factor."""
    made = matrix.copy()
    made.data = made.data * np.repeat(factors, np.diff(made.indptr))
    return made
