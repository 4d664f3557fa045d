"""Profiles: how each judged number approaches people, in figures that do not depend on its size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.windows import DAY
from circlegraph.detect.account_managers.relatives import pairs_of_relatives
from circlegraph.detect.account_managers.ties import Scene, Ties
from circlegraph.detect.account_managers.value import Value
from circlegraph.kernels.callers import count_links, count_neighbours

MOST_BRIEF = 12
LONGEST_BRIEF = 45
BY_DAY = 0.75
"""Share of the approaches' contacts in working hours from which on a number works in them."""
MOST_MEMBERS = 64
MOST_PEERS = 500
FEW = 4.0
"""Ties of the average kind that every share is mixed with, so that a share of two says less than one of twenty."""
VALUED_FEW = 8.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Profile:
    """Figures of the judged numbers; NaN for what is not known.

    Attributes
    ----------
    approach, at_work
        bool[ties]: does the tie look like an approach, and does it lie in working hours as far as they are known? What
        a private life adds to a number is mostly left out of the latter.
    target
        bool[ties]: approaches, without those outside working hours of a number that works in them.
    figures
        float64[judged] by name: what the bands of evidence are made of.
    counts
        int64[judged] by name: plain counts for the tables and the reasons.
    base_value
        Share of mid and high value among those whom off-net numbers are in contact with, tie by tie.
    surprise
        float64[judged]: probability of so many targets of mid or high value by chance, from a binomial test.
    clustering, acquainted
        float64[judged]: pairs of approached people who are in contact with each other, over all pairs; and people with
        such a tie, over all people. At most 64, at equal distances, are looked at, and no hubs of over 500 peers.
    neighbours
        float64[judged]: pairs of approached people who are at home in the same cell, over all pairs.
    """

    approach: NDArray[np.bool_]
    at_work: NDArray[np.bool_]
    target: NDArray[np.bool_]
    figures: dict[str, Floats]
    counts: dict[str, NDArray[np.int64]]
    base_value: float
    surprise: Floats
    clustering: Floats
    acquainted: Floats
    neighbours: Floats


def approaches(ties: Ties, timed: bool) -> NDArray[np.bool_]:
    """Ties that look like an approach: opened by the number, brief, and kept up by it rather than by the other.

    *Brief* is at most 12 contacts within 45 days. Without times only the direction is left.
    """
    made = (ties.out > 0) & (ties.out >= ties.back)
    if not timed:
        return made
    brief = (ties.out + ties.back <= MOST_BRIEF) & (ties.last - ties.first <= LONGEST_BRIEF * DAY)
    return np.asarray(made & brief & (ties.opened == 1))


def _off_hours(scene: Scene) -> NDArray[np.bool_]:
    """Ties with most of their contacts outside working hours, bool[ties]; none where hours are not known."""
    return np.asarray((2 * scene.ties.work < scene.ties.dated) & scene.timed_of_day)


def make_profile(scene: Scene, value: Value, family: NDArray[np.int64] | None = None) -> Profile:
    """Sum up the ties of each judged number; relatives, by family, count as in contact with each other."""
    ties = scene.ties
    approach = approaches(ties, scene.timed)
    at_work = approach & ~_off_hours(scene)
    figures = _ways(scene, approach)
    works_by_day = figures.get("work hours", np.zeros(len(scene.judged))) >= BY_DAY
    target = approach & (at_work | ~works_by_day[ties.caller])

    valued = value.good[ties.callee]
    good, known = valued == 1, ~np.isnan(valued)
    base = _share(good.sum(), known.sum())
    if 0.0 < base < 1.0:
        name = "value by activity" if value.guessed else "value"
        share = _mixed(scene.total(at_work & good), scene.total(at_work & known), VALUED_FEW, base)
        figures[name] = _logit(share) - _logit(base)
    # What is shown is of all who count as approached, not only of those who tell best.
    hits, tried = scene.total(target & good), scene.total(target & known)

    sampled, links, tied, chance = _links(scene, at_work & (not scene.one_way))
    if family is not None:
        whole = np.maximum(scene.total(at_work), 1.0)
        related = pairs_of_relatives(ties, at_work, family, len(scene.judged))
        links = np.maximum(links, related * (sampled / whole) ** 2)  # of the sample's pairs
    figures["know each other"] = np.where(sampled >= FEW, np.log2((links + 1.0) / (chance + 1.0)), np.nan)
    figures["neighbours"], neighbours = _neighbours(scene, at_work)
    possible = sampled * (sampled - 1) / 2
    counts = {"approached": scene.total(target), "valued": hits, "valued_known": tried}
    return Profile(
        approach=approach,
        at_work=at_work,
        target=target,
        figures=figures,
        counts={name: count.astype(np.int64) for name, count in counts.items()},
        base_value=base,
        surprise=_surprise(hits, tried, base),
        clustering=np.where(possible > 0, links / np.maximum(possible, 1.0), np.nan),
        acquainted=np.where(sampled > 0, tied / np.maximum(sampled, 1.0), np.nan),
        neighbours=neighbours,
    )


