"""How likely a loss is within four weeks: an order that is finer than the points.

Points count what fires. Here the figures behind them count for as much as they tell: a second number by its
probability, a call to a competitor's service number for more than a bill that fell. What is unknown tells neither way.
"""

from __future__ import annotations

import numpy as np

from circlegraph.detect.weekly_movement.context import Floats
from circlegraph.detect.weekly_movement.points import Figures

NOTHING = -5.7
"""Log odds of a loss within four weeks where nothing speaks for one.

This and `WEIGHTS` are a logistic regression on cities of 4,000 subscribers, standard and hard, tuning seeds 11 and 12,
weeks 7 to 14. How common losses are differs between networks; the order of the numbers does not hang on that.
"""
WEIGHTS = {
    "second number": 0.39,
    "second number for more than a month": -0.17,
    "second number for more than two months": -0.22,
    "forwards away": 0.85,
    "forwards away for less than a month": 0.45,
    "called a competitor": 3.4,
    "called competitors again": 1.6,
    "approached": 0.95,
    "called an account manager back": 0.95,
    "circle": 0.8,
    "volume": 0.2,
    "silent": 0.7,
    "arrears": 0.45,
}
"""Log odds: of the second number for each unit of its own log odds above `LEAST`, of the circle for all of the residual
above the usual one, of the volume for each unit of -z; of the others once. Who has lived with a second number for two
months has moved already, or will not."""
LEAST, MOST = 1e-4, 0.999
"""Probabilities of a second number outside are taken for these."""
MONTH = 28
"""Days of a month."""
MOST_GONE, MOST_BELOW = 0.5, 4.0
"""Residuals further above the usual one, and z further below 0, tell no more."""


def risk_of(figures: Figures, second_days: Floats, called_back: Floats, away_days: Floats) -> Floats:
    """Probability of a loss within four weeks, as far as the figures tell.

    Parameters
    ----------
    figures
        Figures of n numbers.
    second_days
        float64[n]: days since the second number came into use; NaN for unknown.
    called_back
        float64[n]: 1 for who called an account manager who had approached him, 0 for who did not, NaN for unknown.
    away_days
        float64[n]: days since the number forwards to another network's; NaN for unknown.

    Examples
    --------
    >>> from circlegraph.detect.weekly_movement.points import FIGURES
    >>> values = {name: np.full(2, np.nan) for name in FIGURES}
    >>> values["competitor_calls"] = np.array([0.0, 1.0])
    >>> unknown = np.full(2, np.nan)
    >>> risk_of(Figures(values, *[unknown] * 3), *[unknown] * 3).round(3).tolist()
    [0.003, 0.091]
    """
    values = figures.values
    chance = np.clip(values["second_number"], LEAST, MOST)
    second = np.log(chance / (1 - chance)) - np.log(LEAST / (1 - LEAST))
    with np.errstate(invalid="ignore"):
        told = {
            "second number": second,
            "second number for more than a month": second * (second_days > MONTH),
            "second number for more than two months": second * (second_days > 2 * MONTH),
            "forwards away": figures.forwards_away,
            "forwards away for less than a month": away_days < MONTH,
            "called a competitor": values["competitor_calls"] >= 1,
            "called competitors again": values["competitor_calls"] >= 2,
            "approached": values["approaches"] >= 1,
            "called an account manager back": called_back,
            "circle": np.clip(values["circle_residual"] - figures.circle_usual, 0, MOST_GONE),
            "volume": np.clip(-values["volume_z"], 0, MOST_BELOW),
            "silent": values["silent_week"],
            "arrears": values["arrears"] >= 2,
        }
    odds = NOTHING + sum(WEIGHTS[name] * np.nan_to_num(figure) for name, figure in told.items())
    return np.asarray(1 / (1 + np.exp(-odds)), np.float64)
