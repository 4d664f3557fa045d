"""How common relatives are among the ties: between what is usual and what the data say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.matching import probability

Floats = NDArray[np.float64]

ENOUGH = 200_000
"""Ties, evenly spread, that tell it: more would take longer and say the same."""
MOST_SHARE = 0.3
"""Of the ties, at most so many are expected to be ones of relatives."""
UNCLEAR = 0.3
"""Part of the relatives believed in that may be others from which on what is usual counts in full; chosen on the tuning
seeds."""
ROUNDS = 200
HALVINGS = 50
CLOSE_ENOUGH = 1e-6


def level_of(weight: Floats, expected: float, anchor: float) -> float:
    """Find the share of relatives to start from, so that in the end as many are believed as should be.

    Parameters
    ----------
    weight
        Match weight of each tie, without the share of relatives, in bits.
    expected
        How many relatives are usual.
    anchor
        1 to believe in just as many; 0 to take the share that explains the weights best; between them a geometric mean
        of both, in which what is usual counts the less, the clearer the weights are: so these decide where they can,
        and data that say little end in an answer all the same.

    Returns
    -------
    float
        Between 0 and 1, ends excluded.

    Examples
    --------
    Of a hundred ties four are clearly ones of relatives, while eight were expected.

    >>> weight = np.repeat([8.0, -8.0], [4, 96])
    >>> for anchor in (0.0, 0.5, 1.0):
    ...     prior = level_of(weight, 8, anchor)
    ...     print(round(float(probability(weight + np.log2(prior / (1 - prior))).sum()), 1))
    3.7
    3.8
    8.0
    """
    if not len(weight):
        return 0.5
    step = -(-len(weight) // ENOUGH)
    sample = weight[::step]
    usual = float(np.clip(expected / len(weight), 1.0 / (len(weight) + 2.0), MOST_SHARE))
    if anchor == 1:
        return _reach(sample, usual)
    likely = _likeliest(sample, usual)
    believed = float(probability(sample + np.log2(likely / (1 - likely))).mean())
    apart = np.log2(usual / believed)
    pull = anchor * _unsure(sample, likely) * apart
    return _reach(sample, believed * float(2.0**pull))


def _unsure(weight: Floats, share: float) -> float:
    """How much the usual counts, from 0 where all ties are clear to 1 where many are not."""
    believed = probability(weight + np.log2(share / (1 - share)))
    doubt = float((believed * (1 - believed)).sum() / believed.sum())
    return min(doubt / UNCLEAR, 1.0) ** 2


def _likeliest(weight: Floats, start: float) -> float:
    """Share of relatives that explains the weights best, by expectation and maximisation."""
    share = start
    for _ in range(ROUNDS):
        believed = float(probability(weight + np.log2(share / (1 - share))).sum())
        old, share = share, (believed + 1.0) / (len(weight) + 1.0 / start)
        if abs(share - old) <= CLOSE_ENOUGH * old:
            break
    return share


def _reach(weight: Floats, mean: float) -> float:
    """Share to start from with which the ties are believed in by so much on average."""
    low, high = -60.0, 60.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if float(probability(weight + middle).mean()) < mean:
            low = middle
        else:
            high = middle
    return float(np.clip(probability(np.array([low]))[0], 1e-12, 1 - 1e-12))
