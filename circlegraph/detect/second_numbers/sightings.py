"""Evidence of cells, handsets and forwarded calls, where the CDRs tell of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.forwards import Forwards
from circlegraph.contacts.handsets import Handsets
from circlegraph.contacts.places import Places
from circlegraph.kernels.cell_overlap import same_hours, shares_in_common
from circlegraph.kernels.common_peers import common_peers

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

BANDS = 3
"""Working hours, nights, and the rest: evenings and weekends by day."""
LEAST_HOURS = 3
"""Hours in which both are heard, below which it says nothing whether the cells are the same."""
LEAST_HEARD = 5
"""Hours of a band in which a number is heard, below which it is not known where it lives in them."""


@dataclass(frozen=True)
class Sightings:
    """What was seen of numbers beside their contacts; None for what the data do not tell."""

    numbers: int
    places: Places | None = None
    handsets: Handsets | None = None
    forwards: Forwards | None = None
    _told: dict[str, tuple[Ids, Floats]] = field(default_factory=dict)

    def _once(self, name: str, a: Ids, b: Ids, work_out: Callable[[Ids, Ids], Floats]) -> Floats:
        """Work out evidence of pairs that were not asked for before; the rounds of a search ask for the same ones."""
        keys, values = self._told.get(name, (np.empty(0, np.int64), np.empty(0)))
        wanted = np.unique(a * self.numbers + b)
        new = wanted[~np.isin(wanted, keys, assume_unique=True)]
        keys = np.concatenate([keys, new])
        values = np.concatenate([values, work_out(new // self.numbers, new % self.numbers)])
        order = np.argsort(keys, kind="stable")
        self._told[name] = keys[order], values[order]
        return self._told[name][1][np.searchsorted(keys[order], a * self.numbers + b)]

    @cached_property
    def _profiles(self) -> tuple[Ids, Ids, Floats, NDArray[np.bool_]]:
        """Rows of band and cell by number, the share of the hours of the band, and which bands are known."""
        assert self.places is not None
        places, cells = self.places, max(len(self.places.text), 1)
        number = np.repeat(np.arange(self.numbers, dtype=np.int64), np.diff(places.indptr))
        key = (number * BANDS + _band(places.slot)) * cells + places.cell
        rows, heard = np.unique(key, return_counts=True)
        of = rows // cells
        total = np.bincount(of, heard, self.numbers * BANDS)
        indptr = np.searchsorted(rows, np.arange(self.numbers + 1) * (BANDS * cells))
        known = (total >= LEAST_HEARD).reshape(self.numbers, BANDS)
        return indptr.astype(np.int64), rows % (BANDS * cells), heard / total[of], known

    def cell_overlap(self, a: Ids, b: Ids) -> Floats:
        """How alike the cells are: the shares in common, mean of the bands of hours in which both are known."""
        if self.places is None:
            return np.full(len(a), np.nan)
        return self._once("cell overlap", a, b, self._cell_overlap)

    def _cell_overlap(self, a: Ids, b: Ids) -> Floats:
        assert self.places is not None
        indptr, place, share, known = self._profiles
        common = shares_in_common(indptr, place, share, a, b, max(len(self.places.text), 1), BANDS)
        both = known[a] & known[b]
        return _share((common * both).sum(axis=1), both.sum(axis=1), 1)

    def same_cell(self, a: Ids, b: Ids) -> Floats:
        """Share of the hours in which both are heard that have a cell in common."""
        if self.places is None:
            return np.full(len(a), np.nan)
        return self._once("same cell", a, b, self._same_cell)

    def _same_cell(self, a: Ids, b: Ids) -> Floats:
        assert self.places is not None
        places = self.places
        hours = same_hours(places.indptr, places.slot, places.cell, a, b)
        return _share(hours[:, 1].astype(np.float64), hours[:, 0], LEAST_HOURS)

    def same_handset(self, a: Ids, b: Ids) -> Floats:
        """Whether one handset was used with both: 1, 0, or NaN where that of one is not known."""
        if self.handsets is None:
            return np.full(len(a), np.nan)
        indptr = self.handsets.indptr.astype(np.int64)
        used = np.diff(indptr) > 0
        shared = common_peers(indptr, self.handsets.imei, a, b)
        return np.where(used[a] & used[b], (shared > 0).astype(np.float64), np.nan)

    def forwarded(self, a: Ids, b: Ids) -> Floats:
        """Whether calls to a are sent on to b, or those to both to one number: 1, 0, or NaN without forwarded calls."""
        if self.forwards is None:
            return np.full(len(a), np.nan)
        forwards = self.forwards
        rows = (forwards.number * self.numbers + forwards.target)[forwards.target >= 0]
        indptr = np.searchsorted(forwards.number, np.arange(self.numbers + 1)).astype(np.int64)
        direct = np.isin(a * self.numbers + b, rows)
        return (direct | (common_peers(indptr, forwards.target_key, a, b) > 0)).astype(np.float64)


def _band(slot: NDArray[np.int32]) -> Ids:
    hour, workday = slot % 24, (slot // 24 + 3) % 7 < 5
    night = (hour >= 22) | (hour < 7)
    return np.where(night, 1, np.where(workday & (hour >= 8) & (hour < 18), 0, 2)).astype(np.int64)


def _share(part: Floats, whole: NDArray[np.signedinteger[Any]], least: int) -> Floats:
    share = np.full(len(part), np.nan)
    np.divide(part, whole, out=share, where=np.asarray(whole >= least))
    return share


def either(a: Floats, b: Floats) -> Floats:
    """1 where one of two says yes, 0 where one says no and none yes, NaN where both are silent."""
    return np.fmax(a, b)
