"""How far each tie is believed to be one of relatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.family.bands import BANDS, CALL_BANDS, OTHER_BANDS, call_weights, values_of
from circlegraph.detect.family.clusters import MOST_MEMBERS
from circlegraph.detect.family.evidence import LEAST_CIRCLE, merge_circles
from circlegraph.detect.family.level import level_of
from circlegraph.detect.family.pieces import PIECE
from circlegraph.detect.family.taught import taught_weights
from circlegraph.detect.family.ties import FamilyTies
from circlegraph.evidence.agreement import agreement_weights
from circlegraph.evidence.matching import MatchModel
from circlegraph.evidence.matching import probability as probability_of
from circlegraph.kernels.tied_rows import end_sums
from circlegraph.parallel import mapped
from circlegraph.resources import Resources

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Columns = dict[str, NDArray[Any]]

ENOUGH = 1 << 20
"""Ties, evenly spread, that the weights are learned from: more would take longer and say the same. On the tuning seeds
families are found as well with the weights that a tenth of so few as 70,000 ties tell."""
RELATIVES = 1.9
"""Ties with relatives, of other households too, for each own number that is seen; chosen with the weights."""
ANCHOR = 0.62
"""How far that is believed against what the data say where they are not clear; chosen on the tuning seeds, so that
probabilities are right with all tables, with cells, and with calls alone. 1 would make families out of colleagues."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of the ties that have an own number.

    Attributes
    ----------
    chosen
        int64[judged]: positions of these ties.
    model
        What each piece of evidence weighs.
    weight, probability
        float64[judged].
    """

    chosen: NDArray[np.int64]
    model: MatchModel
    weight: Floats
    probability: Floats

    def of_ties(self, ties: int) -> Floats:
        """Probability of each of so many ties, float64[ties]; 0 for those without an own number."""
        believed = np.zeros(ties)
        believed[self.chosen] = self.probability
        return believed


def believe(
    ties: FamilyTies, evidence: dict[str, Singles], told: Floats | None, resources: Resources
) -> Belief:
    """Judge the ties twice: at first by shared close peers, then by the relatives that two numbers share.

    What calls say decides what everything else weighs. Adds ``shared_relatives`` to the evidence: how many relatives
    the two are expected to share. `told` is float64[ties]: 1 or 0 where it is known whether a tie is one of relatives,
    else NaN; None for nothing known.
    """
    chosen = np.flatnonzero(ties.numbers.own[ties.ends].any(axis=1))
    known = np.broadcast_to(np.nan, len(chosen)) if told is None else told[chosen]
    asked = np.isnan(known)
    teaching = ~asked
    teaching[:: max(-(-len(chosen) // ENOUGH), 1)] = True
    some = np.flatnonzero(teaching)
    seen = ties.numbers.own & (ties.degree >= LEAST_CIRCLE)
    expected = RELATIVES * int(seen.sum()) - np.nansum(known)
    expected *= asked[some].sum() / max(asked.sum(), 1)
    calls = call_weights(ties.windows.length(0))
    values = _values(evidence, chosen[some])

    def level(weight: Floats, anchor: float) -> float:
        return level_of(weight[asked[some]], expected, anchor)

    model = MatchModel(CALL_BANDS, 0.5, calls)
    for _ in range(2):
        weight = model.match_weight(values)
        belief = np.where(asked[some], probability_of(weight + _odds(level(weight, 1.0))), known[some])
        model = _learn(values, known[some], belief, calls)
    prior = level(model.match_weight(values), 1.0)
    strength = np.zeros(len(ties))
    strength[chosen] = _judged(model, prior, evidence, chosen, known, resources)[1]
    strength = shared_out(ties, strength)
    evidence["shared_relatives"] = merge_circles(ties, strength.astype(np.float32)[:, None], resources)[2][
        :, 0
    ]
    values = _values(evidence, chosen[some])
    model = _learn(values, known[some], strength[chosen[some]], calls)
    model = MatchModel(model.bands, level(model.match_weight(values), ANCHOR), model.weights)
    return Belief(chosen, model, *_judged(model, 0.5, evidence, chosen, known, resources))


def shared_out(ties: FamilyTies, strength: Floats) -> Floats:
    """Believe less in the relatives of who would have more of them than a family has: a hotline is nobody's.

    `strength` is float64[ties], a probability each.
    """
    total = end_sums(ties.ends, strength, len(ties.numbers))
    share = np.minimum(1.0, MOST_MEMBERS / np.maximum(total, 1.0))
    return np.asarray(strength * np.minimum(share[ties.ends[:, 0]], share[ties.ends[:, 1]]))


def _values(evidence: Mapping[str, Singles], rows: NDArray[np.int64]) -> Columns:
    return dict(values_of({name: column[rows] for name, column in evidence.items()}))


def _odds(prior: float) -> float:
    return float(np.log2(prior / (1 - prior)))


def _judged(
    model: MatchModel,
    prior: float,
    evidence: Mapping[str, Singles],
    chosen: NDArray[np.int64],
    known: Floats,
    resources: Resources,
) -> tuple[Floats, Floats]:
    """Match weights and probabilities of ties, some at a time: the steps on the way take memory.

    `prior` is how common relatives are, where the model does not know it.
    """
    weight, probability = np.empty(len(chosen)), np.empty(len(chosen))

    def judge(begin: int) -> None:
        rows = slice(begin, begin + PIECE)
        weight[rows] = model.match_weight(_values(evidence, chosen[rows]))
        guessed = probability_of(weight[rows] + _odds(prior))
        probability[rows] = np.where(np.isnan(known[rows]), guessed, known[rows])

    list(mapped(judge, range(0, len(chosen), PIECE), resources.threads))
    return weight, probability


def _learn(values: Columns, known: Floats, belief: Floats, calls: tuple[Floats, ...]) -> MatchModel:
    """Weigh tables, cells and lengths by how they agree among those believed to be relatives; known pairs teach all."""
    others = tuple(agreement_weights(band, values[band.name], belief) for band in OTHER_BANDS)
    weights = taught_weights(BANDS, values, calls + others, known)
    return MatchModel(BANDS, 0.5, weights)
