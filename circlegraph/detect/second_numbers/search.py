"""The search in rounds: find candidates, weigh them, take the accepted ones for one owner, and search anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.known import Known
from circlegraph.detect.second_numbers.bands import values_of
from circlegraph.detect.second_numbers.candidates import extents, find_candidates, judged_numbers
from circlegraph.detect.second_numbers.decide import (
    LEAST_PROBABILITY,
    LEAST_TO_STAY,
    assign,
    by_rules,
    rank_within,
)
from circlegraph.detect.second_numbers.evidence import Evidence, joined
from circlegraph.detect.second_numbers.gather import Alone, Gatherer, completed
from circlegraph.detect.second_numbers.learn import LEVEL, learn
from circlegraph.detect.second_numbers.rounds import Earlier, changed_numbers
from circlegraph.detect.second_numbers.sightings import Sightings
from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.detect.second_numbers.unify import owners, unify
from circlegraph.evidence.matching import MatchModel, rivalry
from circlegraph.evidence.matching import probability as probability_of
from circlegraph.kernels.day_spans import days_of_rows
from circlegraph.parallel import mapped
from circlegraph.resources import Resources
from circlegraph.spill import Shelf, give_back

Method: TypeAlias = Literal["probability", "rules"]
MOST_ROUNDS = 6
"""Each round finds friends of those found in the round before; few groups are longer than that."""
PAIRS_AT_A_TIME = 1 << 18
"""Pairs to weigh at a time: each has a dozen values that are not needed afterwards."""


@dataclass(frozen=True)
class Decided:
    """Candidates, what speaks for each, and what was decided; an array entry each.

    Attributes
    ----------
    evidence
        The pairs and what speaks for them.
    model
        What it weighs; None with rules.
    rivals
        float64: weight against each pair for its rivals, on both sides.
    weight, probability
        float64: match weight, rivals included, and probability; NaN with rules.
    accepted
        bool.
    rounds
        How many times was searched.
    """

    evidence: Evidence
    model: MatchModel | None
    rivals: NDArray[np.float64]
    weight: NDArray[np.float64]
    probability: NDArray[np.float64]
    accepted: NDArray[np.bool_]
    rounds: int = 1

    @cached_property
    def rank(self) -> NDArray[np.int64]:
        """Rank among the candidates of a number, from 1: asked for after the last round only."""
        number = self.evidence.number  # ascending
        rank = np.empty(len(number), np.int64)
        cuts = np.searchsorted(number, number[::PAIRS_AT_A_TIME])
        for low, high in pairwise([*cuts.tolist(), len(number)]):
            rows = slice(low, high)
            given = self.evidence.take(rows)
            keys = (self.weight[rows],) if self.model is not None else (given.overlap, given.balance)
            rank[rows] = rank_within(given.number, *keys)
        return rank


Gather: TypeAlias = Callable[[Ties, Earlier | None], Evidence]
"""Evidence on some rows: of all numbers, or of those that have changed, what else has changed being renewed."""
Tell: TypeAlias = Callable[[Evidence], NDArray[np.float64] | None]
"""Answers that are known, 1 or 0 and NaN for none; None without any."""


def search(
    ties: Ties, known: Known, seen: Sightings, tell: Tell, method: Method, kept: int, resources: Resources
) -> Decided:
    """Search for second numbers; with probabilities until no more pairs come or go."""
    alone = Alone.at(days_of_rows(ties.indptr, ties.days), ties.split_day, ties.span)
    extent = extents(ties)

    def gather(rows: Ties, earlier: Earlier | None) -> Evidence:
        gatherer = Gatherer(rows, known, seen, alone, resources.threads)
        changed = np.ones(len(rows.numbers), np.bool_) if earlier is None else earlier.changed
        parts = find_candidates(rows, kept, gatherer.evidence, resources, gatherer.rarity, extent, changed)
        fresh = joined(parts, kept * int(changed[judged_numbers(rows)].sum()), rows.shelf)
        if earlier is not None:
            earlier.renew(gatherer, rows.split_day, resources.threads, rows.shelf)
        return fresh

    if method == "rules":
        one = unify(ties, np.arange(len(ties.numbers), dtype=np.int64), resources.threads)
        return _ruled(completed(gather(one, None), ties, seen, resources.threads))
    return in_rounds(ties, gather, tell, seen, resources)


def in_rounds(
    ties: Ties, gather: Gather, tell: Tell, seen: Sightings, resources: Resources, level: float = LEVEL
) -> Decided:
    """Repeat a search on the ties with the accepted pairs unified, until they stay the same."""
    owner = np.arange(len(ties.numbers), dtype=np.int64)
    earlier, rounds = None, 1
    while True:
        evidence = gather(unify(ties, owner, resources.threads), earlier)
        evidence = completed(evidence, ties, seen, resources.threads)
        if earlier is not None:
            most = len(earlier.evidence) + len(evidence)
            evidence = joined(earlier.replaced(evidence, resources.threads), most, ties.shelf)
            del earlier
        told = evidence.cell_overlap, evidence.cells, evidence.distant, evidence.at_once
        seen.remember(evidence.number, evidence.other, *told)
        give_back()  # the calls
        held = owner[evidence.other] == owner[evidence.number]
        decided = _weighed(evidence, tell(evidence), held, rounds, ties.shelf, level, resources.threads)
        unified = _owners(len(owner), decided)
        if rounds == MOST_ROUNDS or (unified == owner).all():
            return decided
        del decided  # before the next one fills the memory
        give_back()
        earlier = Earlier(evidence, changed_numbers(ties, unified, owner))
        owner, rounds = unified, rounds + 1


def _owners(numbers: int, decided: Decided) -> NDArray[np.int64]:
    """Owners by the accepted pairs, the heaviest first."""
    given = np.flatnonzero(decided.accepted)
    given = given[np.argsort(-decided.weight[given], kind="stable")]
    return owners(numbers, decided.evidence.number[given], decided.evidence.other[given])


def _ruled(evidence: Evidence) -> Decided:
    unknown = np.full(len(evidence), np.nan)
    return Decided(evidence, None, unknown, unknown, unknown, by_rules(evidence))


def _weighed(
    evidence: Evidence,
    told: NDArray[np.float64] | None,
    held: NDArray[np.bool_],
    rounds: int,
    shelf: Shelf,
    level: float,
    threads: int,
) -> Decided:
    number, other = sides = evidence.number, evidence.other

    def values_at(rows: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        pieces = (rows[at : at + PAIRS_AT_A_TIME] for at in range(0, max(len(rows), 1), PAIRS_AT_A_TIME))
        parts = []
        for part in mapped(lambda piece: values_of(evidence.take(piece)), pieces, threads):
            parts.append(part)
            shelf.release()
        return {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}

    model = learn(evidence.newness, values_at, sides, told, level, threads)
    give_back()  # the values
    weight = np.empty(len(evidence))

    def weigh(begin: int) -> None:
        rows = slice(begin, begin + PAIRS_AT_A_TIME)
        weight[rows] = model.match_weight(values_of(evidence.take(rows)))

    for _ in mapped(weigh, range(0, len(weight), PAIRS_AT_A_TIME), threads):
        shelf.release()
    rivals = rivalry(weight, sides)
    weight += rivals
    probability = probability_of(weight)
    enough = np.flatnonzero(probability >= np.where(held, LEAST_TO_STAY, LEAST_PROBABILITY))
    accepted = np.zeros(len(evidence), np.bool_)
    accepted[enough] = assign(number[enough], other[enough], weight[enough])
    return Decided(evidence, model, rivals, weight, probability, accepted, rounds)
