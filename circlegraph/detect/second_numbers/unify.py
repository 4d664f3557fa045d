"""Numbers of one owner taken together, so that whoever moved along with his friends is found by them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.kernels.unified import unified


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


def unify(ties: Ties, owner: NDArray[np.int64]) -> Ties:
    """Rows in which the peers' second numbers stand for their owners; the numbers keep a row each.

    What a number has with several numbers of one owner is added up; contacts within an owner are left out. How many
    contacts there were is asked of the numbers by themselves only, and not held twice.
    """
    if (owner == np.arange(len(owner))).all():
        return ties
    order, begins, indptr = unified(ties.indptr, ties.peers, owner)
    first = order[begins]
    sizes = np.diff(begins, append=len(order))
    several = np.flatnonzero(sizes > 1)  # few: all others keep what they have
    added = order[np.repeat(sizes > 1, sizes)]
    starts = np.cumsum(sizes[several]) - sizes[several]

    def taken(column: NDArray[Any], add: np.ufunc = np.add) -> NDArray[Any]:
        rows = column[first]
        if len(several):
            rows[several] = add.reduceat(column[added], starts, axis=0)
        return rows

    never = np.int32(np.iinfo(np.int32).max)
    first_day = taken(np.where(ties.first_day < 0, never, ties.first_day), np.minimum)
    return replace(
        ties,
        indptr=indptr,
        peers=owner[ties.peers[first]].astype(np.int32),
        before=taken(ties.before),
        after=taken(ties.after),
        stable=taken(ties.stable, np.logical_or),
        first_day=np.where(first_day == never, np.int32(-1), first_day),
        days=taken(ties.days, np.bitwise_or),
        contacts=np.empty(0, np.int32),
    )
