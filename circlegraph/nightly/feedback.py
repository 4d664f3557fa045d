"""What became of the calls: reach and success rates, and lift against the control group; frames in, frames out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.errors import InputError, SettingsError
from circlegraph.nightly.worklist import CALL, CONTROL

if TYPE_CHECKING:
    import pandas as pd

YES = ("1", "1.0", "true", "yes", "y", "是")
NO = ("0", "0.0", "false", "no", "n", "否")
RESULTS = ("reached", "accepted", "kept")
WINDOW = 60
"""Days within which an outcome belongs to a list."""


@dataclass(frozen=True, slots=True, repr=False)
class Feedback:
    """Rates of the calls.

    Attributes
    ----------
    rates
        A row for all calls and for each situation, level and desk: by, value, listed, answered (with an outcome),
        reached, reach_rate, accepted, success_rate (accepted of the reached, with success_low and success_high), kept
        and kept_rate (of those of whom it is known).
    lift
        called, called_kept, control, control_kept, lift (difference of the shares that were kept), low and high (its
        confidence interval); null where a group is empty.
    unmatched
        Outcomes without a list that they could belong to.
    """

    rates: pd.DataFrame
    lift: Mapping[str, float | None]
    unmatched: int

    def __repr__(self) -> str:
        lift, low, high = (self.lift[name] for name in ("lift", "low", "high"))
        if lift is None or low is None or high is None:
            return "Feedback: no lift yet, a group has no outcomes"
        span = f"{100 * low:+.1f} to {100 * high:+.1f}"
        return f"Feedback: {100 * lift:+.1f} points kept against the control group ({span})"


def feedback(
    lists: pd.DataFrame,
    outcomes: pd.DataFrame,
    *,
    window_days: int = WINDOW,
    confidence: float = 0.95,
) -> Feedback:
    """Compare outcomes with the lists they came from.

    An outcome belongs to the last list of its number up to its date and not more than `window_days` before. Of several
    for one list the last one known counts. The lift compares all who were to be called, reached or not, with the
    control group: whoever is reached was willing to answer, and would mislead.

    Parameters
    ----------
    lists
        Earlier work lists, one under the other: number, date, group and, where known, situation, level, desk.
    outcomes
        number, date and reached, accepted, kept: yes, no or empty. Those of the control group have kept only.
    window_days
        How late an outcome may come.
    confidence
        Of the intervals.

    Raises
    ------
    InputError
        If a column is missing, or an outcome is neither yes nor no.
    SettingsError
        If an argument makes no sense.
    """
    import pandas as pd

    if window_days < 1 or not 0 < confidence < 1:
        raise SettingsError("window_days must be at least 1, and confidence between 0 and 1")
    listed, unmatched = with_results(lists, outcomes, window_days)
    called = listed[listed["group"] == CALL]
    parts = [_rates(called, "all", confidence)]
    parts += [
        _rates(part, str(value), confidence, by)
        for by in ("situation", "level", "desk")
        if by in called
        for value, part in called.groupby(by, sort=True)
    ]
    return Feedback(pd.DataFrame(parts), _lift(listed, confidence), unmatched)


def with_results(
    lists: pd.DataFrame, outcomes: pd.DataFrame, window_days: int = WINDOW
) -> tuple[pd.DataFrame, int]:
    """Lists with reached, accepted and kept (1, 0, NaN for unknown), and how many outcomes have no list.

    Raises
    ------
    InputError
        If a column is missing, or an outcome is neither yes nor no.
    """
    _check(lists, "work lists", ("number", "date", "group"))
    _check(outcomes, "outcomes", ("number", "date", *RESULTS))
    listed = lists.assign(date=_times(lists["date"])).reset_index(drop=True)
    matched, unmatched = _matched(listed, outcomes, window_days)
    return listed.join(matched), unmatched


def _times(dates: pd.Series) -> pd.Series[pd.Timestamp]:
    import pandas as pd

    return pd.to_datetime(dates).astype("datetime64[ns]")


def _check(frame: pd.DataFrame, what: str, columns: tuple[str, ...]) -> None:
    for name in columns:
        if name not in frame:
            raise InputError(f"the table of {what} has no column {name!r}")


def _flags(column: pd.Series, name: str) -> pd.Series[float]:
    """1, 0 or NaN.

    Raises
    ------
    InputError
        If an entry is neither yes nor no nor empty.
    """
    text = column.astype("string").str.strip().str.lower().replace("", None)
    made = text.map(dict.fromkeys(YES, 1.0) | dict.fromkeys(NO, 0.0)).astype("float64")
    wrong = text.notna() & made.isna()
    if wrong.any():
        row = int(np.argmax(wrong.to_numpy(np.bool_))) + 1
        raise InputError(
            f"the table of outcomes: row {row} has a {name} that is neither yes nor no; leave it empty"
        )
    return made


def _matched(listed: pd.DataFrame, outcomes: pd.DataFrame, window_days: int) -> tuple[pd.DataFrame, int]:
    """Results by row of the lists, NaN where none is known; and how many outcomes have no list."""
    import pandas as pd

    told = pd.DataFrame({name: _flags(outcomes[name], name) for name in RESULTS})
    told = told.assign(number=outcomes["number"].astype(str), told=_times(outcomes["date"]))
    rows = listed.assign(row=np.arange(len(listed)), number=listed["number"].astype(str))[
        ["number", "date", "row"]
    ]
    both = pd.merge_asof(
        told.sort_values("told", kind="stable"),
        rows.sort_values("date", kind="stable"),
        left_on="told",
        right_on="date",
        by="number",
        tolerance=pd.Timedelta(days=window_days),
    )
    found = both.dropna(subset=["row"])
    last = found.groupby("row")[list(RESULTS)].last()
    return last.reindex(range(len(listed))), int(both["row"].isna().sum())


def _rates(part: pd.DataFrame, value: str, confidence: float, by: str = "all") -> dict[str, Any]:
    reached = part["reached"] == 1
    accepted = reached & (part["accepted"] == 1)
    answered = part[list(RESULTS)].notna().any(axis=1)
    known = part["kept"].notna()
    low, high = wilson(int(accepted.sum()), int(reached.sum()), confidence)
    return {
        "by": by,
        "value": value,
        "listed": len(part),
        "answered": int(answered.sum()),
        "reached": int(reached.sum()),
        "reach_rate": _share(int(reached.sum()), int(part["reached"].notna().sum())),
        "accepted": int(accepted.sum()),
        "success_rate": _share(int(accepted.sum()), int(reached.sum())),
        "success_low": low,
        "success_high": high,
        "kept": int((part["kept"] == 1).sum()),
        "kept_rate": _share(int((part["kept"] == 1).sum()), int(known.sum())),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def wilson(hits: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share; the whole range where there are no trials.

    Examples
    --------
    >>> [round(edge, 3) for edge in wilson(5, 10)]
    [0.237, 0.763]
    """
    if not trials:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = hits / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    # Rounding may put an edge past the share itself where that is 0 or 1.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def _lift(listed: pd.DataFrame, confidence: float) -> dict[str, float | None]:
    """Difference of the kept shares with Newcombe's interval, made of the two Wilson intervals."""
    counts = {}
    for group in (CALL, CONTROL):
        kept = listed.loc[listed["group"] == group, "kept"].dropna()
        counts[group] = (int(kept.sum()), len(kept))
    (a, n), (b, m) = counts[CALL], counts[CONTROL]
    made: dict[str, float | None] = {
        "called": float(n),
        "called_kept": a / n if n else None,
        "control": float(m),
        "control_kept": b / m if m else None,
        "lift": None,
        "low": None,
        "high": None,
    }
    if n and m:
        (low_a, high_a), (low_b, high_b) = wilson(a, n, confidence), wilson(b, m, confidence)
        p, q = a / n, b / m
        made["lift"] = p - q
        made["low"] = p - q - sqrt((p - low_a) ** 2 + (high_b - q) ** 2)
        made["high"] = p - q + sqrt((high_a - p) ** 2 + (q - low_b) ** 2)
    return made
