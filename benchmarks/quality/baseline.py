"""The stored figures, and what has become worse since."""

import json
from pathlib import Path
from typing import Any

from benchmarks.report import write_json

FILE = Path(__file__).parents[1] / "baseline.json"

TOLERANCE = 0.01
"""Figures lie between 0 and 1; the worlds are the same each time, so this is for rounding and libraries."""

KEPT = {
    "pr_auc": 1,
    "recall_at_95": 1,
    "rank1": 1,
    "rank1_new": 1,
    "recall_at_5": 1,
    "f1": 1,
    "b_cubed_f1": 1,
    "key_right": 1,
    "roles_f1": 1,
    "approached_f1": 1,
    "seems_right": 1,
    "plague_share": -1,
    "onset_near": 1,
    "kind_right": 1,
    "precision_at_list": 1,
    "warned_in_time": 1,
    "brier": -1,
    "calibration_error": -1,
    "worst_bin": 0,
    "precision": 0,
    "recall": 0,
}
"""Measures that are stored: 1 where more is better, -1 where less is, 0 where they are shown and no fall is judged: a
threshold trades precision for recall, and one bin moves by chance."""

Figures = dict[str, dict[str, dict[str, float]]]
"""Group → method → measure → value."""


def kept(groups: dict[str, dict[str, dict[str, Any]]]) -> Figures:
    """Choose and round what is stored of measured groups.

    Examples
    --------
    >>> kept({"easy": {"Jaccard": {"pr_auc": 0.12345, "claims": 7, "rank1": None}}})
    {'easy': {'Jaccard': {'pr_auc': 0.1235}}}
    """
    return {
        group: {
            method: {name: round(measured[name], 4) for name in KEPT if measured.get(name) is not None}
            for method, measured in methods.items()
        }
        for group, methods in groups.items()
    }


def falls(stored: Figures, found: Figures) -> list[str]:
    """Say which stored figures have become worse or are gone.

    A group that was not run (the Copenhagen data may be absent) is passed over; a method that is gone from a
    group that was run is a fall.

    Examples
    --------
    >>> falls({"easy": {"a": {"pr_auc": 0.9, "brier": 0.1}}}, {"easy": {"a": {"pr_auc": 0.7, "brier": 0.1}}})
    ['easy, a: pr_auc 0.700, was 0.900']
    """
    worse = []
    for group, methods in stored.items():
        for method, figures in methods.items() if group in found else ():
            now = found[group].get(method, {})
            for name, was in figures.items():
                value = now.get(name)
                if value is None:
                    worse.append(f"{group}, {method}: {name} missing, was {was:.3f}")
                elif KEPT[name] * (was - value) > TOLERANCE:
                    worse.append(f"{group}, {method}: {name} {value:.3f}, was {was:.3f}")
    return worse


def load(size: str, file: Path) -> Figures:
    """Read the stored figures of a size; empty if there are none."""
    if not file.exists():
        return {}
    stored: Figures = json.loads(file.read_text()).get(size, {})
    return stored


def update(size: str, figures: Figures, file: Path) -> None:
    """Store the figures of a size; groups that were not run keep theirs."""
    content = json.loads(file.read_text()) if file.exists() else {}
    content[size] = {**content.get(size, {}), **figures}
    write_json(file, content)
