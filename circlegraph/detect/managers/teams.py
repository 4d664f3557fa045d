"""Managers who share targets: teams, and one person's several numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.managers.ties import Scene

LEAST_SHARED = 3
CHANCE = 1e-4
"""Two numbers share targets if so many would come about by chance this rarely."""
LEAST_FRIENDS = 2


@dataclass(frozen=True, slots=True)
class Link:
    """Two accepted numbers that belong together.

    Attributes
    ----------
    a, b
        Positions among the judged numbers.
    targets, friends
        People whom both approached, and people with whom both have other ties.
    """

    a: int
    b: int
    targets: int
    friends: int

    @property
    def one_person(self) -> bool:
        """Whether they share a private circle."""
        return self.friends >= LEAST_FRIENDS


def links_among(
    scene: Scene, approach: NDArray[np.bool_], accepted: NDArray[np.bool_], pool: int
) -> list[Link]:
    """Pairs of accepted numbers that share more targets than chance allows, or a private circle.

    Parameters
    ----------
    scene, approach
        The ties, and which look like an approach.
    accepted
        bool[judged].
    pool
        How many people there are to choose targets from.
    """
    from scipy.stats import hypergeom

    who = np.flatnonzero(accepted).tolist()
    begin = np.searchsorted(scene.ties.caller, np.arange(len(scene.judged) + 1))

    def people(z: int, approached: bool) -> set[int]:
        rows = slice(begin[z], begin[z + 1])
        kept = approach[rows] if approached else ~approach[rows] & (scene.ties.back[rows] > 1)
        return set(scene.ties.callee[rows][kept].tolist())

    targets = {z: people(z, True) for z in who}
    friends = {z: people(z, False) for z in who}
    met: dict[int, list[int]] = {}
    for z in who:
        for y in targets[z] | friends[z]:
            met.setdefault(y, []).append(z)
    pairs = {(a, b) for among in met.values() for i, a in enumerate(among) for b in among[i + 1 :]}
    found = []
    for a, b in sorted(pairs):
        shared, both = len(targets[a] & targets[b]), len(friends[a] & friends[b])
        chance = hypergeom.sf(shared - 1, max(pool, 1), len(targets[a]), len(targets[b]))
        if (shared >= LEAST_SHARED and chance <= CHANCE) or both >= LEAST_FRIENDS:
            found.append(Link(a, b, shared, both))
    return found


def teams_of(links: list[Link], judged: int) -> NDArray[np.int64]:
    """Team of each judged number, from 1; 0 for none."""
    head = list(range(judged))

    def top(z: int) -> int:
        while head[z] != z:
            z = head[z]
        return z

    for link in links:
        a, b = sorted((top(link.a), top(link.b)))
        head[b] = a
    team = np.zeros(judged, np.int64)
    inside = sorted({z for link in links for z in (link.a, link.b)})
    names = {z: i for i, z in enumerate(sorted({top(z) for z in inside}), 1)}
    for z in inside:
        team[z] = names[top(z)]
    return team
