"""Points fitted to past losses: a regularised logistic regression, scaled to points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.weekly_movement.context import as_days
from circlegraph.detect.weekly_movement.points import FIGURES, Points
from circlegraph.errors import InputError, SettingsError
from circlegraph.tables import table_writer

if TYPE_CHECKING:
    import pandas as pd

LEAST_LOST = 20
"""Losses that a scorecard needs."""
_APPROACHES = ("approached_once", "approached_again")
INDICATORS = tuple(
    name for figure in FIGURES for name in (_APPROACHES if figure == "approaches" else (figure,))
)


@dataclass(frozen=True, slots=True, repr=False)
class Scorecard:
    """Fitted points.

    Attributes
    ----------
    points
        To be passed to `movement`.
    table
        A row per indicator: indicator, points, default_points, coefficient (log odds), odds_ratio, known and fired
        (shares of the rows), lost_if_fired and lost_if_not (shares of the rows where it is known).
    double
        Points that double the odds of a loss.
    rows, lost
        How many rows it rests on, and how many of them were followed by a loss.
    """

    points: Points
    table: pd.DataFrame
    double: float
    rows: int
    lost: int

    def summary(self) -> dict[str, str]:
        """Say what was fitted, in a few words and figures."""
        best = self.table.sort_values("points", ascending=False, kind="stable").head(3)
        told = ", ".join(
            f"{name} {points:g}" for name, points in zip(best.indicator, best.points, strict=True)
        )
        return {
            "rests on": f"{self.rows:,} weeks, {self.lost:,} of them before a loss",
            "scale": f"{self.double:.2g} points double the odds",
            "most points": told,
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(["Scorecard", *lines, "  next: .table, .points, .write(path)"])

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card("Scorecard", self.summary(), "table, points, write(path)")

    def write(self, out: str | Path) -> None:
        """Write the table to a CSV or Parquet file."""
        import pyarrow as pa

        table = pa.Table.from_pandas(self.table, preserve_index=False)
        with table_writer(out, table.schema) as write:
            write(table)


def fit_scorecard(
    weeks: pd.DataFrame,
    lost: pd.DataFrame,
    *,
    horizon_weeks: int = 8,
    until: object = None,
    double: float | None = None,
    strength: float = 1.0,
    points: Points | None = None,
) -> Scorecard:
    """Fit points to past losses.

    A row (number, week) counts as lost if its loss came after the week and within the horizon. Rows of numbers that
    were lost before, and rows whose horizon is not over, are left out. Where an indicator is unknown it tells
    neither way. An indicator that would speak against a loss gets no points.

    Parameters
    ----------
    weeks
        Weeks of past `Movement` results, one under the other; the thresholds that fired them are kept.
    lost
        number and lost: the date of the loss; one row a number.
    horizon_weeks
        How soon after a week a loss must come to count.
    until
        Date up to which losses are known; by default the last one.
    double
        Points that double the odds; by default so many that all points together are as many as before, so that the
        levels keep their meaning.
    strength
        Inverse strength of the regularisation, C of scikit-learn.
    points
        Thresholds and levels to keep.

    Raises
    ------
    InputError
        If fewer than twenty rows are followed by a loss, or a column is missing.
    SettingsError
        If an argument makes no sense.
    """
    if horizon_weeks < 1 or strength <= 0 or (double is not None and double <= 0):
        raise SettingsError("horizon_weeks must be at least 1, strength and double more than 0")
    before = points or Points()
    rows, y = _rows(weeks, lost, 7 * horizon_weeks, until)
    if y.sum() < LEAST_LOST or (~y).sum() < LEAST_LOST:
        raise InputError(
            f"{int(y.sum())} of {len(y)} weeks are followed by a loss; a scorecard needs at least {LEAST_LOST} "
            "that are and as many that are not"
        )
    x, known = _design(rows)
    coefficient = _fitted(x, known, y, strength)
    most = _most(coefficient)
    if most == 0:
        raise InputError(
            "no indicator fires more often before a loss than otherwise; there is nothing to fit"
        )
    scale = before.possible / most if double is None else double / np.log(2)
    worth = {name: float(round(scale * c)) for name, c in zip(INDICATORS, coefficient, strict=True)}
    table = _table(x, known, y, coefficient, worth, before)
    changes: dict[str, Any] = dict(worth)
    return Scorecard(replace(before, **changes), table, float(scale * np.log(2)), len(y), int(y.sum()))


def _rows(
    weeks: pd.DataFrame, lost: pd.DataFrame, horizon: int, until: object
) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    for frame, what, columns in (
        (weeks, "weeks", ("number", "week", "fired")),
        (lost, "losses", ("number", "lost")),
    ):
        for name in columns:
            if name not in frame.columns:
                raise InputError(f"the table of {what} has no column {name!r}")
    day = as_days(weeks["week"])
    dates = lost.dropna(subset=["lost"]).drop_duplicates("number").set_index("number")["lost"]
    if not len(dates) and until is None:
        raise InputError("the table of losses holds no date")
    gone = as_days(weeks["number"].map(dates))
    last = float(np.nanmax(as_days(dates))) if until is None else float(as_days([until])[0])
    with np.errstate(invalid="ignore"):
        there = ~(gone <= day)
        y = (gone > day) & (gone <= day + horizon)
    kept = there & (y | (day + horizon <= last))
    return weeks[kept], y[kept]


def _design(rows: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Which indicators fired and which are known, n x indicators."""
    flags = rows["fired"].str.get_dummies(",")
    x, known = np.zeros((len(rows), len(INDICATORS))), np.zeros((len(rows), len(INDICATORS)), np.bool_)
    for j, name in enumerate(INDICATORS):
        figure = "approaches" if name.startswith("approached") else name
        if figure in flags:
            x[:, j] = flags[figure]
        if figure in rows:
            known[:, j] = rows[figure].notna()
    again = INDICATORS.index("approached_again")
    if "approaches" in rows:
        often = (rows["approaches"] >= 2).to_numpy()
        x[:, again] *= often
        x[:, again - 1] *= ~often
    if "forwards_away" in rows:
        known[:, INDICATORS.index("forwarded_share")] |= rows["forwards_away"].notna().to_numpy()
    return x, known


