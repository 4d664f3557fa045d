"""Numbers that phone many people without poaching them: couriers, insurers, hotlines, banks and the like."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.kinds import (
    ADVISER,
    BANK,
    CONSULTANT,
    COURIER,
    ESTATE_AGENT,
    HOTLINE,
    INSURER,
    RECRUITER,
    SERVICE_LINE,
    TAXI,
    VOICEMAIL,
)
from circlegraph.synth.networks import NO_NETWORK, OWN, competitors
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator, hashed
from circlegraph.synth.settings import Settings

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Habits:
    """How one class phones; the figures are assumed.

    ``calls`` a working day (negative: per person in the city), ``outgoing`` share, ``texts`` share, hours
    from ``opens`` to ``closes``, ``rest`` factor on days of rest, ``seconds`` median call, ``reach`` people
    in the zone or on the list, ``turns`` days after which the list is new (0: never).
    """

    calls: float
    outgoing: float
    texts: float
    opens: float
    closes: float
    rest: float
    seconds: float
    reach: int
    turns: int


HABITS = {
    COURIER: Habits(32.0, 0.92, 0.05, 8.0, 19.5, 0.9, 20.0, 900, 0),
    INSURER: Habits(13.0, 0.9, 0.05, 9.0, 18.5, 0.15, 42.0, 700, 60),
    HOTLINE: Habits(-0.003, 0.12, 0.0, 7.0, 22.0, 0.8, 95.0, 0, 0),
    BANK: Habits(-0.006, 0.97, 0.85, 8.0, 21.0, 0.7, 40.0, 0, 0),
    TAXI: Habits(11.0, 0.5, 0.03, 6.0, 23.5, 1.1, 18.0, 3000, 0),
    SERVICE_LINE: Habits(-0.0004, 0.0, 0.0, 7.0, 23.0, 0.9, 120.0, 0, 0),
    ESTATE_AGENT: Habits(12.0, 0.72, 0.08, 9.0, 20.5, 1.3, 55.0, 130, 20),
    RECRUITER: Habits(9.0, 0.82, 0.12, 9.0, 19.0, 0.15, 60.0, 60, 14),
    VOICEMAIL: Habits(-0.0008, 0.0, 0.0, 7.0, 23.5, 0.9, 25.0, 0, 0),
    CONSULTANT: Habits(3.0, 0.88, 0.08, 9.0, 18.5, 0.15, 45.0, 70, 60),
    ADVISER: Habits(6.0, 0.6, 0.1, 9.0, 18.0, 0.1, 140.0, 70, 100_000),
}
CITYWIDE = (HOTLINE, BANK)
"""Those whose calls per person are of all numbers of the class together, not of each."""
PICKY = (INSURER, RECRUITER, ADVISER, CONSULTANT)
"""Those who look for people with high bills."""


@dataclass(frozen=True)
class Lookalikes:
    """One entry a number.

    Attributes
    ----------
    kind : ndarray of int8
        Codes of `kinds.LOOKALIKES`.
    network : ndarray of int8
        Network; hotlines, banks and service lines have none.
    zone : ndarray of int32
        First person of the zone that it serves.
    line_of : ndarray of int8
        For a service line or voicemail its network, else -1.
    """

    kind: npt.NDArray[np.int8]
    network: npt.NDArray[np.int8]
    zone: Ints
    line_of: npt.NDArray[np.int8]


@dataclass(frozen=True)
class Contacts:
    """Events of one day between numbers that know each other only by trade."""

    caller: Ints
    callee: Ints
    second: Ints
    duration: Ints
    text: npt.NDArray[np.bool_]


def make_lookalikes(settings: Settings, people: People) -> Lookalikes:
    """Draw the services of a city; each class with a rate above 0 has one at least."""
    rng = generator(settings.seed, "lookalikes")
    rates = settings.lookalikes
    wanted = {
        COURIER: rates.couriers,
        INSURER: rates.insurers,
        HOTLINE: rates.hotlines,
        BANK: rates.banks,
        TAXI: rates.taxis,
        ESTATE_AGENT: rates.agents,
        RECRUITER: rates.recruiters,
        ADVISER: rates.advisers,
        CONSULTANT: rates.consultants,
    }
    kind = np.concatenate(
        [
            np.full(max(1, round(rate * settings.subscribers / 1e4)), code)
            for code, rate in wanted.items()
            if rate > 0
        ]
        or [np.zeros(0)]
    ).astype(np.int8)
    networks = 1 + rng.choice(len(competitors(settings)), len(kind), p=competitors(settings))
    network = np.where(rng.random(len(kind)) < rates.own_share, OWN, networks)
    network[(kind == HOTLINE) | (kind == BANK)] = NO_NETWORK
    lines = [code for code, item in enumerate(settings.operators.networks) if item.service_line]
    # Missed calls of own numbers alone are seen, so the own network's voicemail is the one that shows.
    mailboxes = [OWN] if settings.operators.networks[OWN].voicemail else []
    line_of = np.concatenate([np.full(len(kind), -1), lines, mailboxes]).astype(np.int8)
    fixed = [SERVICE_LINE] * len(lines) + [VOICEMAIL] * len(mailboxes)
    kind = np.concatenate([kind, fixed]).astype(np.int8)
    network = np.concatenate([network, np.full(len(fixed), NO_NETWORK)])
    zone = rng.integers(0, people.count, len(kind)).astype(np.int32)
    return Lookalikes(kind, network.astype(np.int8), zone, line_of)


def lookalike_events(
    settings: Settings,
    people: People,
    lookalikes: Lookalikes,
    day: int,
    workday: bool,
    rng: np.random.Generator,
) -> Contacts:
    """Draw one day's trade calls; entity ids of lookalikes follow those of the people."""
    count = people.count
    callers, others, seconds, durations, texts = [], [], [], [], []
    for code, habits in HABITS.items():
        of_kind = np.flatnonzero(lookalikes.kind == code)
        factor = (1.0 if workday else habits.rest) * settings.lookalikes.calls_scale
        calls = rng.poisson(_calls_each(code, len(of_kind), count) * factor)
        service = np.repeat(of_kind, calls).astype(np.int32)
        size = len(service)
        person = _customers(settings, people, lookalikes, code, habits, service, day, rng)
        outgoing = rng.random(size) < habits.outgoing
        entity = service + np.int32(count)
        callers.append(np.where(outgoing, entity, person))
        others.append(np.where(outgoing, person, entity))
        seconds.append(
            (3600 * (habits.opens + (habits.closes - habits.opens) * rng.random(size))).astype(np.int32)
        )
        durations.append(
            np.maximum(1, habits.seconds * np.exp(0.8 * rng.standard_normal(size))).astype(np.int32)
        )
        texts.append(outgoing & (rng.random(size) < habits.texts))
    return Contacts(*(np.concatenate(part) for part in (callers, others, seconds, durations, texts)))


