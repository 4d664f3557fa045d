"""Judge one method on the cases of one group.

A *claim* is a number's best candidate: the work list has one row a number. Claims that are neutral (see
`benchmarks.quality.truth`) are taken off the list. Intervals are bootstrapped over the numbers of all the
group's cases; those of precision and recall of what is accepted are Wilson's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.quality import metrics
from benchmarks.quality.metrics import Floats
from benchmarks.quality.world import Case

RESAMPLES = 200
LEVEL = 0.95
LIST_SIZES = (10, 20, 50, 100)
BREAKDOWNS = {
    "mode": None,
    "cause": None,
    "network": None,
    "share_moved": (0.0, 0.4, 0.6, 0.8, 1.01),
    "circle_size": (3, 5, 9, 15, 1000),
    "records_after": (1, 10, 30, 100, 1_000_000),
}
"""Columns of the truth by which recall is broken down, and edges of the bands of figures."""


@dataclass
class Judged:
    """Claims and wanted answers of one case, or of several joined.

    Attributes
    ----------
    claims : pandas.DataFrame
        case, number, score, right (0 or 1), hidden (owner of a data-only second number), accepted.
    wanted : pandas.DataFrame
        case and the truth of the wanted pairs, with better and equal (the rank among the candidates;
        with _new: among those new since the split) and score (that of the claim if it is right, else -1).
    hidden : int
        Owners of a data-only second number.
    """

    claims: pd.DataFrame
    wanted: pd.DataFrame
    hidden: int = 0
    seconds: list[float] = field(default_factory=list)


def judge_case(case: Case, found: pd.DataFrame) -> Judged:
    """Compare a method's table with the truth of one case."""
    truth = case.truth
    # An empty table has no type of its own.
    kinds = {"number": object, "second_number": object, "probability": float}
    table = found[list(kinds)].astype(kinds).reset_index(drop=True)
    table["accepted"] = found["accepted"].to_numpy() if "accepted" in found else False
    pairs = pd.MultiIndex.from_frame(table[["number", "second_number"]])
    if pairs.has_duplicates:
        raise ValueError("the method lists a pair of numbers twice")
    wanted = truth[truth["wanted"]].drop_duplicates(["number", "second_number"])
    known = pd.concat(
        [
            truth.loc[~truth["wanted"], ["number", "second_number"]],
            truth[["second_number", "number"]].set_axis(["number", "second_number"], axis=1),
        ]
    )
    table["right"] = pairs.isin(pd.MultiIndex.from_frame(wanted[["number", "second_number"]])).astype(float)
    table["neutral"] = pairs.isin(pd.MultiIndex.from_frame(known)) | ~table["number"].isin(case.population)
    ranks = _ranks(table, wanted)
    new = case.world.counts.numbers[case.world.counts.new]
    ranks_new = _ranks(table[table["second_number"].isin(new)], wanted)
    best = table[~table["neutral"]].sort_values("probability", ascending=False, kind="stable")
    best = best.drop_duplicates("number")
    hidden = truth.loc[truth["why_not"] == "data-only", "number"].unique()
    claims = pd.DataFrame(
        {
            "case": 0,
            "number": best["number"],
            "score": best["probability"].astype(float),
            "right": best["right"],
            "hidden": best["number"].isin(hidden),
            "accepted": best["accepted"].astype(bool),
        }
    )
    hits = best.set_index(["number", "second_number"])["probability"]
    at = pd.MultiIndex.from_frame(wanted[["number", "second_number"]])
    wanted = wanted.assign(case=0, score=hits.reindex(at).fillna(-1.0).to_numpy(), **ranks)
    wanted = wanted.assign(**{f"{name}_new": values for name, values in ranks_new.items()})
    return Judged(claims.reset_index(drop=True), wanted.reset_index(drop=True), len(hidden))


def _ranks(table: pd.DataFrame, wanted: pd.DataFrame) -> dict[str, Floats]:
    """Count, for each wanted pair, the number's candidates with a higher and with the same score."""
    mine = wanted[["number", "second_number"]].reset_index(drop=True).reset_index(names="place")
    scored = mine.merge(table, on=["number", "second_number"])[["place", "number", "probability"]]
    rivals = scored.merge(table[~table["neutral"]], on="number", suffixes=("", "_rival"))
    better = np.full(len(wanted), np.inf)
    equal = np.zeros(len(wanted))
    place, n = rivals["place"].to_numpy(dtype=np.int64), len(wanted)
    difference = (rivals["probability_rival"] - rivals["probability"]).to_numpy(dtype=float)
    better[scored["place"]] = np.bincount(place, difference > 0, n)[scored["place"]]
    equal[scored["place"]] = np.bincount(place, difference == 0, n)[scored["place"]] - 1
    return {"better": better, "equal": equal}


