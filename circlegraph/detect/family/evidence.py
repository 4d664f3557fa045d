"""The evidence of every tie: how close, how much in common, when, how long, both ways."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.pairs import LENGTHS, PARTS_OF_WEEK
from circlegraph.detect.family.ties import FamilyTies
from circlegraph.kernels.shared_circle import shared_circle
from circlegraph.parallel import mapped
from circlegraph.resources import Resources

Floats = NDArray[np.float64]

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


def gather_evidence(ties: FamilyTies, resources: Resources) -> dict[str, Floats]:
    """Work out the evidence of all ties from the contacts alone.

    Returns
    -------
    dict of str to float64[ties]
        NaN for what is not known.

        - ``share``, ``rank``: of the tie in the contacts of its numbers; geometric mean over the own numbers of the
          two, as an off-net number is seen with own peers only.
        - ``closeness``: log2 of the share in the contacts with stable peers, less 0.8 log2 of the rank; half the mean
          of both sides, half the higher one, as an elder's whole circle may be a small part of his child's.
        - ``shared_peers``, ``triads``: peers that both have a tie, or a strong tie, with.
        - ``close_shared``: shared peers by how close they are to both.
        - ``company``: log2 of shared close peers whom both meet in evenings and at weekends over those whom both meet
          in work hours: relatives share relatives, colleagues share colleagues.
        - ``circle_similarity``: cosine of the two circles, rare peers counting more.
        - ``evenings``: log2 of contacts in evenings and at weekends over those in work hours, against the habits of
          its numbers with everybody else.
        - ``days_off``: log2 of the share of weekends and holidays among its days over their share in the window, drawn
          to 0 where there are few days.
        - ``short_calls``: share of calls of up to a minute among those answered.
        - ``reciprocity``: share of the contacts that go the rarer way, up to 0.5.
    """
    contacts = ties.column("contacts").astype(np.float64)
    whole = (ties.numbers.own & (ties.degree >= LEAST_CIRCLE))[ties.ends]
    whole[~whole.any(axis=1)] = True
    shared, similarity, triads = _in_common(ties, resources)
    close = np.minimum(1.0, CLOSEST / np.exp2(_mean(np.log2(ties.ranks), whole)))
    close_shared = merge_circles(ties, close, resources)[2]
    days_off = np.full(len(ties), np.nan)
    if 0 < ties.off_share < 1:
        expected = ties.off_share * (ties.column("days") + FEW_DAYS)
        days_off = np.log2((ties.column("days_off") + ties.off_share * FEW_DAYS) / expected)
    return {
        "share": np.exp2(_mean(np.log2(contacts[:, None] / ties.totals[ties.ends, 0]), whole)),
        "rank": np.exp2(_mean(np.log2(ties.ranks), whole)),
        "closeness": _closeness(ties, contacts, whole),
        "shared_peers": shared,
        "circle_similarity": similarity,
        "triads": triads,
        "close_shared": close_shared,
        "company": _company(ties, close, close_shared, resources),
        "evenings": _evenings(ties, whole),
        "days_off": days_off,
        "short_calls": _short_calls(ties),
        "reciprocity": np.minimum(ties.column("out"), ties.column("in")) / contacts,
    }


def _mean(sides: Floats, whole: NDArray[np.bool_]) -> Floats:
    """Mean of the sides that are seen whole, float64[ties]."""
    return np.asarray((sides * whole).sum(axis=1) / whole.sum(axis=1))


def _closeness(ties: FamilyTies, contacts: Floats, whole: NDArray[np.bool_]) -> Floats:
    """Share and rank in one figure; contacts with who is met in one week only, such as couriers, leave it as it is."""
    stable = ties.column("weeks") >= (2 if ties.windows.length(0) >= TWO_WEEKS else 1)
    both = np.repeat(contacts[stable], 2)
    everything = np.bincount(ties.ends[stable].ravel(), both, minlength=len(ties.numbers))[ties.ends]
    sides = np.log2(contacts[:, None] / np.maximum(everything, contacts[:, None]))
    sides = sides - RANK_WEIGHT * np.log2(ties.ranks)
    higher = np.where(whole, sides, -np.inf).max(axis=1, initial=-np.inf)
    return np.asarray((_mean(sides, whole) + higher) / 2)


def _company(ties: FamilyTies, close: Floats, close_shared: Floats, resources: Resources) -> Floats:
    """Whom the two have in common: NaN where nobody is, or where the data tell no free hours from work hours."""
    work, free = _work_and_free(ties)
    if not (work.any() and free.any()):
        return np.full(len(ties), np.nan)
    usual = work.sum() / (work + free).sum()
    at_work = (work + COMPANY_CONTACTS * usual) / (work + free + COMPANY_CONTACTS)
    met_at_work = merge_circles(ties, at_work * close, resources)[2]
    met_freely = merge_circles(ties, (1 - at_work) * close, resources)[2]
    company = np.log2((met_freely + LEAST_SHARED) / (met_at_work + LEAST_SHARED))
    return np.where(close_shared > 0, company, np.nan)


def _in_common(ties: FamilyTies, resources: Resources) -> tuple[Floats, Floats, Floats]:
    """Shared peers, the similarity of the circles, and triads."""
    strong = (ties.ranks.max(axis=1, initial=0) <= STRONGEST).astype(np.float64)
    shared, weighted, triads = merge_circles(ties, strong, resources)
    heads = np.repeat(np.arange(len(ties.numbers)), np.diff(ties.indptr))
    size = np.bincount(heads, rarity(ties)[ties.peers], minlength=len(ties.numbers))[ties.ends] + SHRINKAGE
    return shared, weighted / np.sqrt(size[:, 0] * size[:, 1]), triads


def rarity(ties: FamilyTies) -> Floats:
    """Weight of each number as a shared peer: the fewer have a tie with it, the more it says."""
    return np.asarray(1.0 / np.log2(2.0 + np.diff(ties.indptr)))


def merge_circles(ties: FamilyTies, strength: Floats, resources: Resources) -> tuple[Floats, Floats, Floats]:
    """Shared peers of the ends of each tie, their summed rarity, and triads by a strength per tie."""
    weight, edges = rarity(ties), strength[ties.tie]

    def merge(low: int) -> tuple[NDArray[np.generic], ...]:
        high = min(low + PIECE, len(ties))
        return shared_circle(ties.indptr, ties.peers, edges, weight, ties.ends, low, high)

    pieces = list(mapped(merge, range(0, len(ties), PIECE), resources.threads))
    if not pieces:
        return np.empty(0), np.empty(0), np.empty(0)
    shared, weighted, triads = (
        np.concatenate(parts).astype(np.float64) for parts in zip(*pieces, strict=True)
    )
    return shared, weighted, triads


def _evenings(ties: FamilyTies, whole: NDArray[np.bool_]) -> Floats:
    """Leaning of each tie towards evenings and weekends; NaN where none or all fall into work hours."""
    work, free = _work_and_free(ties)
    if not (work.any() and free.any()):
        return np.full(len(ties), np.nan)
    habits = ties.totals[ties.ends, 1:]
    elsewhere = (habits[:, :, 1] + habits[:, :, 3] - free[:, None], habits[:, :, 0] - work[:, None])
    usual = np.log2((elsewhere[0] + 2) / (elsewhere[1] + 2))
    leaning = np.log2((free + 2) / (work + 2)) - _mean(usual, whole)
    return np.where(free + work > 0, leaning, np.nan)


def _work_and_free(ties: FamilyTies) -> tuple[Floats, Floats]:
    """Contacts of each tie in work hours, and in evenings and on days of the weekend."""
    work, evening, _night, weekend = (ties.habits[:, i].astype(np.float64) for i in range(len(PARTS_OF_WEEK)))
    return work, evening + weekend


def _short_calls(ties: FamilyTies) -> Floats:
    """Share of answered calls of up to a minute, drawn to one half where there are few."""
    lengths = ties.habits[:, len(PARTS_OF_WEEK) :].astype(np.float64)
    assert lengths.shape[1] == len(LENGTHS)
    answered = lengths[:, 1:].sum(axis=1)
    share = (lengths[:, 1] + lengths[:, 2] + 1) / (answered + 2)
    return np.where(answered >= LEAST_ANSWERED, share, np.nan)
