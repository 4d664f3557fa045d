"""Workplaces and teams: who works with whom and from when to when."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.kinds import NEVER, PARTNER
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator
from circlegraph.synth.settings import Settings

Ints = npt.NDArray[np.int32]

SUCCESSION = 0.6
"""Share of working arrivals who follow somebody in his job (assumed)."""


@dataclass(frozen=True)
class Workplaces:
    """Spells of work, one entry a spell, in order of team.

    Attributes
    ----------
    person, workplace, team : ndarray of int32
        Who works where; teams are numbered through the city.
    begin, end : ndarray of int32
        Days: begin <= day < end.
    count : int
        Number of workplaces.
    """

    person: Ints
    workplace: Ints
    team: Ints
    begin: Ints
    end: Ints
    count: int


def make_workplaces(settings: Settings, people: People) -> Workplaces:
    """Fill workplaces of heavy-tailed size, then let some change jobs, often into a seat that fell free."""
    rng = generator(settings.seed, "workplaces")
    population = settings.population
    adults = people.households.position <= PARTNER
    workers = rng.permutation(np.flatnonzero(adults & (rng.random(people.count) < population.employed)))
    drawn = np.exp(
        rng.normal(np.log(population.workplace_median), population.workplace_sigma, len(workers) + 2)
    )
    sizes = np.clip(drawn, 2, max(2, len(workers) // 4)).astype(np.int64)
    ends = np.cumsum(sizes)
    rank = np.arange(len(workers))
    workplace = np.searchsorted(ends, rank, side="right").astype(np.int32)
    seat = rank - np.concatenate([[0], ends])[workplace]
    fresh = np.concatenate([[True], (workplace[1:] != workplace[:-1]) | (seat[1:] % population.team == 0)])
    team = (np.cumsum(fresh[: len(workers)]) - 1).astype(np.int32)
    begin = np.maximum(people.first_day[workers], -NEVER).astype(np.int32)
    end = np.full(len(workers), NEVER, dtype=np.int32)

    settled = begin < 0
    changes = settled & (rng.random(len(workers)) < min(0.8, population.job_changes * settings.days / 365.0))
    spell = np.flatnonzero(changes)
    if len(spell):
        left = rng.integers(min(3, settings.days), settings.days + 1, len(spell)).astype(np.int32)
        end[spell] = left
        into_free_seat = rng.random(len(spell)) < 0.5
        other = rng.permutation(len(spell))
        target = np.where(into_free_seat, spell[other], rng.integers(0, len(workers), len(spell)))
        later = np.where(into_free_seat, np.maximum(left, left[other]), left)
        starts = later + rng.integers(2, 15, len(spell))
        _take_free_seats(rng, np.flatnonzero(~settled), spell[np.argsort(left)], end, begin, workplace, team)
        workers = np.concatenate([workers, workers[spell]])
        workplace = np.concatenate([workplace, workplace[target]])
        team = np.concatenate([team, team[target]])
        begin = np.concatenate([begin, starts]).astype(np.int32)
        end = np.concatenate([end, np.full(len(spell), NEVER)]).astype(np.int32)
    order = np.argsort(team, kind="stable")
    count = int(workplace.max()) + 1 if len(workplace) else 0
    return Workplaces(
        workers[order].astype(np.int32),
        workplace[order].astype(np.int32),
        team[order].astype(np.int32),
        begin[order],
        end[order],
        count,
    )


def _take_free_seats(
    rng: np.random.Generator,
    arrivals: npt.NDArray[np.int64],
    leavers: npt.NDArray[np.int64],
    end: Ints,
    begin: Ints,
    workplace: Ints,
    team: Ints,
) -> None:
    """Seat some who are new in town where somebody has just left: a new number meets an old circle."""
    place = np.searchsorted(end[leavers], begin[arrivals]) - 1
    seated = (place >= 0) & (rng.random(len(arrivals)) < SUCCESSION)
    seat = leavers[place[seated]]
    workplace[arrivals[seated]] = workplace[seat]
    team[arrivals[seated]] = team[seat]
