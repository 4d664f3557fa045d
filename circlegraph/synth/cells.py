"""Cells: where people live, work and travel, and which mast hears them at a given hour.

The city is a grid of cells. Households lie in it in the order of their ids, so that people with near ids are
neighbours. A place holds for a whole hour: somebody with two numbers is heard by near masts on both.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.kinds import NEVER
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator, hashed
from circlegraph.synth.settings import Settings
from circlegraph.synth.workplaces import Workplaces

Ints = npt.NDArray[np.int32]
SPACING_KM = 0.7
OVERSHOOT = 0.15
ELSEWHERE = 0.12


@dataclass(frozen=True)
class Places:
    """Home, work and trips of each person (cells are numbered along the rows of the grid)."""

    width: int
    cells: int
    home: Ints
    new_home: Ints
    move_day: Ints
    work: Ints
    new_work: Ints
    job_day: Ints
    trip_begin: Ints
    trip_end: Ints
    trip_cell: Ints
    festival: npt.NDArray[np.bool_]


def make_places(settings: Settings, people: People, work: Workplaces) -> Places:
    """Lay out cells and give everybody a home, a workplace and trips."""
    rng = generator(settings.seed, "places")
    count, population = people.count, settings.population
    width = max(5, round(float(np.sqrt(count / 150.0))))
    cells = width * width
    household = people.households.household
    homes = len(people.households.first) - 1
    at = (np.arange(homes) * cells // homes).astype(np.int32)
    moving = rng.random(homes) < min(0.8, population.moves * settings.days / 365.0)
    move_day = np.where(moving, rng.integers(0, settings.days + 1, homes), NEVER).astype(np.int32)
    new_at = rng.integers(0, cells, homes).astype(np.int32)

    middle = rng.normal(0.5, 0.2, (2, max(1, work.count))).clip(0.0, 0.999)
    workplace_cell = (
        (middle[0] * width).astype(np.int32) * width + (middle[1] * width).astype(np.int32)
    ).astype(np.int32)
    first = np.full(count, -1, dtype=np.int32)
    second = np.full(count, -1, dtype=np.int32)
    job_day = np.full(count, NEVER, dtype=np.int32)
    early = work.begin < 1
    first[work.person[early]] = workplace_cell[work.workplace[early]]
    second[work.person] = first[work.person]
    later = ~early
    second[work.person[later]] = workplace_cell[work.workplace[later]]
    job_day[work.person[later]] = work.begin[later]

    travels = rng.random(count) < 1.0 - np.exp(-population.trips * settings.days / 365.0)
    trip_begin = np.where(travels, rng.integers(-5, settings.days + 1, count), NEVER).astype(np.int32)
    trip_end = (trip_begin + rng.integers(2, 11, count)).astype(np.int32)
    trip_cell = rng.integers(0, cells, count).astype(np.int32)
    trip_cell[rng.random(count) < population.abroad] = -1
    return Places(
        width=width,
        cells=cells,
        home=at[household],
        new_home=np.where(moving, new_at, at).astype(np.int32)[household],
        move_day=move_day[household],
        work=first,
        new_work=second,
        job_day=job_day,
        trip_begin=trip_begin,
        trip_end=trip_end,
        trip_cell=trip_cell,
        festival=rng.random(count) < population.festival_travel,
    )


def away_today(places: Places, day: int) -> npt.NDArray[np.bool_]:
    """Who is abroad on a day, shape (people,): almost none of their calls are seen."""
    gone: npt.NDArray[np.bool_] = (
        (places.trip_cell < 0) & (places.trip_begin <= day) & (day < places.trip_end)
    )
    return gone


def roams_today(
    seed: int, places: Places, roaming: float, away: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """People abroad who go on phoning; it holds for the whole trip."""
    people = np.flatnonzero(away)
    return people[hashed(seed, "roaming", people, places.trip_begin[people]) < roaming]


def where(
    seed: int,
    places: Places,
    day: int,
    workday: bool,
    festival: bool,
    person: Ints,
    second: Ints,
    jitter: npt.NDArray[np.float32],
) -> Ints:
    """Cell that hears each person at a time of a day.

    Parameters
    ----------
    seed : int
        Seed of the city.
    places : Places
        Places of everybody; couriers and other services have a home only.
    day : int
        Day of the window.
    workday, festival : bool
        What kind of day it is; in a festival a share of the people is in another town.
    person, second : ndarray of int32, shape (n,)
        Who, and the second of the day.
    jitter : ndarray of float32, shape (n,)
        Uniform numbers that decide whether a neighbouring mast overshoots.

    Returns
    -------
    ndarray of int32, shape (n,)
        Cells.
    """
    hour = second // 3600
    cell = np.where(places.move_day <= day, places.new_home, places.home)[person]
    dice = hashed(seed, "whereabouts", person, hour + 24 * day)
    if workday:
        work = np.where(places.job_day <= day, places.new_work, places.work)[person]
        working = (work >= 0) & (hour >= 9) & (hour < 18) & (dice > 0.15)
        cell = np.where(working, work, cell)
    out = (dice < ELSEWHERE) & (hour >= 8) & (hour < 22)
    haunt = (
        hashed(seed, "haunts", person, np.floor(dice * (3.0 / ELSEWHERE)).astype(np.int32)) * places.cells
    ).astype(np.int32)
    cell = np.where(out, haunt, cell)
    trip = (places.trip_begin <= day) & (day < places.trip_end) & (places.trip_cell >= 0)
    if festival:
        trip = trip | places.festival
    cell = np.where(trip[person], places.trip_cell[person], cell)
    cell = np.maximum(cell, 0)
    steps = np.array([1, -1, places.width, -places.width], dtype=np.int32)
    step = steps[(jitter * (4.0 / OVERSHOOT)).astype(np.int32) & 3]
    near = np.clip(cell + step, 0, places.cells - 1)
    heard: Ints = np.where(jitter < OVERSHOOT, near, cell).astype(np.int32)
    return heard


def cell_name(cell: npt.NDArray[np.int64] | int) -> list[str]:
    """Cell identities as they stand in the records: area code and cell code."""
    return [f"{4096 + index // 256}-{20000 + 17 * index}" for index in np.atleast_1d(cell).tolist()]
