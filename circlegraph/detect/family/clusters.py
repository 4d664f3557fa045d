"""Families from the probabilities of pairs: clusters that hang together, of a limited size.

The constant Potts model joins numbers where the probabilities inside are, pair for pair, above a resolution; two
numbers without a tie count as 0. So acquaintances of acquaintances do not chain up. On the tuning seeds numbers and
clusters that are moved until nothing gains reach as much as Leiden's method does with one or another seed, in a small
part of its time.

References
----------
V. A. Traag, P. Van Dooren, Y. Nesterov, "Narrow scope for resolution-limit-free community detection", Physical Review
E 84 (2011).
V. D. Blondel, J.-L. Guillaume, R. Lambiotte, E. Lefebvre, "Fast unfolding of communities in large networks", Journal
of Statistical Mechanics (2008).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels.potts import move_nodes

Ints = NDArray[np.int32]
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
    labels = _join(edges, weight, len(member), RESOLUTION)
    labels = _cut(labels, edges, weight, most)
    labels = _without_loose(labels, edges, weight)
    family = np.full(numbers, -1, np.int64)
    family[member] = labels
    return _numbered(family)


def _join(edges: Longs, weight: Floats, numbers: int, resolution: float) -> Longs:
    """Clusters, int64[numbers]: numbers are moved one by one, then whole clusters, until neither gains anything."""
    pairs = _symmetric(edges, weight, numbers)
    one, labels = np.ones(numbers, np.int64), np.arange(numbers)
    while True:
        labels, moved = move_nodes(*pairs, one, labels, resolution)
        labels = _connected(labels, edges)
        if not moved:
            return labels
        while moved:
            ends, size = labels[edges], np.bincount(labels)
            apart = ends[:, 0] != ends[:, 1]
            clusters = _symmetric(ends[apart], weight[apart], len(size))
            joined, moved = move_nodes(*clusters, size, np.arange(len(size)), resolution)
            labels = np.unique(joined[labels], return_inverse=True)[1]


def _connected(labels: Longs, edges: Longs) -> Longs:
    """Cut clusters, whose middle may have moved elsewhere, into what hangs together."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    inside = edges[labels[edges[:, 0]] == labels[edges[:, 1]]]
    rows = coo_array((np.ones(len(inside), np.bool_), inside.T), shape=(len(labels), len(labels)))
    return np.asarray(connected_components(rows, directed=False)[1], np.int64)


def _symmetric(edges: Longs, weight: Floats, nodes: int) -> tuple[Ints, Ints, Floats]:
    """Rows of all nodes with the weights that they have with others, those of a pair summed."""
    ends = np.concatenate([edges, edges[:, ::-1]]).T.astype(np.int32)
    from scipy.sparse import coo_array

    rows = coo_array((np.tile(weight, 2), ends), shape=(nodes, nodes)).tocsr()
    return rows.indptr.astype(np.int32), rows.indices.astype(np.int32), rows.data


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
        finer = _join(place[edges[inside]], weight[inside], int(large.sum()), resolution)
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
