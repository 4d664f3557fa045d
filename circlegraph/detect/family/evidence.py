"""The evidence of every tie: how close, how much in common, when, how long, both ways."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.family.pieces import in_pieces
from circlegraph.detect.family.ties import CONTACTS, FREE, WORK, FamilyTies
from circlegraph.kernels.shared_circle import shared_circle
from circlegraph.kernels.tied_rows import end_sums, peer_sums
from circlegraph.parallel import mapped
from circlegraph.resources import Resources

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Rows = NDArray[np.int64] | slice

CLOSEST = 4.0
"""A tie counts as a close one up to this rank, and the less the further it is beyond."""
RANK_WEIGHT = 0.8
COMPANY_CONTACTS = 4.0
"""So many contacts of the usual hours are added to a tie before its hours are looked at."""
LEAST_SHARED = 0.05
TWO_WEEKS = 14
STRONGEST = 6
"""A tie is a strong one if it is among so many of both its numbers."""
LEAST_CIRCLE = 3
"""A number with fewer peers may be one of which only a part is seen: shares and ranks in its circle say little."""
FEW_DAYS = 4.0
LEAST_ANSWERED = 3
"""Answered calls that a tie needs for their length to say anything."""
SHRINKAGE = 0.75
"""Two peers or so, unseen, on either side: so that one shared peer of one says less than ten of ten."""
PIECE = 1 << 16


def gather_evidence(ties: FamilyTies, resources: Resources) -> dict[str, Singles]:
    """Work out the evidence of all ties from the contacts alone.

    Returns
    -------
    dict of str to float32[ties]
        NaN for what is not known.

        - ``closeness``: log2 of the share in the contacts with stable peers, less 0.8 log2 of the rank; half the mean
          of both sides, half the higher one, as an elder's whole circle may be a small part of his child's.
        - ``close_shared``: shared peers by how close they are to both.
        - ``company``: log2 of shared close peers whom both meet in evenings and at weekends over those whom both meet
          in work hours: relatives share relatives, colleagues share colleagues.
        - ``circle_similarity``: cosine of the two circles, rare peers counting more.
        - ``evenings``: log2 of contacts in evenings and at weekends over those in work hours, against the habits of
          its numbers with everybody else.
        - ``days_off``: log2 of the share of weekends and holidays among its days over their share in the window, drawn
          to 0 where there are few days.
        - ``short_calls``: share of calls of up to a minute among those answered.
        - ``shared_peers``, ``triads``: peers that both have a tie, or a strong tie, with; they are only told.
    """
    shared, weighted, triads = merge_circles(ties, _strength(ties, resources), resources)
    return {
        "closeness": _closeness(ties, resources),
        "circle_similarity": _similarity(ties, weighted, resources),
        "close_shared": triads[:, 0].copy(),
        "company": in_pieces(len(ties), lambda rows: _company(triads[rows]), resources),
        "evenings": _evenings(ties, resources),
        "days_off": in_pieces(len(ties), lambda rows: _days_off(ties, rows), resources),
        "short_calls": in_pieces(len(ties), lambda rows: _short_calls(ties, rows), resources),
        "shared_peers": shared,
        "triads": triads[:, 1].copy(),
    }


def shown_evidence(ties: FamilyTies, rows: NDArray[np.int64]) -> dict[str, Floats]:
    """Work out what is only told of some ties, and weighs nothing.

    Returns
    -------
    dict of str to float64[rows]
        - ``share``, ``rank``: of the tie in the contacts of its numbers; geometric mean over the own numbers of the
          two, as an off-net number is seen with own peers only.
        - ``reciprocity``: share of the contacts that go the rarer way, up to 0.5.
    """
    ends = ties.ends[rows]
    contacts = ties.column("contacts")[rows].astype(np.float64)
    whole = _whole(ties, ends)
    return {
        "share": np.exp2(_mean(np.log2(contacts[:, None] / ties.totals[ends, CONTACTS]), whole)),
        "rank": _mean_rank(ties, rows),
        "reciprocity": np.minimum(ties.column("out")[rows], ties.column("in")[rows]) / contacts,
    }


def _mean_rank(ties: FamilyTies, rows: Rows) -> Floats:
    """Geometric mean of the ranks, over the sides that are seen whole."""
    sides = np.log2(ties.ranks[rows].astype(np.float64))
    return np.asarray(np.exp2(_mean(sides, _whole(ties, ties.ends[rows]))))


def _whole(ties: FamilyTies, ends: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which ends are seen with all their peers, bool[ties, 2]; both where neither is."""
    whole: NDArray[np.bool_] = (ties.numbers.own & (ties.degree >= LEAST_CIRCLE))[ends]
    whole[~(whole[:, 0] | whole[:, 1])] = True
    return whole


def _mean(sides: Floats, whole: NDArray[np.bool_]) -> Floats:
    """Mean of the sides that are seen whole, one for each tie."""
    counted = np.where(whole, sides, 0.0)
    return np.asarray((counted[:, 0] + counted[:, 1]) / (1.0 * whole[:, 0] + whole[:, 1]))


