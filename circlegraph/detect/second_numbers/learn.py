"""What the evidence weighs, learned from the candidates that are new since the split.

Nearly all second numbers are new, and nearly all numbers that share peers are not. Were all of them learned from alike,
the evidence would be measured against old acquaintances, and every newcomer with few contacts would look like a second
number: his whole circle is shared, and nobody met him before. Among the new ones these things are no longer
special, and what is left tells who took over from whom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.bands import BANDS, NEWNESS
from circlegraph.evidence.matching import MatchModel, Values, band_weights, learn_model

OWNERS_OF_TWO = 0.05
"""Share of numbers with a second one in the windows, to start from; the data correct it."""

LEVEL = 0.3
"""How far bands that are trusted in part are raised (see `learn_model`): with it, as many pairs were right as their
probabilities said in the synthetic cities of the tuning seeds, of 1,500 as of 10,000 subscribers."""
LEVEL_ANYTIME = 0.25
"""The same where each pair is judged at the best of many splits, by which many are better than they are."""


def learn(
    newness: NDArray[np.float64],
    values_at: Callable[[NDArray[np.int64]], Values],
    sides: Sequence[NDArray[np.integer[Any]]],
    told: NDArray[np.float64] | None = None,
    level: float = LEVEL,
    threads: int = 1,
) -> MatchModel:
    """Learn the match weights of pairs.

    Parameters
    ----------
    newness
        Of each pair: 1 where x' is new since the split.
    values_at
        Of some of the pairs the values by the bands' names, float64[some] each.
    sides
        Ids of x and x', for each pair.
    told
        float64[pairs]: 1 or 0 where it is known whether a pair has one owner, else NaN.
    level
        `LEVEL`, or `LEVEL_ANYTIME`.
    threads
        How many work; the result does not depend on it.
    """
    new = np.flatnonzero(newness == 1.0)
    searched = np.count_nonzero(np.bincount(sides[0]))
    prior = min(0.5, OWNERS_OF_TWO * searched / max(len(new), 1)) if searched else OWNERS_OF_TWO
    model = learn_model(
        BANDS,
        values_at(new),
        prior,
        [side[new] for side in sides],
        None if told is None else told[new],
        level,
        threads,
    )
    of_newness = band_weights(NEWNESS, newness)
    return replace(
        model, bands=(*model.bands, NEWNESS), weights=(*model.weights, of_newness - of_newness[-1])
    )
