"""What a band weighs by the pairs that other evidence believes in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.bands import Band
from circlegraph.evidence.matching import START_PAIRS, _ascending

PIECE = 1 << 20
"""Pairs looked at at a time: the steps on the way take memory."""
COULD_BE = (0.05, 0.6)
"""Beliefs between which a pair may have one owner or not, so that this band decides; set, as the two below, on
worlds of another generator than that of the cities that methods are judged on."""
FEWEST = 200
"""With fewer pairs like that all others are looked at."""
LEAST_LEFT = 0.02
"""Part of those in a band that at least have two owners, however many with one are expected there."""


def agreement_weights(
    band: Band, values: NDArray[np.float64], belief: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights of a band by its shares among pairs that are believed to have one owner, and among the others.

    The others are those that could have one owner as well, less as many as are expected to: whoever calls each other
    rarely and lives far apart has nothing in common, but that says nothing of two close friends next door. The expected
    shares count as 50 pairs with one owner, one pair a band as one without. What the band's weights are trusted with is
    left to them. Returns float64[knots], ascending.

    Examples
    --------
    >>> same = np.repeat([0.0, 1.0, 0.0], [20, 80, 900])
    >>> believed = np.repeat([1.0, 0.0], [100, 900])
    >>> agreement_weights(Band("document", (0.0, 1.0), (0.5, 0.5)), same, believed).round(1).tolist()
    [-1.7, 9.3]
    """
    bands = len(band.knots)
    one, others, either = START_PAIRS * np.array(band.expected), np.zeros(bands), np.zeros(bands)
    expected = 0.0
    for begin in range(0, len(values), PIECE):
        piece = belief[begin : begin + PIECE]
        at = band.place(values[begin : begin + PIECE])
        known = at >= 0
        close = known & (piece > COULD_BE[0]) & (piece < COULD_BE[1])
        one += np.bincount(at[known], piece[known], bands)
        others += np.bincount(at[known], 1.0 - piece[known], bands)
        either += np.bincount(at[close], minlength=bands)
        expected += piece[close].sum()
    m = one / one.sum()
    if either.sum() >= FEWEST:
        others = np.maximum(either - expected * m, LEAST_LEFT * either)
    u = others + 1.0
    return np.asarray(band.trust * _ascending(m, u / u.sum()))
