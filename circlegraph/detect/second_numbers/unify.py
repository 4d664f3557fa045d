"""Numbers of one owner taken together, so that whoever moved along with his friends is found by them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.ties import Ties


def owners(numbers: int, number: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Id of the first number of each number's owner, int64[numbers]; of pairs in a ring the last is left out.

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
        if first(x) != other:
            owner[other] = x
    for other in second.tolist():
        owner[other] = first(other)
    return owner


def unify(ties: Ties, owner: NDArray[np.int64]) -> Ties:
    """Rows in which the peers' second numbers stand for their owners; the numbers keep a row each.

    What a number has with several numbers of one owner is added up; contacts within an owner are left out.
    """
    if (owner == np.arange(len(owner))).all():
        return ties
    heads, peers = ties.heads, owner[ties.peers]
    kept = np.flatnonzero(peers != owner[heads])
    order = kept[np.argsort(heads[kept] * len(owner) + peers[kept], kind="stable")]
    heads, peers = heads[order], peers[order]
    begins = np.flatnonzero(np.append(True, (heads[1:] != heads[:-1]) | (peers[1:] != peers[:-1])))
    if not len(order):
        begins = order
    heads, peers = heads[begins], peers[begins]
    never = np.iinfo(np.int32).max
    first_day = np.minimum.reduceat(np.where(ties.first_day < 0, never, ties.first_day)[order], begins)
    by_peer = np.argsort(peers, kind="stable")
    return replace(
        ties,
        indptr=_indptr(heads, len(owner)),
        peers=peers,
        peer_indptr=_indptr(peers, len(owner)),
        members=heads[by_peer],
        reverse=by_peer,
        before=np.add.reduceat(ties.before[order], begins),
        after=np.add.reduceat(ties.after[order], begins),
        stable=np.logical_or.reduceat(ties.stable[order], begins),
        first_day=np.where(first_day == never, -1, first_day).astype(np.int32),
        days=np.bitwise_or.reduceat(ties.days[order], begins, axis=0),
        contacts=np.add.reduceat(ties.contacts[order], begins),
    )


def _indptr(ids: NDArray[np.int64], numbers: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(ids, minlength=numbers))]).astype(np.int64)
