"""What a round of the search takes over from the one before: all that has not changed since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.evidence import Evidence
from circlegraph.detect.second_numbers.gather import Gatherer
from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.parallel import mapped
from circlegraph.spill import Shelf

NUMBERS_AT_A_TIME = 1 << 14
PAIRS_AT_A_TIME = 1 << 12


def changed_numbers(ties: Ties, owner: NDArray[np.int64], before: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell whose circle is another one with other owners of the numbers, bool[numbers].

    It is that of all whose owner has got or lost a number, and of all who are in contact with one of these. What a
    pair's evidence says follows from both circles and from how rare their peers are, so that it stands unless one of
    the two is named here.

    Parameters
    ----------
    ties
        The rows, each number by itself.
    owner, before
        Owners now and in the round before, int64[numbers].
    """
    moved = owner != before
    touched = moved.copy()
    touched[owner[moved]] = touched[before[moved]] = True
    touched |= touched[owner] | touched[before]
    return np.asarray(touched | (ties.sums(touched[ties.peers]) > 0))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the round before found.

    Attributes
    ----------
    evidence
        The pairs, by ascending number.
    changed
        bool[numbers]: see `changed_numbers`.
    """

    evidence: Evidence
    changed: NDArray[np.bool_]

    def renew(self, gatherer: Gatherer, split: int, threads: int, shelf: Shelf) -> None:
        """Work out anew the pairs at a split of which only the candidate has changed; the pairs lie on a shelf."""
        evidence, changed = self.evidence, self.changed
        stale = changed[evidence.other] & ~changed[evidence.number] & (evidence.split == split)
        rows = np.flatnonzero(stale)
        pairs = [ids[rows].astype(np.int64) for ids in (evidence.number, evidence.other)]
        shelf.release()
        pieces = (slice(at, at + PAIRS_AT_A_TIME) for at in range(0, max(len(rows), 1), PAIRS_AT_A_TIME))
        found = list(
            mapped(lambda piece: gatherer.of_circles(*(ids[piece] for ids in pairs)), pieces, threads)
        )
        for name in list(found[0]):  # the pairs lie scattered over all of a column
            getattr(evidence, name)[rows] = np.concatenate([part.pop(name) for part in found])
            shelf.release()

    def replaced(self, fresh: Evidence, threads: int) -> Iterator[Evidence]:
        """Pairs by ascending number, those of the numbers that have changed being fresh ones."""

        def from_number(low: int) -> Evidence:
            old, new = (_of_numbers(part, low, low + NUMBERS_AT_A_TIME) for part in (self.evidence, fresh))
            old = old.take(~self.changed[old.number])
            order = np.argsort(np.concatenate([old.number, new.number]), kind="stable")
            columns: list[NDArray[Any]] = [
                np.concatenate(pair)[order] for pair in zip(old.columns(), new.columns(), strict=True)
            ]
            return Evidence(*columns)

        return mapped(from_number, range(0, len(self.changed), NUMBERS_AT_A_TIME), threads)


def _of_numbers(evidence: Evidence, low: int, high: int) -> Evidence:
    """Pairs of the numbers ``low <= id < high``."""
    ends = np.array([low, high], evidence.number.dtype)  # as wide, lest all of them be widened
    return evidence.take(slice(*np.searchsorted(evidence.number, ends)))
