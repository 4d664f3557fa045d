"""Candidates: numbers that, after the split, are in contact with the stable peers of a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.kernels.candidates import candidates, count_wedges
from circlegraph.parallel import mapped
from circlegraph.resources import Resources

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
        int64: peers of S that x' is in contact with after T, and those of them that it was in contact with before.
    first_day
        int64: first day of x' with any of S, counted from T.
    least, most
        float64: what x' adds to the sums of minima and maxima of the balance.
    rarity
        float64: summed rarity of the shared peers.
    volume, volume_before
        float64: index of x' with the shared peers after and before.
    """

    number: NDArray[np.int64]
    other: NDArray[np.int64]
    shared: NDArray[np.int64]
    shared_before: NDArray[np.int64]
    first_day: NDArray[np.int64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    rarity: NDArray[np.float64]
    volume: NDArray[np.float64]
    volume_before: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.number)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Candidates:
        """Only some of the pairs."""
        return Candidates(*(getattr(self, f.name)[rows] for f in fields(self)))


def stable_counts(ties: Ties) -> NDArray[np.int64]:
    """Size of the stable circle S of every number, int64[numbers]."""
    return ties.sums(ties.stable).astype(np.int64)


def rarity(ties: Ties) -> NDArray[np.float64]:
    """Weight of a number as a shared peer: the fewer are in contact with it after T, the more it says."""
    return np.asarray(1.0 / np.log2(2.0 + ties.met_after()), np.float64)


def judged_numbers(ties: Ties) -> NDArray[np.int64]:
    """Ids of the own numbers with a stable circle large enough to be recognised."""
    return np.flatnonzero(ties.numbers.own & ~ties.hubs & (stable_counts(ties) >= LEAST_PEERS))


def expected_wedges(ties: Ties) -> NDArray[np.int64]:
    """How many wedges x - y - x' the search for each number passes, int64[numbers]."""
    met = ties.peers[ties.reverse[ties.first_day[ties.reverse] >= 0]]
    reached = np.bincount(met, minlength=len(ties.numbers)).astype(np.int64)
    return count_wedges(ties.indptr, ties.peers, ties.stable, reached)


def find_candidates(ties: Ties, kept: int, resources: Resources) -> Candidates:
    """At most `kept` candidates of each judged number: new since T, or with twice the contact with S.

    Worked through in ranges of numbers with a bounded number of wedges; the result does not depend on the ranges.
    """
    chosen = judged_numbers(ties)
    wedges = expected_wedges(ties)
    weight = rarity(ties)
    circle = ties.sums(circle_peers(ties))
    # What is met at a peer lies side by side, as it is passed as often as the peer has steady contacts.
    met = ties.reverse[ties.first_day[ties.reverse] >= 0]
    members = ties.heads[met]
    at_peer = _indptr(ties.peers[met], len(ties.numbers))
    first_day, known, volume = ties.first_day[met], ties.before[met], ties.after[met]

    def search(part: NDArray[np.int64]) -> Candidates:
        pairs, counts, sums = candidates(
            ties.indptr,
            ties.peers,
            ties.stable,
            ties.before,
            ties.after,
            at_peer,
            members,
            first_day,
            known,
            volume,
            weight,
            circle,
            part,
            int(wedges[part].max()),
            STILL_OLD,
            kept,
        )
        return Candidates(*pairs.T.copy(), *counts.T.copy(), *sums.T.copy())

    ranges = list(_ranges(chosen, wedges))
    parts = []
    for done, part in enumerate(mapped(search, ranges, resources.threads), 1):
        parts.append(part)
        resources.progress("candidates", done, len(ranges))
    if not parts:
        return Candidates(*(np.empty(0, np.int64),) * 5, *(np.empty(0),) * 5)
    return Candidates(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Candidates)))


def circle_peers(ties: Ties) -> NDArray[np.bool_]:
    """bool[edges]: is the peer in the circle C' of the number: own network, met after T, and no hub?"""
    return (ties.first_day >= 0) & ties.numbers.own[ties.peers] & ~ties.hubs[ties.peers]


def _indptr(ids: NDArray[np.int64], numbers: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(ids, minlength=numbers))]).astype(np.int64)


def _ranges(chosen: NDArray[np.int64], wedges: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    piece = np.cumsum(wedges[chosen]) // WEDGES_AT_A_TIME
    cuts = np.flatnonzero(np.diff(piece)) + 1
    return (part for part in np.split(chosen, cuts) if len(part))
