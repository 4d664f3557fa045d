"""Families: what a method must give, what counts as right, and where it is judged.

Judged are own first numbers with a record. A pair of them is *wanted* if their owners are of one family and they
have a call or text with each other; relatives without one, pairs of one owner's two numbers, and pairs with other
numbers are neutral. Neutral too are *kin of other families*: an elder and the household of a grown child of his that is
not the nearest, brothers and sisters, families in law. They are relatives, so that it is not wrong to say so of a pair,
and they are of another household, so that nobody has to. Families are compared with the planted ones over the same
numbers (B-cubed), where it is wrong to make one of two; a number that a method leaves out is a family of its own. Who
is key person and who has which role is judged where the planted key person is among the judged numbers: see
`benchmarks.quality.family_roles`.

To add a method, write a function from a `World` to a `Found` and list it in `METHODS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.quality import cities, metrics, scored, views
from benchmarks.quality.family_baselines import call_count, components, contacts, jaccard, leiden
from benchmarks.quality.family_found import Found
from benchmarks.quality.family_roles import Household, judge_roles, measure_roles
from benchmarks.quality.methods import circlegraph_families
from benchmarks.quality.world import Case, World

NAME = "Families"
KEY = "families"
PRESETS = (*cities.PRESETS, cities.SPARSE)
SUBSCRIBERS = cities.SUBSCRIBERS

make = cities.usual_case


@dataclass(frozen=True)
class Part:
    """Figures of one case: scored pairs, both groupings of the judged numbers, key persons and roles."""

    pairs: scored.Scored | None
    groups: tuple[NDArray[np.object_], NDArray[np.object_]] | None
    roles: Household | None = None


def judge_case(case: Case, found: Found) -> Part:
    """Compare with the planted families."""
    truth = case.tables["families"]
    counts = case.world.counts
    truth = truth[truth["own"] & ~truth["is_second"] & truth["number"].isin(counts.numbers)]
    truth = truth.drop_duplicates("number")
    family = truth.set_index("number")["family_id"]
    person = truth.set_index("number")["person"]
    pairs = None
    if found.pairs is not None:
        listed = found.pairs[~_of_kin(found.pairs, person, case.tables.get("kin"))]
        pairs = _judge_pairs(case.world, listed, family)
    if found.families is None:
        return Part(pairs, None)
    members = found.families.drop_duplicates("number").set_index("number")
    given = members["family_id"].reindex(family.index)
    alone = pd.Series([f"alone {number}" for number in family.index], index=family.index)
    ours = given.astype(object).where(given.notna(), alone)
    theirs = [f"{case.world.name} {label}" for label in family]
    ours_named = [f"{case.world.name} {label}" for label in ours]
    roles = judge_roles(truth, case.tables["families"], members) if "role" in members else None
    return Part(pairs, (np.array(ours_named, dtype=object), np.array(theirs, dtype=object)), roles)


def _of_kin(pairs: pd.DataFrame, person: "pd.Series[Any]", kin: pd.DataFrame | None) -> NDArray[np.bool_]:
    """Which pairs are kin of other families; the planted list holds no others."""
    if kin is None:
        return np.zeros(len(pairs), dtype=np.bool_)
    ends = [np.sort(frame.to_numpy(), axis=1) for frame in (_persons(pairs, person), kin)]
    found, planted = (pd.MultiIndex.from_arrays(list(side.T)) for side in ends)
    return np.asarray(found.isin(planted))


def _persons(pairs: pd.DataFrame, person: "pd.Series[Any]") -> pd.DataFrame:
    """Both persons of each pair, -1 for who is not judged."""
    return pd.DataFrame(
        {end: pairs[end].map(person).fillna(-1).astype(np.int64) for end in ("number_a", "number_b")}
    )


def _judge_pairs(world: World, pairs: pd.DataFrame, family: "pd.Series[Any]") -> scored.Scored:
    counts = world.counts
    of = family.reindex(counts.numbers).to_numpy()
    known = ~pd.isna(of)
    first, second, _ = contacts(world)
    wanted = int((known[first] & known[second] & (of[first] == of[second])).sum())
    a, b = counts.ids(pairs["number_a"]), counts.ids(pairs["number_b"])
    keys = _key(a, b, len(of))
    if len(np.unique(keys[(a >= 0) & (b >= 0)])) < int(((a >= 0) & (b >= 0)).sum()):
        raise ValueError("the method lists a pair of relatives twice")
    in_contact = np.isin(keys, _key(first, second, len(of)))
    same = of[a] == of[b]
    judged = (a >= 0) & (b >= 0) & known[a] & known[b] & (in_contact | ~same)
    accepted = pairs["accepted"].to_numpy(dtype=bool) if "accepted" in pairs else np.zeros(len(a), dtype=bool)
    score = pairs["probability"].to_numpy(dtype=float)
    return scored.Scored(score[judged], same[judged].astype(float), accepted[judged], wanted)


def _key(first: NDArray[np.int64], second: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    key: NDArray[np.int64] = np.minimum(first, second) * n + np.maximum(first, second)
    return key


def circlegraph(world: World) -> Found:
    """Ask circlegraph, with all that the world holds."""
    return Found(*circlegraph_families.find(world))


METHODS: dict[str, Callable[[World], Found]] = {
    "circlegraph": circlegraph,
    "circlegraph, cells alone": lambda world: circlegraph(views.cells(world)),
    "circlegraph, calls alone": lambda world: circlegraph(views.calls(world)),
    "call count": call_count,
    "Jaccard of circles": jaccard,
    "call count, linked": components,
    "Leiden, whole graph": leiden,
}
PROBABILITIES = tuple(label for label in METHODS if label.startswith("circlegraph"))
"""Methods whose scores of pairs are meant as probabilities."""


def measure(
    parts: Sequence[Part], *, is_probability: bool = False, resamples: int = scored.RESAMPLES
) -> dict[str, Any]:
    """Figures of a method over several cases."""
    pairs = [part.pairs for part in parts if part.pairs is not None]
    groups = [part.groups for part in parts if part.groups is not None]
    roles = [part.roles for part in parts if part.roles is not None]
    made: dict[str, Any] = {"pr_auc": None}
    if pairs:
        made |= scored.measure(scored.join(pairs), is_probability=is_probability, resamples=resamples)
    if groups:
        ours, theirs = (np.concatenate(side) for side in zip(*groups, strict=True))
        names = ("b_cubed_precision", "b_cubed_recall", "b_cubed_f1")
        made |= dict(zip(names, metrics.b_cubed(ours, theirs), strict=True))
    if roles:
        made |= measure_roles(roles)
    return made


COLUMNS = {
    "pairs: PR-AUC": "pr_auc",
    "recall at 95 %": "recall_at_95",
    "precision at size": "precision_at_wanted",
    "families: B3 precision": "b_cubed_precision",
    "recall": "b_cubed_recall",
    "F1": "b_cubed_f1",
    "key person right": "key_right",
    "roles: macro-F1": "roles_f1",
}


def fit(cases: Sequence[Case], grid: Sequence[float]) -> float:
    """Contacts a day from which on links make the best families; see that the cases are of tuning seeds."""
    scores = []
    for least in grid:
        parts = [judge_case(case, components(case.world, least)) for case in cases]
        scores.append(measure(parts, resamples=0)["b_cubed_f1"])
    return grid[int(np.argmax(scores))]


if __name__ == "__main__":
    from benchmarks.quality import seeds

    tuned = [
        make(preset, seed, SUBSCRIBERS["small"])
        for preset in cities.PRESETS
        for seed in seeds.TUNING["city"][:2]
    ]
    print(fit(tuned, [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0]))
