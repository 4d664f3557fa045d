"""Each event once: repeated rows, and calls that were recorded at both of their ends.

Three rules, in this order:

1. *Repeated rows*: equal caller, callee, start, duration, kind and leg. The first one counts. Times are kept to
   whole seconds, durations too: rows that differ in less are equal.
2. *Opposite legs*: where the form says at which end a row was recorded, a caller's leg and a callee's leg
   of the same caller, callee and kind are one event if they agree in start and duration within
   `TOLERANCE` seconds. The caller's leg counts; of legs on two days, the earlier.
3. *Twins*: where the form does not say it, two such rows are one event if they agree likewise, but only
   for those `KINDS` of events that the data show to be recorded twice. Of a sample of whole pairs, the rows of
   each kind are counted that stand in twos: within the tolerance of one other row, not of more. They must be
   `TWIN_SHARE` of the rows for calls with a duration, and for all else where these calls come twice; otherwise
   `MOST` for what has no duration, as two short texts in a row are usual; and there must be `LEAST_TWINS` twos.
   The earlier row counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr import stamps
from circlegraph.cdr.events import WHOLE
from circlegraph.kernels.aggregate import DAY
from circlegraph.kernels.legs import second_legs, twins
from circlegraph.kernels.unique import unique_events

TOLERANCE = 5
# Of events of which a share p is recorded at both ends, a share 2p / (1 + p) of the rows stand in twos: a fifth
# of the rows is a ninth of the events, and calls of one pair never begin seconds apart that often; most of the rows
# are more than 40 % of the events.
TWIN_SHARE = 0.2
MOST = 0.6
LEAST_TWINS = 5
SAMPLE_ROWS = 20_000

KINDS = (
    "calls",
    "calls without a duration",
    "texts with a duration",
    "texts",
    "forwarded calls",
    "forwarded calls without a duration",
)
"""By twice the kind, and one more where there is no duration."""

Counts = Mapping[str, tuple[int, int]]
"""Of each kind, rows of unknown leg, and how many of them stand in twos."""


@dataclass(frozen=True, slots=True)
class LegRule:
    """How the two records of one event are matched.

    Attributes
    ----------
    opposite
        Whether a caller's leg matches a callee's.
    twins
        Kinds of events of which two rows of unknown leg match.
    """

    opposite: bool = False
    twins: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self == ONE_LEG:
            return "one-leg: each row is an event of its own"
        found = ["opposite legs"] * self.opposite
        found += [f"twins of {', '.join(self.twins)}"] * bool(self.twins)
        return (
            f"two-leg, {' and '.join(found)}: same caller, callee and kind, start and duration "
            f"within {TOLERANCE} s, are one event"
        )


ONE_LEG = LegRule()


@dataclass(frozen=True, slots=True)
class Once:
    """The unique events of a partition (int64[n, 3]) and how many rows fell away under each rule."""

    events: NDArray[np.int64]
    repeated: int
    second_legs: int


def count_once(rows: NDArray[np.int64], rule: LegRule) -> Once:
    """Drop repeated rows and second legs from one partition; `rows` is used up.

    Examples
    --------
    >>> import numpy as np
    >>> stamp = stamps.packed(np.array([600, 600]), 30)
    >>> count_once(np.stack([[1, 1], [2, 2], stamp], axis=1), ONE_LEG).repeated
    1
    """
    kept = unique_events(rows)
    repeated = len(rows) - kept
    events = rows[:kept]
    if rule == ONE_LEG:
        return Once(events, repeated, 0)
    first = first_records(events, rule)
    second = first >= 0
    again = np.flatnonzero(second)
    day = stamps.starts(events[:, 2]) // DAY
    earlier = again[day[again] < day[first[again]]]
    second[earlier] = False
    second[first[earlier]] = True
    return Once(events[~second], repeated, int(second.sum()))


def first_records(events: NDArray[np.int64], rule: LegRule) -> NDArray[np.int64]:
    """Row of the first record of each event that is recorded again by a row; -1 for every other row."""
    stamp = events[:, 2]
    first = np.full(len(events), -1)
    if rule.opposite:
        order = np.lexsort((stamp, stamps.kinds_and_legs(stamp), events[:, 1], events[:, 0]))
        first = second_legs(events, order, TOLERANCE, TOLERANCE)
    if rule.twins:
        kinds = sum(1 << KINDS.index(kind) for kind in rule.twins)
        first = np.maximum(first, twins(events, _whole(events), TOLERANCE, TOLERANCE, kinds))
    return first


def _whole(events: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of unknown leg by caller, callee, kind and start."""
    stamp = events[:, 2]
    order: NDArray[np.int64] = np.lexsort((stamp, stamps.kinds(stamp), events[:, 1], events[:, 0]))
    whole: NDArray[np.int64] = order[stamps.legs(stamp[order]) == WHOLE]
    return whole


