"""Past probabilities against what became true; frames in, frames out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

SIDES = ("number", "other")
"""A pair, or one number and an empty text."""


def past_probabilities(
    truth: pd.DataFrame, nights: Iterable[tuple[pd.DataFrame, pd.DataFrame]]
) -> tuple[pd.DataFrame, int]:
    """Probability of what is known now, from the last night on which it was not known yet.

    A model learns from what is known, and may even repeat it: only what it said before says how good it is.

    Parameters
    ----------
    truth
        number, other, right: what is known now.
    nights
        Newest first: number, other, probability of a night, and number, other of what was known then.

    Returns
    -------
    table, count
        probability and right; and of how many there is no such probability: they were known from the first night on,
        or were no candidates.

    Examples
    --------
    >>> import pandas as pd
    >>> truth = pd.DataFrame({"number": ["1", "2"], "other": ["8", "9"], "right": [1.0, 0.0]})
    >>> then = truth[["number", "other"]].assign(probability=[0.9, 0.2])
    >>> table, left = past_probabilities(truth, [(then.assign(probability=1.0), truth), (then, truth[:1])])
    >>> table.to_numpy().tolist(), left
    ([[0.2, 0.0]], 1)
    """
    left = truth.drop_duplicates(list(SIDES))
    found = []
    for told, known in nights:
        news = left.merge(known[list(SIDES)].drop_duplicates(), on=list(SIDES), how="left", indicator=True)
        news = news[news["_merge"] == "left_only"].drop(columns="_merge")
        met = news.merge(told.drop_duplicates(list(SIDES)), on=list(SIDES))
        met = met[met["probability"].notna()]
        found.append(met[["probability", "right"]])
        rest = left.merge(met[list(SIDES)], on=list(SIDES), how="left", indicator=True)
        left = rest[rest["_merge"] == "left_only"].drop(columns="_merge")
    return _stacked(found), len(left)


def losses(past: pd.DataFrame | None, lost: pd.DataFrame | None, date: str, horizon: int) -> pd.DataFrame:
    """Labels of nights whose horizon is over by a date, with whether the number was lost within it.

    Numbers that were lost before their night are left out.

    Returns
    -------
    pandas.DataFrame
        probability (the churn propensity, null where there was none), level and right.
    """
    import pandas as pd

    if past is None or lost is None:
        return pd.DataFrame({"probability": [], "level": [], "right": []})
    day = pd.to_datetime(past["date"])
    first = lost.sort_values("lost").drop_duplicates("number").set_index("number")["lost"]
    gone = pd.to_datetime(past["number"].map(first))
    end = day + pd.Timedelta(days=horizon)
    over = (end <= pd.Timestamp(date)) & ~(gone <= day)
    right = (gone <= end).astype(np.float64)
    made = pd.DataFrame(
        {"probability": past["churn_propensity"], "level": past["movement_level"], "right": right}
    )
    return made[over].reset_index(drop=True)


def summary(probability: Any, right: Any) -> dict[str, float]:
    """Count, how many were expected to be right, how many were, and the mean squared error (Brier's score).

    Examples
    --------
    >>> summary([0.9, 0.2], [1.0, 0.0])
    {'count': 2, 'expected': 1.1, 'right': 1, 'brier': 0.025}
    """
    p, y = np.asarray(probability, np.float64), np.asarray(right, np.float64)
    return {
        "count": len(p),
        "expected": round(float(p.sum()), 4),
        "right": int(y.sum()),
        "brier": round(float(((p - y) ** 2).mean()), 4) if len(p) else 0.0,
    }


def expected(frame: pd.DataFrame | None, accepted: Any) -> dict[str, float] | None:
    """How many of the accepted must be right if their probabilities mean what they say; None if there are none."""
    if frame is None or "probability" not in frame:
        return None
    probability = frame.loc[np.asarray(accepted, np.bool_), "probability"].dropna()
    return {"accepted": len(probability), "expected": round(float(probability.sum()), 4)}


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    empty = pd.DataFrame({"probability": np.empty(0), "right": np.empty(0)})
    return pd.concat([empty, *frames], ignore_index=True)


def by_level(rows: pd.DataFrame, levels: Iterable[str]) -> list[Mapping[str, Any]]:
    """Level, how many weeks had it, and how many of them came before a loss."""
    parts = ((level, rows.loc[rows["level"] == level, "right"]) for level in levels)
    return [
        {"level": level, "count": len(part), "lost": int(part.sum())} for level, part in parts if len(part)
    ]
