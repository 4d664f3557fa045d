"""Numbers: every entity's first number has the entity's id, second numbers follow.

Also what hangs on a number: network, activation, document and handset.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from circlegraph.synth.handsets import Handsets, make_handsets
from circlegraph.synth.kinds import CHILD, HOTLINE, NEVER, NUMBER_CHANGE, VOICEMAIL
from circlegraph.synth.lookalikes import Lookalikes
from circlegraph.synth.managers import Managers
from circlegraph.synth.networks import NO_NETWORK, OWN
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator
from circlegraph.synth.second_numbers import SecondNumbers
from circlegraph.synth.settings import Settings
from circlegraph.synth.workplaces import Workplaces

Ints = npt.NDArray[np.int32]
OF_THE_STAFF = 0.7
"""Share of the staff whose numbers are in the employer's name, where any are (assumed)."""


@dataclass(frozen=True)
class Sims:
    """All numbers of the city, one entry each.

    Attributes
    ----------
    entity : ndarray of int32
        Person or service that uses it.
    network : ndarray of int8
        Network code.
    own : ndarray of bool
        Whether the own network holds it, at one time of the window at least.
    activated : ndarray of int32
        Day of activation, mostly long before the window.
    last_day : ndarray of int32
        Day from which it is silent for good, or NEVER.
    document : ndarray of int32
        Who is it in the name of: a person or, above all people, an employer.
    second_of : ndarray of int32, shape (entities,)
        Row of an entity's second number in `SecondNumbers`, or -1.
    entities : int
        Number of people and services; the second number of row r is ``entities + r``.
    ported_day : ndarray of int32
        Day from which a number is on another network, or NEVER.
    ported_to : ndarray of int8
        Network that it then belongs to.
    """

    entity: Ints
    network: npt.NDArray[np.int8]
    own: npt.NDArray[np.bool_]
    activated: Ints
    last_day: Ints
    document: Ints
    second_of: Ints
    entities: int
    handsets: Handsets
    ported_day: Ints
    ported_to: npt.NDArray[np.int8]

    def own_on(self, day: int) -> npt.NDArray[np.bool_]:
        """Whether the own network holds each number on a day."""
        held: npt.NDArray[np.bool_] = np.where(self.ported_day <= day, self.ported_to, self.network) == OWN
        return held


def make_sims(
    settings: Settings,
    people: People,
    work: Workplaces,
    network: npt.NDArray[np.int8],
    lookalikes: Lookalikes,
    managers: Managers,
    second: SecondNumbers,
) -> Sims:
    """Hand out numbers."""
    rng = generator(settings.seed, "sims")
    services = people.count + len(lookalikes.kind)
    work_numbers = managers.entity >= services
    first_network = np.concatenate([network, lookalikes.network, managers.network[work_numbers]])
    entities = len(first_network)
    entity = np.concatenate([np.arange(entities), second.person]).astype(np.int32)
    all_networks = np.concatenate([first_network, second.network]).astype(np.int8)

    activated = -np.minimum(30 + rng.exponential(1500.0, entities), 7000).astype(np.int32)
    come = people.first_day > -NEVER
    activated[: people.count][come] = people.first_day[come]
    unused = rng.integers(0, 9, len(second.person))
    idle = rng.random(len(second.person)) < settings.second_numbers.idle
    unused = np.where(idle, rng.integers(30, 720, len(second.person)), unused)
    activated = np.concatenate([activated, second.onset - unused]).astype(np.int32)
    last_day = np.full(len(entity), NEVER, dtype=np.int32)
    last_day[: people.count] = people.last_day
    last_day[second.person] = np.minimum(last_day[second.person], second.first_ends)

    second_of = np.full(entities, -1, dtype=np.int32)
    second_of[second.person] = np.arange(len(second.person), dtype=np.int32)
    document = _documents(settings, people, work, second, entities, rng)
    ported_day, ported_to = _ports(settings, people, managers, second, all_networks)
    return Sims(
        entity,
        all_networks,
        (all_networks == OWN) | ((ported_day < NEVER) & (ported_to == OWN)),
        activated,
        last_day,
        document,
        second_of,
        entities,
        make_handsets(settings, people, second, entities),
        ported_day,
        ported_to,
    )


