"""Measures of any list of scored items against a set of wanted ones: pairs of relatives, account managers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality import metrics
from benchmarks.quality.metrics import Floats

RESAMPLES = 200


@dataclass(frozen=True)
class Scored:
    """Items that a method lists, those that are neutral taken off.

    Attributes
    ----------
    scores : ndarray of float64, shape (n,)
        More is surer.
    right : ndarray of float64, shape (n,)
        1 if the item is wanted.
    accepted : ndarray of bool, shape (n,)
        Whether the method takes it.
    wanted : int
        How many items are wanted, listed or not.
    """

    scores: Floats
    right: Floats
    accepted: NDArray[np.bool_]
    wanted: int


def join(parts: Sequence[Scored]) -> Scored:
    """Join the lists of several worlds."""
    return Scored(
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.accepted for part in parts]),
        sum(part.wanted for part in parts),
    )


def measure(found: Scored, *, is_probability: bool = False, resamples: int = RESAMPLES) -> dict[str, Any]:
    """PR-AUC, recall at 95 % precision, precision at list size; precision, recall, F1 of what is accepted.

    Where scores are meant as probabilities, Brier score and calibration as well.

    Examples
    --------
    >>> listed = Scored(np.array([0.9, 0.8]), np.array([1.0, 0.0]), np.array([True, False]), 1)
    >>> found = measure(listed)
    >>> found["pr_auc"], found["precision"], found["f1"]
    (1.0, 1.0, 1.0)
    """
    hits, taken = float(found.right[found.accepted].sum()), int(found.accepted.sum())
    made: dict[str, Any] = {
        "wanted": found.wanted,
        "claims": len(found.scores),
        "accepted": taken,
        "pr_auc": metrics.pr_auc(found.scores, found.right, found.wanted),
        "recall_at_95": metrics.recall_at_precision(found.scores, found.right, found.wanted),
        "precision_at_wanted": metrics.precision_at(found.scores, found.right, found.wanted),
        "precision": hits / taken if taken else None,
        "recall": hits / found.wanted if taken and found.wanted else None,
        "f1": 2 * hits / (taken + found.wanted) if taken else None,
        "intervals": intervals(found, resamples)
        | metrics.accepted_intervals(found.right[found.accepted], found.wanted),
    }
    if is_probability:
        made |= metrics.calibration(found.scores, found.right)
    return made


def intervals(found: Scored, resamples: int = RESAMPLES) -> dict[str, list[float]]:
    """Bootstrap over the items, those wanted but not listed with them: 95 % intervals."""
    missed = found.wanted - int(found.right.sum())
    listed, n = len(found.scores), len(found.scores) + missed
    order = np.argsort(-found.scores, kind="stable")
    scores, right = found.scores[order], found.right[order]
    rng = np.random.default_rng(0)
    drawn: dict[str, list[float]] = {"pr_auc": [], "recall_at_95": []}
    for _ in range(resamples if found.wanted else 0):
        times = np.bincount(rng.integers(0, n, n), minlength=n).astype(float)
        weights = times[:listed]
        total = float((weights * right).sum() + times[listed:].sum())
        if total > 0:
            drawn["pr_auc"].append(metrics.pr_auc(scores, right, total, weights))
            drawn["recall_at_95"].append(metrics.recall_at_precision(scores, right, total, weights=weights))
    return {name: np.quantile(values, [0.025, 0.975]).tolist() for name, values in drawn.items() if values}
