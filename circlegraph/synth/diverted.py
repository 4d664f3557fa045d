"""Forwarding that is no second number: calls that somebody misses go to a relative or to voicemail."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.kinds import CHILD, NEVER, VOICEMAIL
from circlegraph.synth.lookalikes import Lookalikes
from circlegraph.synth.managers import Managers
from circlegraph.synth.networks import OWN
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator
from circlegraph.synth.second_numbers import SecondNumbers
from circlegraph.synth.settings import Settings

Ints = npt.NDArray[np.int32]
TO_RELATIVE = 0.4
"""Share of those with relatives at home who name one of them (assumed); the others have voicemail."""


@dataclass(frozen=True)
class Diverted:
    """One entry a person, in order of person: whose first number forwards, to which number, since which day."""

    person: Ints
    target: Ints
    since: Ints


def make_diverted(
    settings: Settings,
    people: People,
    network: npt.NDArray[np.int8],
    lookalikes: Lookalikes,
    managers: Managers,
    second: SecondNumbers,
) -> Diverted:
    """Draw who forwards missed calls; none who forwards to a second number, and no account manager."""
    rng = generator(settings.seed, "diverted")
    able = (people.households.position != CHILD) & (people.first_day <= 0) & (network == OWN)
    able[second.person[second.forwards_from < NEVER]] = False
    able[managers.entity[managers.entity < people.count]] = False
    person = np.flatnonzero(able & (rng.random(people.count) < settings.operators.diverted))
    home = people.households.household
    heir = np.where(person + 1 < people.count, person + 1, person - 1)
    known = (home[heir] == home[person]) & (people.first_day[heir] <= 0)
    relative = known & (rng.random(len(person)) < TO_RELATIVE)
    mailboxes = people.count + np.flatnonzero(lookalikes.kind == VOICEMAIL)
    mailbox = mailboxes[0] if len(mailboxes) else -1
    target = np.where(relative, heir, mailbox)
    since = rng.integers(-400, settings.days, len(person))
    kept = target >= 0
    return Diverted(
        person[kept].astype(np.int32), target[kept].astype(np.int32), since[kept].astype(np.int32)
    )
