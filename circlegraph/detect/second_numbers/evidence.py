"""The evidence of every candidate: overlaps, balance, newness, loss, calls between the two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.known import Known
from circlegraph.detect.second_numbers.candidates import Candidates, circle_peers, rarity, stable_counts
from circlegraph.detect.second_numbers.ties import Ties

SHRINKAGE = 1.0
"""A circle of one rare peer, unseen, on either side: so that one shared peer of one says less than ten of ten."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence of pairs of a number x and a candidate x', an array entry each; NaN for what is not known.

    Attributes
    ----------
    overlap, containment, jaccard
        Of the stable circle S of x and the own-network circle C' of x' after T, hubs left out.
    balance, gain, residual
        How much of the old circle the two numbers carry together, what x' adds, and what is missing.
    circle
        Cosine of the circles, rare peers counting more, shrunk where small: overlap and containment in one.
    newness
        1 for an x' never seen before T, else half the share of its contact with the shared peers that is new.
    calls_between
        Calls and texts of x with x', before and after.
    mou_drop
        Fall of the minutes of x.
    same_document, same_imei, forwards
        1 or 0.
    """

    overlap: NDArray[np.float64]
    containment: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    balance: NDArray[np.float64]
    gain: NDArray[np.float64]
    residual: NDArray[np.float64]
    circle: NDArray[np.float64]
    newness: NDArray[np.float64]
    calls_between: NDArray[np.int64]
    mou_drop: NDArray[np.float64]
    same_document: NDArray[np.float64]
    same_imei: NDArray[np.float64]
    forwards: NDArray[np.float64]


def gather_evidence(ties: Ties, found: Candidates, known: Known) -> Evidence:
    """Work out the evidence of candidates."""
    x, other = found.number, found.other
    steady = stable_counts(ties)[x]
    seen = circle_peers(ties)
    circle = ties.sums(seen)[other]
    before, after = (np.where(ties.stable, index, 0.0) for index in (ties.before, ties.after))
    least = ties.sums(np.minimum(before, after))[x]
    most = ties.sums(np.maximum(before, after))[x]
    balance = (least + found.least) / (most + found.most)
    rare = rarity(ties)[ties.peers]
    mine = ties.sums(np.where(ties.stable, rare, 0.0))[x]
    theirs = ties.sums(np.where(seen, rare, 0.0))[other]
    similarity = found.rarity / np.sqrt((mine + SHRINKAGE) * (theirs + SHRINKAGE))
    known_before = np.zeros(len(found))
    np.divide(found.volume_before, found.volume, out=known_before, where=found.volume > 0)
    unseen = ties.sums(ties.before)[other] == 0
    return Evidence(
        overlap=found.shared / steady,
        containment=found.shared / circle,
        jaccard=found.shared / (steady + circle - found.shared),
        balance=balance,
        gain=balance - least / most,
        residual=1.0 - balance,
        circle=similarity,
        newness=np.where(unseen, 1.0, (1.0 - known_before) / 2),
        calls_between=_contacts_between(ties, x, other),
        mou_drop=_drop(ties.minutes[0][x], ties.minutes[1][x]),
        same_document=known.same("id_document", x, other),
        same_imei=known.same("imei", x, other),
        forwards=known.forwards(x, other),
    )


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
