"""Spread what is the same for both ends of a pair over the rows of both."""

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64


@jit
def gather_details(
    sources: I64,
    low: int,
    high: int,
    window: int,
    nights: I32,
    seen: I64,
    days: I32,
    weeks: I32,
    details: I32,
    times: I64,
) -> None:
    """Write the details of one window of the edges ``low <= e < high``.

    Parameters
    ----------
    sources
        int64[edges] as filled by `rows.place`.
    low, high
        The edges this call is responsible for.
    nights, seen
        The pairs' columns of all windows, as `aggregate.sum_times` returns them.
    days, weeks
        int32[pairs] of the window.
    details
        int32[6, edges], filled: calls and texts at night, calls and texts at weekends, days, weeks.
    times
        int64[2, edges], filled: first and last start.
    """
    for e in range(low, high):
        pair = sources[e] >> 1
        for j in range(4):
            details[j, e] = nights[pair, 4 * window + j]
        details[4, e] = days[pair]
        details[5, e] = weeks[pair]
        times[0, e] = seen[pair, 2 * window]
        times[1, e] = seen[pair, 2 * window + 1]
