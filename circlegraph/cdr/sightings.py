"""Sightings in CDRs: the cells and handsets that numbers were heard with, and where they send their calls.

A sighting is a number, a time and what it was seen with; only the set of the distinct ones matters, so that
neither a repeated row nor the second leg of a call counts twice.

========  ==========================================  =======================  =====================
kind      number                                      time                     seen with
========  ==========================================  =======================  =====================
places    the end of the event that the cell heard    hour of the wall clock   cell
handsets  the end of the event that used it           day                      IMEI
forwards  the number whose calls are sent on          second                   the number they go to
========  ==========================================  =======================  =====================

Who forwards: the number called, where a row names a target in ``forwarded_to``; of a row that is itself a
forward, the number at whose end it was recorded. Of a forward that names no target, the callee is the target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.columns import Column, number_keys, union
from circlegraph.cdr.events import CALLEE_LEG, CALLER_LEG, FORWARD, Events
from circlegraph.cdr.exchange import Exchange
from circlegraph.numbers import Tokens, TokenTable, decode, encode_with_tokens

if TYPE_CHECKING:
    from circlegraph.cdr.chunks import Rows

Longs = NDArray[np.int64]

PLACES, HANDSETS, FORWARDS = "places", "handsets", "forwards"
UNITS: Mapping[str, int] = {PLACES: 3600, HANDSETS: 86_400, FORWARDS: 1}
ROLES = (
    "caller_cell",
    "callee_cell",
    "owner_cell",
    "owner_area",
    "caller_imei",
    "callee_imei",
    "owner_imei",
    "forwarded_to",
)

# A handset whose number is all zeros is none.
_ZEROS = 10 ** np.arange(1, 19, dtype=np.int64)
_NOTHING = np.empty((3, 0), np.int64)


@dataclass(frozen=True, slots=True)
class Sightings:
    """Sightings by kind, int64[3, n] each: number, time in units of the kind, what it was seen with."""

    of: Mapping[str, Longs] = field(default_factory=dict)

    def __getitem__(self, kind: str) -> Longs:
        return self.of.get(kind, _NOTHING)

    @classmethod
    def concat(cls, parts: list[Sightings]) -> Sightings:
        """Join the sightings of several batches."""
        kinds = {kind for part in parts for kind in part.of}
        return cls({kind: np.concatenate([part[kind] for part in parts], axis=1) for kind in sorted(kinds)})


def find_sightings(
    rows: Rows,
    events: Events,
    reasons: NDArray[np.uint8],
    owner: Longs | None,
    country: tuple[int, int],
    known: TokenTable | None,
) -> tuple[Sightings, Tokens]:
    """Find the sightings of a batch, and the distinct tokens among what was seen that are not known yet.

    Parameters
    ----------
    rows
        The columns of the batch.
    events
        An event per row, whether it is a good one or not.
    reasons
        uint8[rows]: 0 for a good one.
    owner
        int64[rows]: whose record each is, if the form says so.
    country
        Home calling code and its digits, for the targets of forwards.
    known
        Tokens that need not be given back.
    """
    tokens: list[Tokens] = []
    found: dict[str, list[Longs]] = {}
    if owner is None:
        ends = [events.leg == CALLER_LEG, events.leg == CALLEE_LEG]
        owner = np.select(ends, [events.caller, events.callee], 0)
    parties = {"caller": events.caller, "callee": events.callee, "owner": owner}

    def add(kind: str, number: Longs, what: Longs) -> None:
        found.setdefault(kind, []).append(_distinct(kind, number, events.start, what, reasons))

    for end, number in parties.items():
        if f"{end}_cell" in rows.columns:
            cells, new = _cells(rows.columns[f"{end}_cell"], rows.columns.get(f"{end}_area"), known)
            tokens.append(new)
            add(PLACES, number, cells)
        if f"{end}_imei" in rows.columns:
            imeis, new = number_keys(rows.columns[f"{end}_imei"], (0, 0), known)
            tokens.append(new)
            add(HANDSETS, number, np.where(np.isin(imeis, _ZEROS), 0, imeis))
    target = None
    if "forwarded_to" in rows.columns:
        target, new = number_keys(rows.columns["forwarded_to"], country, known)
        tokens.append(new)
    if target is not None or (events.kind == FORWARD).any():
        add(FORWARDS, *_forwards(events, target, parties["owner"]))
    return Sightings({kind: np.concatenate(parts, axis=1) for kind, parts in found.items()}), union(tokens)


def _distinct(kind: str, number: Longs, start: Longs, what: Longs, reasons: NDArray[np.uint8]) -> Longs:
    from circlegraph.kernels.sightings import sightings

    found = np.empty((3, number.size), np.int64)
    return found[:, : sightings(number, start, what, reasons, UNITS[kind], found)].copy()


def _cells(cell: Column, area: Column | None, known: TokenTable | None) -> tuple[Longs, Tokens]:
    """Keys of cells; with a column of areas, in which cells are numbered anew, those of area-cell."""
    if area is None:
        return number_keys(cell, (0, 0), known)
    areas, of_areas = number_keys(area, (0, 0))
    cells, of_cells = number_keys(cell, (0, 0))
    texts = union([of_areas, of_cells])
    distinct_areas, in_areas = np.unique(areas, return_inverse=True)
    distinct_cells, in_cells = np.unique(cells, return_inverse=True)
    both, place = np.unique(in_areas * len(distinct_cells) + in_cells, return_inverse=True)
    of_area, of_cell = np.divmod(both, len(distinct_cells))
    pairs = zip(decode(distinct_areas, texts)[of_area], decode(distinct_cells, texts)[of_cell], strict=True)
    names = ["-".join(filter(None, pair)) if pair[1] else "" for pair in pairs]
    keys, tokens = encode_with_tokens(names, country=None)
    return keys[place], tokens


def _forwards(events: Events, target: Longs | None, owner: Longs) -> tuple[Longs, Longs]:
    """Who forwards, and to whom; 0 where a row is no forward or names no target."""
    forward = events.kind == FORWARD
    if target is None:
        target = np.zeros(len(events), np.int64)
    given = (target != 0) & (target != 1)
    to = np.where(given, target, np.where(forward, events.callee, 0))
    who = np.where(forward & ~given, events.caller, events.callee)
    who = np.where(forward & (owner != 0), owner, who)
    who = np.where(given & (who == to), events.caller, who)
    return who, np.where(who == to, 0, to)


class SightingExchange:
    """Sightings by kind and partition of their number, in memory or, past `room` bytes, in temporary files.

    Batches may be added from several threads; what is computed from a partition must not depend on their order.
    """

    def __init__(self, bits: int, room: int | None = None) -> None:
        self._bits = bits
        share = None if room is None else room // len(UNITS)
        self._exchanges = {kind: Exchange(share) for kind in UNITS}
        self._sizes: dict[str, dict[int, int]] = {}

    def add(self, found: Sightings) -> None:
        """Add the sightings of a batch."""
        from circlegraph.kernels.exchange import number_partition

        for kind, (number, time, what) in found.of.items():
            part = number_partition(number, self._bits)
            self._exchanges[kind].add((number, time, what), part, 0, 1 << self._bits)

    def partitions(self, kind: str) -> list[int]:
        """Partitions that hold any sighting of a kind; no more may be added then."""
        self._sizes[kind] = self._exchanges[kind].sizes()
        return list(self._sizes[kind])

    def rows(self, kind: str, partition: int) -> Longs:
        """Sightings of a partition, int64[n, 3]: number, time, what; repeated ones among them."""
        return self._exchanges[kind].partition(partition, self._sizes[kind][partition])

    def release(self) -> None:
        """Let go of the memory and the files."""
        for exchange in self._exchanges.values():
            exchange.release()
