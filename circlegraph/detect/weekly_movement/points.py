"""Indicators of movement: what each counts, when it fires, and which points make which level."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from circlegraph.errors import SettingsError

FIGURES = (
    "arpu_drop",
    "mou_drop",
    "second_number",
    "off_net_share",
    "forwarded_share",
    "approaches",
    "silent_week",
    "outgoing_share",
    "arrears",
    "circle_residual",
    "family_left",
    "volume_z",
    "competitor_calls",
)
"""One figure per indicator, in the order of the table of points."""

LOOKING_BACK = ("arpu_drop", "mou_drop", "off_net_usual", "outgoing_share", "circle_residual", "volume_z")
"""Figures that tell of a subscriber's own past; without one of them nobody is called stable."""

LEVELS = ("stable", "low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Points:
    """Points of the indicators, the thresholds from which on they fire, and the levels.

    Attributes
    ----------
    arpu_drop, mou_drop
        ARPU or MOU of the last bill at least `drop` below the mean of the three before.
    second_number
        Became a second-number user: probability at least `probability`, onset within `recent_days`.
    off_net_share
        Share of calls made to other networks up by `off_net_rise` (0.5: half as much again), or above
        `off_net_level`.
    forwarded_share
        Forwards to a competitor's number, or at least `forwarded` of the time on calls is forwarded.
    approached_once, approached_again
        Approached by an account manager within `approach_days`: once, or more often.
    silent_week
        A week without calls of somebody who usually has some.
    outgoing_share
        Under `outgoing` of the calls are outgoing, three months running.
    arrears
        In arrears for at least `arrears_months`.
    circle_residual
        The balance of the steady circle (1 - residual) is at least `shrunk` below what is usual.
    family_left
        A family member or close contact moved or left.
    volume_z
        Robust z of the week's volume below `z`.
    competitor_calls
        A call to a competitor's service number in the week: no points unless they were fitted.
    high, medium, low
        Least points of the levels; fewer are *stable*.
    service_calls
        Calls to competitors' service numbers in the week that make the level *high* whatever the points.

    Examples
    --------
    >>> Points().possible
    43.0
    >>> Points().level(np.array([8.0, 9.0, 20.0, 0.0]), np.array([0.0, 0, 0, 2])).tolist()
    ['stable', 'low', 'high', 'high']

    Raises
    ------
    SettingsError
        If a number is negative or the levels do not ascend.
    """

    arpu_drop: float = 4
    mou_drop: float = 4
    second_number: float = 6
    off_net_share: float = 3
    forwarded_share: float = 4
    approached_once: float = 3
    approached_again: float = 5
    silent_week: float = 4
    outgoing_share: float = 3
    arrears: float = 3
    circle_residual: float = 3
    family_left: float = 2
    volume_z: float = 2
    competitor_calls: float = 0
    drop: float = 0.3
    probability: float = 0.5
    recent_days: int = 90
    off_net_rise: float = 0.5
    off_net_level: float = 0.3
    forwarded: float = 0.3
    approach_days: int = 30
    outgoing: float = 0.3
    arrears_months: float = 2
    shrunk: float = 1 / 3
    z: float = -3
    high: float = 20
    medium: float = 14
    low: float = 9
    service_calls: int = 2

    def __post_init__(self) -> None:
        wrong = [
            f"{f.name} is {getattr(self, f.name):g}, but must not be negative"
            for f in fields(self)
            if f.name != "z" and not getattr(self, f.name) >= 0
        ]
        if not self.low <= self.medium <= self.high:
            wrong.append(f"the levels {self.low:g}, {self.medium:g}, {self.high:g} do not ascend")
        if wrong:
            raise SettingsError(f"the points of movement are wrong: {'; '.join(wrong)}")

    def most(self, figure: str) -> float:
        """Greatest points that the indicator of a figure can give."""
        if figure == "approaches":
            return float(max(self.approached_once, self.approached_again))
        return float(getattr(self, figure))

    @property
    def possible(self) -> float:
        """Greatest sum of points."""
        return sum(map(self.most, FIGURES))

    def level(self, points: NDArray[np.float64], service_calls: NDArray[np.float64]) -> NDArray[np.object_]:
        """Level of each number's points and calls to competitors' service numbers."""
        step = np.searchsorted([self.low, self.medium, self.high], points, "right")
        step[service_calls >= self.service_calls] = 3
        return np.array(LEVELS, dtype=object)[step]


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of some numbers in one week; NaN is unknown.

    Attributes
    ----------
    values
        float64[n] for each of `FIGURES`.
    off_net_usual
        float64[n]: share of calls made to other networks before.
    circle_usual
        float64[n]: residual of the balance four weeks earlier.
    forwards_away
        float64[n]: 1 if the number forwards to a competitor's number, 0 if not.
    """

    values: dict[str, NDArray[np.float64]]
    off_net_usual: NDArray[np.float64]
    circle_usual: NDArray[np.float64]
    forwards_away: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.off_net_usual)

    def known(self, figure: str) -> NDArray[np.bool_]:
        """bool[n]: is the figure known?"""
        known = ~np.isnan(self.values[figure])
        return known | ~np.isnan(self.forwards_away) if figure == "forwarded_share" else known


def levels(
    figures: Figures, points: Points, total: NDArray[np.float64], possible: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Level of each number; None where too little is known to call it stable.

    That is so where what is known could not have given the points of another level, or none of it looks back.
    """
    level = points.level(total, figures.values["competitor_calls"])
    known = [~np.isnan(figures.values.get(name, figures.off_net_usual)) for name in LOOKING_BACK]
    untold = (possible < points.low) | ~np.any(known, axis=0)
    level[untold & (level == LEVELS[0])] = None
    return level


def fired(figures: Figures, points: Points) -> dict[str, NDArray[np.bool_]]:
    """Which indicators fire, bool[n] by figure; what is unknown does not."""
    v = figures.values
    with np.errstate(invalid="ignore"):
        rise = v["off_net_share"] >= (1 + points.off_net_rise) * figures.off_net_usual
        return {
            "arpu_drop": v["arpu_drop"] >= points.drop,
            "mou_drop": v["mou_drop"] >= points.drop,
            "second_number": v["second_number"] >= points.probability,
            "off_net_share": (v["off_net_share"] > points.off_net_level) | (rise & (v["off_net_share"] > 0)),
            "forwarded_share": (v["forwarded_share"] >= points.forwarded) | (figures.forwards_away == 1),
            "approaches": v["approaches"] >= 1,
            "silent_week": v["silent_week"] == 1,
            "outgoing_share": v["outgoing_share"] < points.outgoing,
            "arrears": v["arrears"] >= points.arrears_months,
            "circle_residual": 1 - v["circle_residual"] <= (1 - points.shrunk) * (1 - figures.circle_usual),
            "family_left": v["family_left"] >= 1,
            "volume_z": v["volume_z"] < points.z,
            "competitor_calls": v["competitor_calls"] >= 1,
        }


def score(figures: Figures, points: Points) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of each number, and the points that what is known could have given."""
    total, known = np.zeros(len(figures)), np.zeros(len(figures))
    for figure, fires in fired(figures, points).items():
        worth = np.full(len(figures), points.most(figure))
        if figure == "approaches":
            with np.errstate(invalid="ignore"):
                again = figures.values[figure] >= 2
            worth = np.where(again, points.approached_again, points.approached_once)
        total += worth * fires
        known += points.most(figure) * figures.known(figure)
    return total, known
