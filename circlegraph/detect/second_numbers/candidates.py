"""Candidates: numbers that, after the split, are in contact with the stable peers of a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.ties import Ties, row_ends
from circlegraph.kernels.candidates import MET, candidates, count_met, count_wedges, counted_by, lay_met
from circlegraph.parallel import mapped
from circlegraph.resources import Resources

T = TypeVar("T")

LEAST_PEERS = 3
WEDGES_AT_A_TIME = 1 << 17
"""Few enough to stay in the processor's cache: ranges of 2 million took twice as long."""
STILL_OLD = 0.5
"""A candidate has at least doubled its contact with the shared peers; a new number had none."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of a number x and a candidate x', one entry each, with what both have with the stable circle S of x.

    Attributes
    ----------
    number, other
        int64: ids of x and x'.
    shared, shared_before
        int32: peers of S that x' is in contact with after T, and those of them that it was in contact with before.
    first_day
        int32: first day of x' with any of S, counted from T.
    least, most
        float64: what x' adds to the sums of minima and maxima of the balance.
    """

    number: NDArray[np.int64]
    other: NDArray[np.int64]
    shared: NDArray[np.int32]
    shared_before: NDArray[np.int32]
    first_day: NDArray[np.int32]
    least: NDArray[np.float64]
    most: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.number)


def stable_counts(ties: Ties) -> NDArray[np.int64]:
    """Size of the stable circle S of every number, int64[numbers]."""
    return ties.sums(ties.stable).astype(np.int64)


def rarity(ties: Ties) -> NDArray[np.float64]:
    """Weight of a number as a shared peer: the fewer are in contact with it after T, the more it says."""
    return np.asarray(1.0 / np.log2(2.0 + ties.met_after()), np.float64)


def judged_numbers(ties: Ties) -> NDArray[np.int64]:
    """Ids of the own numbers with a stable circle large enough to be recognised."""
    return np.flatnonzero(ties.telling & (stable_counts(ties) >= LEAST_PEERS))


def expected_wedges(ties: Ties, met: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """How many wedges x - y - x' the search for each number passes, int64[numbers].

    `met` are those that each peer is in contact with after the split; by default all of them.
    """
    return count_wedges(ties.indptr, ties.peers, ties.stable, ties.met_after() if met is None else met)


def find_candidates(
    ties: Ties,
    kept: int,
    weigh: Callable[[Candidates], T],
    resources: Resources,
    weight: NDArray[np.float64],
    extent: NDArray[np.float64],
    changed: NDArray[np.bool_],
    among: NDArray[np.bool_] | None = None,
) -> Iterator[T]:
    """Find at most `kept` candidates of each judged number: new since T, or with twice the contact with S.

    Worked through in ranges of numbers with a bounded number of wedges; the result does not depend on the ranges.

    Parameters
    ----------
    ties
        The rows.
    kept
        Candidates of a number.
    weigh
        What to make of the candidates of a range, which are all candidates of some numbers.
    resources
        Threads and progress.
    weight
        The `rarity` of the numbers.
    extent
        What `extents` says of the numbers by themselves.
    changed
        bool[numbers]: whose candidates are searched.
    among
        bool[numbers]: which numbers can be candidates; by default all.

    Yields
    ------
    What `weigh` returns, range by range in the order of the numbers.
    """
    rows = ties.indptr, ties.peers
    chosen = judged_numbers(ties)
    chosen = chosen[changed[chosen]]
    some = np.ones(len(ties.numbers), np.bool_) if among is None else among
    by = counted_by(*rows, ties.stable, chosen)
    count = count_met(*rows, ties.first_day, some, by)
    at_peer = row_ends(count)
    met = np.empty(at_peer[-1], MET)
    lay_met(*rows, ties.first_day, ties.before, ties.after, some, by, at_peer, met)
    wedges = expected_wedges(ties, count)

    def search(part: NDArray[np.int64]) -> T:
        pairs, counts, sums = candidates(
            *rows,
            ties.stable,
            ties.before,
            ties.after,
            at_peer,
            met,
            weight,
            extent,
            part,
            int(wedges[part].max(initial=0)),
            STILL_OLD,
            kept,
        )
        return weigh(Candidates(*pairs.T.copy(), *counts.T.copy(), *sums.T.copy()))

    ranges = list(_ranges(chosen, wedges)) or [chosen]
    for done, part in enumerate(mapped(search, ranges, resources.threads), 1):
        resources.progress("candidates", done, len(ranges))
        yield part


def extents(ties: Ties) -> NDArray[np.float64]:
    """By what the shared rarity of a candidate is divided: more for numbers with a larger circle."""
    return np.asarray(np.sqrt(1.0 + ties.sums(circle_peers(ties))), np.float64)


def circle_peers(ties: Ties) -> NDArray[np.bool_]:
    """bool[edges]: is the peer in the circle C' of the number: own network, met after T, and no hub?"""
    return (ties.first_day >= 0) & ties.telling[ties.peers]


def _ranges(chosen: NDArray[np.int64], wedges: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    piece = np.cumsum(wedges[chosen]) // WEDGES_AT_A_TIME
    cuts = np.flatnonzero(np.diff(piece)) + 1
    return (part for part in np.split(chosen, cuts) if len(part))
