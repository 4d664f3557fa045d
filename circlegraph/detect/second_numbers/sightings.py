"""Evidence of cells, handsets and forwarded calls, where the CDRs tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.forwards import Forwards
from circlegraph.contacts.handsets import Handsets
from circlegraph.contacts.places import Places
from circlegraph.contacts.talks import Talks
from circlegraph.kernels.cell_overlap import (
    Codes,
    cell_profiles,
    cells_within_hours,
    same_hours,
    shares_in_common,
)
from circlegraph.kernels.common_peers import common_peers
from circlegraph.kernels.talks import talks_at_once
from circlegraph.parallel import mapped

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
AnyIds = NDArray[np.integer[Any]]
AnyFloats = NDArray[np.floating[Any]]

LEAST_HOURS = 3
"""Hours in which both are heard, below which it says nothing whether the cells are the same."""
PAIRS_AT_A_TIME = 1 << 17
"""Pairs whose calls are compared at a time."""
ROWS_AT_A_TIME = 1 << 20
MOST_CELLS = 4096
"""Cells of which it is learned how far they are apart, the busiest ones."""
LEAST_EXPECTED = 5.0
SELDOM = 0.1
"""Cells are far apart if they hear one number within an hour a tenth as often as if people went anywhere, and that
would be at least five times. On cities of the tuning seeds no second number was heard far from its owner."""
LEAST_HEARD = 5
"""Hours of a band in which a number is heard, below which it is not known where it lives in them."""


@dataclass
class Sightings:
    """What was seen of numbers beside their contacts; None for what the data do not tell.

    Pairs that are asked for stand together by their first number.
    """

    numbers: int
    places: Places | None = None
    handsets: Handsets | None = None
    forwards: Forwards | None = None
    talks: Talks | None = None
    _told: tuple[NDArray[Any], ...] | None = None

    def remember(
        self, a: AnyIds, b: AnyIds, overlap: Floats, cells: Floats, distant: AnyFloats, at_once: AnyFloats
    ) -> None:
        """Keep what is known of pairs, by ascending first number: the rounds of a search ask for the same ones."""
        self._told = a, b, overlap, cells, distant, at_once

    def prepare(self) -> None:
        """Work out what all threads will use."""
        if self.places is not None:
            _ = self._profiles, self._slots, self._far
        if self.forwards is not None:
            _ = self._forwards

    def of_pairs(self, a: Ids, b: Ids) -> tuple[Floats, Floats, Floats, Floats]:
        """What is known of the cells of pairs, and what is remembered of their calls.

        Returns
        -------
        overlap
            How alike they are.
        cells
            Its mean with the share of hours with a cell in common, as far as known.
        distant
            Hours in which both are heard by cells far apart.
        at_once
            Calls of both at the same time, where that was asked for before.
        """
        found = np.full((4, len(a)), np.nan)
        overlap, cells, distant, at_once = found
        new = np.ones(len(a), np.bool_)
        if not len(a):
            return overlap, cells, distant, at_once
        if self._told is not None:
            rows = _rows_of(self._told[0], a)
            first, second, *values = (column[rows] for column in self._told)
            keys = first.astype(np.int64) * self.numbers + second
            order = np.argsort(keys)
            keys = np.append(keys[order], -1)
            wanted = a * self.numbers + b
            at = np.searchsorted(keys[:-1], wanted)
            new = keys[at] != wanted
            old = order[at[~new]]
            found[:, ~new] = [value[old] for value in values]
        if self.places is None:
            return overlap, cells, distant, at_once
        overlap[new] = of_band = self.cell_overlap(a[new], b[new])
        same, distant[new] = self.hours(a[new], b[new])
        cells[new] = np.where(
            np.isnan(same), of_band, np.where(np.isnan(of_band), same, (of_band + same) / 2)
        )
        return overlap, cells, distant, at_once

    @cached_property
    def _profiles(self) -> tuple[Ids, NDArray[np.int32], Codes, NDArray[np.int32]]:
        assert self.places is not None
        places = self.places
        return cell_profiles(places.indptr, places.slot, places.cell, places.first, self._cells)

    @property
    def _cells(self) -> int:
        assert self.places is not None
        return max(len(self.places.text), 1)

    def cell_overlap(self, a: Ids, b: Ids) -> Floats:
        """How alike the cells are: the shares in common, mean of the bands of hours in which both are known."""
        total = self._profiles[-1]
        common = shares_in_common(*self._profiles, a, b, self._cells)
        both = np.minimum(total[a], total[b]) >= LEAST_HEARD
        return _share((common * both).sum(axis=1), both.sum(axis=1), 1)

    @cached_property
    def _slots(self) -> int:
        """How many hours there are."""
        assert self.places is not None
        return int(self.places.slot.max(initial=0)) + 1

    @cached_property
    def _far(self) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Place of each cell among the busiest ones, and which of these nobody combines within an hour."""
        assert self.places is not None
        places = self.places
        heard = np.zeros(self._cells, np.int64)
        for at in range(0, len(places), ROWS_AT_A_TIME):  # all at once would be all as wide as positions
            heard += np.bincount(places.cell[at : at + ROWS_AT_A_TIME], minlength=self._cells)
        busy = np.argsort(-heard, kind="stable")[:MOST_CELLS]
        place = np.full(self._cells, -1, np.int32)
        place[busy] = np.arange(len(busy))
        together = cells_within_hours(places.indptr, places.slot, places.cell, place, len(busy))
        moves = together.sum(axis=1, dtype=np.float64)
        anywhere = moves / max(moves.sum(), 1.0)
        far = np.zeros(together.shape, np.bool_)
        for row, often in enumerate(together):  # row by row: the matrix is large
            expected = moves[row] * anywhere
            far[row] = (expected >= LEAST_EXPECTED) & (often <= SELDOM * expected)
        np.fill_diagonal(far, val=False)
        return place, far

    def hours(self, a: Ids, b: Ids) -> tuple[Floats, Floats]:
        """Share of the hours in which both are heard that have a cell in common, and how many have cells far apart."""
        assert self.places is not None
        places = self.places
        hours = same_hours(places.indptr, places.slot, places.cell, self._slots, *self._far, a, b)
        both = hours[:, 0]
        share = _share(hours[:, 1].astype(np.float64), both, LEAST_HOURS)
        return share, np.where(both > 0, hours[:, 2], np.nan)

    def same_handset(self, a: Ids, b: Ids) -> Floats:
        """Whether one handset was used with both: 1, 0, or NaN where that of one is not known."""
        if self.handsets is None:
            return np.full(len(a), np.nan)
        indptr = self.handsets.indptr
        shared = common_peers(indptr, self.handsets.imei, a, b)
        used = (indptr[a + 1] > indptr[a]) & (indptr[b + 1] > indptr[b])
        return np.where(used, (shared > 0).astype(np.float64), np.nan)

    def forwarded(self, a: Ids, b: Ids) -> Floats:
        """Whether calls to a are sent on to b, or those to both to one number: 1, 0, or NaN without forwarded calls."""
        if self.forwards is None:
            return np.full(len(a), np.nan)
        rows, indptr = self._forwards
        wanted = a * self.numbers + b
        direct = (
            rows[np.searchsorted(rows[:-1], wanted)] == wanted if len(rows) else np.zeros(len(a), np.bool_)
        )
        return (direct | (common_peers(indptr, self.forwards.target_key, a, b) > 0)).astype(np.float64)

    @cached_property
    def _forwards(self) -> tuple[Ids, Ids]:
        """Pairs of numbers with forwarded calls, and where the rows of each number begin."""
        assert self.forwards is not None
        forwards = self.forwards
        rows = (forwards.number * self.numbers + forwards.target)[forwards.target >= 0]
        return rows, np.searchsorted(forwards.number, np.arange(self.numbers + 1)).astype(np.int64)

    def at_once(self, a: AnyIds, b: AnyIds, threads: int) -> NDArray[np.float32]:
        """How many calls of both run at the same time; NaN where it is not known when anybody talks."""
        if self.talks is None:
            return np.full(len(a), np.nan, np.float32)
        count = np.zeros(len(a), np.float32)
        starts = range(0, len(a), PAIRS_AT_A_TIME)
        for indptr, laid in self.talks.pieces():

            def added(at: int, indptr: Ids = indptr, laid: NDArray[np.uint32] = laid) -> None:
                rows = slice(at, at + PAIRS_AT_A_TIME)
                first, second = (side[rows].astype(np.int32, copy=False) for side in (a, b))
                talks_at_once(indptr, laid, first, second, count[rows])

            list(mapped(added, starts, threads))
        return count


def _rows_of(ids: NDArray[np.integer[Any]], wanted: Ids) -> Ids:
    """Places in ascending ids of all that are wanted, which ascend as well and may be named several times."""
    each = wanted[np.flatnonzero(np.diff(wanted, prepend=-1))]
    each = each.astype(ids.dtype)  # as wide, lest all of them be widened
    begin, end = np.searchsorted(ids, each), np.searchsorted(ids, each, side="right")
    sizes = end - begin
    return np.repeat(end - np.cumsum(sizes), sizes) + np.arange(sizes.sum())


def _share(part: Floats, whole: NDArray[np.signedinteger[Any]], least: int) -> Floats:
    share = np.full(len(part), np.nan)
    np.divide(part, whole, out=share, where=np.asarray(whole >= least))
    return share


def either(a: Floats, b: Floats) -> Floats:
    """1 where one of two says yes, 0 where one says no and none yes, NaN where both are silent."""
    return np.fmax(a, b)
