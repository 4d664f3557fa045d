"""What a band weighs by the pairs that other evidence believes in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.bands import Band
from circlegraph.evidence.matching import START_PAIRS, _ascending, _shares


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
    at = band.place(values)
    m = _shares(at, belief, START_PAIRS * np.array(band.expected))
    u = _shares(at, 1.0 - belief, np.ones(len(band.knots)))
    return np.asarray(band.trust * _ascending(m, u))
