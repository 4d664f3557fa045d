"""What known pairs teach: the weights, drawn to those that hold without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.bands import Band

Floats = NDArray[np.float64]

LEAST_PAIRS = 20
"""Known relatives, and known others, that it takes to teach."""
PULL = 1.0
"""A bit of difference from a weight costs as much as a pair that is mistaken by e."""


def taught_weights(
    bands: Sequence[Band], values: Mapping[str, Floats], weights: Sequence[Floats], known: Floats
) -> tuple[Floats, ...]:
    """Weights that tell the known relatives from the known others best, by logistic regression with a pull.

    Parameters
    ----------
    bands
        The evidence.
    values
        By the bands' names, float64[ties]; NaN for what is not known.
    weights
        Per band float64[knots]: what holds without known pairs, and what the weights are drawn to.
    known
        float64[ties]: 1, 0, or NaN for not known.

    Returns
    -------
    tuple of float64[knots]
        Ascending; `weights` themselves where fewer than 20 of either kind are known.

    Examples
    --------
    >>> band = Band("overlap", (0.0, 1.0), ())
    >>> seen = {"overlap": np.repeat([0.0, 1.0, np.nan], [30, 30, 5])}
    >>> known = np.concatenate([np.repeat([0.0, 1.0, 0.0, 1.0], [27, 3, 3, 27]), np.full(5, np.nan)])
    >>> taught_weights([band], seen, [np.zeros(2)], known)[0].round(1).tolist()
    [-1.6, 1.6]
    """
    from scipy.optimize import minimize

    sure = ~np.isnan(known)
    counts = np.bincount(known[sure].astype(np.int64), minlength=2)
    if counts.min() < LEAST_PAIRS:
        return tuple(weights)
    parts = [band.spread(values[band.name][sure], unit) for band in bands for unit in np.eye(len(band.knots))]
    basis, right, start = np.column_stack(parts), known[sure], np.concatenate(list(weights))

    def loss(point: Floats) -> tuple[float, Floats]:
        moved = point[:-1] - start
        nats = (basis @ point[:-1] + point[-1]) * np.log(2)
        wrong = 1 / (1 + np.exp(-nats)) - right
        cost = np.logaddexp(0, nats).sum() - (right * nats).sum() + PULL * (moved**2).sum()
        return float(cost), np.append(basis.T @ wrong * np.log(2) + 2 * PULL * moved, wrong.sum() * np.log(2))

    found = minimize(loss, np.append(start, 0.0), jac=True, method="L-BFGS-B").x[:-1]
    cuts = np.cumsum([len(band.knots) for band in bands])[:-1]
    return tuple(_ascending(part) for part in np.split(found, cuts))


def _ascending(weights: Floats) -> Floats:
    """Pool neighbours where the weights fall."""
    pools: list[tuple[float, int]] = []
    for weight in weights.tolist():
        pool = (weight, 1)
        while pools and pools[-1][0] > pool[0]:
            last = pools.pop()
            size = last[1] + pool[1]
            pool = ((last[0] * last[1] + pool[0] * pool[1]) / size, size)
        pools.append(pool)
    return np.concatenate([np.full(size, weight) for weight, size in pools])
