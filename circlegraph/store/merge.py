"""Which rows of a day are second records, whatever the order in which the rows came.

A store keeps every row, also the second records of events, so that what counts is always worked out from all rows
of the day: first among themselves, then what is left within the tolerance of the midnight before with what is left
of the day before. The record of the earlier day counts, so that a new day never changes the one before it.

Kinds of events are recorded twice that the evidence of all days together tells, or that of any one day by itself: few
rows a day may tell only together, and a feed that begins to record twice must not be outvoted by its own past.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.once import (
    KINDS,
    SAMPLE_ROWS,
    TOLERANCE,
    Counts,
    LegRule,
    count_twins,
    first_records,
    recorded_twice,
    sum_counts,
)
from circlegraph.cdr.stamps import starts
from circlegraph.contacts.windows import DAY
from circlegraph.kernels.exchange import pair_partition
from circlegraph.kernels.unique import unique_events

Rows = NDArray[np.int64]

LAST_MINUTE = 60
"""Seconds before midnight whose rows are matched to tell what is left of a day."""


def united(stored: Rows, new: Rows) -> Rows:
    """Rows of both, each once, the stored ones first; both int64[n, 3] of caller, callee, stamp."""
    if not len(stored):
        return new
    rows = np.concatenate([stored, new])
    return rows[: unique_events(rows)]


def last_minute(rows: Rows, day: int) -> Rows:
    """Rows of the end of a day, to be told what is left of them."""
    return rows[starts(rows[:, 2]) >= (day + 1) * DAY - LAST_MINUTE]


def left_over(rows: Rows, day: int, rule: LegRule) -> Rows:
    """Rows close to the end of a day, of those of its last minute, that no other row of it matches."""
    free = _free(first_records(rows, rule))
    return rows[free & (starts(rows[:, 2]) >= (day + 1) * DAY - TOLERANCE)]


def second_records(rows: Rows, before: Rows, day: int, rule: LegRule) -> NDArray[np.bool_]:
    """Tell the rows of a day that repeat an event of which another row tells.

    Parameters
    ----------
    rows
        int64[n, 3]: caller, callee, stamp; all rows of the day, each once.
    before
        What is left over of the day before.
    day
        Counted from 1970-01-01.
    rule
        How two records of one event are matched.

    Examples
    --------
    >>> from circlegraph.cdr.stamps import packed
    >>> rows = np.array([[1, 2, 0], [1, 2, 0]])
    >>> rows[:, 2] = packed(np.array([600, 602]), 30)
    >>> second_records(rows, rows[:0], 0, LegRule(twins=("calls",))).tolist()
    [False, True]
    """
    first = first_records(rows, rule)
    second = first >= 0
    begin = np.flatnonzero(_free(first) & (starts(rows[:, 2]) <= day * DAY + TOLERANCE))
    if len(before) and len(begin):
        first = first_records(np.concatenate([before, rows[begin]]), rule)
        again = np.flatnonzero(first >= 0)
        earlier, later = np.minimum(again, first[again]), np.maximum(again, first[again])
        second[begin[later[(earlier < len(before)) & (later >= len(before))] - len(before)]] = True
    return second


def second_elsewhere(rows: Rows, others: Rows, rule: LegRule) -> int:
    """Count the rows of other days that tell of the same event as one of the rows of a day."""
    first = first_records(np.concatenate([rows, others]), rule)
    again = np.flatnonzero(first >= 0)
    return int(((again < len(rows)) != (first[again] < len(rows))).sum())


def _free(first: Rows) -> NDArray[np.bool_]:
    """Rows that match no other, of what `first_records` gives."""
    free = first < 0
    free[first[~free]] = False
    return free


def evidence(rows: Rows) -> Counts:
    """What a day tells of rows that come twice, see `count_twins`; of a day of many rows a sample of the pairs."""
    bits = max(0, int(np.ceil(np.log2(max(len(rows), 1) / SAMPLE_ROWS))))
    caller, callee = (np.ascontiguousarray(rows[:, k]) for k in range(2))
    return count_twins(rows[pair_partition(caller, callee, bits) == 0])


def kinds_twice(days: Collection[Counts]) -> tuple[str, ...]:
    """Kinds of events that are recorded twice, as all days together tell or any one of them by itself.

    Examples
    --------
    >>> kinds_twice([{"calls": (900, 0)}, {"calls": (100, 80)}])
    ('calls',)
    >>> kinds_twice([{"calls": (900, 0)}, {"calls": (100, 0)}])
    ()
    """
    told = {kind for counts in (sum_counts(days), *days) for kind in recorded_twice(counts)}
    return tuple(kind for kind in KINDS if kind in told)
