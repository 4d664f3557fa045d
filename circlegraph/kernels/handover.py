"""How a candidate takes over from a number: contact days of both with the peers they share, before and since."""

import math

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import F64, I32, I64, U64, Bool, Int
from circlegraph.kernels.day_bits import popcount
from circlegraph.kernels.day_spans import bits_within, count_within

MOST_STRANGERS = 15
"""Pairs of strangers among the shared peers are counted up to here: more of them say no more."""
MOST_ASKED = 40
"""Shared peers that are asked whether they know each other; whoever shares more has shown himself already."""
UNSEEN = 0.3
"""Days before the split on top of those counted: a peer who was met once may be one whom chance brought in."""
STEADY = 2.0
"""How steadily people keep up a contact, as the shape of a negative binomial; infinite would be by chance alone."""
NEW_RATE, NEW_STEADY = 0.08, 0.5
"""Days on which a new acquaintance is met, per day, and their shape. Chosen on cities of the tuning seeds."""


@jit
def ways(most: Int, shape: float) -> F64:
    """Log of the coefficient of 0 to so many days in a negative binomial: they are asked for again and again."""
    found = np.empty(most + 1)
    for days in range(most + 1):
        found[days] = math.lgamma(days + shape) - math.lgamma(shape) - math.lgamma(days + 1.0)
    return found


@inline
def likelihood(ways: F64, days: Int, shape: float, stays: float, comes: float) -> float:
    """Log of the chance of so many days, negative binomial; logs of its two shares as `shares` gives them."""
    return float(ways[days] + shape * stays + days * comes)


@inline
def shares(mean: float, shape: float) -> tuple[float, float]:
    """Logs of the two shares that a negative binomial is made of."""
    return math.log(shape / (shape + mean)), math.log(mean / (shape + mean))


@inline
def handed(steady: F64, fresh: F64, own: Int, new: Int, wont: float, length: Int) -> float:
    """Log2 of how much likelier `own` and `new` days of two numbers with a peer are if both are of one who met it so.

    Else the first goes on as before, and the second is an acquaintance of its own. `steady` and `fresh` are the `ways`
    of both.
    """
    stays, comes = shares(wont, STEADY)
    one = likelihood(steady, own + new, STEADY, stays, comes)
    two = likelihood(steady, own, STEADY, stays, comes)
    stays, comes = shares(NEW_RATE * length, NEW_STEADY)
    two += likelihood(fresh, new - 1, NEW_STEADY, stays, comes)
    return (one - two) / math.log(2.0)


@inline
def add_days(days: U64, row: int, begin: Int, end: Int, total: I64) -> None:
    """Add 1 to the total of each day ``begin <= day < end`` of a row."""
    for word in range(days.shape[1]):
        bits = bits_within(days[row, word], begin - 64 * word, end - 64 * word)
        while bits != np.uint64(0):
            total[64 * word + popcount((bits & (~bits + np.uint64(1))) - np.uint64(1))] += 1
            bits &= bits - np.uint64(1)


@jit
def stands_in(indptr: I64, peers: I32, a: int, b: int) -> bool:
    """Whether b stands in the row of a; a row's peers ascend."""
    low, high = indptr[a], indptr[a + 1]
    end = high
    while low < high:
        middle = (low + high) >> 1
        if peers[middle] < b:
            low = middle + 1
        else:
            high = middle
    return bool(low < end and peers[low] == b)


@jit
def strangers(indptr: I64, peers: I32, shared: I32) -> int:
    """Count the pairs of numbers of which neither stands in the other's row, up to a limit."""
    pairs = 0
    for p in range(shared.shape[0]):
        for q in range(p):
            if pairs < MOST_STRANGERS and not stands_in(indptr, peers, shared[p], shared[q]):
                pairs += not stands_in(indptr, peers, shared[q], shared[p])
    return pairs


@jit
def handover(
    indptr: I64,
    peers: I32,
    days: U64,
    first_day: I32,
    telling: Bool,
    rarity: F64,
    onset: I32,
    a: I64,
    b: I64,
    split: Int,
    span: Int,
) -> tuple[I64, F64]:
    """Compare two numbers with each peer that the first met before the split and the second after it.

    A peer changes over on the day on which the second number first meets it after the split; peers change over one
    by one.

    Parameters
    ----------
    indptr, peers
        Rows with ascending peers.
    days
        uint64[edges, words]: days of contact, in one span.
    first_day
        int32[edges]: first day of contact after the split, counted from it; -1 for none.
    telling
        bool[numbers]: which peers count.
    rarity
        float64[numbers]: weight of each number as a shared peer.
    onset
        int32[numbers]: day of the first contact of each number with a peer who counts after the split, counted from it;
        -1 for none.
    a, b
        int64[k]: the pairs; those of one first number stand together.
    split, span
        Day of the split, and number of days in all.

    Returns
    -------
    counts
        int64[k, 5]: shared peers; contact days with them of the first since they changed over, and of the second;
        pairs of shared peers that have no contact with each other, at most `MOST_STRANGERS`; contact days of the first
        with all its peers of before, since the second met the first of its own.
    sums
        float64[k, 4]: contact days of the first number with the shared peers to be expected had nothing changed; rarity
        of them; log2 of how much likelier the contact days with each of them are if the two are one, and have together
        what the first had, than if the first goes on as before and the second is an acquaintance of its own; contact
        days of the first with all its peers to be expected.
    """
    counts = np.zeros((a.shape[0], 5), np.int64)
    sums = np.zeros((a.shape[0], 4))
    # Days of the first number with all its peers of before: how many before the split, and from each day on.
    known: Int = 0
    since_day = np.zeros(span + 1, np.int64)
    steady, fresh = ways(2 * span, STEADY), ways(span, NEW_STEADY)
    shared = np.empty(MOST_ASKED, np.int32)
    begin = end = 0
    for i in range(a.shape[0]):
        if i == 0 or a[i] != a[i - 1]:
            begin, end = indptr[a[i]], indptr[a[i] + 1]
            known = 0
            since_day[:] = 0
            for e in range(begin, end):
                met = count_within(days, e, 0, split) if telling[peers[e]] else 0
                if met > 0:
                    known += met
                    add_days(days, e, split, span, since_day)
            for day in range(span - 1, split - 1, -1):
                since_day[day] += since_day[day + 1]
        first = split + onset[b[i]] if onset[b[i]] >= 0 else np.int64(span)
        next_e, next_f, stop = begin, indptr[b[i]], indptr[b[i] + 1]
        while next_e < end and next_f < stop:
            e, f, y = next_e, next_f, peers[next_e]
            next_e += y <= peers[f]
            next_f += peers[f] <= y
            if y != peers[f] or first_day[f] < 0 or not telling[y]:
                continue
            met = count_within(days, e, 0, split)
            if met == 0:
                continue
            since = split + first_day[f]
            own, new = count_within(days, e, since, span), count_within(days, f, since, span)
            expected = met * (span - since) / split
            if counts[i, 0] < MOST_ASKED:
                shared[counts[i, 0]] = y
            counts[i, 0] += 1
            counts[i, 1] += own
            counts[i, 2] += new
            sums[i, 0] += expected
            sums[i, 1] += rarity[y]
            wont = expected + UNSEEN * (span - since) / split
            sums[i, 2] += handed(steady, fresh, own, new, wont, span - since)
        counts[i, 3] = strangers(indptr, peers, shared[: min(counts[i, 0], MOST_ASKED)])
        counts[i, 4] = since_day[first]
        sums[i, 3] = known * (span - first) / split
    return counts, sums
