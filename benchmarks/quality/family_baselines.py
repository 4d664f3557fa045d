"""Simple ways to find families: how often two call each other, how much their circles share, communities.

`python -m benchmarks.quality.families` fits the link of `components` anew.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from benchmarks.quality.family_found import Found
from benchmarks.quality.methods._pairs import binary
from benchmarks.quality.world import NotAvailableError, World

Ids = NDArray[np.int64]

LEAST_A_DAY = 0.6
"""Contacts a day of a link; the best B-cubed F1 on cities of the small size, all presets, first two tuning seeds."""


def contacts(world: World) -> tuple[Ids, Ids, NDArray[np.float64]]:
    """Pairs in contact, each once, and how many calls and texts they have."""
    both = sparse.triu(world.counts.before + world.counts.after, k=1).tocoo()
    return both.row.astype(np.int64), both.col.astype(np.int64), both.data


def call_count(world: World) -> Found:
    """Score pairs by c / (c + 10) with c calls and texts; own pairs only."""
    first, second, total = _own_ties(world)
    return Found(pairs=_pair_table(world, first, second, total / (total + 10)))


def jaccard(world: World) -> Found:
    """Score pairs in contact by the Jaccard similarity of their circles, each other counted as own peers."""
    first, second, _ = _own_ties(world)
    circles = binary(world.counts.before + world.counts.after)
    circles = (circles + sparse.eye_array(circles.shape[0])).tocsr()
    shared = np.asarray(circles[first].multiply(circles[second]).sum(axis=1)).ravel()
    sizes = np.diff(circles.indptr)
    return Found(pairs=_pair_table(world, first, second, shared / (sizes[first] + sizes[second] - shared)))


def leiden(world: World) -> Found:
    """Group numbers by Leiden communities of the whole graph, weighted by calls and texts (modularity)."""
    import random

    try:
        import igraph
    except ImportError:
        raise NotAvailableError("igraph is not installed") from None
    first, second, total = _own_ties(world)
    graph = igraph.Graph(n=len(world.counts.numbers), edges=np.column_stack([first, second]).tolist())
    igraph.set_random_number_generator(random.Random(0))
    try:
        parts = graph.community_leiden("modularity", weights=total.tolist(), n_iterations=-1)
    finally:
        igraph.set_random_number_generator(random)
    return Found(families=pd.DataFrame({"number": world.counts.numbers, "family_id": parts.membership}))


def components(world: World, least: float | None = None) -> Found:
    """Group numbers that are linked by pairs of many calls and texts; key is who has most with the others.

    ``least`` contacts a day make a link, `LEAST_A_DAY` by default. Roles are beyond so simple a rule.
    """
    first, second, total = _own_ties(world)
    least = LEAST_A_DAY if least is None else least
    days = (world.events["start"].max() - world.events["start"].min()).days + 1
    kept = total >= least * days
    n = len(world.counts.numbers)
    links = sparse.coo_array((total[kept], (first[kept], second[kept])), shape=(n, n))
    _, label = csgraph.connected_components(links, directed=False)
    inside = np.bincount(first[kept], total[kept], n) + np.bincount(second[kept], total[kept], n)
    order = np.lexsort((-inside, label))
    is_key = np.zeros(n, dtype=np.bool_)
    is_key[order[np.append(True, label[order][1:] != label[order][:-1])]] = True
    members = {"number": world.counts.numbers, "family_id": label, "role": "other", "is_key_person": is_key}
    return Found(families=pd.DataFrame(members))


def _own_ties(world: World) -> tuple[Ids, Ids, NDArray[np.float64]]:
    first, second, total = contacts(world)
    own = world.counts.own[first] & world.counts.own[second]
    return first[own], second[own], total[own]


def _pair_table(world: World, first: Ids, second: Ids, score: NDArray[np.float64]) -> pd.DataFrame:
    numbers = world.counts.numbers
    return pd.DataFrame({"number_a": numbers[first], "number_b": numbers[second], "probability": score})
