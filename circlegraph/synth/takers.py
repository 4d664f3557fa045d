"""Who takes a second number, when, why and from which network."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.kinds import GROUP, HELD, MANAGER, NEVER, NUMBER_CHANGE, OWN_CHOICE, PARTNER
from circlegraph.synth.managers import Managers
from circlegraph.synth.networks import OWN, competitors
from circlegraph.synth.population import People
from circlegraph.synth.settings import Settings
from circlegraph.synth.workplaces import Workplaces

Ints = npt.NDArray[np.int32]
STAYS_WITH_US = 0.25
"""Share of moving groups that get new numbers on the own network, as after a new contract (assumed)."""
FROM_US = 0.5
"""Share of second numbers that a competitor's customer takes on the own network (assumed)."""


@dataclass(frozen=True)
class Takers:
    """One entry per taker, in order of person.

    ``manager`` is the index of the manager who won him, ``group`` the workplace that moved together, or -1.
    """

    person: Ints
    onset: Ints
    cause: npt.NDArray[np.int8]
    network: npt.NDArray[np.int8]
    manager: Ints
    group: Ints


def make_takers(
    settings: Settings,
    people: People,
    network: npt.NDArray[np.int8],
    work: Workplaces,
    managers: Managers,
    rng: np.random.Generator,
) -> Takers:
    """Draw takers; of two reasons for one person the stronger stays: manager, group, number change, held, choice."""
    rules, years = settings.second_numbers, settings.days / 365
    adult = people.households.position <= PARTNER
    a_head = people.count / max(1, int(adult.sum()))
    lists = [
        _won(managers),
        _groups(settings, network, work, rng),
        _chosen(settings, adult, rules.number_changes * years, NUMBER_CHANGE, rng),
        _chosen(settings, adult, rules.held * a_head, HELD, rng),
        _chosen(settings, adult, rules.taken * years * a_head, OWN_CHOICE, rng),
    ]
    joined = Takers(
        *(np.concatenate([getattr(part, name) for part in lists]) for name in Takers.__annotations__)
    )
    stays = (people.first_day[joined.person] < 0) & (people.last_day[joined.person] > settings.days)
    # An account manager lives by his number: he keeps it, and to it alone.
    stays &= ~np.isin(joined.person, managers.entity)
    _, first = np.unique(np.where(stays, joined.person, -1), return_index=True)
    first = first[stays[first]]
    taken = Takers(*(getattr(joined, name)[first] for name in Takers.__annotations__))
    bought = _networks(settings, network[taken.person], taken, rng)
    onset = np.where(taken.cause == HELD, -rng.integers(60, 900, len(first)), taken.onset)
    return Takers(taken.person, onset.astype(np.int32), taken.cause, bought, taken.manager, taken.group)


def _takers(
    person: npt.NDArray[np.int64] | Ints,
    onset: npt.NDArray[np.int64] | Ints,
    cause: int,
    network: npt.ArrayLike = -1,
    manager: npt.ArrayLike = -1,
    group: npt.ArrayLike = -1,
) -> Takers:
    shape = np.shape(person)
    return Takers(
        np.asarray(person, dtype=np.int32),
        np.asarray(onset, dtype=np.int32),
        np.full(shape, cause, dtype=np.int8),
        np.broadcast_to(np.asarray(network, dtype=np.int8), shape),
        np.broadcast_to(np.asarray(manager, dtype=np.int32), shape),
        np.broadcast_to(np.asarray(group, dtype=np.int32), shape),
    )


def _won(managers: Managers) -> Takers:
    by = managers.converted_manager
    return _takers(managers.converted_person, managers.converted_day, MANAGER, managers.network[by], by)


def _chosen(
    settings: Settings, adult: npt.NDArray[np.bool_], chance: float, cause: int, rng: np.random.Generator
) -> Takers:
    """Draw grown-ups, each with a day in the window."""
    person = np.flatnonzero(adult & (rng.random(len(adult)) < min(1.0, chance)))
    return _takers(person, rng.integers(0, settings.days, len(person)), cause)


def _groups(
    settings: Settings, network: npt.NDArray[np.int8], work: Workplaces, rng: np.random.Generator
) -> Takers:
    """Draw workplaces that move together: most own subscribers among the staff, within one week, to one network."""
    wanted = settings.second_numbers.group_moves * settings.subscribers / 1000 * settings.days / 365
    there = (work.begin < 1) & (work.end == NEVER) & (network[work.person] == OWN)
    own_staff = np.bincount(work.workplace[there], minlength=work.count)
    able = np.flatnonzero((own_staff >= 5) & (own_staff <= max(8, settings.subscribers // 20)))
    chosen = rng.permutation(able)[: max(1, rng.poisson(wanted))]
    if wanted <= 0 or settings.days < 28:
        chosen = chosen[:0]
    day_of = np.full(work.count + 1, -1)
    day_of[chosen] = rng.integers(settings.days // 4, 3 * settings.days // 4 + 1, len(chosen))
    network_of = np.zeros(work.count + 1, dtype=np.int64)
    rivals = 1 + rng.choice(len(competitors(settings)), len(chosen), p=competitors(settings))
    network_of[chosen] = np.where(rng.random(len(chosen)) < STAYS_WITH_US, OWN, rivals)
    joins = there & (day_of[work.workplace] >= 0) & (rng.random(len(work.person)) < 0.85)
    place = work.workplace[joins]
    day = day_of[place] + rng.integers(0, 7, len(place))
    return _takers(work.person[joins], day, GROUP, network_of[place], group=place)


def _networks(
    settings: Settings, first: npt.NDArray[np.int8], taken: Takers, rng: np.random.Generator
) -> npt.NDArray[np.int8]:
    """Network of each second number, where it is not settled by the reason for it."""
    size, rivals = len(first), competitors(settings)
    other = 1 + rng.choice(len(rivals), size, p=rivals)
    own = rng.random(size) < np.where(first == OWN, settings.second_numbers.own_network, FROM_US)
    bought = np.where(own, OWN, other)
    bought = np.where(taken.cause == NUMBER_CHANGE, first, bought)
    return np.where(taken.network >= 0, taken.network, bought).astype(np.int8)
