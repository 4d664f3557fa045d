"""Second numbers: who takes one, where, from which day, and how contacts move over to it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.kinds import (
    BY_CONTACT,
    BY_DIRECTION,
    DATA_ONLY,
    FULL,
    GRADUAL,
    GROUP,
    HELD,
    MANAGER,
    MODES,
    NEVER,
    NUMBER_CHANGE,
    OWN_CHOICE,
    PARTNER,
    RANDOM,
)
from circlegraph.synth.managers import Managers
from circlegraph.synth.networks import OWN, competitors
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator, hashed
from circlegraph.synth.settings import Settings
from circlegraph.synth.workplaces import Workplaces

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class SecondNumbers:
    """Second numbers, one entry each, in order of person.

    Attributes
    ----------
    person : ndarray of int32
        Owner.
    network, mode, cause : ndarray of int8
        Network that sold it; codes of `kinds.MODES` and `kinds.CAUSES`.
    onset : ndarray of int32
        First day of use; below 0 when held since before the window.
    ramp : ndarray of int32
        Days that the change takes.
    share : ndarray of float32
        Share of contacts (by_contact, gradual, full) or of events that moves in the end.
    first_ends : ndarray of int32
        Day from which the old number is silent, or NEVER.
    forwards_from : ndarray of int32
        Day from which the old number forwards to the second one, or NEVER.
    manager : ndarray of int32
        Index of the manager who won it, or -1.
    """

    person: Ints
    network: npt.NDArray[np.int8]
    mode: npt.NDArray[np.int8]
    cause: npt.NDArray[np.int8]
    onset: Ints
    ramp: Ints
    share: Floats
    first_ends: Ints
    forwards_from: Ints
    manager: Ints


def make_second_numbers(
    settings: Settings, people: People, network: npt.NDArray[np.int8], work: Workplaces, managers: Managers
) -> SecondNumbers:
    """Draw second numbers; of two reasons for one person the stronger stays (manager before choice)."""
    rng = generator(settings.seed, "second numbers")
    lists: list[tuple[Ints | npt.NDArray[np.int64], Ints | npt.NDArray[np.int64], int]] = [
        (managers.converted_person, managers.converted_day, MANAGER),
        (*_groups(settings, network, work, rng), GROUP),
        (
            *_chosen(settings, people, settings.second_numbers.number_changes * settings.days / 365, rng),
            NUMBER_CHANGE,
        ),
        (
            *_chosen(settings, people, settings.second_numbers.held * people.count / _adults(people), rng),
            HELD,
        ),
        (*_chosen(settings, people, _a_window(settings, people), rng), OWN_CHOICE),
    ]
    person = np.concatenate([part[0] for part in lists]).astype(np.int32)
    onset = np.concatenate([part[1] for part in lists]).astype(np.int32)
    cause = np.repeat([part[2] for part in lists], [len(part[0]) for part in lists]).astype(np.int8)
    manager = np.full(len(person), -1, dtype=np.int32)
    manager[: len(managers.converted_person)] = managers.converted_manager
    stays = (people.first_day[person] < 0) & (people.last_day[person] > settings.days)
    _, kept = np.unique(np.where(stays, person, -1), return_index=True)
    kept = kept[stays[kept]]
    person, onset, cause, manager = person[kept], onset[kept], cause[kept], manager[kept]
    onset = np.where(cause == HELD, -rng.integers(60, 900, len(person)), onset).astype(np.int32)
    bought = _networks(settings, network[person], cause, manager, managers, rng)
    return _use(settings, rng, person, bought, cause, onset, manager)


def _adults(people: People) -> int:
    return max(1, int((people.households.position <= PARTNER).sum()))


def _a_window(settings: Settings, people: People) -> float:
    return settings.second_numbers.taken * settings.days / 365 * people.count / _adults(people)


def _chosen(
    settings: Settings, people: People, chance: float, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Grown-ups drawn at random, each with a day in the window."""
    adult = people.households.position <= PARTNER
    person = np.flatnonzero(adult & (rng.random(people.count) < min(1.0, chance)))
    return person, rng.integers(0, max(1, settings.days), len(person))


