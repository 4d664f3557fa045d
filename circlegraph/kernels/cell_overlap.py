"""How alike the cells of two numbers are, and whether they are heard by one cell in the same hour."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I32, I64, Int


@jit
def same_hours(indptr: I64, slot: I32, cell: I32, a: I64, b: I64) -> I32:
    """Count the hours in which both numbers of a pair are heard, and those in which one cell hears both.

    Parameters
    ----------
    indptr, slot, cell
        As in `contacts.places.Places`: slots ascend in a row, and cells within a slot.
    a, b
        int64[k]: the pairs.

    Returns
    -------
    int32[k, 2].
    """
    hours = np.zeros((a.shape[0], 2), np.int32)
    for i in range(a.shape[0]):
        e, end = indptr[a[i]], indptr[a[i] + 1]
        f, stop = indptr[b[i]], indptr[b[i] + 1]
        while e < end and f < stop:
            if slot[e] < slot[f]:
                e += 1
            elif slot[e] > slot[f]:
                f += 1
            else:
                hour = slot[e]
                together = False
                while e < end and f < stop and slot[e] == hour and slot[f] == hour:
                    if cell[e] == cell[f]:
                        together = True
                        break
                    if cell[e] < cell[f]:
                        e += 1
                    else:
                        f += 1
                hours[i, 0] += 1
                hours[i, 1] += together
                while e < end and slot[e] == hour:
                    e += 1
                while f < stop and slot[f] == hour:
                    f += 1
    return hours


@jit
def shares_in_common(indptr: I64, place: I64, share: F64, a: I64, b: I64, cells: Int, bands: Int) -> F64:
    """Sum the lesser of the shares of both numbers of a pair over the cells, for each band of hours.

    `place` is int64[rows], band times `cells` plus cell, ascending in a row; `share` float64[rows]. Returns
    float64[k, bands].
    """
    common = np.zeros((a.shape[0], bands))
    for i in range(a.shape[0]):
        e, end = indptr[a[i]], indptr[a[i] + 1]
        f, stop = indptr[b[i]], indptr[b[i] + 1]
        while e < end and f < stop:
            if place[e] < place[f]:
                e += 1
            elif place[e] > place[f]:
                f += 1
            else:
                common[i, place[e] // cells] += min(share[e], share[f])
                e += 1
                f += 1
    return common
