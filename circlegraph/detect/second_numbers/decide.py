"""Two ways to decide: the operators' rules, and the probability with one owner per second number."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.evidence import Evidence

RULE_OVERLAP = 0.4
RULE_DROP = 0.3
RULE_CELLS = 0.7
RULE_ACTIVE_DAYS = 10
LEAST_PROBABILITY = 0.5
"""Above it more than 95 of 100 pairs were right in the synthetic cities of the tuning seeds."""

LEAST_TO_STAY = 0.3
"""A pair that was accepted in the round before stays from here on, so that the rounds do not go back and forth."""


def by_rules(evidence: Evidence) -> NDArray[np.bool_]:
    """Pairs that the operators' rules accept.

    Overlap of at least 40 %, and a fall of the minutes and of the revenue of at least 30 %, as far as known; or the
    same document; or cells that overlap by at least 70 %, activated in different months; or the same handset, activated
    in different months, and each number active on at least 10 of the last 30 days. Where activation is not known, it is
    not asked.
    """
    fallen = ~((evidence.mou_drop < RULE_DROP) | (evidence.arpu_drop < RULE_DROP))
    moved = (evidence.overlap >= RULE_OVERLAP) & fallen
    apart = evidence.other_months != 0
    near = (evidence.cell_overlap >= RULE_CELLS) & apart
    one_handset = (evidence.same_imei == 1) & apart & (evidence.active_days >= RULE_ACTIVE_DAYS)
    return np.asarray(moved | (evidence.same_document == 1) | near | one_handset)


def assign(
    number: NDArray[np.integer[Any]], other: NDArray[np.integer[Any]], weight: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Give each second number one owner and each owner one second number, the heaviest pair first.

    No two that are left apart would both rather have each other. The assignment of the greatest total weight would now
    and then hand a second number to a less likely owner for somebody else's sake, which nobody could explain.

    Examples
    --------
    >>> import numpy as np
    >>> assign(np.array([1, 1, 2]), np.array([8, 9, 8]), np.array([5.0, 1.0, 4.0])).tolist()
    [True, False, False]
    >>> assign(np.array([1, 1, 2]), np.array([8, 9, 9]), np.array([5.0, 1.0, 4.0])).tolist()
    [True, False, True]
    """
    given = np.zeros(len(number), np.bool_)
    taken: tuple[set[int], set[int]] = (set(), set())
    for i in np.lexsort((other, number, -weight)).tolist():
        x, z = int(number[i]), int(other[i])
        if x not in taken[0] and z not in taken[1]:
            given[i] = True
            taken[0].add(x)
            taken[1].add(z)
    return given


def rank_within(number: NDArray[np.integer[Any]], *keys: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank of each pair among those of its number, from 1, by descending keys; the order stands in equals."""
    order = np.lexsort((*(-key for key in reversed(keys)), number))
    grouped = number[order]
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(grouped, grouped) + 1
    return rank
