"""The evidence of every candidate: overlaps, balance, newness, loss, calls between the two."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.known import Known
from circlegraph.detect.second_numbers.candidates import Candidates, circle_peers, rarity, stable_counts
from circlegraph.detect.second_numbers.sightings import Sightings, either
from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.kernels.day_spans import days_in_use, days_within
from circlegraph.kernels.handover import handover

SHRINKAGE = 1.0
"""A circle of one rare peer, unseen, on either side: so that one shared peer of one says less than ten of ten."""

LAST_DAYS = 30
FEW_DAYS = 2.0
"""Contact days added on both sides of a ratio, so that few of them say little."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence of pairs of a number x and a candidate x', an array entry each; NaN for what is not known.

    Attributes
    ----------
    split, onset
        int64: days of the split and of the onset, counted from the first day of the window before. A new number has its
        onset on the first day that it is seen; one that was known, when it first meets one of S after the split.
    steady
        int64: size of S.
    overlap, containment, jaccard
        Of the stable circle S of x and the own-network circle C' of x' after T, hubs left out.
    balance, gain, residual
        How much of the old circle the two numbers carry together, what x' adds, and what is missing.
    circle
        Cosine of the circles, rare peers counting more, shrunk where small: overlap and containment in one. All peers
        of the own network that x met before and x' after count here, met steadily or not.
    fall
        How far the contact days of x with the shared peers fell since x' met each of them, as a power of 2.
    kept
        0 where the contact days of both together are as many as those of x were; else less, as a power of 2.
    inside
        Share of the contact days of x' after T that is with peers of x; contacts with new numbers left out, as friends
        may move together.
    expected_days, own_days, new_days
        Contact days with the shared peers since x' met each of them: as many as x would have had, and had; and x' had.
    newness
        1 for an x' never seen before T, else half the share of its contact with the shared peers that is new.
    calls_between
        Calls and texts of x with x', before and after.
    related
        1 where both are known to be of one family and in contact, else 0.
    mou_drop
        Fall of the minutes of x.
    same_document, same_imei, forwards
        1 or 0.
    cell_overlap
        How alike the cells are, by bands of hours.
    cells
        The same, and how often one cell hears both in the hours in which both are heard, as far as these are known.
    other_months
        1 if the two were activated in different months, else 0.
    active_days
        The lesser of both numbers' active days in the last 30.
    """

    split: NDArray[np.int64]
    onset: NDArray[np.int64]
    steady: NDArray[np.int64]
    overlap: NDArray[np.float64]
    containment: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    balance: NDArray[np.float64]
    gain: NDArray[np.float64]
    residual: NDArray[np.float64]
    circle: NDArray[np.float64]
    fall: NDArray[np.float64]
    kept: NDArray[np.float64]
    inside: NDArray[np.float64]
    expected_days: NDArray[np.float64]
    own_days: NDArray[np.int64]
    new_days: NDArray[np.int64]
    newness: NDArray[np.float64]
    calls_between: NDArray[np.int64]
    related: NDArray[np.float64]
    mou_drop: NDArray[np.float64]
    same_document: NDArray[np.float64]
    same_imei: NDArray[np.float64]
    forwards: NDArray[np.float64]
    cell_overlap: NDArray[np.float64]
    cells: NDArray[np.float64]
    other_months: NDArray[np.float64]
    active_days: NDArray[np.int64]

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Evidence:
        """Only some of the pairs."""
        return Evidence(*(getattr(self, f.name)[rows] for f in fields(self)))


def gather_evidence(
    ties: Ties, found: Candidates, known: Known, seen_there: Sightings, single: Ties
) -> Evidence:
    """Work out the evidence of candidates; `single` are the ties before numbers of one owner were taken together."""
    x, other = found.number, found.other
    steady = stable_counts(ties)[x]
    seen = circle_peers(ties)
    circle = ties.sums(seen)[other]
    before, after = (np.where(ties.stable, index, 0.0) for index in (ties.before, ties.after))
    least = ties.sums(np.minimum(before, after))[x]
    most = ties.sums(np.maximum(before, after))[x]
    balance = (least + found.least) / (most + found.most)
    telling = ties.numbers.own & ~ties.hubs
    weight = rarity(ties)
    counts, sums = handover(
        ties.indptr,
        ties.peers,
        ties.days,
        ties.first_day,
        telling,
        weight,
        x,
        other,
        ties.split_day,
        ties.span,
    )
    _, own_days, new_days = counts.T
    expected_days, shared_rarity = sums.T
    rare = np.where(telling, weight, 0.0)[ties.peers]
    mine = ties.sums(rare * (ties.before > 0))[x]
    seen_before = single.sums(single.before) > 0
    old = seen_before[ties.peers]  # a new number among his contacts may be the second one of a peer of x
    theirs = ties.sums(rare * ((ties.first_day >= 0) & old))[other]
    similarity = shared_rarity / np.sqrt((mine + SHRINKAGE) * (theirs + SHRINKAGE))
    all_days = ties.sums(days_within(ties.days, ties.split_day, ties.span) * (seen & old))[other]
    known_before = np.zeros(len(found))
    np.divide(found.volume_before, found.volume, out=known_before, where=found.volume > 0)
    first = np.where(seen_before[other], found.first_day, _first_days(single)[other])
    overlap, same_cell = seen_there.cell_overlap(x, other), seen_there.same_cell(x, other)
    active = days_in_use(single.indptr, single.days, single.span - LAST_DAYS, single.span)
    return Evidence(
        split=np.full(len(found), ties.split_day, np.int64),
        onset=ties.split_day + first,
        steady=steady,
        overlap=found.shared / steady,
        containment=found.shared / circle,
        jaccard=found.shared / (steady + circle - found.shared),
        balance=balance,
        gain=balance - least / most,
        residual=1.0 - balance,
        circle=similarity,
        fall=-np.log2((own_days + FEW_DAYS) / (expected_days + FEW_DAYS)),
        kept=-np.abs(np.log2((own_days + new_days + FEW_DAYS) / (expected_days + FEW_DAYS))),
        inside=(new_days + 0.5) / (all_days + 1.0),
        expected_days=expected_days,
        own_days=own_days,
        new_days=new_days,
        newness=np.where(seen_before[other], (1.0 - known_before) / 2, 1.0),
        calls_between=_contacts_between(single, x, other),
        related=known.related(x, other),
        mou_drop=_drop(ties.minutes[0][x], ties.minutes[1][x]),
        same_document=known.same("id_document", x, other),
        same_imei=either(known.same("imei", x, other), seen_there.same_handset(x, other)),
        forwards=either(known.forwards(x, other), seen_there.forwarded(x, other)),
        cell_overlap=overlap,
        cells=np.where(
            np.isnan(same_cell), overlap, np.where(np.isnan(overlap), same_cell, (overlap + same_cell) / 2)
        ),
        other_months=1.0 - known.same("activated", x, other),
        active_days=np.minimum(active[x], active[other]),
    )


def _first_days(ties: Ties) -> NDArray[np.int64]:
    """First day of contact of each number after the split, counted from it; -1 for none."""
    never = np.iinfo(np.int32).max
    first = np.full(len(ties.numbers), never, np.int64)
    np.minimum.at(first, ties.heads, np.where(ties.first_day < 0, never, ties.first_day))
    return np.where(first == never, -1, first)


def _drop(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of something that is gone after the split; NaN where there was nothing."""
    fall = np.full(len(before), np.nan)
    np.divide(before - after, before, out=fall, where=before > 0)
    return fall


def _contacts_between(ties: Ties, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """Calls and texts of pairs of numbers."""
    edges = ties.heads * len(ties.numbers) + ties.peers  # ascending
    wanted = a * len(ties.numbers) + b
    at = np.minimum(np.searchsorted(edges, wanted), len(edges) - 1)
    return np.where(edges[at] == wanted, ties.contacts[at], 0)
