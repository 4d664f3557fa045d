"""Measures of rankings and probabilities; each one is small enough to be worked by hand.

Claims are judged as a list sorted by score. Claims of equal score are one step: a list cannot be cut between
them. ``wanted`` is how many true answers there are in all, found or not, so that what a method never lists
costs recall.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def steps(scores: Floats, right: Floats, weights: Floats | None = None) -> tuple[Floats, Floats, Floats]:
    """Distinct scores in falling order, and how many claims and right claims there are down to each.

    Examples
    --------
    >>> steps(np.array([0.9, 0.5, 0.5]), np.array([1.0, 0.0, 1.0]))
    (array([0.9, 0.5]), array([1., 3.]), array([1., 2.]))
    """
    weights = np.ones(len(scores)) if weights is None else weights
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True)) if len(order) else order
    return ordered[ends], np.cumsum(weights[order])[ends], np.cumsum((weights * right)[order])[ends]


def pr_auc(scores: Floats, right: Floats, wanted: float, weights: Floats | None = None) -> float:
    """Average precision: the sum of precision times the step in recall; NaN if nothing is wanted.

    Examples
    --------
    >>> round(pr_auc(np.array([0.9, 0.8, 0.7]), np.array([1.0, 0.0, 1.0]), 2), 4)
    0.8333
    """
    if wanted <= 0:
        return float("nan")
    _, claims, hits = steps(scores, right, weights)
    gained = np.diff(hits, prepend=0.0)
    return float(np.sum(gained / wanted * hits / np.maximum(claims, 1e-300)))


def recall_at_precision(
    scores: Floats, right: Floats, wanted: float, least: float = 0.95, weights: Floats | None = None
) -> float:
    """Largest recall of a list whose precision is at least ``least``; 0 if there is none.

    Examples
    --------
    >>> recall_at_precision(np.array([0.9, 0.8, 0.7]), np.array([1.0, 0.0, 1.0]), 2)
    0.5
    """
    if wanted <= 0:
        return float("nan")
    _, claims, hits = steps(scores, right, weights)
    good = hits >= least * claims - 1e-9
    return float(np.max(hits[good], initial=0.0) / wanted)


def threshold_at_precision(scores: Floats, right: Floats, least: float = 0.95) -> float:
    """Lowest score down to which the precision is at least ``least``; infinite if there is none."""
    values, claims, hits = steps(scores, right)
    good = hits >= least * claims - 1e-9
    return float(np.min(values[good], initial=np.inf))


def precision_at(scores: Floats, right: Floats, size: int) -> float:
    """Share of right ones among the best ``size`` claims; equal scores at the cut count by their share.

    A list that is shorter is judged as if filled with wrong claims.

    Examples
    --------
    >>> precision_at(np.array([0.9, 0.5, 0.5]), np.array([1.0, 0.0, 1.0]), 2)
    0.75
    """
    if size <= 0:
        return float("nan")
    _, claims, hits = steps(scores, right)
    return float(np.interp(size, np.append(0.0, claims), np.append(0.0, hits)) / size)


def brier(probabilities: Floats, right: Floats) -> float:
    """Mean squared difference between probability and outcome.

    Examples
    --------
    >>> brier(np.array([1.0, 0.5]), np.array([1.0, 0.0]))
    0.125
    """
    return float(np.mean((probabilities - right) ** 2)) if len(right) else float("nan")


def reliability(probabilities: Floats, right: Floats, bins: int = 10) -> list[dict[str, Any]]:
    """Predicted and observed shares in bins of equal width; empty bins are left out.

    ``least`` and ``most`` are the ends of Wilson's 95 % interval of the observed share.

    Examples
    --------
    >>> last = reliability(np.array([0.9375, 1.0, 0.25]), np.array([1.0, 0.0, 0.0]))[-1]
    >>> last["low"], last["count"], last["predicted"], last["observed"]
    (0.9, 2, 0.96875, 0.5)
    >>> round(last["least"], 3), round(last["most"], 3)
    (0.095, 0.905)
    """
    place = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    made = []
    for index in np.unique(place).tolist():
        inside = place == index
        least, most = wilson(float(right[inside].sum()), int(inside.sum()))
        made.append(
            {
                "low": float(index / bins),
                "count": int(inside.sum()),
                "predicted": float(probabilities[inside].mean()),
                "observed": float(right[inside].mean()),
                "least": least,
                "most": most,
            }
        )
    return made


def wilson(hits: float, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share.

    Examples
    --------
    >>> [round(edge, 3) for edge in wilson(5, 10)], [round(edge, 3) for edge in wilson(0, 10)]
    ([0.237, 0.763], [0.0, 0.278])
    """
    z = 1.959964
    middle = (hits + z * z / 2) / (trials + z * z)
    reach = z * (hits * (trials - hits) / trials + z * z / 4) ** 0.5 / (trials + z * z)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def accepted_intervals(right: Floats, wanted: int) -> dict[str, list[float]]:
    """Wilson's intervals of precision and recall of what a method accepts; empty if it accepts nothing.

    Examples
    --------
    >>> {name: [round(edge, 2) for edge in edges] for name, edges in accepted_intervals(np.ones(30), 40).items()}
    {'precision': [0.89, 1.0], 'recall': [0.6, 0.86]}
    """
    hits, taken = float(right.sum()), len(right)
    if not taken or not wanted:
        return {}
    return {"precision": [*wilson(hits, taken)], "recall": [*wilson(hits, wanted)]}


