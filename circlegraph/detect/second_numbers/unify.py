"""Numbers of one owner taken together, so that whoever moved along with his friends is found by them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.kernels.unified import unified
from circlegraph.parallel import mapped

EDGES_AT_A_TIME = 1 << 20
TOGETHER: dict[str, np.ufunc] = {
    **dict.fromkeys(("before", "after"), np.add),
    "stable": np.logical_or,
    "first_day": np.minimum,
    "days": np.bitwise_or,
}


def owners(
    numbers: int, number: NDArray[np.integer[Any]], second: NDArray[np.integer[Any]]
) -> NDArray[np.int64]:
    """Id of the first number of each number's owner, int64[numbers].

    A second number keeps the first owner that is named, and of pairs in a ring the last is left out.

    Examples
    --------
    >>> owners(6, np.array([1, 4, 3]), np.array([4, 3, 1])).tolist()
    [0, 1, 2, 1, 1, 5]
    """
    owner = np.arange(numbers, dtype=np.int64)

    def first(x: int) -> int:
        while owner[x] != x:
            x = int(owner[x])
        return x

    for x, other in zip(number.tolist(), second.tolist(), strict=True):
        if owner[other] == other and first(x) != other:
            owner[other] = x
    for other in second.tolist():
        owner[other] = first(other)
    return owner


def unify(ties: Ties, owner: NDArray[np.int64], threads: int) -> Ties:
    """Rows in which the peers' second numbers stand for their owners; the numbers keep a row each.

    What a number has with several numbers of one owner is added up; contacts within an owner, and with peers who say
    nothing of those who share them, are left out. How many contacts there were is asked of the numbers by themselves
    only, and not held twice.
    """
    indptr = np.zeros_like(ties.indptr)
    columns = {name: getattr(ties, name) for name in TOGETHER if len(getattr(ties, name))}
    if "first_day" in columns:
        columns["first_day"] = ties.first_day.view(np.uint32)  # -1, no day at all, is the last one so
    rows = {name: np.empty_like(column) for name, column in (("peers", ties.peers), *columns.items())}
    telling, filled = ties.telling, 0

    def of_range(limits: tuple[int, int]) -> tuple[NDArray[np.int64], dict[str, NDArray[Any]]]:
        order, begins, ends = unified(ties.indptr, ties.peers, owner, telling, *limits)
        together = {
            name: _taken_together(column, TOGETHER[name], order, begins) for name, column in columns.items()
        }
        return ends, {"peers": owner[ties.peers[order[begins]]], **together}

    ranges = list(_ranges(ties.indptr))
    for (low, high), (ends, found) in zip(ranges, mapped(of_range, ranges, threads), strict=True):
        indptr[low + 1 : high + 1] = filled + ends[1:]
        for name, column in found.items():
            rows[name][filled : filled + ends[-1]] = column
        filled += int(ends[-1])
        ties.shelf.release()
    kept = {name: column[:filled].view(getattr(ties, name).dtype) for name, column in rows.items()}
    return replace(ties, indptr=indptr, **kept, contacts=np.empty(0, np.int32))


def _ranges(indptr: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Cut the numbers into ranges with so many edges, or few more."""
    cuts = np.searchsorted(indptr, np.arange(EDGES_AT_A_TIME, indptr[-1], EDGES_AT_A_TIME))
    return pairwise([0, *cuts.tolist(), len(indptr) - 1])


def _taken_together(
    column: NDArray[Any], together: np.ufunc, order: NDArray[np.int64], begins: NDArray[np.int64]
) -> NDArray[Any]:
    """Take what stands in the edges of each group together; edges and groups as from `unified`."""
    rows: NDArray[Any] = np.take(column, order[begins], axis=0)
    sizes = np.diff(begins, append=len(order))
    several = np.flatnonzero(sizes > 1)  # few: all others keep what they have
    if len(several):
        starts = np.cumsum(sizes[several]) - sizes[several]
        rows[several] = together.reduceat(column[order[np.repeat(sizes > 1, sizes)]], starts, axis=0)
    return rows
