"""The static part of a city: everything that is made once, before the first day."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.cells import Places, make_places
from circlegraph.synth.diverted import Diverted, make_diverted
from circlegraph.synth.kinds import FULL, NEVER, NUMBER_CHANGE
from circlegraph.synth.lookalikes import Lookalikes, make_lookalikes
from circlegraph.synth.managers import Managers, make_managers
from circlegraph.synth.networks import OWN, first_networks
from circlegraph.synth.population import People, make_people
from circlegraph.synth.second_numbers import SecondNumbers, make_second_numbers
from circlegraph.synth.settings import Settings
from circlegraph.synth.sims import Sims, make_sims
from circlegraph.synth.ties import Ties, make_ties
from circlegraph.synth.workplaces import Workplaces, make_workplaces


@dataclass(frozen=True)
class World:
    """Everything that does not change from day to day.

    ``wakefulness`` is the running sum over ties of their strength while awake; days draw from it.
    """

    settings: Settings
    people: People
    work: Workplaces
    places: Places
    ties: Ties
    wakefulness: npt.NDArray[np.float64]
    first_network: npt.NDArray[np.int8]
    lookalikes: Lookalikes
    managers: Managers
    second: SecondNumbers
    sims: Sims
    diverted: Diverted


def make_world(settings: Settings) -> World:
    """Make the static part of a city."""
    people = make_people(settings)
    work = make_workplaces(settings, people)
    places = make_places(settings, people, work)
    network = first_networks(settings, people)
    lookalikes = make_lookalikes(settings, people)
    managers = make_managers(settings, people, network, people.count + len(lookalikes.kind))
    second = make_second_numbers(settings, people, network, work, managers)
    sims = make_sims(settings, people, work, network, lookalikes, managers, second)
    seen: npt.NDArray[np.bool_] = network == OWN
    seen[second.person[second.network == OWN]] = True
    ties = make_ties(settings, people, work, seen)
    wakefulness = np.concatenate([[0.0], np.cumsum(ties.strength.astype(np.float64) / ties.awake)])
    diverted = make_diverted(settings, people, network, lookalikes, managers, second)
    return World(
        settings,
        people,
        work,
        places,
        ties,
        wakefulness,
        network,
        lookalikes,
        managers,
        second,
        sims,
        diverted,
    )


def leaves_by_replacement(world: World) -> npt.NDArray[np.bool_]:
    """Which second numbers mean that an own number is given up for a rival's, per row of ``world.second``."""
    second = world.second
    left: npt.NDArray[np.bool_] = (
        (second.mode == FULL)
        & (second.cause != NUMBER_CHANGE)
        & (second.first_ends < NEVER)
        & (world.first_network[second.person] == OWN)
        & (second.network != OWN)
    )
    return left