def choose_rule(legs: NDArray[np.int64], sample: NDArray[np.int64]) -> LegRule:
    """Tell one-leg from two-leg input.

    Parameters
    ----------
    legs
        int64[3]: how many rows are of unknown leg, the caller's and the callee's.
    sample
        int64[n, 3]: all rows of a sample of pairs, for rows of unknown leg.
    """
    opposite = bool(legs[2] and (legs[1] or legs[0] == 0))
    return LegRule(opposite, recorded_twice(count_twins(sample[: unique_events(sample)])))


def count_twins(events: NDArray[np.int64]) -> Counts:
    """Count the rows of unknown leg that stand in twos, kind by kind; `events` are all rows of some pairs, each once.

    Examples
    --------
    >>> stamp = stamps.packed(np.array([600, 602, 900]), np.array([30, 31, 30]))
    >>> count_twins(np.stack([[1, 1, 1], [2, 2, 2], stamp], axis=1))
    {'calls': (3, 2)}
    """
    rows = events[_whole(events)]
    stamp = rows[:, 2]
    start, duration = stamps.starts(stamp), stamps.durations(stamp)
    same = (np.diff(rows[:, :2], axis=0) == 0).all(axis=1) & (np.diff(stamps.kinds(stamp)) == 0)
    close = (np.diff(start) <= TOLERANCE) & (np.abs(np.diff(duration)) <= TOLERANCE)
    agree = np.concatenate(
        [[False], same & close, [False]]
    )  # each row with the one before, and with the next
    two = np.flatnonzero(agree[1:-1] & ~agree[:-2] & ~agree[2:])
    longer = np.maximum(duration[two], duration[two + 1])  # the kind of a pair of rows, as the kernel has it
    kind = 2 * stamps.kinds(stamp)
    all_rows = np.bincount(kind + (duration == 0), minlength=len(KINDS))
    in_twos = 2 * np.bincount(kind[two] + (longer == 0), minlength=len(KINDS))
    counts = zip(KINDS, all_rows.tolist(), in_twos.tolist(), strict=True)
    return {name: (rows, twos) for name, rows, twos in counts if rows or twos}


def sum_counts(counts: Iterable[Counts]) -> Counts:
    """Sum what several samples tell.

    Examples
    --------
    >>> sum_counts([{"calls": (10, 4)}, {"calls": (5, 0), "texts": (2, 0)}])
    {'calls': (15, 4), 'texts': (2, 0)}
    """
    total: dict[str, tuple[int, int]] = {}
    for sample in counts:
        for name, (rows, twos) in sample.items():
            before = total.get(name, (0, 0))
            total[name] = before[0] + rows, before[1] + twos
    return total


def recorded_twice(counts: Counts) -> tuple[str, ...]:
    """Kinds of events that are recorded twice.

    Examples
    --------
    >>> recorded_twice({"calls": (100, 40), "texts": (100, 40)}), recorded_twice({"texts": (100, 40)})
    (('calls', 'texts'), ())
    """
    found: list[str] = []
    for k, name in enumerate(KINDS):
        rows, twos = counts.get(name, (0, 0))
        share = MOST if k % 2 and KINDS[0] not in found else TWIN_SHARE
        if twos >= 2 * LEAST_TWINS and twos >= share * rows:
            found.append(name)
    return tuple(found)
