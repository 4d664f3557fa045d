"""How the contacts of a number are spread over its circle: entropy, balance, and how few make up most of it."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I64


@jit
def spread_of_contacts(
    indptr: I64,
    low: int,
    high: int,
    made: I64,
    received: I64,
    contacts: I64,
    entropy: F64,
    balance_std: F64,
    interactions_std: F64,
) -> None:
    """Describe the rows of the numbers in ``range(low, high)``; the outputs, one value per number, are filled.

    Parameters
    ----------
    indptr
        int64[numbers + 1].
    low, high
        The numbers this call is responsible for; calls for disjoint ranges may run side by side.
    made, received
        int64[edges]: interactions from and to the row's number.
    contacts
        Peers with an interaction.
    entropy
        ``-sum p_c ln p_c`` over these contacts c, p_c the share of the interactions.
    balance_std, interactions_std
        Standard deviation, over the contacts, of ``made_c / n`` and of ``n_c``, where n is the sum of all n_c.
        All three are NaN where there is no contact.
    """
    for x in range(low, high):
        k = 0
        all_made = 0
        n = 0
        for e in range(indptr[x], indptr[x + 1]):
            of_peer = made[e] + received[e]
            if of_peer > 0:
                k += 1
                all_made += made[e]
                n += of_peer
        contacts[x] = k
        if k == 0:
            entropy[x] = balance_std[x] = interactions_std[x] = np.nan
            continue
        disorder = 0.0
        balance_square = 0.0
        interactions_square = 0.0
        for e in range(indptr[x], indptr[x + 1]):
            of_peer = made[e] + received[e]
            if of_peer > 0:
                share = of_peer / n
                disorder -= share * np.log(share)
                balance_square += (made[e] / n - all_made / n / k) ** 2
                interactions_square += (of_peer - n / k) ** 2
        entropy[x] = disorder
        balance_std[x] = np.sqrt(balance_square / k)
        interactions_std[x] = np.sqrt(interactions_square / k)


@jit
def fewest_contacts(
    indptr: I64, low: int, high: int, made: I64, received: I64, share: float, fewest: I64
) -> None:
    """Count how few peers make up a share of ``made + received``; parameters as for `spread_of_contacts`.

    The share of the sum is rounded up to a whole number. `fewest`, int64[numbers], is filled.
    """
    widest = 0
    for x in range(low, high):
        widest = max(widest, indptr[x + 1] - indptr[x])
    amounts = np.empty(widest, np.int64)
    for x in range(low, high):
        begin = indptr[x]
        size = indptr[x + 1] - begin
        total = 0
        for i in range(size):
            amounts[i] = made[begin + i] + received[begin + i]
            total += amounts[i]
        amounts[:size].sort()
        missing = np.int64(np.ceil(total * share))
        left = size
        while missing > 0 and left > 0:
            left -= 1
            missing -= amounts[left]
        fewest[x] = size - left
