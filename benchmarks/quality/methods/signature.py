"""Overlap of top-k signatures, as Cortes, Pregibon and Volinsky matched repetitive debtors.

"Communities of interest" (IDA 2001): a number's signature are its k heaviest peers; the overlap of two
signatures is the sum over shared peers o of w_a(o) · w_b(o) / w(o), where w(o) is all of the peer's traffic, so
that peers whom few people call weigh more. Here weights are shares of the calls and texts of one window in
place of daily smoothing, with k = 9 as in the paper.
"""

import numpy as np
import pandas as pd

from benchmarks.quality.counts import Matrix
from benchmarks.quality.methods._pairs import ranked, scaled_rows
from benchmarks.quality.world import World

K = 9


def rank(world: World, *, new_only: bool) -> pd.DataFrame:
    """Rank by Σ w_a(o) · w_b(o) / w(o), mapped to [0, 1) by s / (s + 1 / median traffic)."""
    counts = world.counts
    traffic = np.asarray(counts.before.sum(axis=1) + counts.after.sum(axis=1))
    before, after = (_signatures(counts.own_columns(matrix)) for matrix in (counts.before, counts.after))
    rare = after.copy()
    rare.data = rare.data / traffic[rare.indices]
    usual = 1 / np.median(traffic)
    return ranked(counts, before, rare, lambda product, *_: product / (product + usual), new_only=new_only)


def _signatures(matrix: Matrix) -> Matrix:
    """Keep the k heaviest peers of each row, as shares of the row; ties go to the smaller id."""
    heads = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, -matrix.data, heads))
    place = np.arange(len(order)) - matrix.indptr[heads]
    totals = np.asarray(matrix.sum(axis=1))
    made = matrix.copy()
    made.data[order[place >= K]] = 0
    made.eliminate_zeros()
    return scaled_rows(made, 1 / np.maximum(totals, 1))
