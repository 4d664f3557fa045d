"""One pass over the columns of a batch: which rows are events, and why the others are not."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I8, I32, I64, U8, Int
from circlegraph.kernels.fields import BAD_VALUE, MISSED, NO_VALUE
from circlegraph.kernels.number_keys import BAD_TEXT, EMPTY

KIND_MISSED = 3

EMPTY_NUMBER = 3
BAD_ENCODING = 4
SELF_CALL = 5
EMPTY_TIME = 6
UNPARSABLE_TIME = 7
TIME_OUT_OF_RANGE = 8
UNKNOWN_KIND = 9
UNKNOWN_DIRECTION = 10
UNPARSABLE_DURATION = 11
NEGATIVE_DURATION = 12
DURATION_OUT_OF_RANGE = 13

NOTE_MISSED = 0
NOTE_NO_DURATION = 1

_FIRST_TIME = -2208988800  # 1900-01-01
_LAST_TIME = 7258118399  # 2199-12-31 23:59:59
_LONGEST = 7 * 86400


@jit
def judge(
    caller: I64,
    callee: I64,
    start: I64,
    duration: I64,
    kind: I8,
    leg: I8,
    out_duration: I32,
    out_kind: I8,
    reasons: U8,
    notes: I64,
    span: I64,
) -> Int:
    """Check every row.

    Parameters
    ----------
    caller, callee : int64[n]
        Number keys.
    start, duration : int64[n]
        Seconds; NO_VALUE and BAD_VALUE as the parsers leave them, MISSED for a call nobody took.
    kind, leg : int8[n]
        0 call, 1 SMS, 2 forward, 3 missed call; legs 0, 1, 2; -1 for what could not be told.
    out_duration : int32[n], out_kind : int8[n]
        0 s for SMS, for missed calls and for calls that name no duration.
    reasons : uint8[n]
        0 for a good row.
    notes : int64[2]
        Counts of accepted missed calls and of accepted calls without a duration, added to.
    span : int64[2]
        First and last time of the good rows, narrowed or widened in place.

    Returns
    -------
    int
        Number of bad rows.
    """
    if _all_ordinary(caller, callee, start, duration, kind, leg, span):
        reasons[:] = 0
        for i in range(kind.size):
            out_kind[i] = kind[i]
            out_duration[i] = 0 if kind[i] == 1 else duration[i]
        return 0
    bad = 0
    first = span[0]
    last = span[1]
    for i in range(caller.size):
        reason = 0
        seconds = 0
        what = kind[i]
        long = duration[i]
        if caller[i] == EMPTY or callee[i] == EMPTY:
            reason = EMPTY_NUMBER
        elif caller[i] == BAD_TEXT or callee[i] == BAD_TEXT:
            reason = BAD_ENCODING
        elif caller[i] == callee[i]:
            reason = SELF_CALL
        elif start[i] < _FIRST_TIME or start[i] > _LAST_TIME:
            if start[i] == NO_VALUE:
                reason = EMPTY_TIME
            else:
                reason = UNPARSABLE_TIME if start[i] == BAD_VALUE else TIME_OUT_OF_RANGE
        elif what < 0:
            reason = UNKNOWN_KIND
        elif leg[i] < 0:
            reason = UNKNOWN_DIRECTION
        elif what == KIND_MISSED:
            what = 0
            notes[NOTE_MISSED] += 1
        elif what != 1:
            if 0 <= long <= _LONGEST:
                seconds = long
            elif long == MISSED:
                notes[NOTE_MISSED] += 1
            elif long == NO_VALUE:
                notes[NOTE_NO_DURATION] += 1
            elif long == BAD_VALUE:
                reason = UNPARSABLE_DURATION
            else:
                reason = NEGATIVE_DURATION if long < 0 else DURATION_OUT_OF_RANGE
        reasons[i] = reason
        out_kind[i] = what
        out_duration[i] = np.int32(seconds)
        if reason == 0:
            first = min(first, start[i])
            last = max(last, start[i])
        else:
            bad += 1
    span[0] = first
    span[1] = last
    return bad


@jit
def _all_ordinary(caller: I64, callee: I64, start: I64, duration: I64, kind: I8, leg: I8, span: I64) -> bool:
    """Tell whether no row is bad or to be noted, as is mostly so, and then narrow or widen the span.

    No branches: the processor takes many rows at once.
    """
    odd = 0
    first = span[0]
    last = span[1]
    for i in range(caller.size):
        a, b, long, what = caller[i], callee[i], duration[i], kind[i]
        odd |= (a == EMPTY) | (a == BAD_TEXT) | (b == EMPTY) | (b == BAD_TEXT) | (a == b)
        odd |= (start[i] < _FIRST_TIME) | (start[i] > _LAST_TIME) | (leg[i] < 0)
        odd |= (what < 0) | (what == KIND_MISSED) | ((what != 1) & ((long < 0) | (long > _LONGEST)))
        first = min(first, start[i])
        last = max(last, start[i])
    if odd:
        return False
    span[0] = first
    span[1] = last
    return True