def _strength(ties: FamilyTies, resources: Resources) -> Singles:
    """How far ties count for triads, float32[ties, 4]: close ones, strong ones, close ones at work and off work."""
    work, free = (ties.column(name) for name in ("work", "free"))
    usual = int(work.sum()) / max(int(work.sum()) + int(free.sum()), 1)

    def of_rows(rows: slice) -> Singles:
        close = np.minimum(1.0, CLOSEST / _mean_rank(ties, rows)).astype(np.float32)
        ranks = ties.ranks[rows]
        strong = np.maximum(ranks[:, 0], ranks[:, 1]) <= STRONGEST
        both = (work[rows] + free[rows]).astype(np.float32) + np.float32(COMPANY_CONTACTS)
        at_work = (work[rows].astype(np.float32) + np.float32(COMPANY_CONTACTS * usual)) / both
        if not 0 < usual < 1:  # the data tell no free hours from work hours
            at_work[:] = np.nan
        return np.stack([close, strong, close * at_work, close * (1 - at_work)], axis=1)

    return in_pieces((len(ties), 4), of_rows, resources)


def _company(triads: Singles) -> Singles:
    """Whom the two have in common: NaN where nobody is, or where the data tell no free hours from work hours."""
    close_shared, _, met_at_work, met_freely = triads.T
    company = np.log2((met_freely + LEAST_SHARED) / (met_at_work + LEAST_SHARED))
    return np.where(close_shared > 0, company, np.float32(np.nan))


def _closeness(ties: FamilyTies, resources: Resources) -> Singles:
    """Share and rank in one figure; contacts with who is met in one week only, such as couriers, leave it as it is."""
    stable = ties.column("weeks") >= (2 if ties.windows.length(0) >= TWO_WEEKS else 1)
    counted = np.where(stable, ties.column("contacts"), 0.0)
    total = end_sums(ties.ends, counted, len(ties.numbers))

    def of_rows(rows: slice) -> Floats:
        contacts = ties.column("contacts")[rows].astype(np.float64)[:, None]
        whole = _whole(ties, ties.ends[rows])
        sides = np.log2(contacts / np.maximum(total[ties.ends[rows]], contacts))
        sides = sides - RANK_WEIGHT * np.log2(ties.ranks[rows].astype(np.float64))
        higher = np.where(whole, sides, -np.inf)
        return np.asarray((_mean(sides, whole) + np.maximum(higher[:, 0], higher[:, 1])) / 2)

    return in_pieces(len(ties), of_rows, resources)


def _similarity(ties: FamilyTies, weighted: Singles, resources: Resources) -> Singles:
    """Similarity of the circles of the two, by what their shared peers weigh."""
    whole = peer_sums(ties.indptr, ties.peers, rarity(ties)) + SHRINKAGE

    def of_rows(rows: slice) -> Floats:
        ends = ties.ends[rows]
        return np.asarray(weighted[rows] / np.sqrt(whole[ends[:, 0]] * whole[ends[:, 1]]))

    return in_pieces(len(ties), of_rows, resources)


def rarity(ties: FamilyTies) -> Floats:
    """Weight of each number as a shared peer: the fewer have a tie with it, the more it says."""
    return np.asarray(1.0 / np.log2(2.0 + np.diff(ties.indptr)))


def merge_circles(
    ties: FamilyTies, strength: Singles, resources: Resources
) -> tuple[Singles, Singles, Singles]:
    """Shared peers of the ends of each tie, their summed rarity, and triads by strengths per tie, float32[ties, c]."""
    weight = rarity(ties)

    def merge(low: int) -> None:
        high = min(low + PIECE, len(ties))
        rows = slice(low, high)
        shared[rows], weighted[rows], triads[rows] = shared_circle(
            ties.indptr, ties.peers, ties.tie, strength, weight, ties.ends, low, high
        )

    shared, weighted = (np.empty(len(ties), np.float32) for _ in range(2))
    triads = np.empty(strength.shape, np.float32)
    list(mapped(merge, range(0, len(ties), PIECE), resources.threads))
    return shared, weighted, triads


def _evenings(ties: FamilyTies, resources: Resources) -> Singles:
    """Leaning of each tie towards evenings and weekends; NaN where none or all fall into work hours."""
    if not (ties.column("work").any() and ties.column("free").any()):
        return np.full(len(ties), np.nan, np.float32)

    def of_rows(rows: slice) -> Floats:
        ends = ties.ends[rows]
        work, free = (ties.column(name)[rows].astype(np.float64) for name in ("work", "free"))
        free_elsewhere = ties.totals[ends, FREE] - free[:, None]
        usual = np.log2((free_elsewhere + 2) / (ties.totals[ends, WORK] - work[:, None] + 2))
        leaning = np.log2((free + 2) / (work + 2)) - _mean(usual, _whole(ties, ends))
        return np.where(free + work > 0, leaning, np.nan)

    return in_pieces(len(ties), of_rows, resources)


def _days_off(ties: FamilyTies, rows: slice) -> Floats:
    """Leaning of each tie towards weekends and holidays; NaN where there are none, or nothing else."""
    if not 0 < ties.off_share < 1:
        return np.full(rows.stop - rows.start, np.nan)
    expected = ties.off_share * (ties.column("days")[rows] + FEW_DAYS)
    return np.log2((ties.column("days_off")[rows] + ties.off_share * FEW_DAYS) / expected)


def _short_calls(ties: FamilyTies, rows: slice) -> Floats:
    """Share of answered calls of up to a minute, drawn to one half where there are few."""
    answered = ties.column("answered")[rows]
    share = (ties.column("short")[rows] + 1) / (answered + 2)
    return np.where(answered >= LEAST_ANSWERED, share, np.nan)