def join(parts: Sequence[Judged]) -> Judged:
    """Join the cases of a group, which are numbered."""
    return Judged(
        pd.concat([part.claims.assign(case=case) for case, part in enumerate(parts)], ignore_index=True),
        pd.concat([part.wanted.assign(case=case) for case, part in enumerate(parts)], ignore_index=True),
        sum(part.hidden for part in parts),
        [second for part in parts for second in part.seconds],
    )


def measure(judged: Judged, *, is_probability: bool, resamples: int = RESAMPLES) -> dict[str, Any]:
    """All measures of a method on a group, for the JSON file and the tables."""
    claims, wanted = judged.claims, judged.wanted
    scores, right = claims["score"].to_numpy(dtype=float), claims["right"].to_numpy(dtype=float)
    threshold = metrics.threshold_at_precision(scores, right)
    taken = wanted["score"].to_numpy() >= threshold
    first, five = _credit(wanted, 1), _credit(wanted, 5)
    count = len(wanted)
    accepted = claims["accepted"].to_numpy(dtype=bool)
    measured: dict[str, Any] = {
        "wanted": count,
        "claims": len(claims),
        "pr_auc": metrics.pr_auc(scores, right, count),
        "recall_at_95": metrics.recall_at_precision(scores, right, count),
        "precision_at_wanted": metrics.precision_at(scores, right, count),
        "precision_at": {str(size): metrics.precision_at(scores, right, size) for size in LIST_SIZES},
        "accepted": int(accepted.sum()),
        "precision": _mean(right[accepted]),
        "recall": float(right[accepted].sum() / count) if count else None,
        "rank1": _mean(first),
        "recall_at_5": _mean(five),
        "rank1_new": _mean(_credit(wanted, 1, "_new")),
        "recall_at_5_new": _mean(_credit(wanted, 5, "_new")),
        "hidden_claimed": _mean_hidden(judged, threshold),
        "intervals": intervals(judged, first, five, resamples)
        | metrics.accepted_intervals(right[accepted], count),
        "breakdown": breakdown(wanted, taken, first),
        "seconds": sum(judged.seconds),
    }
    if is_probability:
        measured |= metrics.calibration(scores, right)
    return measured


def _mean_hidden(judged: Judged, threshold: float) -> float | None:
    """Share of data-only owners with a claim accepted by the method or, failing that, by the threshold."""
    claims = judged.claims
    taken = claims["accepted"] if claims["accepted"].any() else claims["score"] >= threshold
    return float((claims["hidden"] & taken).sum() / judged.hidden) if judged.hidden else None


def _credit(wanted: pd.DataFrame, size: int, among: str = "") -> Floats:
    better, equal = (wanted[f"{name}{among}"].to_numpy(dtype=float) for name in ("better", "equal"))
    return metrics.rank_credit(better, equal, size)


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None


def intervals(
    judged: Judged, first: Floats, five: Floats, resamples: int = RESAMPLES
) -> dict[str, list[float]]:
    """Bootstrap intervals: numbers are drawn with replacement, with their claim and what they want."""
    claims = judged.claims.sort_values("score", ascending=False, kind="stable")
    wanted = judged.wanted
    if not len(wanted):
        return {}
    owners = pd.MultiIndex.from_frame(pd.concat([claims[["case", "number"]], wanted[["case", "number"]]]))
    codes, units = pd.factorize(owners)
    claimed, wanting = codes[: len(claims)], codes[len(claims) :]
    scores, right = claims["score"].to_numpy(dtype=float), claims["right"].to_numpy(dtype=float)
    rng = np.random.default_rng(0)
    drawn: dict[str, list[float]] = {name: [] for name in ("pr_auc", "recall_at_95", "rank1", "recall_at_5")}
    for _ in range(resamples):
        times = np.bincount(rng.integers(0, len(units), len(units)), minlength=len(units)).astype(float)
        weights, of_wanted = times[claimed], times[wanting]
        total = float(of_wanted.sum())
        if total == 0:
            continue
        drawn["pr_auc"].append(metrics.pr_auc(scores, right, total, weights))
        drawn["recall_at_95"].append(metrics.recall_at_precision(scores, right, total, weights=weights))
        drawn["rank1"].append(float(np.average(first, weights=of_wanted)))
        drawn["recall_at_5"].append(float(np.average(five, weights=of_wanted)))
    edges = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    return {name: np.quantile(values, edges).tolist() for name, values in drawn.items() if values}


def breakdown(wanted: pd.DataFrame, taken: "np.ndarray[Any, Any]", first: Floats) -> dict[str, Any]:
    """Recall at 95 % precision and rank-1 for each kind of second number and band of circle size and share."""
    made: dict[str, Any] = {}
    for column, edges in BREAKDOWNS.items():
        values = wanted[column]
        kinds = values if edges is None else pd.cut(values, list(edges), right=False)
        made[column] = [
            {
                "kind": str(kind),
                "wanted": int(mask.sum()),
                "recall_at_95": float(taken[mask].mean()),
                "rank1": float(first[mask].mean()),
            }
            for kind in sorted(kinds.dropna().unique())
            for mask in [(kinds == kind).to_numpy()]
        ]
    return made
