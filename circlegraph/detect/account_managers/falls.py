"""Falling use after the first contact: traffic in the records and minutes on the bills, against matched others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.account_managers.spans import period_of
from circlegraph.detect.account_managers.ties import Scene
from circlegraph.detect.known import Listed
from circlegraph.detect.sound import months, reals

PERIODS_AFTER = 8
"""About 60 days."""
PERIODS_BEFORE = 8
LEAST_LOAD = 3.0
"""Days of contact in a period, summed over the peers, that a subscriber needs before: else no fall can be told."""
MONTHS = 2
"""Bills compared, before and after the month of the first contact: about 60 days."""
LEAST_MINUTES = 10.0
"""Minutes a month before: else no fall can be told."""
FALLEN, GONE = 0.6, 0.15
"""Use after over use before from which on down it counts as fallen, or as gone."""

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Falls:
    """What became of the use of the peer of each tie since the first contact, float32[ties]; NaN for unknown.

    Attributes
    ----------
    change
        Use after over use before.
    usual
        Share of the matched others whose use fell at the same time.
    """

    change: Singles
    usual: Singles

    @classmethod
    def unknown(cls, ties: int) -> Falls:
        """Nothing known yet."""
        return cls(*(np.full(ties, np.nan, np.float32) for _ in range(2)))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether anything is known of a tie's peer."""
        return ~np.isnan(self.change)

    @property
    def fell(self) -> NDArray[np.bool_]:
        """Whether the use fell; false for unknown."""
        return self.change <= np.float32(FALLEN)

    def put(self, rows: Ints, peer: NDArray[np.int32], ratio: Floats, strata: Ints) -> None:
        """Note the ties in some rows, in place, from the change of each number and its class; -1 for no class."""
        counted = ~np.isnan(ratio) & (strata >= 0)
        size = int(strata.max(initial=-1)) + 1
        cases = np.bincount(strata[counted], minlength=size)
        falls = np.bincount(strata[counted], ratio[counted] <= FALLEN, size)
        rate = (falls + 0.5) / (cases + 1.0)
        known = counted[peer]
        rows, peer = rows[known], peer[known]
        self.change[rows] = ratio[peer]
        self.usual[rows] = rate[strata[peer]]


def of_traffic(scene: Scene, strata: Ints) -> Falls:
    """Compare the days of contact, over all peers, in eight periods after the first contact with eight before."""
    ties, width = scene.ties, scene.loads.shape[1]
    found = Falls.unknown(len(ties))
    period = period_of(scene.windows, ties.first).astype(np.int32)
    for p in range(2, width - 1):
        rows = np.flatnonzero(period == p)
        if not len(rows):
            continue
        begin, end = max(p - PERIODS_BEFORE, 0), min(p + 1 + PERIODS_AFTER, width)
        before = scene.loads[:, begin:p].sum(axis=1) / (p - begin)
        after = scene.loads[:, p + 1 : end].sum(axis=1) / (end - p - 1)
        found.put(rows, ties.callee[rows], _over(after, before, LEAST_LOAD), strata)
    return found


def add_minutes(found: Falls, scene: Scene, strata: Ints, bills: Listed) -> None:
    """Where nothing is known, compare the minutes of two bills after the month of the first contact with two before."""
    ties, n = scene.ties, len(scene.numbers)
    month, minutes = months(bills.table["month"]), reals(bills.table["mou"])
    at = scene.numbers.index.ids(bills.keys["number"])
    known = (at >= 0) & (month >= 0) & ~np.isnan(minutes)
    at, month, minutes = at[known], month[known], minutes[known]

    def mean(first: int, last: int) -> Floats:
        rows = (month >= first) & (month <= last)
        bills_of = np.bincount(at[rows], minlength=n)
        total = np.bincount(at[rows], minutes[rows], n)
        return np.where(bills_of > 0, total / np.maximum(bills_of, 1), np.nan)

    asked = np.flatnonzero(~found.known)
    contact = ties.first[asked].astype("datetime64[s]").astype("datetime64[M]").astype(np.int32)
    for m in np.unique(contact).tolist():
        rows = asked[contact == m]
        change = _over(mean(m + 1, m + MONTHS), mean(m - MONTHS, m - 1), LEAST_MINUTES)
        found.put(rows, ties.callee[rows], change, strata)


def _over(after: Floats, before: Floats, least: float) -> Floats:
    """Use after over use before, NaN where too little is known."""
    told = before >= least
    return np.where(told, after / np.where(told, before, 1.0), np.nan)
