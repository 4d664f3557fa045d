"""Several kinds told apart by bands of evidence, learned without labels from the surest outward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.bands import Band

Floats = NDArray[np.float64]
Values = Mapping[str, Floats]

START_CASES = 50.0
"""How many cases the expected shares are worth against what the data say."""
START_PRIOR = 1000.0
"""How many cases the shares of the kinds to start from are worth."""
FLOORS = (0.99, 0.9, 0.7, 0.5)
"""Cases count for a kind from this probability on: the surest first, then from all that are more likely than not."""
ROUNDS = 8
CLOSE_ENOUGH = 1e-3
"""A floor is left once no kind's share changes by more than a thousandth."""


@dataclass(frozen=True, slots=True)
class KindBand:
    """One piece of evidence and the shares of its bands that each kind is expected to have.

    Attributes
    ----------
    name, knots
        As for `Band`.
    expected
        Shares by kind, in the order of the kinds; each sums to 1.
    learned
        Whether the data may correct them. No if the value is a weight by itself: then how often it is near 0 says how
        much is known of a case, and not what it is.
    """

    name: str
    knots: tuple[float, ...]
    expected: tuple[tuple[float, ...], ...]
    learned: bool = True

    @property
    def band(self) -> Band:
        """Where values lie."""
        return Band(self.name, self.knots, self.expected[0])

    def basis(self, values: Floats) -> Floats:
        """How far each value belongs to each knot, float64[cases, knots]; rows of 0 for what is not known."""
        return np.stack([self.band.spread(values, unit) for unit in np.eye(len(self.knots))], axis=1)


@dataclass(frozen=True, slots=True)
class KindModel:
    """What each band of evidence says of each kind.

    Attributes
    ----------
    kinds
        Names.
    bands
        The evidence.
    prior
        float64[kinds]: share of each kind.
    shares
        Per band float64[kinds, knots]: share of each kind's cases.
    temper
        Power that the evidence is raised to, because its pieces depend on each other: below 1 is less sure.
    """

    kinds: tuple[str, ...]
    bands: tuple[KindBand, ...]
    prior: Floats
    shares: tuple[Floats, ...]
    temper: float

    @classmethod
    def as_expected(
        cls, kinds: Sequence[str], bands: Sequence[KindBand], prior: Floats, temper: float = 1.0
    ) -> KindModel:
        """What is expected before any data are seen.

        Parameters
        ----------
        kinds
            Names; the common kind last.
        bands
            The evidence.
        prior
            float64[kinds]: share of each kind, up to a factor.
        temper
            As for the model.
        """
        shares = tuple(np.array(band.expected) for band in bands)
        return cls(tuple(kinds), tuple(bands), prior / prior.sum(), shares, temper)

    def parts(self, values: Values) -> dict[str, Floats]:
        """log2 of each kind's share at each value, float64[cases, kinds] by evidence; 0 for what is not known."""
        return {
            band.name: self.temper * band.basis(values[band.name]) @ np.log2(shares).T
            for band, shares in zip(self.bands, self.shares, strict=True)
        }

    def belief(self, values: Values) -> Floats:
        """Probability of each kind, float64[cases, kinds]."""
        return normal(np.log2(self.prior) + sum(self.parts(values).values(), np.zeros(1)))


def normal(weight: Floats) -> Floats:
    """Probabilities from weights in bits, float64[cases, kinds].

    Examples
    --------
    >>> normal(np.array([[0.0, 0.0], [1.0, 0.0], [900.0, 0.0]])).round(2).tolist()
    [[0.5, 0.5], [0.67, 0.33], [1.0, 0.0]]
    """
    part = np.exp2(weight - weight.max(axis=1, keepdims=True))
    return np.asarray(part / part.sum(axis=1, keepdims=True))


def learn_kinds(expected: KindModel, values: Values, allowed: NDArray[np.bool_]) -> KindModel:
    """Learn what each kind looks like, starting from the expected shares.

    A case counts for its likeliest kind only once it is sure enough; the floor falls step by step, so that a kind
    grows from its surest cases outward. The expected shares count as 50 cases of each kind and so do not drown where
    a kind is rare. The rare kinds keep their proportions: to learn them would push what is mistaken for another kind
    further the same way.

    Parameters
    ----------
    expected
        The model to start from; the common kind is its last.
    values
        By the bands' names, float64[cases]; NaN for what is not known.
    allowed
        bool[cases, kinds]: what a case can be; a known case can be one kind only.

    Examples
    --------
    >>> band = KindBand("calls", (0.0, 1.0), ((0.1, 0.9), (0.9, 0.1)))
    >>> expected = KindModel.as_expected(["busy", "calm"], [band], np.array([0.1, 0.9]))
    >>> calls = {"calls": np.repeat([0.0, 1.0], [95, 5])}
    >>> model = learn_kinds(expected, calls, np.ones((100, 2), np.bool_))
    >>> model.belief({"calls": np.array([0.0, 1.0, np.nan])})[:, 0].round(2).tolist()
    [0.01, 0.73, 0.09]
    """
    bands, share, temper = expected.bands, expected.prior, expected.temper
    start = [START_CASES * part for part in expected.shares]
    placed = [band.band.place(values[band.name]) for band in bands]
    bases = [band.basis(values[band.name]) for band in bands]
    forbidden = np.where(allowed, 0.0, -np.inf)
    shares = tuple(counts / counts.sum(axis=1, keepdims=True) for counts in start)
    mixed = share
    for floor in FLOORS if len(allowed) else ():
        for _ in range(ROUNDS):
            weight = np.log2(mixed) + forbidden
            for basis, part in zip(bases, shares, strict=True):
                weight += temper * basis @ np.log2(part).T
            belief = normal(weight)
            sure = np.where(belief >= floor, belief, 0.0)
            shares = tuple(
                _shares(at, sure, counts) if band.learned else part
                for band, at, counts, part in zip(bands, placed, start, shares, strict=True)
            )
            counted = sure.sum(axis=0) + START_PRIOR * share
            rare = share[:-1] / share[:-1].sum() * counted[:-1].sum()
            old, mixed = mixed, np.append(rare, counted[-1]) / counted.sum()
            if np.abs(mixed / old - 1).max() <= CLOSE_ENOUGH:
                break
    return replace(expected, prior=mixed, shares=shares)


def _shares(placed: NDArray[np.int64], belief: Floats, start: Floats) -> Floats:
    """Share of each band by kind, on top of the counts to start from."""
    known = placed >= 0
    counts = start.copy()
    for kind in range(len(start)):
        counts[kind] += np.bincount(placed[known], belief[known, kind], start.shape[1])
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))
