"""Managers who share targets: teams, and one person's several numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.account_managers.ties import Scene

LEAST_SHARED = 3
LEAST_FRIENDS = 2
CHANCE = 1e-4
"""Two numbers belong together if they would share so many people by chance this rarely, and if among all pairs
compared less than half a one would."""
MOST_CALLERS = 100
"""People whom more of the accepted numbers reach say nothing of who belongs together."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Link:
    """Two accepted numbers that belong together.

    Attributes
    ----------
    a, b
        Positions among the judged numbers, a < b.
    targets, friends
        People whom both approached, and people with whom both have private ties.
    """

    a: int
    b: int
    targets: int
    friends: int

    @property
    def one_person(self) -> bool:
        """Whether they share a private circle."""
        return self.friends >= LEAST_FRIENDS


def links_among(scene: Scene, approach: NDArray[np.bool_], accepted: NDArray[np.bool_]) -> list[Link]:
    """Pairs of accepted numbers that share more targets or private ties than chance allows.

    Parameters
    ----------
    scene, approach
        The ties, and which look like an approach. A private tie is none, and contact was made from both sides on
        several days; without times there are none.
    accepted
        bool[judged].
    """
    ties = scene.ties
    ours = accepted[ties.caller]
    private = ~approach & (ties.out > 0) & (ties.back > 0) & (ties.days > 1)
    targets = _shared(scene, ours & approach, LEAST_SHARED)
    friends = _shared(scene, ours & private, LEAST_FRIENDS)
    return [
        Link(a, b, targets.get((a, b), 0), friends.get((a, b), 0)) for a, b in sorted({*targets, *friends})
    ]


def _shared(scene: Scene, rows: NDArray[np.bool_], least: int) -> dict[tuple[int, int], int]:
    """How many people each pair of numbers shares, where there are at least `least` and more than by chance."""
    from scipy.sparse import csr_array, triu
    from scipy.special import bdtrc

    who, caller = np.unique(scene.ties.caller[rows], return_inverse=True)
    people, callee, reached = np.unique(scene.ties.callee[rows], return_inverse=True, return_counts=True)
    pool = len(np.unique(scene.ties.callee))
    size = np.bincount(caller, minlength=len(who))
    kept = reached[callee] <= MOST_CALLERS
    shape = (len(who), len(people))
    met = csr_array((np.ones(int(kept.sum()), np.int64), (caller[kept], callee[kept])), shape=shape)
    both: Any = triu(met @ met.T, 1, "coo")
    enough = both.data >= least
    a, b, shared = both.row[enough], both.col[enough], both.data[enough]
    chance = bdtrc(shared - 1, size[a], size[b] / max(pool, 1))
    found = chance <= min(CHANCE, 1 / max(len(who) * (len(who) - 1), 1))
    pairs = zip(who[a[found]].tolist(), who[b[found]].tolist(), strict=True)
    return dict(zip(pairs, shared[found].tolist(), strict=True))


def teams_of(links: list[Link], judged: int) -> Ints:
    """Team of each judged number, from 1; 0 for none.

    Examples
    --------
    >>> teams_of([Link(0, 2, 5, 0), Link(2, 3, 4, 0)], 5).tolist()
    [1, 0, 1, 1, 0]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    a, b = (np.array([getattr(link, end) for link in links], np.int64) for end in "ab")
    team: Ints = np.zeros(judged, np.int64)
    if not links:
        return team
    _, part = connected_components(
        coo_array((np.ones(len(links)), (a, b)), shape=(judged, judged)), directed=False
    )
    inside = np.unique(np.concatenate([a, b]))
    _, first, name = np.unique(part[inside], return_index=True, return_inverse=True)
    team[inside] = np.argsort(np.argsort(first))[name] + 1
    return team