def _ways(scene: Scene, approach: NDArray[np.bool_]) -> dict[str, Floats]:
    """How each number goes about it, as far as the data tell."""
    ties, total = scene.ties, scene.total
    peers, called, out = total(np.ones(len(ties))), total(ties.out > 0), total(ties.out)
    figures = {
        "peers": np.log2(np.maximum(peers, 1.0)),
        "texts": _mixed(total(ties.texts), out, FEW),
        "callees": np.log2(np.maximum(called, 1.0)),
        "contacts each": np.log2(_ratio(out, called)),
    }
    if not scene.one_way:
        figures["replies"] = _mixed(total((ties.out > 0) & (ties.back > 0)), called, FEW)
    if scene.timed:
        opened = total(ties.opened == 1)
        figures["opens"] = (opened + FEW / 2) / (peers + FEW)
        figures["brief"] = (total(approach) + FEW / 2) / (opened + FEW)
    if scene.timed_of_day:
        figures["work hours"] = _mixed(total(approach * ties.work), total(approach * ties.dated), FEW)
    if scene.lasting:
        figures["talk"] = np.log2(_ratio(total(ties.seconds * approach), total(ties.answered * approach)))
    return figures


def _links(scene: Scene, approach: NDArray[np.bool_]) -> tuple[Floats, ...]:
    """Members sampled, ties among them, members with one, and ties to expect, of those whom each number approached."""
    groups, members = _groups(scene, approach)
    found = count_links(scene.indptr, scene.peers, groups, members, MOST_MEMBERS, MOST_PEERS)
    return tuple(count.astype(np.float64) for count in found)


def _groups(scene: Scene, chosen: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Chosen peers of each judged number, as the kernels take them."""
    return np.concatenate([[0], np.cumsum(scene.total(chosen))]).astype(np.int64), scene.ties.callee[chosen]


def _neighbours(scene: Scene, approach: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Pairs of the approached at home in one cell: against those to expect by chance, log2, and their share.

    A courier's round is a neighbourhood; a list of customers is from all over town. NaN where cells are not known.
    """
    unknown = np.full(len(scene.judged), np.nan)
    home = scene.home
    if home is None or not (home[scene.numbers.own] >= 0).any():
        return unknown, unknown
    people = np.bincount(home[scene.numbers.own & (home >= 0)])
    placed, together = count_neighbours(*_groups(scene, approach), home, int(home.max()) + 1)
    pairs = placed * (placed - 1) / 2
    chance = pairs * ((people / people.sum()) ** 2).sum()
    gain = np.where(placed >= FEW, np.log2((together + 1.0) / (chance + 1.0)), np.nan)
    return gain, np.where(placed >= FEW, together / np.maximum(pairs, 1.0), np.nan)


def _surprise(hits: Floats, tried: Floats, base: float) -> Floats:
    from scipy.special import bdtrc

    if np.isnan(base):
        return np.full(len(hits), np.nan)
    return np.asarray(bdtrc(hits - 1, tried.astype(np.int64), base), np.float64)


def _mixed(part: Floats, whole: Floats, weight: float, usual: float | None = None) -> Floats:
    """Share, mixed with `weight` cases of the usual share; NaN where there is no case at all."""
    if usual is None:
        usual = _share(part.sum(), whole.sum())
    return np.where(whole > 0, (part + weight * usual) / (whole + weight), np.nan)


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole > 0 else float("nan")


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Quotient, NaN where there is nothing to divide by, or nothing to divide."""
    there = (whole > 0) & (part > 0)
    return np.where(there, part / np.where(there, whole, 1.0), np.nan)


def _logit(share: Floats | float) -> Floats:
    kept = np.clip(share, 1e-6, 1 - 1e-6)
    return np.asarray(np.log2(kept / (1 - kept)))
