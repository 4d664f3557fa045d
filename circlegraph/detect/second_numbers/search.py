"""The search in rounds: find candidates, weigh them, take the accepted ones for one owner, and search anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.known import Known
from circlegraph.detect.second_numbers.bands import values_of
from circlegraph.detect.second_numbers.candidates import Candidates, find_candidates, judged_numbers
from circlegraph.detect.second_numbers.decide import (
    LEAST_PROBABILITY,
    LEAST_TO_STAY,
    assign,
    by_rules,
    rank_within,
)
from circlegraph.detect.second_numbers.evidence import Alone, Evidence, Gatherer, joined
from circlegraph.detect.second_numbers.learn import learn
from circlegraph.detect.second_numbers.sightings import Sightings
from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.detect.second_numbers.unify import owners, unify
from circlegraph.evidence.matching import MatchModel, rivalry
from circlegraph.evidence.matching import probability as probability_of
from circlegraph.resources import Resources

Method: TypeAlias = Literal["probability", "rules"]
MOST_ROUNDS = 6
"""Each round finds friends of those found in the round before; few groups are longer than that."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Candidates, what speaks for each, and what was decided; an array entry each.

    Attributes
    ----------
    found, evidence
        The pairs and their evidence.
    values
        The evidence by the names of the bands; empty with rules.
    model
        What it weighs; None with rules.
    rivals
        float64: weight against each pair for its rivals, on both sides.
    weight, probability
        float64: match weight, rivals included, and probability; NaN with rules.
    rank
        int64: among the candidates of a number, from 1.
    accepted
        bool.
    rounds
        How many times was searched.
    """

    found: Candidates
    evidence: Evidence
    values: dict[str, NDArray[np.float64]]
    model: MatchModel | None
    rivals: NDArray[np.float64]
    weight: NDArray[np.float64]
    probability: NDArray[np.float64]
    rank: NDArray[np.int64]
    accepted: NDArray[np.bool_]
    rounds: int = 1


Gather: TypeAlias = Callable[[Ties], tuple[Candidates, Evidence]]
Tell: TypeAlias = Callable[[Candidates], NDArray[np.float64] | None]
"""Answers that are known, 1 or 0 and NaN for none; None without any."""


def search(
    ties: Ties, known: Known, seen: Sightings, tell: Tell, method: Method, kept: int, resources: Resources
) -> Decided:
    """Search for second numbers; with probabilities until no more pairs come or go."""
    alone = Alone.of(ties)

    def gather(rows: Ties) -> tuple[Candidates, Evidence]:
        gatherer = Gatherer(rows, known, seen, alone)
        parts = find_candidates(rows, kept, gatherer.weighed, resources)
        found, evidence = joined(parts, kept * len(judged_numbers(rows)))
        seen.remember(found.number, found.other, evidence.cell_overlap, evidence.cells)
        return found, evidence

    if method == "rules":
        return _ruled(*gather(ties))
    return in_rounds(ties, gather, tell)


def in_rounds(ties: Ties, gather: Gather, tell: Tell) -> Decided:
    """Repeat a search on the ties with the accepted pairs unified, until they stay the same."""
    owner = np.arange(len(ties.numbers), dtype=np.int64)

    def judged(rounds: int) -> Decided:
        found, evidence = gather(unify(ties, owner))
        held = owner[found.other] == owner[found.number]
        return _weighed(found, evidence, tell(found), held, rounds)

    decided = judged(1)
    while decided.rounds < MOST_ROUNDS:
        given = decided.accepted
        order = np.argsort(-decided.weight[given], kind="stable")
        unified = owners(len(owner), decided.found.number[given][order], decided.found.other[given][order])
        if (unified == owner).all():
            break
        owner, rounds = unified, decided.rounds + 1
        del decided  # before the next one fills the memory
        decided = judged(rounds)
    return decided


def _ruled(found: Candidates, evidence: Evidence) -> Decided:
    unknown = np.full(len(found), np.nan)
    rank = rank_within(found.number, evidence.overlap, evidence.balance)
    return Decided(found, evidence, {}, None, unknown, unknown, unknown, rank, by_rules(evidence))


def _weighed(
    found: Candidates,
    evidence: Evidence,
    told: NDArray[np.float64] | None,
    held: NDArray[np.bool_],
    rounds: int,
) -> Decided:
    values = values_of(evidence)
    sides = (found.number, found.other)
    model = learn(values, sides, told)
    weight = model.match_weight(values)
    rivals = rivalry(weight, sides)
    weight += rivals
    probability = probability_of(weight)
    enough = np.flatnonzero(probability >= np.where(held, LEAST_TO_STAY, LEAST_PROBABILITY))
    accepted = np.zeros(len(found), np.bool_)
    accepted[enough] = assign(found.number[enough], found.other[enough], weight[enough])
    rank = rank_within(found.number, weight)
    return Decided(found, evidence, values, model, rivals, weight, probability, rank, accepted, rounds)
