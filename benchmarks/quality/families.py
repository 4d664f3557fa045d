"""Families: what a method must give, what counts as right, and simple baselines.

Judged are own first numbers with a record. A pair of them is *wanted* if their owners are of one family and they
have a call or text with each other; relatives without one, pairs of one owner's two numbers, and pairs with other
numbers are neutral. Families are compared with the planted ones over the same numbers (B-cubed); a number that a
method leaves out is a family of its own.

To add a method, write a function from a `World` to a `Found` and list it in `METHODS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.quality import metrics, scored
from benchmarks.quality.methods._pairs import binary
from benchmarks.quality.world import Case, NotAvailableError, World

NAME = "Families"


@dataclass(frozen=True)
class Found:
    """What a method says of the families of a world.

    Attributes
    ----------
    pairs : pandas.DataFrame or None
        number_a, number_b (either order, each pair once), probability; accepted if the method decides.
    families : pandas.DataFrame or None
        number, family_id.
    """

    pairs: pd.DataFrame | None = None
    families: pd.DataFrame | None = None


@dataclass(frozen=True)
class Part:
    """Figures of one case: scored pairs, and both groupings of the judged numbers."""

    pairs: scored.Scored | None
    groups: tuple[NDArray[np.object_], NDArray[np.object_]] | None


def judge_case(case: Case, found: Found) -> Part:
    """Compare with the planted families."""
    truth = case.tables["families"]
    counts = case.world.counts
    truth = truth[truth["own"] & ~truth["is_second"] & truth["number"].isin(counts.numbers)]
    family = truth.drop_duplicates("number").set_index("number")["family_id"]
    pairs = None if found.pairs is None else _judge_pairs(case.world, found.pairs, family)
    if found.families is None:
        return Part(pairs, None)
    given = found.families.drop_duplicates("number").set_index("number")["family_id"].reindex(family.index)
    alone = pd.Series([f"alone {number}" for number in family.index], index=family.index)
    ours = given.astype(object).where(given.notna(), alone)
    theirs = [f"{case.world.name} {label}" for label in family]
    ours_named = [f"{case.world.name} {label}" for label in ours]
    return Part(pairs, (np.array(ours_named, dtype=object), np.array(theirs, dtype=object)))


def _judge_pairs(world: World, pairs: pd.DataFrame, family: "pd.Series[Any]") -> scored.Scored:
    counts = world.counts
    of = family.reindex(counts.numbers).to_numpy()
    known = ~pd.isna(of)
    first, second = _contacts(world)
    wanted = int((known[first] & known[second] & (of[first] == of[second])).sum())
    a, b = counts.ids(pairs["number_a"]), counts.ids(pairs["number_b"])
    in_contact = np.isin(_key(a, b, len(of)), _key(first, second, len(of)))
    same = of[a] == of[b]
    judged = (a >= 0) & (b >= 0) & known[a] & known[b] & (in_contact | ~same)
    accepted = pairs["accepted"].to_numpy(dtype=bool) if "accepted" in pairs else np.zeros(len(a), dtype=bool)
    score = pairs["probability"].to_numpy(dtype=float)
    return scored.Scored(score[judged], same[judged].astype(float), accepted[judged], wanted)


def _key(first: NDArray[np.int64], second: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    key: NDArray[np.int64] = np.minimum(first, second) * n + np.maximum(first, second)
    return key


def _contacts(world: World) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs in contact, each once."""
    both = sparse.triu(world.counts.before + world.counts.after, k=1).tocoo()
    return both.row.astype(np.int64), both.col.astype(np.int64)


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


def _own_ties(world: World) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    both = sparse.triu(world.counts.before + world.counts.after, k=1).tocoo()
    own = world.counts.own[both.row] & world.counts.own[both.col]
    return both.row[own].astype(np.int64), both.col[own].astype(np.int64), both.data[own]


def _pair_table(
    world: World, first: NDArray[np.int64], second: NDArray[np.int64], score: NDArray[np.float64]
) -> pd.DataFrame:
    numbers = world.counts.numbers
    return pd.DataFrame({"number_a": numbers[first], "number_b": numbers[second], "probability": score})


METHODS: dict[str, Callable[[World], Found]] = {
    "call count": call_count,
    "Jaccard of circles": jaccard,
    "Leiden, whole graph": leiden,
}


def measure(parts: Sequence[Part]) -> dict[str, Any]:
    """Figures of a method over several cases."""
    pairs = [part.pairs for part in parts if part.pairs is not None]
    groups = [part.groups for part in parts if part.groups is not None]
    made: dict[str, Any] = {"pr_auc": None}
    if pairs:
        made |= scored.measure(scored.join(pairs))
    if groups:
        ours, theirs = (np.concatenate(side) for side in zip(*groups, strict=True))
        names = ("b_cubed_precision", "b_cubed_recall", "b_cubed_f1")
        made |= dict(zip(names, metrics.b_cubed(ours, theirs), strict=True))
    return made


COLUMNS = {
    "pairs: PR-AUC": "pr_auc",
    "recall at 95 %": "recall_at_95",
    "precision at size": "precision_at_wanted",
    "families: B3 precision": "b_cubed_precision",
    "recall": "b_cubed_recall",
    "F1": "b_cubed_f1",
}
