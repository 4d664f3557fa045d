"""Families from the probabilities of pairs: clusters that hang together, of a limited size.

Leiden with the constant Potts model joins numbers where the probabilities inside are, pair for pair, above a
resolution; two numbers without a tie count as 0. So acquaintances of acquaintances do not chain up.

References
----------
V. A. Traag, L. Waltman, N. J. van Eck, "From Louvain to Leiden: guaranteeing well-connected communities",
Scientific Reports 9 (2019).
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_MEMBERS = 8
RESOLUTION = 0.3
STEP = 1.25
"""A cluster that is too large is cut up with a resolution so much higher, as often as it takes."""
LEAST_TIE = 0.2
"""Less than this is no tie of a family: a member needs two, in a family of two one of more than a half."""
SURE = 0.8
"""One tie as sure as this may stand for two."""
ROUNDS = 2
"""Rounds of Leiden: on tuning cities, and on a million numbers, more of them gain less than another seed does."""


def find_families(
    ends: NDArray[np.integer[Any]], probability: Floats, numbers: int, most: int = MOST_MEMBERS
) -> Longs:
    """Family of every number, int64[numbers]: families count from 0 by their smallest member, -1 for none.

    Parameters
    ----------
    ends
        Integers[pairs, 2]: ids.
    probability
        float64[pairs].
    numbers
        How many numbers there are.
    most
        No family is larger.

    Examples
    --------
    >>> ends = np.array([[0, 1], [0, 2], [1, 2], [2, 3], [3, 4]])
    >>> find_families(ends, np.array([0.9, 0.9, 0.8, 0.4, 0.95]), 6).tolist()
    [0, 0, 0, 1, 1, -1]
    """
    used = probability >= LEAST_TIE
    ends, weight = ends[used], probability[used]
    member, flat = np.unique(ends, return_inverse=True)
    edges = flat.reshape(-1, 2)
    labels = _leiden(edges, weight, len(member), RESOLUTION)
    labels = _cut(labels, edges, weight, most)
    labels = _without_loose(labels, edges, weight)
    family = np.full(numbers, -1, np.int64)
    family[member] = labels
    return _numbered(family)


def _leiden(edges: Longs, weight: Floats, numbers: int, resolution: float) -> Longs:
    """Communities, int64[numbers]; the same for the same input, and igraph's dice are left as they were."""
    import igraph

    if not len(edges):
        return np.arange(numbers)
    graph = igraph.Graph(n=numbers, edges=edges)
    igraph.set_random_number_generator(random.Random(0))
    try:
        found: Any = graph.community_leiden(
            "CPM", weights=weight.tolist(), resolution=resolution, n_iterations=ROUNDS
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.array(found.membership, np.int64)


def _cut(labels: Longs, edges: Longs, weight: Floats, most: int) -> Longs:
    """Cut up what is too large, with a rising resolution."""
    labels = labels.copy()
    resolution = RESOLUTION
    while True:
        size = np.bincount(labels)
        large = size[labels] > most
        if not large.any():
            return labels
        resolution *= STEP
        if resolution >= 1:
            labels[large] = (
                labels.max() + 1 + np.arange(int(large.sum()))
            )  # all alike: no telling who is whose
            return labels
        inside = large[edges[:, 0]] & (labels[edges[:, 0]] == labels[edges[:, 1]])
        place = np.cumsum(large) - 1
        finer = _leiden(place[edges[inside]], weight[inside], int(large.sum()), resolution)
        labels[large] = labels.max() + 1 + finer


def _without_loose(labels: Longs, edges: Longs, weight: Floats) -> Longs:
    """Take out members that hang on one tie, and families that hang on none; -1 for them."""
    labels = labels.copy()
    while True:
        size = np.bincount(labels[labels >= 0], minlength=1)
        inside = (labels[edges[:, 0]] == labels[edges[:, 1]]) & (labels[edges[:, 0]] >= 0)
        kept, strength = edges[inside], weight[inside]
        count = np.bincount(kept.ravel(), minlength=len(labels))
        best = np.zeros(len(labels))
        for side in range(2):
            np.maximum.at(best, kept[:, side], strength)
        of = np.where(labels >= 0, size[labels], 0)
        loose = np.where(of > 2, (count < 2) & (best < SURE), best <= 0.5) & (labels >= 0)
        if not loose.any():
            return labels
        labels[loose] = -1


def _numbered(family: Longs) -> Longs:
    """Number the families by their smallest member."""
    there = np.flatnonzero(family >= 0)
    _, first, entry = np.unique(family[there], return_index=True, return_inverse=True)
    order = np.empty(len(first), np.int64)
    order[np.argsort(first)] = np.arange(len(first))
    made = family.copy()
    made[there] = order[entry]
    return made
