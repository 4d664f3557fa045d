"""Contacts before and after the split as sparse matrices.

Written apart from circlegraph's own circles, so that the baselines and the rules of eligibility lean on
nothing that is judged.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

Matrix = Any
"""A scipy CSR matrix or array."""

DAY = 86_400
MONDAY_SHIFT = 3
"""Day 0 of the epoch was a Thursday: (epoch day + 3) // 7 numbers Monday-based weeks."""


@dataclass(frozen=True)
class Counts:
    """Contacts of n numbers; rows are numbers, columns are peers, a contact stands in both directions.

    Attributes
    ----------
    numbers : ndarray of object, shape (n,)
        Numbers in ascending order; the position is the id.
    own : ndarray of bool, shape (n,)
        Whether a number is an own number.
    before, after : csr array of float64, shape (n, n)
        Calls and texts of each pair in each window.
    stable : csr array of float64, shape (n, n)
        1 for own peers met on two days of two Monday-based weeks before the split.
    minutes : ndarray of float64, shape (2, n)
        Minutes of calls a day, before and after.
    """

    numbers: NDArray[np.object_]
    own: NDArray[np.bool_]
    before: Matrix
    after: Matrix
    stable: Matrix
    minutes: NDArray[np.float64]

    @property
    def new(self) -> NDArray[np.bool_]:
        """Numbers with contacts after the split and none before."""
        new: NDArray[np.bool_] = (np.diff(self.before.indptr) == 0) & (np.diff(self.after.indptr) > 0)
        return new

    def own_columns(self, matrix: Matrix) -> Matrix:
        """Empty the columns of off-net peers, which are seen from one side only."""
        made = matrix.copy()
        made.data = made.data * self.own[made.indices]
        made.eliminate_zeros()
        return made

    def ids(self, numbers: "pd.Series[str]") -> NDArray[np.int64]:
        """Ids of numbers; -1 for those without a record."""
        ids: NDArray[np.int64] = pd.Index(self.numbers).get_indexer(pd.Index(numbers.astype(object)))
        return ids


def count(events: pd.DataFrame, split: pd.Timestamp, own: Collection[str] | None) -> Counts:
    """Count the calls and texts of every pair; forwarding legs are left out, as they repeat a call.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-05-01", "2024-05-08", "2024-05-20"])
    >>> calls = pd.DataFrame({"caller": ["a", "b", "c"], "callee": ["b", "a", "b"], "start": days})
    >>> found = count(calls.assign(duration=60, kind="call"), pd.Timestamp("2024-05-15"), None)
    >>> found.stable.toarray().astype(int).tolist(), found.new.tolist()
    ([[0, 1, 0], [1, 0, 0], [0, 0, 0]], [False, False, True])
    """
    used = events[
        (events["kind"] != "forward").to_numpy() & (events["caller"] != events["callee"]).to_numpy()
    ]
    both = pd.concat([used["caller"], used["callee"]], ignore_index=True).astype(object)
    codes, numbers = pd.factorize(both, sort=True)
    ends = codes.reshape(2, -1).astype(np.int64)
    seconds = used["start"].to_numpy().astype("datetime64[s]").astype(np.int64)
    moment = int(split.timestamp())
    later = seconds >= moment
    is_own = np.ones(len(numbers), dtype=bool) if own is None else pd.Index(numbers).isin(list(own))
    heads = np.concatenate([ends[0], ends[1]])
    tails = np.concatenate([ends[1], ends[0]])
    after = np.concatenate([later, later])
    days = np.concatenate([seconds, seconds]) // DAY
    seconds_talked = used["duration"].clip(lower=0) if "duration" in used else 0
    talk = np.tile(np.where(used["kind"] == "call", seconds_talked, 0) / 60, 2)
    lengths = [max(1.0, abs(moment - edge) / DAY) for edge in (seconds.min(), seconds.max())]
    minutes = [
        np.bincount(heads[side], talk[side], len(numbers)) / length
        for side, length in zip((~after, after), lengths, strict=True)
    ]
    n = len(numbers)
    return Counts(
        numbers=np.asarray(numbers, dtype=object),
        own=is_own,
        before=_pairs(heads[~after], tails[~after], n),
        after=_pairs(heads[after], tails[after], n),
        stable=_stable(heads[~after], tails[~after], (days[~after] + MONDAY_SHIFT) // 7, is_own),
        minutes=np.array(minutes),
    )


def _pairs(heads: NDArray[np.int64], tails: NDArray[np.int64], n: int) -> Matrix:
    matrix = sparse.coo_array((np.ones(len(heads)), (heads, tails)), shape=(n, n)).tocsr()
    matrix.sum_duplicates()
    return matrix


def _stable(
    heads: NDArray[np.int64], tails: NDArray[np.int64], weeks: NDArray[np.int64], own: NDArray[np.bool_]
) -> Matrix:
    """Mark pairs of two different weeks; two weeks are two days."""
    n = len(own)
    kept = own[tails]
    key = heads[kept] * n + tails[kept]
    pairs, place = np.unique(key, return_inverse=True)
    first = np.full(len(pairs), np.iinfo(np.int64).max)
    last = np.full(len(pairs), np.iinfo(np.int64).min)
    np.minimum.at(first, place, weeks[kept])
    np.maximum.at(last, place, weeks[kept])
    steady = pairs[first != last]
    return sparse.coo_array((np.ones(len(steady)), (steady // n, steady % n)), shape=(n, n)).tocsr()
