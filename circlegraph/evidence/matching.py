"""Match weights in the manner of Fellegi and Sunter, learned without labels.

References
----------
I. P. Fellegi and A. B. Sunter, "A theory for record linkage", JASA 64 (1969).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.bands import Band

START_PAIRS = 50.0
"""How many pairs with one owner the expected shares are worth against what the data say."""
MOST_ROUNDS = 200
CLOSE_ENOUGH = 1e-6

Values = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class MatchModel:
    """What each band of evidence weighs.

    Attributes
    ----------
    bands
        The evidence.
    prior
        Share of the pairs that have one owner, lambda.
    weights
        Per band ``log2(m / u)``, ascending: float64[knots].
    """

    bands: tuple[Band, ...]
    prior: float
    weights: tuple[NDArray[np.float64], ...]

    @property
    def prior_weight(self) -> float:
        """Weight of a pair of which nothing is known: ``log2(lambda / (1 - lambda))``."""
        return float(np.log2(self.prior / (1 - self.prior)))

    def parts(self, values: Values) -> dict[str, NDArray[np.float64]]:
        """Weight that each piece of evidence adds to each pair; what is not known adds 0."""
        return {
            band.name: band.spread(values[band.name], weights)
            for band, weights in zip(self.bands, self.weights, strict=True)
        }

    def match_weight(self, values: Values) -> NDArray[np.float64]:
        """Sum of the weights, M."""
        total = np.full(len(next(iter(values.values()))), self.prior_weight)
        for part in self.parts(values).values():
            total += part
        return total


def probability(match_weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of one owner: ``2^M / (1 + 2^M)``.

    Examples
    --------
    >>> probability(np.array([-1.0, 0.0, 2000.0])).round(3).tolist()
    [0.333, 0.5, 1.0]
    """
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(match_weight, -500.0, 500.0))))


def learn_model(bands: Sequence[Band], values: Values, prior: float) -> MatchModel:
    """Learn m and lambda by expectation and maximisation; u is what all pairs show.

    Nearly all pairs that only share a peer have two owners, so their shares in the bands are u. The expected shares of
    a band count as 50 pairs, so that few pairs cannot turn the evidence on its head, and the weights are made to
    ascend.

    Parameters
    ----------
    bands
        The evidence.
    values
        By the bands' names, float64[pairs]; NaN for what is not known.
    prior
        Share of the pairs with one owner, to start from; between 0 and 1.

    Examples
    --------
    >>> band = Band("overlap", (0.0, 1.0), (0.1, 0.9))
    >>> model = learn_model([band], {"overlap": np.repeat([0.0, 1.0], [95, 5])}, prior=0.05)
    >>> model.match_weight({"overlap": np.array([0.0, 1.0])}).round(1).tolist()
    [-8.2, -4.2]
    """
    placed = [band.place(values[band.name]) for band in bands]
    shares = [_shares(at, np.ones(len(at)), band) for band, at in zip(bands, placed, strict=True)]
    expected = [np.array(band.expected) for band in bands]
    weights = [_ascending(m, u) for m, u in zip(expected, shares, strict=True)]
    share = prior
    for _ in range(MOST_ROUNDS):
        model = MatchModel(tuple(bands), share, tuple(weights))
        belief = probability(model.match_weight(values))
        learned = [_shares(at, belief, band) for band, at in zip(bands, placed, strict=True)]
        weights = [_ascending(m, u) for m, u in zip(learned, shares, strict=True)]
        old, share = share, float(belief.sum() + START_PAIRS * prior) / (len(belief) + START_PAIRS)
        if abs(share - old) <= CLOSE_ENOUGH * old:
            break
    return MatchModel(tuple(bands), share, tuple(weights))


def _shares(placed: NDArray[np.int64], belief: NDArray[np.float64], band: Band) -> NDArray[np.float64]:
    """Share of each band among the pairs, each counted as far as it is believed; the expected ones count too."""
    known = placed >= 0
    counts = np.bincount(placed[known], belief[known], len(band.knots)) + START_PAIRS * np.array(
        band.expected
    )
    return np.asarray(counts / counts.sum())


def _ascending(m: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.float64]:
    """``log2(m / u)`` with neighbouring bands pooled where it would fall."""
    pools: list[tuple[float, float, int]] = []
    for pair in zip(m.tolist(), u.tolist(), strict=True):
        pool = (*pair, 1)
        while pools and pools[-1][0] * pool[1] >= pool[0] * pools[-1][1]:
            last = pools.pop()
            pool = (last[0] + pool[0], last[1] + pool[1], last[2] + pool[2])
        pools.append(pool)
    return np.concatenate([np.full(size, np.log2(a / b)) for a, b, size in pools])
