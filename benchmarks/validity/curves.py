"""Curves of one world of calls and texts: distributions and profiles that are laid over those of other worlds."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.synth.validity import DAY, FORTNIGHT, STEADY, Traffic

Points = list[tuple[float, float]]
WEEKS = 17
MOST_POINTS = 50


def at_least(values: NDArray[np.int64] | NDArray[np.float64]) -> Points:
    """Share of values of at least x, for each x that occurs, thinned out where they are many.

    Examples
    --------
    >>> at_least(np.array([1, 1, 2, 5]))
    [(1.0, 1.0), (2.0, 0.5), (5.0, 0.25)]
    """
    if not len(values):
        return []
    ordered = np.sort(values)
    x, first = np.unique(ordered, return_index=True)
    share = 1.0 - first / len(ordered)
    thinned = np.geomspace(1, len(x), MOST_POINTS) if len(x) > MOST_POINTS else np.arange(1, len(x) + 1)
    kept = np.unique(thinned.round().astype(int) - 1)
    return [(float(x[place]), float(share[place])) for place in kept.tolist()]


def degrees(traffic: Traffic) -> Points:
    """Share of people with at least so many contacts in four weeks."""
    low, high, _ = traffic.between(0, 2 * FORTNIGHT).ties()
    return at_least(np.unique(np.concatenate([low, high]), return_counts=True)[1])


def strengths(traffic: Traffic) -> Points:
    """Share of ties with at least so many events in four weeks."""
    return at_least(np.bincount(traffic.between(0, 2 * FORTNIGHT).ties()[2]))


def ranks(traffic: Traffic) -> Points:
    """Mean share of a person's events with the contact of each rank, of people with ten events and five contacts."""
    low, high, index = traffic.between(0, 2 * FORTNIGHT).ties()
    counts = np.bincount(index)
    person, weight = np.concatenate([low, high]), np.concatenate([counts, counts])
    order = np.lexsort((-weight, person))
    person, weight = person[order], weight[order]
    start = np.flatnonzero(np.append(True, person[1:] != person[:-1]))
    total, contacts = np.add.reduceat(weight, start), np.diff(np.append(start, len(person)))
    known = start[(contacts >= 5) & (total >= STEADY)]
    sums = total[(contacts >= 5) & (total >= STEADY)]
    if not len(known):
        return []
    return [(rank + 1.0, float((weight[known + rank] / sums).mean())) for rank in range(5)]


def gaps(traffic: Traffic) -> Points:
    """Share of times between two events of a tie of at least so many times the tie's mean, ties of ten events."""
    _, _, index = traffic.between(0, 2 * FORTNIGHT).ties()
    time = traffic.between(0, 2 * FORTNIGHT).time
    order = np.lexsort((time, index))
    tie, when = index[order], time[order]
    same = tie[1:] == tie[:-1]
    gap, tie = np.diff(when)[same].astype(np.float64), tie[1:][same]
    count = np.bincount(tie)
    mean = np.bincount(tie, gap) / np.maximum(count, 1)
    known = (count >= STEADY - 1)[tie] & (mean[tie] > 0)
    relative = np.round(gap[known] / mean[tie[known]], 3)
    return at_least(relative[relative > 0])


def hours(traffic: Traffic) -> Points:
    """Share of events by hour, in units of the busiest hour's."""
    counts = np.bincount(traffic.time % DAY // 3600, minlength=24)
    return [((hour + 0.5) / 24, float(counts[hour] / max(1, counts.max()))) for hour in range(24)]


def weekdays(traffic: Traffic) -> Points:
    """Events by day of the week in units of the busiest day's; the first day of a city is a Monday."""
    whole = traffic.between(0, int(traffic.time.max(initial=0)) // (7 * DAY) * 7 * DAY)
    counts = np.bincount(whole.time // DAY % 7, minlength=7)
    return [((day + 0.5) / 7, float(counts[day] / max(1, counts.max()))) for day in range(7)]


def persistence(traffic: Traffic) -> Points:
    """Mean Jaccard overlap of a person's circle of the first fortnight with that of a later one, by lag.

    The lag is in units of `WEEKS` weeks; circles have two contacts or more at first.
    """
    first = _circles(traffic.between(0, FORTNIGHT))
    made = []
    for week in range(2, WEEKS + 1):
        later = traffic.between(week * 7 * DAY, week * 7 * DAY + FORTNIGHT)
        if int(traffic.time.max(initial=0)) < (week + 2) * 7 * DAY - DAY:
            break
        circles = _circles(later)
        shares = [
            len(circle & circles[person]) / len(circle | circles[person])
            for person, circle in first.items()
            if len(circle) >= 2 and person in circles
        ]
        if shares:
            made.append((week / WEEKS, float(np.mean(shares))))
    return made


def _circles(traffic: Traffic) -> dict[int, set[int]]:
    low, high, _ = traffic.ties()
    circles: dict[int, set[int]] = {}
    for one, other in zip(low.tolist(), high.tolist(), strict=True):
        circles.setdefault(one, set()).add(other)
        circles.setdefault(other, set()).add(one)
    return circles


@dataclass(frozen=True)
class Curve:
    """One chart: its title, the curve of a world, and whether its axes are logarithmic."""

    title: str
    draw: Callable[[Traffic], Points]
    logarithmic: bool
    copenhagen: bool = True
    """Whether the Copenhagen data can say something of it: their first weekday is unknown."""


CURVES = (
    Curve("Contacts in four weeks: share of people with at least so many", degrees, True),
    Curve("Events of a tie in four weeks: share of ties with at least so many", strengths, True),
    Curve("Share of a person's events by rank of the contact (five and more contacts)", ranks, True),
    Curve("Times between events of a tie, in units of its mean: share of at least so much", gaps, True),
    Curve("Events by hour (x: part of the day), busiest hour = 1", hours, False),
    Curve("Events by day of the week (x: Monday to Sunday), busiest day = 1", weekdays, False, False),
    Curve(
        f"Circle overlap (Jaccard) with the first fortnight's, by lag ({WEEKS} weeks = 1)", persistence, False
    ),
)
