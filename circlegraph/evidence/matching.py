"""Match weights in the manner of Fellegi and Sunter, learned without labels.

References
----------
I. P. Fellegi and A. B. Sunter, "A theory for record linkage", JASA 64 (1969).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.bands import Band
from circlegraph.parallel import mapped

START_PAIRS = 50.0
"""How many pairs with one owner the expected shares are worth against what the data say."""
MOST_ROUNDS = 200
CLOSE_ENOUGH = 1e-6
PAIRS_AT_A_TIME = 1 << 15
"""Few enough that their values stay in the processor's cache."""

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
        """Sum of the weights of each pair for itself, rivals left aside."""
        total = np.full(len(next(iter(values.values()))), self.prior_weight)
        for band, weights in zip(self.bands, self.weights, strict=True):
            total += band.spread(values[band.name], weights)
        return total


def probability(match_weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of one owner: ``2^M / (1 + 2^M)``.

    Examples
    --------
    >>> probability(np.array([-1.0, 0.0, 2000.0])).round(3).tolist()
    [0.333, 0.5, 1.0]
    """
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(match_weight, -500.0, 500.0))))


def rivalry(
    match_weight: NDArray[np.float64], sides: Sequence[NDArray[np.integer[Any]]]
) -> NDArray[np.float64]:
    """Weight against each pair because at most one pair with the same entry on a side can be true, float64[pairs] <= 0.

    With ``w = 2^M`` the probability is ``w / (1 + w + sum of the rivals' w)``: as if the weight were less by
    ``log2(1 + sum of the rivals' w)``. A pair without rivals loses nothing.

    Parameters
    ----------
    match_weight
        M of each pair for itself.
    sides
        Integers[pairs] each: entries that can be in one true pair only, from 0 on.

    Examples
    --------
    >>> rivalry(np.array([3.0, 3.0, 3.0]), [np.array([7, 7, 8])]).round(2).tolist()
    [-3.17, -3.17, 0.0]
    """
    return _rivalry(match_weight, sides)


def _entries(sides: Sequence[NDArray[np.integer[Any]]]) -> list[NDArray[np.int64]]:
    """Place of each entry among those of its side."""
    return [np.unique(side, return_inverse=True)[1] for side in sides]


def _rivalry(
    match_weight: NDArray[np.float64], entries: Sequence[NDArray[np.integer[Any]]]
) -> NDArray[np.float64]:
    odds = np.exp2(np.clip(match_weight, -60.0, 60.0))
    rivals = np.zeros(len(odds))
    for entry in entries:
        rivals += np.maximum(np.bincount(entry, odds)[entry] - odds, 0.0)
    return np.asarray(0.0 - np.log2(1.0 + rivals))


def learn_model(
    bands: Sequence[Band],
    values: Values,
    prior: float,
    sides: Sequence[NDArray[np.integer[Any]]] = (),
    told: NDArray[np.float64] | None = None,
    level: float = 0.0,
    threads: int = 1,
) -> MatchModel:
    """Learn m, u and lambda by expectation and maximisation.

    At first all pairs count as having two owners, as nearly all that only share a peer do. The expected shares of a
    band count as 50 pairs, so that few pairs cannot turn the evidence on its head, and the weights are made to ascend.

    Parameters
    ----------
    bands
        The evidence.
    values
        By the bands' names, float64[pairs]; NaN for what is not known.
    prior
        Share of the pairs with one owner, to start from; between 0 and 1.
    sides
        As for `rivalry`.
    told
        float64[pairs]: 1 or 0 where it is known whether a pair has one owner, else NaN.
    level
        How far a band that is trusted in part is raised to where pairs with two owners have odds of 1 on average, as
        they have with full trust: 1 would be right if its evidence went along with no other, 0 if only with what others
        say as well.
    threads
        How many work; the result does not depend on it.

    Examples
    --------
    >>> band = Band("overlap", (0.0, 1.0), (0.1, 0.9))
    >>> model = learn_model([band], {"overlap": np.repeat([0.0, 1.0], [95, 5])}, prior=0.05)
    >>> model.match_weight({"overlap": np.array([0.0, 1.0])}).round(1).tolist()
    [-8.5, -0.9]
    """
    placed = [band.place(values[band.name]).astype(np.int8) for band in bands]
    entries = _entries(sides)  # sorted once: the steps are many
    share, pairs = prior, len(placed[0])
    asked = np.full(pairs, True) if told is None else np.isnan(told)
    sure = np.zeros(pairs) if told is None else told
    belief = np.where(asked, prior, sure)
    m = [np.array(band.expected) for band in bands]
    weight = np.empty(pairs)

    def weigh(begin: int) -> None:
        rows = slice(begin, begin + PAIRS_AT_A_TIME)
        weight[rows] = model.match_weight({name: column[rows] for name, column in values.items()})

    for _ in range(MOST_ROUNDS):
        doubt = 1.0 - belief
        u = [_shares(at, doubt, np.ones(len(start))) for at, start in zip(placed, m, strict=True)]
        weights = tuple(_trusted(band, a, b, level) for band, a, b in zip(bands, m, u, strict=True))
        model = MatchModel(tuple(bands), share, weights)
        list(mapped(weigh, range(0, pairs, PAIRS_AT_A_TIME), threads))
        belief = np.where(asked, probability(weight + _rivalry(weight, entries)), sure)
        m = [
            _shares(at, belief, START_PAIRS * start) if band.learned else start
            for band, at, start in zip(
                bands, placed, (np.array(band.expected) for band in bands), strict=True
            )
        ]
        old, share = share, float(belief.sum() + 1.0) / (pairs + 1.0 / prior)
        if abs(share - old) <= CLOSE_ENOUGH * old:
            break
    return model


def band_weights(band: Band, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of a band by its expected shares, against its shares among all pairs: float64[knots], ascending.

    Examples
    --------
    >>> band_weights(Band("new", (0.0, 1.0), (0.2, 0.8)), np.repeat([0.0, 1.0], [59, 19])).round(1).tolist()
    [-1.9, 1.7]
    """
    at = band.place(values)
    u = _shares(at, np.ones(len(at)), np.ones(len(band.knots)))
    return _ascending(np.array(band.expected), u)


def _shares(
    placed: NDArray[np.signedinteger[Any]], belief: NDArray[np.float64], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of each band among the pairs, each counted as far as it is believed, on top of the counts to start from."""
    counts = np.bincount(placed + 1, belief, len(start) + 1)[1:] + start  # the first is of what is not known
    return np.asarray(counts / counts.sum())


def _trusted(band: Band, m: NDArray[np.float64], u: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Weights of a band as far as it is trusted."""
    weights = band.trust * _ascending(m, u)
    return np.asarray(weights - level * np.log2(u @ np.exp2(weights)))


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
