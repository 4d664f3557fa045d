"""Friends and loose contacts: communities, friends of friends, couples with one circle, hubs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.kinds import ACQUAINTANCE, ADULT, FRIEND, NEVER, PARTNER
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator
from circlegraph.synth.settings import Settings
from circlegraph.synth.sorting import in_order

Ints = npt.NDArray[np.int32]
COMMUNITY = 70
"""People in a village of friends: half of Dunbar's number."""


ROUNDS = 4
"""Loose contacts are drawn in so many rounds, which bounds the memory."""


@dataclass(frozen=True)
class Pairs:
    """A list of possible ties; ``boost`` multiplies the usual strength of the kind."""

    a: Ints
    b: Ints
    kind: npt.NDArray[np.int8]
    begin: Ints
    end: Ints
    boost: npt.NDArray[np.float32]

    def take(self, rows: npt.NDArray[np.int64] | slice) -> "Pairs":
        """Pick some of the rows."""
        return Pairs(
            self.a[rows], self.b[rows], self.kind[rows], self.begin[rows], self.end[rows], self.boost[rows]
        )


def pairs_of(
    a: npt.NDArray[np.int64] | Ints,
    b: npt.NDArray[np.int64] | Ints,
    kind: int,
    begin: npt.ArrayLike = -NEVER,
    end: npt.ArrayLike = NEVER,
    boost: npt.ArrayLike = 1.0,
) -> Pairs:
    """List of pairs of one kind; scalars stand for all rows."""
    shape = np.shape(a)
    return Pairs(
        np.asarray(a, dtype=np.int32),
        np.asarray(b, dtype=np.int32),
        np.full(shape, kind, dtype=np.int8),
        np.broadcast_to(np.asarray(begin, dtype=np.int32), shape),
        np.broadcast_to(np.asarray(end, dtype=np.int32), shape),
        np.broadcast_to(np.asarray(boost, dtype=np.float32), shape),
    )


def pair_up(rng: np.random.Generator, stubs: Ints, community: npt.NDArray[np.int64]) -> tuple[Ints, Ints]:
    """Join stubs of the same community two by two, at random."""
    order = in_order(community * 2**16 + rng.integers(0, 2**16, len(stubs)))
    order = order[: len(order) // 2 * 2]
    return stubs[order[0::2]], stubs[order[1::2]]


def friends_of(settings: Settings, people: People) -> Pairs:
    """Friendships within neighbourhoods and age groups, closed through common friends."""
    rng = generator(settings.seed, "friends")
    rules, count = settings.ties, people.count
    renewal = 1.0 + settings.days / settings.ties.life["friend"]
    mean = rules.friends * np.sqrt(people.sociality) * np.exp(rng.normal(0.0, rules.friends_sigma, count))
    wanted = rng.poisson(mean * (1.0 - rules.closure) * renewal)
    stubs = np.repeat(np.arange(count, dtype=np.int32), wanted)
    cohort = np.empty(count, dtype=np.int64)
    cohort[np.argsort(people.age // 8 + rng.random(count))] = np.arange(count) // COMMUNITY
    local = np.arange(count) // COMMUNITY
    dice = rng.random(len(stubs), dtype=np.float32)
    far = rng.integers(0, count // COMMUNITY + 1, len(stubs)) + 2 * count
    community = np.where(dice < 0.35, local[stubs], np.where(dice < 0.85, count + cohort[stubs], far))
    a, b = pair_up(rng, stubs, community)
    third = _friends_of_friends(rng, a, b, rules.closure / max(1e-9, 1.0 - rules.closure))
    a, b = np.concatenate([a, third[0]]), np.concatenate([b, third[1]])
    shared = _shared_friends(settings, people, rng, a, b)
    begin = np.concatenate([np.full(len(a), -NEVER, dtype=np.int32), shared[2]])
    return pairs_of(np.concatenate([a, shared[0]]), np.concatenate([b, shared[1]]), FRIEND, begin)


def _friends_of_friends(rng: np.random.Generator, a: Ints, b: Ints, ratio: float) -> tuple[Ints, Ints]:
    """Close open triangles: a random friend of a random friend, ``ratio`` new ties per old one."""
    ends = np.concatenate([a, b])
    others = np.concatenate([b, a])
    order = in_order(ends.astype(np.int64))
    ends, others = ends[order], others[order]
    if not len(ends):
        return a[:0], b[:0]
    start = np.searchsorted(ends, np.arange(ends[-1] + 2))
    chosen = rng.integers(0, len(ends), int(ratio * len(a)))
    middle = others[chosen]
    degree = start[middle + 1] - start[middle]
    third = others[start[middle] + (rng.random(len(chosen)) * degree).astype(np.int64)]
    return ends[chosen], third


def _shared_friends(
    settings: Settings,
    people: People,
    rng: np.random.Generator,
    a: Ints,
    b: Ints,
) -> tuple[Ints, Ints, Ints]:
    """Ties of close couples to each other's friends, and of a new spouse to the partner's friends."""
    homes = people.households
    position, first = homes.position, homes.first[homes.household]
    close = (rng.random(len(homes.first) - 1) < settings.ties.close_couples)[homes.household]
    paired = np.zeros(people.count, dtype=np.bool_)
    second = np.flatnonzero(position == PARTNER)
    paired[second] = paired[first[second]] = True
    partner = np.full(people.count, -1, dtype=np.int32)
    for place, step in ((ADULT, 1), (PARTNER, -1)):
        own = np.flatnonzero(paired & close & (position == place))
        partner[own] = own + step
    share = np.where(partner >= 0, 0.7, 0.0)
    begin = np.full(people.count, -NEVER, dtype=np.int32)
    wed = np.flatnonzero(people.weds >= 0)
    partner[people.weds[wed]] = wed
    share[people.weds[wed]] = 0.45
    begin[people.weds[wed]] = people.first_day[wed]
    ends, others = np.concatenate([a, b]), np.concatenate([b, a])
    taken = (partner[ends] >= 0) & (rng.random(len(ends)) < share[ends])
    ends, others = ends[taken], others[taken]
    return partner[ends], others, begin[ends]


def loose_contacts(settings: Settings, people: People) -> list[Pairs]:
    """Acquaintances, half of them from the neighbourhood; hubs have very many."""
    rng = generator(settings.seed, "acquaintances")
    rules, count = settings.ties, people.count
    renewal = 1.0 + settings.days / settings.ties.life["acquaintance"]
    mean = rules.acquaintances * people.sociality * np.exp(rng.normal(0.0, rules.acquaintances_sigma, count))
    hub = (rng.random(count) < rules.hubs) & (people.households.position <= PARTNER)
    mean = np.where(hub, rules.acquaintances * rng.uniform(10.0, 40.0, count), mean)
    mean = np.minimum(mean, count / 4.0) * renewal / ROUNDS
    found = []
    for _ in range(ROUNDS):
        stubs = np.repeat(np.arange(count, dtype=np.int32), rng.poisson(mean))
        near = rng.random(len(stubs), dtype=np.float32) < 0.5
        community = np.where(near, stubs // (5 * COMMUNITY), count + rng.integers(0, 50, len(stubs)))
        found.append(pairs_of(*pair_up(rng, stubs, community), ACQUAINTANCE))
    return found
