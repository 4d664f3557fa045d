"""What a band weighs by the pairs that other evidence believes in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.bands import Band
from circlegraph.evidence.matching import START_PAIRS, _ascending

PIECE = 1 << 20
"""Pairs looked at at a time: the steps on the way take memory."""


def agreement_weights(
    band: Band, values: NDArray[np.float64], belief: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights of a band by its shares among pairs that are believed to have one owner, and among the others.

    The expected shares count as 50 pairs with one owner, one pair a band as one without. What the band's weights are
    trusted with is left to them. Returns float64[knots], ascending.

    Examples
    --------
    >>> same = np.repeat([0.0, 1.0, 0.0], [20, 80, 900])
    >>> believed = np.repeat([1.0, 0.0], [100, 900])
    >>> agreement_weights(Band("document", (0.0, 1.0), (0.5, 0.5)), same, believed).round(1).tolist()
    [-1.7, 9.3]
    """
    m, u = START_PAIRS * np.array(band.expected), np.ones(len(band.knots))
    for begin in range(0, len(values), PIECE):
        piece = belief[begin : begin + PIECE]
        at = band.place(values[begin : begin + PIECE])
        known = at >= 0
        m += np.bincount(at[known], piece[known], len(m))
        u += np.bincount(at[known], 1.0 - piece[known], len(u))
    return np.asarray(band.trust * _ascending(m / m.sum(), u / u.sum()))