def _fitted(
    x: NDArray[np.float64], known: NDArray[np.bool_], y: NDArray[np.bool_], strength: float
) -> NDArray[np.float64]:
    """Coefficients, none negative: the worst is left out until none is.

    Those of whom an indicator is unknown have their own rate of losses, which gives no points.
    """
    from sklearn.linear_model import LogisticRegression

    count = known.sum(axis=0)
    mean = np.where(known, x, 0).sum(axis=0) / np.maximum(count, 1)
    filled = np.where(known, x, mean)
    unknown = np.unique(~known[:, (count > 0) & (count < len(x))], axis=1).astype(np.float64)
    used = np.flatnonzero(filled.std(axis=0) > 0)
    coefficient = np.zeros(x.shape[1])
    while len(used):
        both = np.hstack([filled[:, used], unknown])
        found = LogisticRegression(C=strength, max_iter=1000).fit(both, y).coef_[0, : len(used)]
        if found.min() > 0:
            coefficient[used] = found
            break
        used = np.delete(used, np.argmin(found))
    return coefficient


def _most(coefficient: NDArray[np.float64]) -> float:
    """Greatest sum of coefficients: of the two approaches only one can fire."""
    once, again = (coefficient[INDICATORS.index(name)] for name in _APPROACHES)
    return float(coefficient.sum() - min(once, again))


def _table(
    x: NDArray[np.float64],
    known: NDArray[np.bool_],
    y: NDArray[np.bool_],
    coefficient: NDArray[np.float64],
    worth: dict[str, float],
    before: Points,
) -> Any:
    import pandas as pd

    def lost_where(rows: NDArray[np.bool_]) -> float:
        return float(y[rows].mean()) if rows.any() else np.nan

    fires = x > 0
    return pd.DataFrame(
        {
            "indicator": INDICATORS,
            "points": [worth[name] for name in INDICATORS],
            "default_points": [float(getattr(before, name)) for name in INDICATORS],
            "coefficient": coefficient,
            "odds_ratio": np.exp(coefficient),
            "known": known.mean(axis=0),
            "fired": fires.mean(axis=0),
            "lost_if_fired": [lost_where(fires[:, j]) for j in range(len(INDICATORS))],
            "lost_if_not": [lost_where(known[:, j] & ~fires[:, j]) for j in range(len(INDICATORS))],
        }
    )
