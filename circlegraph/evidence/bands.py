"""Bands of evidence: which values are alike, and what to expect of pairs with one owner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Band:
    """One piece of evidence, of which more speaks rather for one owner.

    Attributes
    ----------
    name
        What it is, in a word or two.
    knots
        Ascending values. A band is made of the values nearest to its knot; between the knots the weight runs in a
        straight line, so that two values of one band are still told apart.
    expected
        Share of the pairs with one owner in each band, to start from; sums to 1.
    learned
        Whether the data may correct the expected shares.
    trust
        Part of the weight that counts: less than 1 for evidence that goes along with other evidence.

    Examples
    --------
    >>> import numpy as np
    >>> band = Band("overlap", (0.0, 0.5, 1.0), (0.1, 0.3, 0.6))
    >>> band.place(np.array([0.2, 0.3, 1.7, np.nan])).tolist()
    [0, 1, 2, -1]
    >>> band.spread(np.array([0.0, 0.25, 2.0, np.nan]), np.array([-1.0, 1.0, 3.0])).tolist()
    [-1.0, 0.0, 3.0, 0.0]
    """

    name: str
    knots: tuple[float, ...]
    expected: tuple[float, ...]
    learned: bool = True
    trust: float = 1.0

    def place(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Band of each value, int64[n]; -1 for NaN, what is not known."""
        knots = np.array(self.knots)
        placed = np.searchsorted((knots[1:] + knots[:-1]) / 2, values, side="right")
        return np.where(np.isnan(values), -1, placed)

    def spread(self, values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weight of each value from the weights of the bands, float64[n]; 0 for what is not known."""
        known = ~np.isnan(values)
        return np.where(known, np.interp(np.where(known, values, 0.0), self.knots, weights), 0.0)