def _groups(
    settings: Settings,
    network: npt.NDArray[np.int8],
    work: Workplaces,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Workplaces that move together: most own subscribers among the staff, within one week."""
    wanted = settings.second_numbers.group_moves * settings.subscribers / 1000 * settings.days / 365
    there = (work.begin < 1) & (work.end == NEVER) & (network[work.person] == OWN)
    own_staff = np.bincount(work.workplace[there], minlength=max(1, work.count))
    able = np.flatnonzero((own_staff >= 5) & (own_staff <= max(8, settings.subscribers // 20)))
    if wanted <= 0 or settings.days < 28 or not len(able):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    chosen = rng.permutation(able)[: max(1, rng.poisson(wanted))]
    day_of = np.full(max(1, work.count), -1)
    day_of[chosen] = rng.integers(
        settings.days // 4, max(settings.days // 4 + 1, 3 * settings.days // 4), len(chosen)
    )
    joins = there & (day_of[work.workplace] >= 0) & (rng.random(len(work.person)) < 0.85)
    day = day_of[work.workplace[joins]] + rng.integers(0, 7, int(joins.sum()))
    return work.person[joins].astype(np.int64), day


def _networks(
    settings: Settings,
    first: npt.NDArray[np.int8],
    cause: npt.NDArray[np.int8],
    manager: Ints,
    managers: Managers,
    rng: np.random.Generator,
) -> npt.NDArray[np.int8]:
    """Network of each second number."""
    size = len(first)
    rivals = competitors(settings)
    other = 1 + rng.choice(len(rivals), size, p=rivals)
    # A competitor's customer takes his second number from us as often as from a third network.
    own = rng.random(size) < np.where(first == OWN, settings.second_numbers.own_network, 0.5)
    bought = np.where(own, OWN, other)
    bought = np.where((cause == GROUP) & (bought == OWN), other, bought)
    bought = np.where(cause == NUMBER_CHANGE, first, bought)
    won = manager >= 0
    bought[won] = managers.network[manager[won]]
    return bought.astype(np.int8)


def _use(
    settings: Settings,
    rng: np.random.Generator,
    person: Ints,
    network: npt.NDArray[np.int8],
    cause: npt.NDArray[np.int8],
    onset: Ints,
    manager: Ints,
) -> SecondNumbers:
    rules, size = settings.second_numbers, len(person)
    weights = np.array([rules.modes.get(mode, 0.0) for mode in MODES])
    mode = rng.choice(len(MODES), size, p=weights / weights.sum())
    together = np.array([BY_CONTACT, GRADUAL, FULL])
    mode = np.where((cause == GROUP) & ~np.isin(mode, together), together[rng.integers(0, 3, size)], mode)
    # Old second cards are in steady use: whoever has changed over completely holds one number again.
    mode = np.where((cause == HELD) & ((mode == FULL) | (mode == GRADUAL)), BY_CONTACT, mode)
    mode = np.where(cause == NUMBER_CHANGE, FULL, mode)
    share = rng.uniform(rules.moved_low, rules.moved_high, size)
    share = np.where(mode == FULL, 1.0, share)
    share = np.where(mode == BY_DIRECTION, 0.5 + 0.5 * share, share)
    share = np.where(mode == DATA_ONLY, 0.0, share)
    low = np.array([1, 3, 1, 1, 25, 4])[mode]
    high = np.array([2, 15, 4, 8, 60, 15])[mode]
    ramp = rng.integers(low, high + 1)
    ends = np.where(mode == FULL, onset + ramp + rng.integers(0, 10, size), NEVER)
    forwards = (mode != DATA_ONLY) & (rng.random(size) < rules.forwarding)
    since = np.where(forwards, np.maximum(onset + rng.integers(0, 10, size), -400), NEVER)
    return SecondNumbers(
        person,
        network,
        mode.astype(np.int8),
        cause,
        onset,
        ramp.astype(np.int32),
        share.astype(np.float32),
        ends.astype(np.int32),
        since.astype(np.int32),
        manager,
    )


def progress(second: SecondNumbers, day: int) -> Floats:
    """Share of each second number's change that is done on a day, between 0 and 1."""
    done: Floats = np.clip((day - second.onset + 1) / second.ramp, 0.0, 1.0).astype(np.float32)
    return done


def on_second(
    seed: int,
    second: SecondNumbers,
    entry: Ints,
    contact: Ints,
    outgoing: npt.NDArray[np.bool_],
    day: int,
    dice: Floats,
) -> npt.NDArray[np.bool_]:
    """Whether each event of an owner of two numbers runs over the second one.

    Parameters
    ----------
    seed : int
        Seed of the city.
    second : SecondNumbers
        All second numbers.
    entry : ndarray of int32, shape (n,)
        The owner's row in ``second``.
    contact : ndarray of int32, shape (n,)
        The person at the other end.
    outgoing : ndarray of bool, shape (n,)
        Whether the owner begins the event.
    day : int
        Day of the window.
    dice : ndarray of float32, shape (n,)
        Uniform numbers for those who choose anew each time.
    """
    mode = second.mode[entry]
    moved = second.share[entry] * progress(second, day)[entry]
    lasting = hashed(seed, "who moves", second.person[entry], contact)
    anew = (mode == RANDOM) | (mode == BY_DIRECTION)
    # By direction: he phones from the new number, but most go on calling the old one.
    moved = np.where((mode == BY_DIRECTION) & ~outgoing, 0.1 * moved, moved)
    chosen = np.where(anew, dice, lasting) < moved
    chosen |= (day >= second.first_ends)[entry]
    chosen &= (mode != DATA_ONLY) & (day >= second.onset)[entry]
    result: npt.NDArray[np.bool_] = chosen
    return result
