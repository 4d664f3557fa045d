"""Sum contacts per number and week."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I64, Bool
from circlegraph.kernels.hashing import mix, table_size


@jit
def sum_weeks(
    place: I64, peer: I64, day: I64, measures: I64, off_net: Bool, service: I64, places: int
) -> I64:
    """Sum rows of contacts by place: a number in a week.

    Parameters
    ----------
    place
        int64[n], in ``range(places)``; -1 for a row that does not count.
    peer
        int64[n]: key of the number at the other end.
    day
        int64[n]: day within the week, 0 to 6.
    measures
        int64[6, n]: calls out, seconds out, calls in, seconds in, texts out, texts in, as the number sees them.
    off_net
        bool[n]: is the peer of another network?
    service
        int64[s]: keys of service numbers.
    places
        How many places there are.

    Returns
    -------
    int64[places, 9 + s]
        The six measures; calls out to off-net numbers; distinct peers; a bit for each day with contact; calls out
        to each service number.
    """
    n = place.shape[0]
    services = service.shape[0]
    sums = np.zeros((places, 9 + services), np.int64)
    size = table_size(n)
    slots = np.zeros(size, np.int64)
    mask = np.uint64(size - 1)
    for i in range(n):
        p = place[i]
        if p < 0:
            continue
        for j in range(6):
            sums[p, j] += measures[j, i]
        if off_net[i]:
            sums[p, 6] += measures[0, i]
        sums[p, 8] |= 1 << day[i]
        if measures[0, i] > 0:
            for s in range(services):
                if peer[i] == service[s]:
                    sums[p, 9 + s] += measures[0, i]
        h = mix(p, peer[i]) & mask
        while slots[h] > 0 and (place[slots[h] - 1] != p or peer[slots[h] - 1] != peer[i]):
            h = (h + np.uint64(1)) & mask
        if slots[h] == 0:
            slots[h] = i + 1
            sums[p, 7] += 1
    return sums
