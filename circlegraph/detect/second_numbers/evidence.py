"""The evidence of every candidate: overlaps, balance, newness, loss, calls between the two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.known import Known
from circlegraph.detect.second_numbers.candidates import Candidates, rarity
from circlegraph.detect.second_numbers.sightings import Sightings, either
from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.kernels.between import between
from circlegraph.kernels.circle_sums import circle_sums
from circlegraph.kernels.day_spans import days_of_rows, days_within, first_within
from circlegraph.kernels.handover import handover
from circlegraph.spill import Shelf

SHRINKAGE = 1.0
"""A circle of one rare peer, unseen, on either side: so that one shared peer of one says less than ten of ten."""

LAST_DAYS = 30
TRIES = 2
"""Calls to a new number on its first day that only try whether it works."""
LEAST_FALL = 0.5
"""Contacts fell by 30 %."""
FEW_DAYS = 2.0
"""Contact days added on both sides of a ratio, so that few of them say little."""

_COUNTS = (
    *("number", "other", "split", "onset", "steady", "later", "shared"),
    *("own_days", "new_days", "later_days", "calls_between"),
)
_FLAGS = (
    "related",
    "same_document",
    "same_imei",
    "forwards",
    "other_months",
    "at_once",
    "arpu_drop",
    "distant",
)
WIDTHS: dict[str, type[np.generic]] = {
    **dict.fromkeys(_COUNTS, np.int32),
    **dict.fromkeys(("strangers", "active_days", "tried"), np.int8),
    **dict.fromkeys(_FLAGS, np.float16),
}
"""Columns of evidence that are narrower than they are worked out."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence of pairs of a number x and a candidate x', an array entry each; NaN for what is not known.

    There are millions of pairs: each column is as narrow as its values are, and what follows from others is none.

    Attributes
    ----------
    number, other
        Ids of x and x'.
    split, onset
        Days of the split and of the onset, counted from the first day of the window before. A new number has its
        onset on the first day that it is seen; one that was known, when it first meets one of S after the split.
    steady, later, shared
        Size of the stable circle S of x, of the own-network circle C' of x' after T, hubs left out, and of both.
    balance, gain
        How much of the old circle the two numbers carry together, and what x' adds.
    circle
        Cosine of the circles, rare peers counting more, shrunk where small: overlap and containment in one. All peers
        of the own network that x met before and x' after count here, met steadily or not.
    circle_fall
        As `fall`, with all peers that x met before T, since x' met the first of its own.
    handed
        How much likelier the contact days with each shared peer are if x and x' are one person, who keeps up the
        contacts of x, than if they are two; as a power of 2, the peers added up.
    strangers
        Pairs of shared peers that have no contact with each other, at most 15: who joins a household or a team shares
        peers who know each other, but only x himself knows people who do not.
    expected_days, own_days, new_days
        Contact days with the shared peers since x' met each of them: as many as x would have had, and had; and x' had.
    later_days
        Contact days of x' with C' after T; those with new numbers left out, as friends may move together.
    newness
        1 for an x' never seen before T, else half the share of its contact with the shared peers that is new.
    calls_between
        Calls and texts of x with x', before and after.
    tried
        1 where the two had contact on the first day of a new x' only, and once or twice: he tries his new card.
    related
        1 where both are known to be of one family and in contact, else 0.
    mou_drop, arpu_drop
        Fall of the minutes and of the revenue of x by the bills since the onset; without bills, of the minutes after T.
    same_document, same_imei, forwards
        1 or 0.
    cell_overlap
        How alike the cells are, by bands of hours.
    cells
        The same, and how often one cell hears both in the hours in which both are heard, as far as these are known.
    distant
        Hours in which both are heard by cells so far apart that nobody is heard by both within an hour.
    other_months
        1 if the two were activated in different months, else 0.
    active_days
        The lesser of both numbers' active days in the last 30.
    at_once
        Calls of both that run at the same time, see `kernels.talks`; not counted for the least likely pairs.
    """

    number: NDArray[np.int32]
    other: NDArray[np.int32]
    split: NDArray[np.int32]
    onset: NDArray[np.int32]
    steady: NDArray[np.int32]
    later: NDArray[np.int32]
    shared: NDArray[np.int32]
    balance: NDArray[np.float64]
    gain: NDArray[np.float64]
    circle: NDArray[np.float64]
    circle_fall: NDArray[np.float64]
    handed: NDArray[np.float64]
    strangers: NDArray[np.int8]
    expected_days: NDArray[np.float64]
    own_days: NDArray[np.int32]
    new_days: NDArray[np.int32]
    later_days: NDArray[np.int32]
    newness: NDArray[np.float64]
    calls_between: NDArray[np.int32]
    tried: NDArray[np.int8]
    related: NDArray[np.float16]
    mou_drop: NDArray[np.float64]
    arpu_drop: NDArray[np.float16]
    same_document: NDArray[np.float16]
    same_imei: NDArray[np.float16]
    forwards: NDArray[np.float16]
    cell_overlap: NDArray[np.float64]
    cells: NDArray[np.float64]
    distant: NDArray[np.float16]
    other_months: NDArray[np.float16]
    active_days: NDArray[np.int8]
    at_once: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.number)

    @property
    def overlap(self) -> NDArray[np.float64]:
        """Share of S that is in C'."""
        return np.asarray(self.shared / self.steady)

    @property
    def containment(self) -> NDArray[np.float64]:
        """Share of C' that is in S."""
        return np.asarray(self.shared / self.later)

    @property
    def jaccard(self) -> NDArray[np.float64]:
        """Share of all in S or C' that is in both."""
        return np.asarray(self.shared / (self.steady + self.later - self.shared))

    @property
    def residual(self) -> NDArray[np.float64]:
        """How much of the old circle is missing."""
        return 1.0 - self.balance

    @property
    def fall(self) -> NDArray[np.float64]:
        """How far the contact days of x with the shared peers fell since x' met each of them, as a power of 2."""
        return _fall(self.own_days, self.expected_days)

    @property
    def inside(self) -> NDArray[np.float64]:
        """Share of the contact days of x' after T that is with peers of x; contacts with new numbers left out."""
        return (self.new_days + 0.5) / (self.later_days + 1.0)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Evidence:
        """Only some of the pairs."""
        return Evidence(*(column[rows] for column in self.columns()))

    def columns(self) -> list[NDArray[Any]]:
        """All columns, in the order of the fields."""
        return [getattr(self, f.name) for f in fields(self)]


