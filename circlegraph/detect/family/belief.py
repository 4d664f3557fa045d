"""How far each tie is believed to be one of relatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.family.bands import BANDS, values_of
from circlegraph.detect.family.evidence import merge_circles
from circlegraph.detect.family.ties import FamilyTies
from circlegraph.evidence.matching import MatchModel, learn_model
from circlegraph.evidence.matching import probability as probability_of
from circlegraph.resources import Resources

Floats = NDArray[np.float64]

RELATIVES = 1.0
"""Ties with relatives for each own number, to start from; the data correct it."""

ENOUGH = 100_000
"""Ties that the weights are learned from: more would take longer and say the same."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of the ties that have an own number.

    Attributes
    ----------
    chosen
        int64[judged]: positions of these ties.
    values
        float64[judged] by the bands' names.
    model
        What each piece of evidence weighs.
    weight, probability
        float64[judged].
    """

    chosen: NDArray[np.int64]
    values: dict[str, Floats]
    model: MatchModel
    weight: Floats
    probability: Floats


def believe(
    ties: FamilyTies, evidence: dict[str, Floats], told: Floats | None, resources: Resources
) -> Belief:
    """Learn the weights twice: at first by triads of strong ties, then by the relatives that two numbers share.

    A third time would make no better use of the same evidence, but take its own echo for more of it. Adds
    ``shared_relatives`` to the evidence: how many relatives the two are expected to share. `told` is float64[ties]: 1
    or 0 where it is known whether a tie is one of relatives, else NaN; None for nothing known.
    """
    first = _learn(ties, evidence, told)
    strength = np.zeros(len(ties))
    strength[first.chosen] = first.probability
    evidence["shared_relatives"] = merge_circles(ties, strength, resources)[2]
    return _learn(ties, evidence, told)


def _learn(ties: FamilyTies, evidence: dict[str, Floats], told: Floats | None) -> Belief:
    chosen = np.flatnonzero(ties.numbers.own[ties.ends].any(axis=1))
    values = {name: column[chosen] for name, column in values_of(evidence).items()}
    prior = float(np.clip(RELATIVES * ties.numbers.own.sum() / max(len(chosen), 1), 0.01, 0.5))
    known = np.full(len(chosen), np.nan) if told is None else told[chosen]
    taught = _teaching(known)
    model = learn_model(
        BANDS, {name: column[taught] for name, column in values.items()}, prior, told=known[taught]
    )
    weight = model.match_weight(values)
    return Belief(chosen, values, model, weight, np.where(np.isnan(known), probability_of(weight), known))


def _teaching(known: Floats) -> NDArray[np.int64]:
    """Positions of the ties that the weights are learned from: evenly spread, and all that are known."""
    step = max(1, len(known) // ENOUGH)
    return np.flatnonzero((np.arange(len(known)) % step == 0) | ~np.isnan(known))
