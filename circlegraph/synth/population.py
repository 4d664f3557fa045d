"""People: age, how much they phone, what they pay, when they come and go, when they travel."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.households import Households, key_persons, make_households
from circlegraph.synth.kinds import ADULT, CHILD, NEVER, OLD, PARTNER
from circlegraph.synth.rng import generator
from circlegraph.synth.settings import Settings

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class People:
    """Everybody in the city, one entry a person; days count from the first day of the window.

    Attributes
    ----------
    households : Households
        Who lives with whom.
    age : ndarray of int32
        Years.
    sociality : ndarray of float32
        Factor on how much a person phones, mean about 1.
    arpu : ndarray of float32
        Usual bill a month.
    is_key, key_of : ndarray
        Key persons of families, and each person's key person.
    first_day, last_day : ndarray of int32
        Days on which a person has a phone: first_day <= day < last_day.
    weds : ndarray of int32
        For those who arrive as a new spouse: whom they marry; else -1.
    phone_of : ndarray of int32
        Whose phone each person uses: mostly his own; who has none of his own never comes and never goes.
    """

    households: Households
    age: Ints
    sociality: Floats
    arpu: Floats
    is_key: npt.NDArray[np.bool_]
    key_of: Ints
    first_day: Ints
    last_day: Ints
    weds: Ints
    phone_of: Ints

    @property
    def count(self) -> int:
        """Number of people."""
        return len(self.age)


def make_people(settings: Settings) -> People:
    """Draw the population; its size follows from the own network's market share."""
    people = max(60, round(settings.subscribers / settings.operators.networks[0].market_share))
    households = make_households(settings, people)
    rng = generator(settings.seed, "people")
    position = households.position
    age = _ages(households, rng)
    sigma = settings.population.sociality_sigma
    sociality = (
        np.exp(rng.normal(-(sigma**2) / 2, sigma, people)) * np.array([1.15, 1.15, 0.6, 0.65])[position]
    )
    noise = np.exp(rng.normal(0.0, settings.population.arpu_sigma, people))
    factor = np.array([1.1, 1.0, 0.6, 0.6])[position]
    arpu = settings.population.arpu_median * sociality**0.6 * noise * factor
    sociality = sociality.astype(np.float32)
    is_key, key_of = key_persons(households, sociality, settings.seed)
    first_day, last_day, weds = _comings_and_goings(settings, households, rng)
    phone_of = _shared_phones(settings, households, is_key)
    without = phone_of != np.arange(people)
    first_day[without] = last_day[without] = NEVER
    return People(
        households,
        age,
        sociality,
        arpu.astype(np.float32),
        is_key,
        key_of,
        first_day,
        last_day,
        weds,
        phone_of,
    )


def _shared_phones(settings: Settings, households: Households, is_key: npt.NDArray[np.bool_]) -> Ints:
    """Whose phone each person uses: of some old couples one has none; the key person of a family has."""
    rng = generator(settings.seed, "shared phones")
    phone_of = np.arange(len(is_key), dtype=np.int32)
    old = households.position == OLD
    first = np.flatnonzero(old[:-1] & old[1:] & (households.household[:-1] == households.household[1:]))
    first = first[rng.random(len(first)) < settings.population.shared_phones]
    holder = first + is_key[first + 1]
    phone_of[2 * first + 1 - holder] = holder
    return phone_of


def _ages(households: Households, rng: np.random.Generator) -> Ints:
    """Ages that fit: parents are 20 to 35 years older than their children, partners of like age."""
    position, first = households.position, households.first[households.household]
    people = len(position)
    dice = rng.random(people)
    age = np.where(
        position == CHILD, 8 + 13 * dice, np.where(position == OLD, 58 + 28 * dice, 24 + 34 * dice)
    )
    parent = np.flatnonzero(position == ADULT)
    eldest = np.zeros(people)
    np.maximum.at(eldest, first, np.where(position == CHILD, age, 0.0))
    age[parent] = np.where(eldest[parent] > 0, eldest[parent] + 22 + 12 * dice[parent], age[parent])
    second = np.flatnonzero(position == PARTNER)
    age[second] = np.clip(age[first[second]] + rng.normal(-1.0, 3.0, len(second)), 22, 62)
    resident = np.flatnonzero((position == OLD) & (position[first] == ADULT))
    age[resident] = np.minimum(95, age[first[resident]] + 21 + 12 * dice[resident])
    youngest = np.zeros(len(households.first) - 1)
    np.maximum.at(youngest, households.elders, age[households.first[households.children]] + 20)
    apart = position == OLD
    age[apart] = np.minimum(99, np.maximum(age, youngest[households.household])[apart])
    return age.astype(np.int32)


def _comings_and_goings(
    settings: Settings, households: Households, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    days, population = settings.days, settings.population
    years = days / 365.0
    position = households.position
    people = len(position)
    first_day = np.full(people, -NEVER, dtype=np.int32)
    last_day = np.full(people, NEVER, dtype=np.int32)
    weds = np.full(people, -1, dtype=np.int32)

    alone = np.diff(households.first)[households.household] == 1
    singles = rng.permutation(np.flatnonzero(alone & (position == ADULT)))
    wanted = rng.poisson(population.arrivals * years * int((position <= PARTNER).sum()))
    arrivals = singles[: min(wanted, len(singles) // 2)]
    settled = singles[len(arrivals) :]
    brides = arrivals[rng.random(len(arrivals)) < population.marry_in][: len(settled)]
    weds[brides] = settled[: len(brides)]

    children = np.flatnonzero(position == CHILD)
    chosen = children[rng.random(len(children)) < min(1.0, population.first_phones * years)]
    newcomers = np.concatenate([arrivals, chosen])
    first_day[newcomers] = rng.integers(min(2, days - 1), max(3, days), len(newcomers))

    leaves = rng.random(people) < population.gone * years * np.where(position == OLD, 1.5, 1.0)
    leaves &= (first_day < 0) & (weds < 0)
    last_day[leaves] = rng.integers(min(3, days), days + 1, int(leaves.sum()))
    return first_day, last_day, weds
