"""Warnings in plain words: which indicators fired, with their figures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.weekly_movement.points import Figures, Points


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _times(count: float) -> str:
    return "once" if count == 1 else f"{count:.0f} times"


def in_words(
    figures: Figures,
    fires: dict[str, NDArray[np.bool_]],
    points: Points,
    possible: NDArray[np.float64],
) -> NDArray[np.object_]:
    """Reason of each number, "" where nothing fired.

    `possible` are the points that what is known could have given, where that is too little for a level; else NaN.
    """
    reasons = np.full(len(figures), "", dtype=object)
    untold = ~np.isnan(possible)
    at = np.flatnonzero(np.any([*fires.values(), untold], axis=0))
    for row in at.tolist():
        parts = [_phrase(name, figures, row, points) for name, fired in fires.items() if fired[row]]
        if untold[row]:
            parts.append(
                f"too little is known for a level: {possible[row]:.0f} of {points.possible:.0f} points"
            )
        reasons[row] = "; ".join(parts)
    return reasons


def _phrase(name: str, figures: Figures, row: int, points: Points) -> str:
    value = float(figures.values[name][row])
    if name == "arpu_drop":
        return f"the bill fell {_percent(value)} below the mean of the 3 months before"
    if name == "mou_drop":
        return f"minutes of use fell {_percent(value)} below the mean of the 3 months before"
    if name == "second_number":
        return f"uses a second number (probability {value:.2f})"
    if name == "off_net_share":
        usual = float(figures.off_net_usual[row])
        before = "" if np.isnan(usual) else f", {_percent(usual)} before"
        return f"{_percent(value)} of calls made in 4 weeks went to other networks{before}"
    if name == "forwarded_share":
        if figures.forwards_away[row] == 1:
            return "forwards to a competitor's number"
        return f"{_percent(value)} of the time on calls in 4 weeks was forwarded"
    if name == "approaches":
        return f"approached by an account manager {_times(value)} in {points.approach_days} days"
    if name == "silent_week":
        return "a week without calls"
    if name == "outgoing_share":
        return f"at most {_percent(value)} of calls are outgoing, three months running"
    if name == "arrears":
        return f"in arrears for {value:.0f} months"
    if name == "circle_residual":
        usual = float(figures.circle_usual[row])
        return f"the balance of his steady circle is {_percent(1 - value)}, usually {_percent(1 - usual)}"
    if name == "family_left":
        return f"{value:.0f} of his family or close contacts moved or left"
    if name == "competitor_calls":
        return f"called competitors' service numbers {_times(value)} this week"
    return f"the week's volume lies {-value:.1f} robust deviations below his usual"