@dataclass(frozen=True, slots=True)
class Alone:
    """What is known of each number before numbers of one owner are taken together.

    Attributes
    ----------
    ties
        The rows; what stands in them before and after the split is not looked at.
    old
        bool[numbers]: was it seen before the split?
    first_day
        int32[numbers]: first day of contact after the split, counted from it; -1 for none.
    active
        int32[numbers]: days in use among the last 30.
    """

    ties: Ties
    old: NDArray[np.bool_]
    first_day: NDArray[np.int32]
    active: NDArray[np.int32]

    @classmethod
    def of(cls, ties: Ties) -> Alone:
        """Look at the rows of one split."""
        in_use, split, span = days_of_rows(ties.indptr, ties.days), ties.split_day, ties.span
        active = days_within(in_use, span - LAST_DAYS, span)
        return cls(ties, first_within(in_use, 0, split) >= 0, first_within(in_use, split, span), active)


class Gatherer:
    """Works out the evidence of candidates; what it needs of every number it works out once.

    Parameters
    ----------
    ties
        The rows, numbers of one owner taken together.
    known, seen_there
        What tables say of the numbers, and where they were seen.
    alone
        The numbers by themselves.
    """

    def __init__(self, ties: Ties, known: Known, seen_there: Sightings, alone: Alone) -> None:
        self._ties, self._known, self._seen, self._alone = ties, known, seen_there, alone
        seen_there.prepare()
        self._telling = ties.telling
        self._rarity = rarity(ties)
        self._counts, self._sums = circle_sums(
            ties.indptr,
            ties.peers,
            ties.stable,
            ties.before,
            ties.after,
            ties.first_day,
            ties.days,
            self._telling,
            alone.old,  # a new number among his contacts may be the second one of a peer of x
            self._rarity,
            ties.split_day,
            ties.span,
        )

    def evidence(self, found: Candidates) -> Evidence:
        """Evidence of candidates; those of one number stand together."""
        ties, alone, known = self._ties, self._alone, self._known
        x, other = found.number, found.other
        least, most = self._sums[x, :2].T
        balance = _share(least + found.least, most + found.most)
        known_before = _share(found.volume_before, found.volume)
        first = np.where(alone.old[other], found.first_day, alone.first_day[other])
        day = ties.windows.first_day(0) + ties.split_day + first
        billed = known.drop("mou", x, day)
        overlap, cells, distant = self._seen.cells(x, other)
        rows = alone.ties
        met = between(rows.indptr, rows.peers, x, other)
        calls_between = np.where(met < 0, 0, rows.contacts[met]) if len(rows.peers) else np.zeros_like(met)
        tried = ~alone.old[other] & (calls_between > 0) & (calls_between <= TRIES)
        days = rows.days[met[tried]]
        on_first = first_within(days, 0, ties.span) == (ties.split_day + first)[tried]
        tried[tried] = on_first & (days_within(days, 0, ties.span) == 1)
        return _narrow(
            number=x,
            other=other,
            split=np.full(len(found), ties.split_day),
            onset=ties.split_day + first,
            shared=found.shared,
            balance=balance,
            gain=balance - _share(least, most),
            **self._of_circles(x, other),
            newness=np.where(alone.old[other], (1.0 - known_before) / 2, 1.0),
            calls_between=calls_between,
            tried=tried,
            related=known.related(x, other),
            mou_drop=np.where(np.isnan(billed), _drop(ties.minutes[0][x], ties.minutes[1][x]), billed),
            arpu_drop=known.drop("arpu", x, day),
            same_document=known.same("id_document", x, other),
            same_imei=either(known.same("imei", x, other), self._seen.same_handset(x, other)),
            forwards=either(known.forwards(x, other), self._seen.forwarded(x, other)),
            cell_overlap=overlap,
            cells=cells,
            distant=distant,
            other_months=1.0 - known.same("activated", x, other),
            active_days=np.minimum(alone.active[x], alone.active[other]),
            at_once=np.full(len(found), np.nan),  # of all pairs together, see `heard`
        )

    def renew(self, evidence: Evidence, rows: NDArray[np.int64]) -> None:
        """Work out anew, in place, what depends on the rows of both numbers, of pairs that stand in some rows."""
        pairs = (ids[rows].astype(np.int64) for ids in (evidence.number, evidence.other))
        for name, values in self._of_circles(*pairs).items():
            getattr(evidence, name)[rows] = values

    def _of_circles(self, x: NDArray[np.int64], other: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
        ties = self._ties
        counts, sums = handover(
            ties.indptr,
            ties.peers,
            ties.days,
            ties.first_day,
            self._telling,
            self._rarity,
            x,
            other,
            ties.split_day,
            ties.span,
        )
        _, own_days, new_days, strangers, circle_days = counts.T.copy()
        expected_days, shared_rarity, handed, expected_circle = sums.T.copy()
        mine, theirs = self._sums[x, 2], self._sums[other, 3]
        return {
            "steady": self._counts[x, 0],
            "later": self._counts[other, 1],
            "circle": shared_rarity / np.sqrt((mine + SHRINKAGE) * (theirs + SHRINKAGE)),
            "circle_fall": _fall(circle_days, expected_circle),
            "handed": handed,
            "strangers": strangers,
            "expected_days": expected_days,
            "own_days": own_days,
            "new_days": new_days,
            "later_days": self._counts[other, 2],
        }


def heard(evidence: Evidence, seen: Sightings, threads: int) -> Evidence:
    """Fill in what is worked out of all pairs together, a piece of time after the other.

    Most pairs are an x who loses nothing and an x' known before; they have no chance, and it is left unknown there.
    """
    likely = (evidence.newness == 1) | (evidence.fall > LEAST_FALL)
    rows = np.flatnonzero(np.isnan(evidence.at_once) & likely)
    count = seen.at_once(evidence.number[rows], evidence.other[rows], threads)
    evidence.at_once[rows] = np.minimum(count, np.finfo(np.float16).max)
    return evidence


def _narrow(**columns: NDArray[Any]) -> Evidence:
    """Evidence of columns of any width."""
    return Evidence(
        **{name: column.astype(WIDTHS.get(name, column.dtype)) for name, column in columns.items()}
    )


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of a whole; none of nothing, as for a circle of which only unanswered calls are known."""
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


def _fall(days: NDArray[np.integer[Any]], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far contact days fell below what was to be expected, as a power of 2."""
    return np.asarray(-np.log2((days + FEW_DAYS) / (expected + FEW_DAYS)), np.float64)


def _drop(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of something that is gone after the split; NaN where there was nothing."""
    fall = np.full(len(before), np.nan)
    np.divide(before - after, before, out=fall, where=before > 0)
    return fall


def joined(parts: Iterable[Evidence], most: int, shelf: Shelf) -> Evidence:
    """All of some parts, at most so many pairs, put aside; a part is let go of before the next one comes."""
    columns: list[NDArray[Any]] = []
    filled = 0
    for part in parts:
        rows = slice(filled, filled + len(part))
        given = part.columns()
        columns = columns or [shelf.empty(most, column.dtype) for column in given]
        for column, values in zip(columns, given, strict=True):
            column[rows] = values
        filled = rows.stop
        shelf.release()
    return Evidence(*(column[:filled] for column in columns))
