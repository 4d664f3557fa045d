"""Churn propensity: a calibrated logistic model on labels and what became of their numbers; frames in, frames out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

LEAST_LOST = 50
"""Losses without which nothing is fitted."""
FOLDS = 5
MEASURES = (
    "dual_sim_probability",
    "moved_share",
    "family_size",
    "manager_contacts_3m",
    "movement_points",
    "circle_size",
    "persistence",
    "visible_share",
)
WORDS = ("dual_sim", "value_tier", "family_role", "stage", "movement_level")
LOGARITHMS = ("manager_contacts_3m", "circle_size")


@dataclass(frozen=True, slots=True, repr=False)
class Propensity:
    """A fitted model of the chance that a number is lost within the horizon.

    Attributes
    ----------
    table
        feature and weight (log odds per standard deviation, mean of the folds), readable.
    facts
        rows, lost, auc and brier (of numbers the model had not seen), brier_of_the_mean: what a model that says the
        same of everybody would have.
    """

    table: pd.DataFrame
    facts: Mapping[str, float]
    _features: Features
    _model: Any

    def of(self, labels: pd.DataFrame) -> pd.Series[float]:
        """Chance of each row of labels, float64 with the index of the labels."""
        import pandas as pd

        chance = self._model.predict_proba(self._features.of(labels))[:, 1] if len(labels) else np.empty(0)
        return pd.Series(chance, index=labels.index, name="churn_propensity", dtype="float64")

    def __repr__(self) -> str:
        told = ", ".join(f"{name} {value:.3g}" for name, value in self.facts.items())
        return f"Propensity: {told}"


@dataclass(frozen=True, slots=True)
class Features:
    """Columns of the model: figures with a flag where they are unknown, and a flag per frequent word."""

    fill: Mapping[str, float]
    words: Mapping[str, tuple[str, ...]]

    @classmethod
    def learn(cls, labels: pd.DataFrame) -> Features:
        """Choose the columns that the labels fill; unknown figures are taken at their mean."""
        fill = {}
        for name in MEASURES:
            values = _figures(labels, name)
            if not np.isnan(values).all():
                fill[name] = float(np.nanmean(values))
        least = max(20, len(labels) // 1000)
        words = {}
        for name in (*WORDS, "is_key_person"):
            if name in labels:
                counts = labels[name].astype("string").value_counts()
                words[name] = tuple(sorted(str(word) for word in counts.index[counts >= least]))
        return cls(fill, words)

    @property
    def names(self) -> list[str]:
        """Name of each column."""
        figures = [column for name in self.fill for column in (name, f"{name} unknown")]
        return figures + [f"{name} = {word}" for name, known in self.words.items() for word in known]

    def of(self, labels: pd.DataFrame) -> Floats:
        """float64[rows, columns]."""
        columns: list[Floats] = []
        for name, mean in self.fill.items():
            values = _figures(labels, name)
            unknown = np.isnan(values)
            columns += [np.where(unknown, mean, values), unknown.astype(np.float64)]
        for name, known in self.words.items():
            text = labels[name].astype("string").fillna("") if name in labels else None
            for word in known:
                columns.append(
                    np.zeros(len(labels)) if text is None else np.asarray(text == word, np.float64)
                )
        return np.stack(columns, axis=1) if columns else np.zeros((len(labels), 1))


def _figures(labels: pd.DataFrame, name: str) -> Floats:
    if name not in labels:
        return np.full(len(labels), np.nan)
    values = labels[name].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.log1p(np.maximum(values, 0)) if name in LOGARITHMS else values


def fit_propensity(
    past: pd.DataFrame | None,
    outcomes: pd.DataFrame | None,
    *,
    horizon_days: int = 60,
    until: object = None,
) -> Propensity | None:
    """Fit the model, or nothing where too little is known.

    Parameters
    ----------
    past
        Labels of earlier dates, one under the other.
    outcomes
        number and lost: the date of the loss; numbers that are not here were kept.
    horizon_days
        How soon after a label a loss must come to count.
    until
        Date up to which losses are known; by default the last one.

    Returns
    -------
    Propensity or None
        None without outcomes, or with fewer than fifty rows that are followed by a loss.

    Raises
    ------
    InputError
        If a table lacks a column.
    """
    import pandas as pd

    if past is None or outcomes is None or not len(past) or not len(outcomes):
        return None
    for frame, what, columns in (
        (past, "labels", ("number", "date")),
        (outcomes, "outcomes", ("number", "lost")),
    ):
        for name in columns:
            if name not in frame:
                raise InputError(f"the table of {what} has no column {name!r}")
    dates = outcomes.assign(lost=pd.to_datetime(outcomes["lost"], errors="coerce")).dropna(subset=["lost"])
    if not len(dates):
        return None
    gone = past["number"].map(dates.sort_values("lost").drop_duplicates("number").set_index("number")["lost"])
    gone = pd.to_datetime(gone)
    day = pd.to_datetime(past["date"])
    end = day + pd.Timedelta(days=horizon_days)
    last = pd.Timestamp(str(until)) if until is not None else dates["lost"].max()
    lost = ((gone > day) & (gone <= end)).to_numpy()
    kept = (lost | (end <= last).to_numpy()) & ~(gone <= day).to_numpy()
    rows, y = past[kept], lost[kept]
    if y.sum() < LEAST_LOST or (~y).sum() < LEAST_LOST:
        return None
    features = Features.learn(rows)
    return _fitted(features, features.of(rows), y, rows["number"].to_numpy())


def _fitted(features: Features, x: Floats, y: NDArray[np.bool_], number: NDArray[Any]) -> Propensity:
    import pandas as pd
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import brier_score_loss, roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    # A number's labels of several dates look alike: all of them stand in one fold.
    group = pd.factorize(number)[0]
    folds = list(GroupKFold(FOLDS).split(x, y, group))
    plain = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))
    unseen = cross_val_predict(plain, x, y, cv=folds, method="predict_proba")[:, 1]
    model = CalibratedClassifierCV(plain, method="sigmoid", cv=folds).fit(x, y)
    weights = [inner.estimator[-1].coef_[0] for inner in model.calibrated_classifiers_]
    table = pd.DataFrame({"feature": features.names, "weight": np.mean(weights, axis=0)})
    facts = {
        "rows": float(len(y)),
        "lost": float(y.sum()),
        "auc": float(roc_auc_score(y, unseen)),
        "brier": float(brier_score_loss(y, unseen)),
        "brier_of_the_mean": float(y.mean() * (1 - y.mean())),
    }
    return Propensity(
        table.sort_values("weight", key=abs, ascending=False, ignore_index=True), facts, features, model
    )


def churn_propensity(
    labels: pd.DataFrame,
    past: pd.DataFrame | None = None,
    outcomes: pd.DataFrame | None = None,
    *,
    horizon_days: int = 60,
    until: object = None,
) -> pd.Series[float]:
    """Churn propensity of each row of labels, null where nothing can be fitted; parameters as for `fit_propensity`.

    Examples
    --------
    >>> import pandas as pd
    >>> churn_propensity(pd.DataFrame({"number": ["300", "301"]})).tolist()
    [nan, nan]
    """
    import pandas as pd

    found = fit_propensity(past, outcomes, horizon_days=horizon_days, until=until)
    if found is None:
        return pd.Series(np.nan, index=labels.index, name="churn_propensity", dtype="float64")
    return found.of(labels)