def _ports(
    settings: Settings,
    people: People,
    managers: Managers,
    second: SecondNumbers,
    networks: npt.NDArray[np.int8],
) -> tuple[Ints, npt.NDArray[np.int8]]:
    """Draw who takes his number to another network; nobody who has two numbers, comes, goes or lives by it."""
    rng = generator(settings.seed, "ports")
    day = np.full(len(networks), NEVER, dtype=np.int32)
    to = networks.copy()
    chance = min(0.8, settings.operators.ported * settings.days / 365.0)
    stays = (people.first_day < 0) & (people.last_day > settings.days)
    stays[second.person] = False
    stays[managers.entity[managers.entity < people.count]] = False
    grown = people.households.position != CHILD
    person = np.flatnonzero(stays & grown & (rng.random(people.count) < chance))
    day[person] = rng.integers(min(1, settings.days - 1), settings.days, len(person))
    step = 1 + rng.integers(0, len(settings.operators.networks) - 1, len(person))
    to[person] = (networks[person] + step) % len(settings.operators.networks)
    return day, to


def _documents(
    settings: Settings,
    people: People,
    work: Workplaces,
    second: SecondNumbers,
    entities: int,
    rng: np.random.Generator,
) -> Ints:
    """In whose name each number is: the user's, a relative's, for children a parent's, or the employer's."""
    document = np.arange(entities, dtype=np.int32)
    child = (people.households.position == CHILD) & (people.age < 16)
    borrowed = child | (rng.random(people.count) < settings.operators.relative_document)
    document[: people.count] = np.where(borrowed, people.key_of, document[: people.count])
    buys = rng.random(work.count) < settings.operators.company_documents
    staff = np.flatnonzero(
        buys[work.workplace] & (work.begin < 1) & (rng.random(len(work.person)) < OF_THE_STAFF)
    )
    document[work.person[staff]] = entities + work.workplace[staff]
    relative = people.key_of[second.person]
    home = people.households.household
    neighbour = np.minimum(second.person + 1, people.count - 1)
    relative = np.where(
        (relative == second.person) & (home[neighbour] == home[second.person]), neighbour, relative
    )
    other = rng.random(len(second.person)) < settings.second_numbers.other_document
    other &= second.cause != NUMBER_CHANGE
    return np.concatenate([document, np.where(other, relative, second.person)]).astype(np.int32)


def make_numbers(settings: Settings, sims: Sims, lookalikes: Lookalikes, people: int) -> Any:
    """Numbers as an Arrow string array, in the order of the sims; keyed tokens if the settings ask for them.

    Within a network numbers are drawn without repetition, so that a number tells nothing about its owner.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    rng = generator(settings.seed, "numbers")
    digits = settings.operators.digits
    value = np.zeros(len(sims.entity), dtype=np.int64)
    for code, network in enumerate(settings.operators.networks):
        of = np.flatnonzero(sims.network == code)
        prefix = rng.integers(0, len(network.prefixes), len(of))
        head = np.array([int(text) for text in network.prefixes])[prefix]
        room = np.array([10 ** (digits - len(text)) for text in network.prefixes])[prefix]
        # A step without common factor with 10 visits every tail once.
        step = int(rng.integers(10**5, 10**6)) * 10 + 3
        value[of] = head * room + (rng.permutation(len(of)) * step + int(rng.integers(10**8))) % room
    text = pc.utf8_lpad(pa.array(value).cast(pa.string()), width=digits, padding="0")
    short = np.flatnonzero(sims.network == NO_NETWORK)
    if len(short):
        name = rng.choice(np.arange(200, 10000), len(short), replace=len(short) > 9000).tolist()
        kept = []
        for entity, code in zip((short - people).tolist(), name, strict=True):
            line = lookalikes.line_of[entity]
            if line >= 0:
                network = settings.operators.networks[line]
                is_mailbox = lookalikes.kind[entity] == VOICEMAIL
                kept.append(network.voicemail if is_mailbox else network.service_line)
            else:
                kept.append(f"95{code:04d}" if lookalikes.kind[entity] == HOTLINE else f"106{code:04d}")
        mask = np.zeros(len(value), dtype=np.bool_)
        mask[short] = True
        text = pc.replace_with_mask(text, pa.array(mask), pa.array(kept, pa.string()))
    if settings.operators.hashed:
        key = f"circlegraph city {settings.seed}".encode()
        tokens = [
            hashlib.blake2b(item.encode(), key=key, digest_size=16).hexdigest() for item in text.to_pylist()
        ]
        text = pa.array(tokens, pa.string())
    return text
