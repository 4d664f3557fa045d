"""Which subscribers are of mid or high value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.account_managers.ties import Scene
from circlegraph.detect.known import Listed
from circlegraph.detect.sound import reals
from circlegraph.graph.numbering import Numbers

GOOD_ARPU = 120.0
TOP_SHARE = 1 / 3
TIERS = {
    **dict.fromkeys(("low", "basic", "bronze", "低", "低端"), False),
    **dict.fromkeys(("mid", "middle", "medium", "silver", "中", "中端"), True),
    **dict.fromkeys(("high", "top", "gold", "platinum", "vip", "高", "高端", "中高端"), True),
}


@dataclass(frozen=True, slots=True)
class Value:
    """Value of the numbers.

    Attributes
    ----------
    good
        float64[numbers]: 1 for mid or high value, 0 for low, NaN where it is not known.
    source
        Where it comes from, in words.
    guessed
        Whether it is a guess from the activity.
    """

    good: NDArray[np.float64]
    source: str
    guessed: bool = False


def value_of(scene: Scene, subscribers: Listed | None, bills: Listed | None) -> Value:
    """Value by the tiers of the subscribers' table, else by the bills, else by the minutes or days of contact.

    Of bills, a mean ARPU of at least 120 or in the top third is mid or high value; of contacts, the top third of the
    own numbers with any.
    """
    if subscribers is not None and "value_tier" in subscribers.table.column_names:
        words = [str(word or "").strip().lower() for word in subscribers.table["value_tier"].to_pylist()]
        told = np.array([float(TIERS[word]) if word in TIERS else np.nan for word in words])
        if not np.isnan(told).all():
            return Value(_spread(scene.numbers, subscribers.keys["number"], told), "value tier")
    if bills is not None and "arpu" in bills.table.column_names:
        arpu = reals(bills.table["arpu"])
        if not np.isnan(arpu).all():
            mean = _mean_of(scene.numbers, bills.keys["number"], arpu)
            return Value(_top(mean, GOOD_ARPU), "bills: ARPU of 120 or in the top third")
    own = scene.numbers.own
    activity = scene.seconds if scene.lasting else scene.loads.sum(axis=1).astype(np.float64)
    if not activity[own].any():
        return Value(np.full(len(own), np.nan), "not known", guessed=True)
    name = "minutes" if scene.lasting else "days of contact"
    known = np.where(own & (activity > 0), activity, np.nan)
    return Value(_top(known, np.inf), f"top third by {name} in the CDRs", guessed=True)


def _spread(numbers: Numbers, keys: NDArray[np.int64], told: NDArray[np.float64]) -> NDArray[np.float64]:
    at = numbers.index.ids(keys)
    found = np.full(len(numbers), np.nan)
    found[at[at >= 0]] = told[at >= 0]
    return found


def _mean_of(numbers: Numbers, keys: NDArray[np.int64], figures: NDArray[np.float64]) -> NDArray[np.float64]:
    at = numbers.index.ids(keys)
    known = (at >= 0) & ~np.isnan(figures)
    total = np.bincount(at[known], figures[known], len(numbers))
    count = np.bincount(at[known], minlength=len(numbers))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _top(figures: NDArray[np.float64], enough: float) -> NDArray[np.float64]:
    """1 for the top third of the known figures and all that are enough, 0 for the others, NaN for unknown."""
    known = ~np.isnan(figures)
    cut = min(float(np.quantile(figures[known], 1 - TOP_SHARE)), enough) if known.any() else enough
    return np.where(known, figures >= cut, np.nan)
