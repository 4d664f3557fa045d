"""Merge newly taken in events of a day with those that the store holds already."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.once import TOLERANCE, LegRule, first_records
from circlegraph.cdr.stamps import starts
from circlegraph.contacts.windows import DAY
from circlegraph.kernels.unique import unique_events

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MergedDay:
    """All events of a day, and how many of the new rows fell away under each rule."""

    events: Rows
    repeated: int
    second_legs: int


def merge_day(new: Rows, stored: Rows, neighbours: Rows, rule: LegRule) -> MergedDay:
    """Add new events to a day, each event once; what is stored already stays.

    Parameters
    ----------
    new, stored
        int64[n, 3]: caller, callee, stamp; each event once within itself.
    neighbours
        Stored events close to the day's midnights, where the other leg of a new event may stand.
    rule
        How two records of one event are told.

    Examples
    --------
    >>> from circlegraph.cdr.once import ONE_LEG
    >>> day = np.array([[1, 2, 40_265_318_400]])
    >>> merged = merge_day(day, day, day[:0], ONE_LEG)
    >>> len(merged.events), merged.repeated
    (1, 1)
    """
    rows = np.concatenate([neighbours, stored, new])
    old = len(neighbours) + len(stored)
    kept = unique_events(rows)
    rows = rows[:kept]
    first = first_records(rows, rule)
    second = np.flatnonzero(first >= 0)
    # What the new rows are to each other is settled; here one is stored and the other, further down, is new.
    second = second[(second >= old) != (first[second] >= old)]
    loser = np.maximum(second, first[second])
    stays = np.ones(kept, np.bool_)
    stays[: len(neighbours)] = False
    stays[loser] = False
    return MergedDay(rows[stays], old + len(new) - kept, len(loser))


def near_midnight(events: Rows, day: int, *, before: bool) -> Rows:
    """Events of a day that stand within the tolerance of its first (or last) midnight."""
    second = starts(events[:, 2]) - day * DAY
    return events[second <= TOLERANCE] if before else events[second >= DAY - TOLERANCE]