def _calls_each(code: int, numbers: int, people: int) -> npt.NDArray[np.float64]:
    """Mean calls a working day of each number of a class, float64[numbers].

    The larger a city, the more banks it has, but nobody hears of banks more often: its citizens' calls are shared out
    among them, to the k-th in proportion to 1 / k, so that the largest are hubs of the whole city.
    """
    calls = HABITS[code].calls
    mean = np.full(numbers, calls if calls > 0 else -calls * people)
    if code in CITYWIDE:
        size = 1.0 / np.arange(1, numbers + 1)
        mean *= size / size.sum()
    return mean


def _customers(
    settings: Settings,
    people: People,
    lookalikes: Lookalikes,
    code: int,
    habits: Habits,
    service: Ints,
    day: int,
    rng: np.random.Generator,
) -> Ints:
    """Whom each service deals with: neighbours of its zone, names on its list, or anybody."""
    count, size = people.count, len(service)
    if habits.reach == 0:
        return rng.integers(0, count, size).astype(np.int32)
    slot = rng.integers(0, habits.reach, size)
    if habits.turns == 0:
        return ((lookalikes.zone[service] + slot) % count).astype(np.int32)
    page = day // habits.turns
    listed = hashed(settings.seed, "lists", service, slot, page) * count
    if code in PICKY:
        rival = (hashed(settings.seed, "rivals", service, slot, page) * count).astype(np.int32) % count
        richer = people.arpu[rival] > people.arpu[listed.astype(np.int32) % count]
        listed = np.where(richer, rival, listed)
    return listed.astype(np.int32) % np.int32(count)
