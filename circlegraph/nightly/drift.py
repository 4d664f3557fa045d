"""Drift: how far tonight's figures are from those of the nights before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

HALF = 0.5
"""Added to every count, so that an empty range is no infinite surprise."""


def psi(now: Sequence[int], before: Sequence[int]) -> float:
    """Population stability index of two histograms: 0 for the same shape, above 0.25 for another one.

    Examples
    --------
    >>> psi([10, 20, 30], [100, 200, 300]) < 0.001
    True
    >>> psi([300, 20, 10], [100, 200, 300]) > 1
    True
    """
    a, e = (np.asarray(counts, np.float64) + HALF for counts in (now, before))
    a, e = a / a.sum(), e / e.sum()
    return float(((a - e) * np.log(a / e)).sum())


def robust_z(now: float, before: Sequence[float]) -> float:
    """Deviation from the median in units of the spread; counts vary at least as chance makes them.

    Examples
    --------
    >>> round(robust_z(130, [100, 101, 99, 100, 102, 98, 100]), 1)
    3.0
    >>> robust_z(100, [100] * 7)
    0.0
    """
    middle = float(np.median(before))
    spread = 1.4826 * float(np.median(np.abs(np.asarray(before) - middle)))
    return (now - middle) / max(spread, float(np.sqrt(max(middle, 1.0))))


def drift_of(
    now: Mapping[str, Any],
    before: Sequence[Mapping[str, Any]],
    least_nights: int,
    most_psi: float,
    most_z: float,
) -> list[dict[str, Any]]:
    """One entry per figure that is followed: name, measure, value, limit, nights, alarm.

    Parameters
    ----------
    now, before
        Figures of tonight and of the nights before, as `stage_figures` writes them.
    least_nights
        With fewer nights nothing is measured.
    most_psi, most_z
        Above them there is an alarm.
    """
    found = []
    for name, spread in now["spreads"].items():
        known = [
            night["spreads"][name] for night in before if len(night["spreads"].get(name, ())) == len(spread)
        ]
        if len(known) >= least_nights:
            value = psi(spread, np.sum(known, axis=0).tolist())
            found.append(_entry(name, "psi", value, most_psi, len(known)))
    for name, count in now["followed"].items():
        counts = [night["followed"][name] for night in before if name in night["followed"]]
        if len(counts) >= least_nights:
            found.append(_entry(name, "robust z", robust_z(count, counts), most_z, len(counts)))
    return found


def _entry(name: str, measure: str, value: float, limit: float, nights: int) -> dict[str, Any]:
    return {
        "name": name,
        "measure": measure,
        "value": round(value, 4),
        "limit": limit,
        "nights": nights,
        "alarm": abs(value) > limit,
    }
