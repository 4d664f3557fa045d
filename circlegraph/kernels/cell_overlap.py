"""How alike the cells of two numbers are, and whether they are heard by one cell in the same hour."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import F64, I32, I64, Bool, Int

Codes: TypeAlias = NDArray[np.unsignedinteger[Any]]

BANDS = 3
"""Working hours, nights, and the rest: evenings and weekends by day."""


@inline
def band_of(slot: int) -> int:
    """Band of an hour, counted from Thursday 1970-01-01 0:00."""
    hour = slot % 24
    if hour >= 22 or hour < 7:
        return 1
    return 0 if (slot // 24 + 3) % 7 < 5 and 8 <= hour < 18 else 2


@jit
def cell_profiles(
    indptr: I64, slot: Codes, cell: Codes, first: Int, cells: Int
) -> tuple[I64, I32, Codes, I32]:
    """Count the hours of each band in which a number is heard, and is heard by each cell.

    Parameters
    ----------
    indptr, slot, cell, first
        As in `contacts.places.Places`.
    cells
        How many cells there are.

    Returns
    -------
    starts
        int64[numbers + 1]: the rows of number x are ``starts[x]:starts[x + 1]``.
    place
        int32[rows]: band times `cells` plus cell, ascending for a number.
    often
        Hours by that cell, [rows] of the type of `slot`.
    total
        int32[numbers, BANDS]: hours with each cell counted.
    """
    n = indptr.shape[0] - 1
    starts = np.zeros(n + 1, np.int64)
    place = np.empty(slot.shape[0], np.int32)
    often = np.empty(slot.shape[0], slot.dtype)
    total = np.zeros((n, BANDS), np.int32)
    heard = np.zeros(BANDS * cells, np.int32)
    filled = 0
    for x in range(n):
        for e in range(indptr[x], indptr[x + 1]):
            band = band_of(first + slot[e])
            at = band * cells + cell[e]
            total[x, band] += 1
            if heard[at] == 0:
                j = filled
                while j > starts[x] and place[j - 1] > at:
                    place[j] = place[j - 1]
                    j -= 1
                place[j] = at
                filled += 1
            heard[at] += 1
        for j in range(starts[x], filled):
            often[j] = heard[place[j]]
            heard[place[j]] = 0
        starts[x + 1] = filled
    return starts, place[:filled].copy(), often[:filled].copy(), total


@jit
def cells_within_hours(indptr: I64, slot: Codes, cell: Codes, place: I32, places: Int) -> I32:
    """Count how often a number is heard by two cells within an hour, int32[places, places].

    Parameters
    ----------
    indptr, slot, cell
        As in `contacts.places.Places`.
    place
        int32[cells]: where each cell is counted, -1 for nowhere.
    places
        How many of them there are.
    """
    together = np.zeros((places, places), np.int32)
    for x in range(indptr.shape[0] - 1):
        for e in range(indptr[x], indptr[x + 1]):
            f = e + 1
            while f < indptr[x + 1] and slot[f] == slot[e]:
                p, q = place[cell[e]], place[cell[f]]
                if p >= 0 and q >= 0:
                    together[p, q] += 1
                    together[q, p] += 1
                f += 1
    return together


@inline
def all_far(slot: Codes, cell: Codes, place: I32, far: Bool, e: int, end: int, f: int, stop: int) -> bool:
    """Whether each cell from e on is far from each from f on, those of one hour each."""
    for i in range(e, end):
        if slot[i] != slot[e]:
            break
        for j in range(f, stop):
            if slot[j] != slot[f]:
                break
            p, q = place[cell[i]], place[cell[j]]
            if p < 0 or q < 0 or not far[p, q]:
                return False
    return True


@jit
def same_hours(
    indptr: I64, slot: Codes, cell: Codes, slots: Int, place: I32, far: Bool, a: I64, b: I64
) -> I32:
    """Count the hours in which both numbers of a pair are heard, by one cell, and by cells that are far apart.

    Parameters
    ----------
    indptr, slot, cell
        As in `contacts.places.Places`: slots ascend in a row, and cells within a slot.
    slots
        How many hours there are.
    place, far
        int32[cells] and bool[places, places]: whether nobody gets from one cell to another within an hour; -1 for the
        place of a cell of which it is not known.
    a, b
        int64[k]: the pairs; those of one first number stand together.

    Returns
    -------
    int32[k, 3]
        Hours in which both are heard; in which one cell hears both; in which all cells of a are far from all of b.
    """
    hours = np.zeros((a.shape[0], 3), np.int32)
    first = np.full(slots, -1, np.int64)  # of each slot, in the row of a
    begin = end = 0
    for i in range(a.shape[0]):
        if i == 0 or a[i] != a[i - 1]:
            for e in range(begin, end):
                first[slot[e]] = -1
            begin, end = indptr[a[i]], indptr[a[i] + 1]
            for e in range(end - 1, begin - 1, -1):
                first[slot[e]] = e
        f, stop = indptr[b[i]], indptr[b[i] + 1]
        while f < stop:
            hour = slot[f]
            e = first[hour]
            together = False
            if e >= 0:
                hours[i, 0] += 1
                hours[i, 2] += all_far(slot, cell, place, far, e, end, f, stop)
                while not together and e < end and f < stop and slot[e] == hour and slot[f] == hour:
                    together = cell[e] == cell[f]
                    if cell[e] < cell[f]:
                        e += 1
                    else:
                        f += 1
                hours[i, 1] += together
            while f < stop and slot[f] == hour:
                f += 1
    return hours


@jit
def shares_in_common(starts: I64, place: I32, often: Codes, total: I32, a: I64, b: I64, cells: Int) -> F64:
    """Sum the lesser of the shares of both numbers of a pair over the cells, for each band of hours.

    Profiles as `cell_profiles` gives them; pairs of one first number stand together. Returns float64[k, BANDS].
    """
    common = np.zeros((a.shape[0], BANDS))
    mine = np.zeros(BANDS * cells)
    begin = end = 0
    for i in range(a.shape[0]):
        if i == 0 or a[i] != a[i - 1]:
            for e in range(begin, end):
                mine[place[e]] = 0.0
            begin, end = starts[a[i]], starts[a[i] + 1]
            for e in range(begin, end):
                mine[place[e]] = often[e] / total[a[i], place[e] // cells]
        for f in range(starts[b[i]], starts[b[i] + 1]):
            if mine[place[f]] > 0.0:
                band = place[f] // cells
                common[i, band] += min(mine[place[f]], often[f] / total[b[i], band])
    return common