CALIBRATION_LEAST = 50
"""Claims that a bin needs before its difference counts: with fewer chance alone makes 0.1 and more."""


def calibration(probabilities: Floats, right: Floats) -> dict[str, Any]:
    """Brier score, the bins, and two figures of them.

    ``worst_bin`` is the largest difference of predicted and observed share over the bins of at least
    `CALIBRATION_LEAST` claims (None if there is none), ``calibration_error`` the mean difference over all
    claims (expected calibration error).

    Examples
    --------
    >>> made = calibration(np.repeat([0.05, 0.95], [60, 40]), np.repeat([0.0, 1.0, 0.0], [60, 30, 10]))
    >>> round(made["worst_bin"], 3), round(made["calibration_error"], 3)
    (0.05, 0.11)
    """
    bins = reliability(probabilities, right)
    gaps = [(abs(cell["predicted"] - cell["observed"]), cell["count"]) for cell in bins]
    return {
        "brier": brier(probabilities, right),
        "reliability": bins,
        "worst_bin": max((gap for gap, count in gaps if count >= CALIBRATION_LEAST), default=None),
        "calibration_error": sum(gap * count for gap, count in gaps) / max(1, len(right)) if bins else None,
    }


def rank_credit(better: Floats, equal: Floats, size: int) -> Floats:
    """Chance that the true answer is among the first ``size`` if equal scores fall in any order.

    Parameters
    ----------
    better, equal : ndarray, shape (n,)
        Candidates with a higher score, and other candidates with the same; ``better`` infinite: not listed.
    size : int
        Length of the list; 1 for rank-1.

    Examples
    --------
    >>> rank_credit(np.array([0.0, 0.0, 1.0, np.inf]), np.array([0.0, 1.0, 0.0, 0.0]), 1)
    array([1. , 0.5, 0. , 0. ])
    """
    credit: Floats = np.clip((size - better) / (equal + 1), 0.0, 1.0)
    return credit


def b_cubed(found: NDArray[Any], true: NDArray[Any]) -> tuple[float, float, float]:
    """Precision, recall and F1 of a grouping, averaged over members (Bagga and Baldwin 1998).

    Examples
    --------
    >>> [round(value, 3) for value in b_cubed(np.array([0, 0, 1]), np.array(["a", "a", "a"]))]
    [1.0, 0.556, 0.714]
    """
    if not len(found):
        return (float("nan"),) * 3
    _, ours = np.unique(found, return_inverse=True)
    _, theirs = np.unique(true, return_inverse=True)
    _, both, shared = np.unique(ours * len(theirs) + theirs, return_inverse=True, return_counts=True)
    together = shared[both]
    precision = float(np.mean(together / np.bincount(ours)[ours]))
    recall = float(np.mean(together / np.bincount(theirs)[theirs]))
    return precision, recall, 2 * precision * recall / (precision + recall)
