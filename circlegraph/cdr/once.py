"""Each event once: repeated rows, and calls that were recorded at both of their ends.

Three rules, in this order:

1. *Repeated rows*: equal caller, callee, start, duration, kind and leg. The first one counts.
2. *Opposite legs*: where the form says at which end a row was recorded, a caller's leg and a callee's leg
   of the same caller, callee and kind are one event if they agree in start and duration within
   `TOLERANCE` seconds. The caller's leg counts.
3. *Twins*: where the form does not say it, two such rows are one event if they agree likewise, but only
   when the data show that they are recorded twice: at least `TWIN_SHARE` of the calls with a duration, in
   a sample of whole pairs, have a twin, and there are at least `LEAST_TWINS` of them. Otherwise two short
   texts in a row would be taken for one.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr import stamps
from circlegraph.cdr.events import CALL, WHOLE
from circlegraph.kernels.legs import second_legs, twins
from circlegraph.kernels.unique import unique_events

TOLERANCE = 5
TWIN_SHARE = 0.2
LEAST_TWINS = 5
SAMPLE_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class LegRule:
    """Which rule matches the two records of one event."""

    name: Literal["one-leg", "opposite legs", "twins"]

    def __str__(self) -> str:
        if self.name == "one-leg":
            return "one-leg: each row is an event of its own"
        return (
            f"two-leg, {self.name}: same caller, callee and kind, start and duration "
            f"within {TOLERANCE} s, are one event"
        )


ONE_LEG = LegRule("one-leg")


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
    if rule.name == "one-leg":
        return Once(events, repeated, 0)
    second = first_records(events, rule) >= 0
    return Once(events[~second], repeated, int(second.sum()))


def first_records(events: NDArray[np.int64], rule: LegRule) -> NDArray[np.int64]:
    """Row of the first record of each event that is recorded again by a row; -1 for every other row."""
    stamp = events[:, 2]
    if rule.name == "one-leg":
        return np.full(len(events), -1)
    if rule.name == "opposite legs":
        order = np.lexsort((stamp, stamps.kinds_and_legs(stamp), events[:, 1], events[:, 0]))
        return second_legs(events, order, TOLERANCE, TOLERANCE)
    order = np.lexsort((stamp, stamps.kinds(stamp), events[:, 1], events[:, 0]))
    return twins(events, order, TOLERANCE, TOLERANCE)


def choose_rule(legs: NDArray[np.int64], sample: NDArray[np.int64]) -> LegRule:
    """Tell one-leg from two-leg input.

    Parameters
    ----------
    legs
        int64[3]: how many rows are of unknown leg, the caller's and the callee's.
    sample
        int64[n, 3]: all rows of a sample of pairs, for rows of unknown leg.
    """
    if legs[2] and (legs[1] or legs[0] == 0):
        return LegRule("opposite legs")
    stamp = sample[:, 2]
    whole_call = (stamps.kinds(stamp) == CALL) & (stamps.legs(stamp) == WHOLE)
    calls = sample[whole_call & (stamps.durations(stamp) > 0)]
    calls = calls[: unique_events(calls)]
    found = int((first_records(calls, LegRule("twins")) >= 0).sum())
    return LegRule("twins") if found >= max(LEAST_TWINS, TWIN_SHARE * len(calls) / 2) else ONE_LEG
