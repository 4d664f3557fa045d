"""Competitors' account managers: whom they phone, when, and who then takes a second number."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.kinds import PARTNER
from circlegraph.synth.networks import OWN, competitors
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator
from circlegraph.synth.settings import Settings

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Managers:
    """Managers, their contacts and their conversions.

    Attributes
    ----------
    entity : ndarray of int32, shape (managers,)
        Person, or service entity where the number is for work alone.
    network, person, team : ndarray, shape (managers,)
        Competitor, human being (some have two numbers) and team; ``careful`` and ``private`` describe them.
    contact_manager, contact_person : ndarray of int32
        Every approach: index of the manager, and the subscriber.
    event_day, event_contact, event_second, event_duration : ndarray of int32
        Every call or text in order of day; ``event_out`` is true when the manager began it.
    converted_person, converted_manager, converted_day : ndarray of int32
        Subscribers who take a second number of the manager's network, and from which day.
    """

    entity: Ints
    network: npt.NDArray[np.int8]
    person: Ints
    team: Ints
    careful: Flags
    private: Flags
    contact_manager: Ints
    contact_person: Ints
    event_day: Ints
    event_contact: Ints
    event_second: Ints
    event_duration: Ints
    event_out: Flags
    event_text: Flags
    converted_person: Ints
    converted_manager: Ints
    converted_day: Ints


def make_managers(
    settings: Settings, people: People, network: npt.NDArray[np.int8], next_entity: int
) -> Managers:
    """Draw managers, target lists, calls and conversions; work numbers are new entities."""
    rng = generator(settings.seed, "managers")
    rules = settings.managers
    adults = (
        (people.households.position <= PARTNER) & (people.first_day <= 0) & (people.last_day > settings.days)
    )
    own = np.flatnonzero(adults & (network == OWN))
    count = max(1, round(rules.per_10k * settings.subscribers / 1e4)) if rules.per_10k > 0 and len(own) else 0
    team = (np.arange(count) // rules.team_size).astype(np.int32)
    team_network = 1 + rng.choice(len(competitors(settings)), count, p=competitors(settings))
    of = team_network[team].astype(np.int8) if count else np.zeros(0, dtype=np.int8)
    careful = rng.random(count) < rules.careful
    private = rng.random(count) < rules.private_life
    # Some work from two numbers: the second one stands right after the first, in the same team.
    twin = np.concatenate([[False], team[1:] == team[:-1]])[:count] & (rng.random(count) < rules.two_numbers)
    person_of = (np.cumsum(~twin) - 1).astype(np.int32)
    private &= ~twin
    entity = (next_entity + np.cumsum(~private) - 1).astype(np.int32)
    for code in np.unique(of).tolist():
        mine = np.flatnonzero(private & (of == code))
        lives = rng.permutation(np.flatnonzero(adults & (network == code)))
        private[mine[len(lives) :]] = False
        entity[mine[: len(lives)]] = lives[: len(mine)]
    work_numbers = np.flatnonzero(~private)
    entity[work_numbers] = next_entity + np.arange(len(work_numbers))

    manager, person = _targets(settings, people, rng, own, team, careful)
    first = _first_days(settings, rng, manager, careful)
    converts = rng.random(len(manager)) < rules.conversion
    day = first + 3 + rng.exponential(rules.lag_days, len(manager)).astype(np.int64)
    converts &= day < settings.days - 1
    order = np.argsort(np.where(converts, day, 10**6), kind="stable")[: int(converts.sum())]
    _, earliest = np.unique(person[order], return_index=True)
    order = order[earliest]
    events = _calls(settings, rng, manager, first, careful, converts)
    return Managers(
        entity,
        of,
        person_of,
        team,
        careful,
        private,
        manager.astype(np.int32),
        person.astype(np.int32),
        *events,
        converted_person=person[order].astype(np.int32),
        converted_manager=manager[order].astype(np.int32),
        converted_day=day[order].astype(np.int32),
    )


def _targets(
    settings: Settings,
    people: People,
    rng: np.random.Generator,
    own: npt.NDArray[np.int64],
    team: Ints,
    careful: Flags,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    rules = settings.managers
    count = len(team)
    if not count:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    wanted = rules.targets * np.where(careful, 0.6, 1.4) * np.exp(rng.normal(0.0, rules.targets_sigma, count))
    size: npt.NDArray[np.int64] = np.clip(wanted, 3, max(3, len(own) // 8)).astype(np.int64)
    manager = np.repeat(np.arange(count), size)
    bills = people.arpu[own]
    rich = own[bills >= np.quantile(bills, 2.0 / 3.0)]
    person = np.where(
        rng.random(len(manager)) < rules.high_value,
        rng.choice(rich, len(manager)),
        rng.choice(own, len(manager)),
    )
    # The team's list: slots of its first member's list that the others work through as well.
    start = np.concatenate([[0], np.cumsum(size)])
    leader = np.searchsorted(team, team)[manager]
    slot = start[leader] + rng.integers(0, size[leader])
    from_team = (leader != manager) & (rng.random(len(manager)) < rules.shared_targets)
    person = np.where(from_team, person[slot], person)
    _, kept = np.unique(manager * people.count + person, return_index=True)
    return manager[kept], person[kept]


def _first_days(
    settings: Settings, rng: np.random.Generator, manager: npt.NDArray[np.int64], careful: Flags
) -> npt.NDArray[np.int64]:
    """First contact: the careful spread over the whole window, the others work in one campaign."""
    days, count = settings.days, len(careful)
    opens = np.where(careful, 0, rng.integers(0, max(1, days // 2), count))
    length = np.where(careful, days, np.maximum(days // 3, 1))
    day: npt.NDArray[np.int64] = opens[manager] + (rng.random(len(manager)) * length[manager]).astype(
        np.int64
    )
    return np.minimum(day, days - 1)


def _calls(
    settings: Settings,
    rng: np.random.Generator,
    manager: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    careful: Flags,
    converts: Flags,
) -> tuple[Ints, Ints, Ints, Ints, Flags, Flags]:
    again = rng.poisson(np.where(converts, 2.2, np.where(careful[manager], 0.5, 1.1)))
    replies = rng.poisson(np.where(converts, 1.0, 0.15))
    contact = np.repeat(np.arange(len(manager)), 1 + again + replies)
    start = np.concatenate([[0], np.cumsum(1 + again + replies)])[:-1]
    rank = np.arange(len(contact)) - start[contact]
    out = rank < (1 + again)[contact]
    later = 1 + rng.integers(0, 24, len(contact))
    day = first[contact] + np.where(rank == 0, 0, later)
    weekday = (settings.start.weekday() + day) % 7
    rules = settings.managers
    resting = np.isin(weekday, settings.rhythm.weekly_holidays)
    resting &= rng.random(len(contact)) >= rules.off_hours
    day = day + np.where(resting, 2, 0)
    text = out & (rank > 0) & (rng.random(len(contact)) < 0.2)
    interested = np.where(converts[contact], 110.0, 35.0)
    duration = np.maximum(2, interested * np.exp(rng.normal(0.0, 0.7, len(contact))))
    cut_short = (rank == 0) & ~converts[contact] & (rng.random(len(contact)) < rules.hang_ups)
    duration = np.where(cut_short, rng.integers(1, 11, len(contact)), duration)
    second = 3600 * (9.0 + 9.0 * rng.beta(1.6, 1.6, len(contact)))
    evening = rng.random(len(contact)) < rules.off_hours
    second = np.where(evening, 3600 * (18.0 + 3.0 * rng.random(len(contact))), second)
    kept = np.flatnonzero(day < settings.days)
    kept = kept[np.argsort(day[kept], kind="stable")]
    return (
        day[kept].astype(np.int32),
        contact[kept].astype(np.int32),
        second[kept].astype(np.int32),
        duration[kept].astype(np.int32),
        out[kept],
        text[kept],
    )
