"""Work out the evidence of every candidate: overlaps, balance, newness, loss, calls between the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.known import Known
from circlegraph.detect.second_numbers.candidates import Candidates, rarity
from circlegraph.detect.second_numbers.evidence import PAIRS_AT_A_TIME, Evidence, fall_of, narrow
from circlegraph.detect.second_numbers.sightings import Sightings, either
from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.kernels.between import between
from circlegraph.kernels.circle_sums import circle_sums
from circlegraph.kernels.day_spans import days_within, first_within
from circlegraph.kernels.handover import handover
from circlegraph.parallel import mapped
from circlegraph.spill import give_back

SHRINKAGE = 1.0
"""A circle of one rare peer, unseen, on either side: so that one shared peer of one says less than ten of ten."""

LAST_DAYS = 30
NUMBERS_AT_A_TIME = 1 << 16
TRIES = 2
"""Calls to a new number on its first day that only try whether it works."""
LEAST_FALL = 0.5
"""Contacts fell by 30 %."""


@dataclass(frozen=True, slots=True)
class Alone:
    """What is known of each number before numbers of one owner are taken together.

    Attributes
    ----------
    old
        bool[numbers]: was it seen before the split?
    later
        float64[numbers]: share of its use that is after the split, in days of use per day before and after; below 1
        for all that are old.
    first_day
        int32[numbers]: first day of contact after the split, counted from it; -1 for none.
    active
        int32[numbers]: days in use among the last 30.
    """

    old: NDArray[np.bool_]
    later: NDArray[np.float64]
    first_day: NDArray[np.int32]
    active: NDArray[np.int32]

    @classmethod
    def at(cls, in_use: NDArray[np.uint64], split: int, span: int) -> Alone:
        """Look at the days in use, uint64[numbers, words], of the days before a split and of those up to `span`."""
        before = days_within(in_use, 0, split)
        a_day, later = before / max(split, 1), days_within(in_use, split, span) / max(span - split, 1)
        return cls(
            before > 0,
            _share(later, a_day + later),
            first_within(in_use, split, span),
            days_within(in_use, span - LAST_DAYS, span),
        )


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
    threads
        How many work.
    """

    def __init__(
        self, ties: Ties, known: Known, seen_there: Sightings, alone: Alone, threads: int = 1
    ) -> None:
        self._ties, self._known, self._seen, self._alone = ties, known, seen_there, alone
        seen_there.prepare()
        self._telling = ties.telling
        self.rarity = rarity(ties)

        def of_range(low: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
            return circle_sums(
                ties.indptr[low : low + NUMBERS_AT_A_TIME + 1],
                ties.peers,
                ties.stable,
                ties.before,
                ties.after,
                ties.first_day,
                ties.days,
                self._telling,
                alone.old,  # a new number among his contacts may be the second one of a peer of x
                self.rarity,
                ties.split_day,
                ties.span,
            )

        ranges = range(0, max(len(ties.numbers), 1), NUMBERS_AT_A_TIME)
        counts, sums = zip(*mapped(of_range, ranges, threads), strict=True)
        self._counts, self._sums = np.concatenate(counts), np.concatenate(sums)
        self._onset = self._counts[:, 3].astype(np.int32)

    def evidence(self, found: Candidates) -> Evidence:
        """Evidence of candidates; those of one number stand together."""
        ties, alone, known = self._ties, self._alone, self._known
        x, other = found.number, found.other
        least, most = self._sums[x, :2].T
        balance = _share(least + found.least, most + found.most)
        first = np.where(alone.old[other], found.first_day, alone.first_day[other])
        day = ties.windows.first_day(0) + ties.split_day + first
        billed = known.drop("mou", x, day)
        overlap, cells, distant, at_once = self._seen.of_pairs(x, other)
        nothing = np.zeros(len(found))
        return narrow(
            number=x,
            other=other,
            split=np.full(len(found), ties.split_day),
            onset=ties.split_day + first,
            shared=found.shared,
            balance=balance,
            gain=balance - _share(least, most),
            **self.of_circles(x, other),
            newness=np.where(alone.old[other], alone.later[other], 1.0),
            calls_between=nothing,  # of all pairs together, see `completed`
            tried=nothing,
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
            at_once=at_once,  # else of all pairs together as well
        )

    def of_circles(self, x: NDArray[np.int64], other: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
        """Columns of the evidence that depend on the rows of both numbers."""
        ties = self._ties
        counts, sums = handover(
            ties.indptr,
            ties.peers,
            ties.days,
            ties.first_day,
            self._telling,
            self.rarity,
            self._onset,
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
            "circle_fall": fall_of(circle_days, expected_circle),
            "handed": handed,
            "strangers": strangers,
            "expected_days": expected_days,
            "own_days": own_days,
            "new_days": new_days,
            "later_days": self._counts[other, 2],
        }


def completed(evidence: Evidence, alone: Ties, seen: Sightings, threads: int) -> Evidence:
    """Fill in what is worked out of all pairs together; `alone` are the rows of the numbers by themselves."""
    give_back()  # the rows of all numbers
    _between_them(evidence, alone, threads)
    _at_once(evidence, seen, threads)
    return evidence


def _between_them(evidence: Evidence, alone: Ties, threads: int) -> None:
    """Count the contacts of the two, and tell where x only tried a new number."""

    def fill(at: int) -> None:
        rows = slice(at, at + PAIRS_AT_A_TIME)
        ends = (ids[rows].astype(np.int64) for ids in (evidence.number, evidence.other))
        met = between(alone.indptr, alone.peers, *ends)
        known = np.flatnonzero(met >= 0)
        calls = alone.contacts[met[known]]
        evidence.calls_between[at + known] = calls
        few = known[(calls > 0) & (calls <= TRIES) & (evidence.newness[at + known] == 1.0)]
        days = alone.days[met[few]]
        on_first = first_within(days, 0, alone.span) == evidence.onset[at + few]
        evidence.tried[at + few] = on_first & (days_within(days, 0, alone.span) == 1)

    for _ in mapped(fill, range(0, len(evidence), PAIRS_AT_A_TIME), threads):
        alone.shelf.release()


def _at_once(evidence: Evidence, seen: Sightings, threads: int) -> None:
    """Count the calls of both that run at the same time, a piece of time after the other.

    Most pairs are an x who loses nothing and an x' known before; they have no chance, and it is left unknown there.
    """
    likely = (evidence.newness == 1) | (evidence.fall > LEAST_FALL)
    evidence.at_once[~likely] = np.nan
    rows = np.flatnonzero(np.isnan(evidence.at_once) & likely)
    count = seen.at_once(evidence.number[rows], evidence.other[rows], threads)
    evidence.at_once[rows] = np.minimum(count, np.finfo(np.float16).max)


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of a whole; none of nothing, as for a circle of which only unanswered calls are known."""
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


def _drop(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of something that is gone after the split; NaN where there was nothing."""
    fall = np.full(len(before), np.nan)
    np.divide(before - after, before, out=fall, where=before > 0)
    return fall
