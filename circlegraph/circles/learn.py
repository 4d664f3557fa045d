"""Learn the coefficients of the communication index from the data, without labels.

A number's own circle is the best label there is: with good coefficients it is recognised among all
others from one period to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement, permutations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.circles.circles import Circles
from circlegraph.circles.recognition import Recognition, recognisable, recognised
from circlegraph.circles.weights import INDEX_MEASURES, Weights
from circlegraph.errors import InputError
from circlegraph.kernels.recognise import reverse_edges

if TYPE_CHECKING:
    import pandas as pd

SHARPNESS = (100.0, 1_000.0, 10_000.0, 100_000.0)
FOLDS = 5
STEP = 0.125
LEAST_NUMBERS = 20
NEXT = ".table, cg.contact_circles(source, at, weights=learned.weights)"


@dataclass(frozen=True, slots=True, repr=False)
class LearnedWeights:
    """Coefficients that recognise circles best, and how well they do it.

    Attributes
    ----------
    weights
        Learned on all numbers.
    table
        A row per index (default, binary, learned): persistence, uniqueness, rank1, reciprocal_rank. The row
        *learned* is cross-validated: each fifth of the numbers is judged with what the others taught.
    numbers
        How many numbers were looked for.
    """

    weights: Weights
    table: pd.DataFrame
    numbers: int

    def summary(self) -> dict[str, str]:
        """Say what was learned, in a few words and figures."""
        told = zip(INDEX_MEASURES, self.weights.coefficients, strict=True)
        return {
            "coefficients": ", ".join(f"{name} {a:g}" for name, a in told),
            "shape": self.weights.shape,
            "looked for": f"{self.numbers:,} numbers",
            "rank 1": ", ".join(f"{name} {share:.2f}" for name, share in self.table["rank1"].items()),
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(["Learned weights", *lines, f"  next: {NEXT}"])

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card("Learned weights", self.summary(), NEXT)


def learn_weights(circles: Circles, *, most_numbers: int = 2000, seed: int = 0) -> LearnedWeights:
    """Choose coefficients and shape of the index so that numbers are best recognised by their circles.

    All shapes are tried with coefficients on a coarse grid; the best is then bettered by moving an eighth from one
    coefficient to another for as long as that helps.

    Parameters
    ----------
    circles
        Circles of all numbers before and after any split time.
    most_numbers
        Look for a random sample of this size if there are more numbers with two peers in both windows.
    seed
        Of the sample and of the fifths.

    Raises
    ------
    InputError
        If fewer than 20 numbers have two peers in both windows.
    """
    import pandas as pd

    chosen = recognisable(circles)
    if len(chosen) < LEAST_NUMBERS:
        raise InputError(
            f"only {len(chosen)} numbers have two peers both before and after; "
            f"learning coefficients needs {LEAST_NUMBERS}"
        )
    order = np.random.default_rng(seed).permutation(chosen)[:most_numbers]
    search = _Search(circles)
    everybody = np.sort(order)
    judged = []
    for fold in range(FOLDS):
        unseen = np.sort(order[fold::FOLDS])
        taught = search.best(np.setdiff1d(everybody, unseen))
        judged.append(search.recognition(taught, unseen))
    rows = {
        "default": search.recognition(Weights(), everybody),
        "binary": search.recognition(Weights(shape="binary"), everybody),
        "learned": _mean(judged),
    }
    fields = ("persistence", "uniqueness", "rank1", "reciprocal_rank")
    table = pd.DataFrame({name: {f: getattr(row, f) for f in fields} for name, row in rows.items()}).T
    return LearnedWeights(search.best(everybody), table, len(everybody))


class _Search:
    """Tries weights on one set of circles."""

    def __init__(self, circles: Circles) -> None:
        self._indptr, self._peers = circles.indptr, circles.peers
        self._reverse = reverse_edges(self._indptr, self._peers)
        measures = circles.measures()
        self._binary = [(window > 0).any(axis=0).astype(np.float64) for window in measures]
        self._scaled = [
            window[: len(INDEX_MEASURES)] / (circles.windows.length(w) * circles.scale)[:, np.newaxis]
            for w, window in enumerate(measures)
        ]

    def indices(self, weights: Weights) -> list[NDArray[np.float64]]:
        if weights.shape == "binary":
            return self._binary
        linear = [np.array(weights.coefficients) @ scaled for scaled in self._scaled]
        if weights.shape == "linear":
            return linear
        return [np.log1p(weights.sharpness * z) / np.log1p(weights.sharpness) for z in linear]

    def recognition(self, weights: Weights, chosen: NDArray[np.int64]) -> Recognition:
        before, after = self.indices(weights)
        return recognised(self._indptr, self._peers, self._reverse, before, after, chosen)

    def best(self, chosen: NDArray[np.int64]) -> Weights:
        """The weights that recognise the chosen numbers best."""

        def score(weights: Weights) -> tuple[float, float]:
            found = self.recognition(weights, chosen)
            return found.rank1, found.reciprocal_rank

        shaped = [Weights(shape="binary")]
        for coefficients in coarse_grid():
            shaped.append(Weights(coefficients))
            shaped += [Weights(coefficients, "log", sharpness) for sharpness in SHARPNESS]
        best = max(shaped, key=score)
        reached = score(best)
        while best.shape != "binary":
            near = [Weights(a, best.shape, best.sharpness) for a in neighbours(best.coefficients)]
            following = max(near, key=score)
            if score(following) <= reached:
                break
            best, reached = following, score(following)
        return best


def coarse_grid() -> list[tuple[float, ...]]:
    """Coefficients in halves over one or two measures, and equal ones.

    Examples
    --------
    >>> len(coarse_grid()), coarse_grid()[0]
    (16, (0.2, 0.2, 0.2, 0.2, 0.2))
    """
    m = len(INDEX_MEASURES)
    grid: list[tuple[float, ...]] = [(1 / m,) * m]
    for i, j in combinations_with_replacement(range(m), 2):
        grid.append(tuple((k == i) / 2 + (k == j) / 2 for k in range(m)))
    return grid


def neighbours(coefficients: tuple[float, ...]) -> list[tuple[float, ...]]:
    """Coefficients with an eighth, or what there is, moved from one measure to another.

    Examples
    --------
    >>> neighbours((1.0, 0.0))
    [(0.875, 0.125)]
    """
    moved = []
    for giver, taker in permutations(range(len(coefficients)), 2):
        step = min(STEP, coefficients[giver])
        if step > 0:
            changed = list(coefficients)
            changed[giver] -= step
            changed[taker] += step
            moved.append(tuple(changed))
    return moved


def _mean(parts: list[Recognition]) -> Recognition:
    total = sum(part.numbers for part in parts)

    def mean(name: str) -> float:
        return float(sum(getattr(part, name) * part.numbers for part in parts) / total)

    return Recognition(total, mean("persistence"), mean("uniqueness"), mean("rank1"), mean("reciprocal_rank"))
