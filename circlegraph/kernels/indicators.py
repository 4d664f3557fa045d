"""How the contacts of a number are spread over its circle: entropy, balance, and how few make up most of it."""

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import F64, I64

BOTH, CALLS, TEXTS = 0, 1, 2


@jit
def describe_circles(
    indptr: I64,
    low: int,
    high: int,
    calls_out: I64,
    calls_in: I64,
    texts_out: I64,
    texts_in: I64,
    share: float,
    counts: I64,
    spread: F64,
) -> None:
    """Describe the rows of the numbers in ``range(low, high)`` for calls and texts together, calls, and texts.

    Parameters
    ----------
    indptr
        int64[numbers + 1].
    low, high
        The numbers this call is responsible for; calls for disjoint ranges may run side by side.
    calls_out, calls_in, texts_out, texts_in
        int64[edges].
    share
        The share of the interactions that `counts` names the fewest contacts for.
    counts
        int64[3, 4, numbers], filled: contacts, interactions made, interactions received, and the fewest
        contacts that make up a share of them.
    spread
        float64[3, 3, numbers], filled; with n_c interactions with contact c, o_c of them made, of n in all:
        ``-sum n_c / n ln(n_c / n)``, and the standard deviations over c of ``o_c / n`` and of n_c. NaN
        where there is no contact.
    """
    widest = _widest(indptr, low, high)
    made = np.empty(widest, np.int64)
    both_ways = np.empty(widest, np.int64)
    for x in range(low, high):
        for kind in range(3):
            calls = 0 if kind == TEXTS else 1
            texts = 0 if kind == CALLS else 1
            k = 0
            all_made = 0
            n = 0
            for e in range(indptr[x], indptr[x + 1]):
                out = calls * calls_out[e] + texts * texts_out[e]
                of_peer = out + calls * calls_in[e] + texts * texts_in[e]
                if of_peer > 0:
                    made[k] = out
                    both_ways[k] = of_peer
                    k += 1
                    all_made += out
                    n += of_peer
            disorder = 0.0
            balance_square = 0.0
            interactions_square = 0.0
            for c in range(k):
                of_peer = both_ways[c]
                disorder -= of_peer / n * np.log(of_peer / n)
                balance_square += (made[c] / n - all_made / n / k) ** 2
                interactions_square += (of_peer - n / k) ** 2
            counts[kind, 0, x] = k
            counts[kind, 1, x] = all_made
            counts[kind, 2, x] = n - all_made
            counts[kind, 3, x] = _fewest(both_ways, k, n, share)
            if k > 0:
                spread[kind, 0, x] = disorder
                spread[kind, 1, x] = np.sqrt(balance_square / k)
                spread[kind, 2, x] = np.sqrt(interactions_square / k)
            else:
                spread[kind, :, x] = np.nan


@jit
def describe_seconds(
    indptr: I64, low: int, high: int, out: I64, back: I64, share: float, sums: I64, fewest: I64
) -> None:
    """Sum the seconds of each row both ways, and count the fewest peers with a share of them.

    Parameters are those of `describe_circles`; `sums` and `fewest`, int64[numbers], are filled.
    """
    seconds = np.empty(_widest(indptr, low, high), np.int64)
    for x in range(low, high):
        begin = indptr[x]
        k = indptr[x + 1] - begin
        total = 0
        for i in range(k):
            seconds[i] = out[begin + i] + back[begin + i]
            total += seconds[i]
        sums[x] = total
        fewest[x] = _fewest(seconds, k, total, share)


@inline
def _widest(indptr: I64, low: int, high: int) -> int:
    widest = 0
    for x in range(low, high):
        widest = max(widest, indptr[x + 1] - indptr[x])
    return widest


@jit
def _fewest(amounts: I64, k: int, total: int, share: float) -> int:
    """Count how few of the first k amounts make up a share, rounded up, of their total; sorts them."""
    if k > 24:
        amounts[:k].sort()
    else:
        for i in range(1, k):
            amount = amounts[i]
            j = i
            while j > 0 and amounts[j - 1] > amount:
                amounts[j] = amounts[j - 1]
                j -= 1
            amounts[j] = amount
    missing = np.int64(np.ceil(total * share))
    left = k
    while missing > 0 and left > 0:
        left -= 1
        missing -= amounts[left]
    return k - left
