"""A world small enough to be worked by hand."""

import pandas as pd

from benchmarks.quality.truth import make_truth
from benchmarks.quality.world import Case, World

SPLIT = pd.Timestamp("2024-05-15")
BEFORE = [("x", peer, day) for peer in "abc" for day in ("2024-05-01", "2024-05-08")] + [
    ("z", "a", "2024-05-02")
]
AFTER = [
    ("y", "a", "2024-05-20"),
    ("b", "y", "2024-05-20"),
    ("x", "c", "2024-05-21"),
    ("z", "a", "2024-05-22"),
    ("z", "e", "2024-05-23"),
]


def world() -> World:
    """x, with steady peers a, b and c, takes the off-net number y for a and b; z was there before and meets a and e."""
    events = pd.DataFrame(BEFORE + AFTER, columns=["caller", "callee", "start"])
    events["start"] = pd.to_datetime(events["start"])
    return World("by hand", events.assign(duration=60, kind="call"), SPLIT, frozenset("xabcez"))


def planted(**changes: object) -> pd.DataFrame:
    row = {
        "number": "x",
        "second_number": "y",
        "onset": pd.Timestamp("2024-05-16"),
        "mode": "by_contact",
        "cause": "own_choice",
        "network": "other",
        "share_moved": 0.7,
        "visible": True,
    }
    return pd.DataFrame([row | changes])


def case(truth: pd.DataFrame | None = None) -> Case:
    made = world()
    rows = planted() if truth is None else truth
    return Case(made, make_truth(rows, made), "by hand", 0, frozenset("xabcez"))
