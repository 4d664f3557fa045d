"""Who meets whom on one day: people and services phone each other, before numbers are chosen.

The cost of a day follows the number of its events: ties are drawn from a running sum of their strengths and then
thinned by what holds on that day (is the tie alive, is it awake, is somebody abroad), so that no pass over all ties
is needed.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.cells import away_today, roams_today
from circlegraph.synth.kinds import DATA_ONLY
from circlegraph.synth.lookalikes import lookalike_events
from circlegraph.synth.networks import NO_NETWORK, OWN
from circlegraph.synth.rhythm import Day, busy, call_seconds, seconds_of_day
from circlegraph.synth.rng import hashed
from circlegraph.synth.sorting import in_order
from circlegraph.synth.world import World

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

ONE_OFF, TRADE, POACHING, STRAY = -1, -2, -3, -4
"""Sources of events that belong to no tie."""
ENQUIRY_DAYS = 8
STRAYS, FORGOTTEN, EARLIER_CIRCLE = 0.25, 25.0, 12
"""Calls a day for the earlier owner of a new number, mean days until they cease, and callers (assumed)."""
LONGEST_TRAIN = 20
QUIET_ABROAD, QUIET_ROAMING = 0.93, 0.5
"""Shares of events that do not happen while somebody is abroad, without and with roaming (assumed)."""


@dataclass(frozen=True)
class Meetings:
    """Events between entities (people and services), before numbers are chosen.

    ``source`` is the tie that an event belongs to, or one of ONE_OFF, TRADE, POACHING, STRAY. Whoever calls himself
    tries out his second number.
    """

    caller: Ints
    callee: Ints
    second: Ints
    duration: Ints
    text: Flags
    source: Ints

    def take(self, rows: npt.NDArray[np.int64] | Flags) -> "Meetings":
        """Pick some of the rows."""
        return Meetings(
            self.caller[rows],
            self.callee[rows],
            self.second[rows],
            self.duration[rows],
            self.text[rows],
            self.source[rows],
        )


def meetings(world: World, day: Day, rng: np.random.Generator) -> Meetings:
    """Draw everything that happens between people and services on one day."""
    parts = [
        _between_ties(world, day, rng),
        _one_offs(world, rng),
        _trade(world, day, rng),
        _poaching(world, day),
        _enquiries(world, day, rng),
        _strays(world, day, rng),
    ]
    met = _joined(parts)
    met = met.take(_present(world, day, met, rng))
    return _joined([met.take(_not_engaged(world, met)), _tries(world, day)])


def _joined(parts: list[Meetings]) -> Meetings:
    return Meetings(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Meetings.__annotations__)
    )


def _between_ties(world: World, day: Day, rng: np.random.Generator) -> Meetings:
    ties, settings = world.ties, world.settings
    starts = world.wakefulness[ties.starts]
    scaled = np.concatenate([[0.0], np.cumsum(np.diff(starts) * busy(day))])
    expected = float(scaled[-1])
    drawn = int(rng.poisson(expected))
    # Ordered uniform numbers as a running sum of exponential gaps: no sorting.
    gaps = np.cumsum(rng.standard_exponential(drawn + 1))
    points = np.interp(gaps[:-1] * (expected / gaps[-1]), scaled, starts)
    tie = (np.searchsorted(world.wakefulness, points, side="right") - 1).astype(np.int32)
    tie = tie[(ties.begin[tie] <= day.number) & (day.number < ties.end[tie])]
    spell = (day.number + tie * 7919) // settings.rhythm.on_days
    tie = tie[hashed(settings.seed, "awake", tie, spell) < ties.awake[tie]]
    return _trains(world, day, tie, rng)


def _trains(world: World, day: Day, tie: Ints, rng: np.random.Generator) -> Meetings:
    """First event of each train and its echoes: replies, calls back, second thoughts."""
    ties, rules = world.ties, world.settings.rhythm
    size = len(tie)
    dice = rng.random(size, dtype=np.float32)
    second = seconds_of_day(world.settings, day, ties.kind[tie], dice)
    forth = rng.integers(0, 255, size, dtype=np.uint8) < ties.a_begins[tie]
    text = rng.integers(0, 255, size, dtype=np.uint8) < ties.texts[tie]
    found = []
    for place in range(LONGEST_TRAIN):
        duration = call_seconds(
            world.settings, ties.kind[tie], rng.standard_normal(len(tie), dtype=np.float32)
        )
        duration = np.where(text, np.int32(0), duration)
        found.append((tie, forth, second.astype(np.int32), duration, text))
        again = rules.train if place == 0 else rules.train_on
        goes_on = np.flatnonzero(rng.random(len(tie), dtype=np.float32) < again)
        if not len(goes_on):
            break
        tie, forth, text = tie[goes_on], forth[goes_on], text[goes_on]
        gap = rules.gap_minutes * 60 * np.exp(1.3 * rng.standard_normal(len(tie), dtype=np.float32)) + 2
        gap = np.where(text, gap * 0.3, gap)
        second = second[goes_on] + duration[goes_on] + gap.astype(np.float32)
        turn = rng.random(len(tie), dtype=np.float32)
        forth = forth ^ (turn < np.where(text, 0.75, 0.5))
        text = text ^ (turn > 0.93)
        today = second < 86400
        tie, forth, text, second = tie[today], forth[today], text[today], second[today]
    tie, forth, moment, duration, text = (np.concatenate(column) for column in zip(*found, strict=True))
    a, b = ties.a[tie], ties.b[tie]
    return Meetings(np.where(forth, a, b), np.where(forth, b, a), moment, duration, text, tie)


def _one_offs(world: World, rng: np.random.Generator) -> Meetings:
    """Draw calls between people who never phone again: wrong numbers, buyers, shops."""
    count = world.people.count
    size = int(rng.poisson(world.settings.ties.one_off * count / 2))
    second = (3600 * (8 + 13 * rng.random(size))).astype(np.int32)
    duration = np.maximum(1, 30 * np.exp(0.9 * rng.standard_normal(size))).astype(np.int32)
    return Meetings(
        rng.integers(0, count, size, dtype=np.int32),
        rng.integers(0, count, size, dtype=np.int32),
        second,
        duration,
        np.zeros(size, dtype=np.bool_),
        np.full(size, ONE_OFF, dtype=np.int32),
    )


def _trade(world: World, day: Day, rng: np.random.Generator) -> Meetings:
    made = lookalike_events(world.settings, world.people, world.lookalikes, day.number, day.workday, rng)
    duration = np.where(made.text, np.int32(0), made.duration)
    source = np.full(len(made.caller), TRADE, dtype=np.int32)
    return Meetings(made.caller, made.callee, made.second, duration, made.text, source)


def _poaching(world: World, day: Day) -> Meetings:
    """Look up calls and texts of account managers and their targets, as planned beforehand."""
    managers = world.managers
    low, high = np.searchsorted(managers.event_day, [day.number, day.number + 1])
    contact = managers.event_contact[low:high]
    manager = managers.entity[managers.contact_manager[contact]]
    person = managers.contact_person[contact]
    out, text = managers.event_out[low:high], managers.event_text[low:high]
    return Meetings(
        np.where(out, manager, person),
        np.where(out, person, manager),
        managers.event_second[low:high],
        np.where(text, np.int32(0), managers.event_duration[low:high]),
        text,
        np.full(high - low, POACHING, dtype=np.int32),
    )


def _enquiries(world: World, day: Day, rng: np.random.Generator) -> Meetings:
    """Draw calls to a competitor's service line by those who take, or have just taken, a number there."""
    second, lookalikes = world.second, world.lookalikes
    line = np.full(NO_NETWORK + 1, -1, dtype=np.int32)
    lines = np.flatnonzero(lookalikes.line_of > OWN)
    line[lookalikes.line_of[lines]] = world.people.count + lines
    asks = (np.abs(second.onset - day.number) <= ENQUIRY_DAYS) & (line[second.network] >= 0)
    asks &= rng.random(len(asks)) < world.settings.lookalikes.enquiries
    rows = np.flatnonzero(asks)
    size = len(rows)
    return Meetings(
        second.person[rows],
        line[second.network[rows]],
        rng.integers(8 * 3600, 21 * 3600, size, dtype=np.int32),
        rng.integers(30, 400, size, dtype=np.int32),
        np.zeros(size, dtype=np.bool_),
        np.full(size, TRADE, dtype=np.int32),
    )


def _tries(world: World, day: Day) -> Meetings:
    """Look up who calls his new number from the old one, on its first day, to try it out."""
    second, settings = world.second, world.settings
    chance = hashed(settings.seed, "tries", second.person)
    tries = (
        (second.onset == day.number) & (second.mode != DATA_ONLY) & (chance < settings.second_numbers.tries)
    )
    person = second.person[tries]
    when = (3600 * (9 + 12 * hashed(settings.seed, "time of tries", person))).astype(np.int32)
    return _short_calls(person, person, when, np.full(len(person), 4, dtype=np.int32), ONE_OFF)


def _strays(world: World, day: Day, rng: np.random.Generator) -> Meetings:
    """Draw calls that are meant for the earlier owner of a number that is new in the window."""
    settings, people, second = world.settings, world.people, world.second
    owner = np.concatenate([np.flatnonzero(people.first_day > 0), second.person[second.mode != DATA_ONLY]])
    since = np.concatenate([people.first_day[people.first_day > 0], second.onset[second.mode != DATA_ONLY]])
    age = day.number - since
    recycled = hashed(settings.seed, "recycled", owner) < settings.operators.recycled
    mean = np.where(
        recycled & (age >= 0) & (since >= 0), STRAYS * np.exp(-np.maximum(age, 0) / FORGOTTEN), 0.0
    )
    owner = np.repeat(owner, rng.poisson(mean)).astype(np.int32)
    size = len(owner)
    circle = (hashed(settings.seed, "earlier owners", owner) * people.count).astype(np.int32)
    caller = (circle + rng.integers(0, EARLIER_CIRCLE, size, dtype=np.int32)) % np.int32(people.count)
    when = (3600 * (8 + 13 * rng.random(size))).astype(np.int32)
    return _short_calls(caller, owner, when, rng.integers(2, 25, size, dtype=np.int32), STRAY)


def _short_calls(caller: Ints, callee: Ints, second: Ints, duration: Ints, source: int) -> Meetings:
    size = len(caller)
    return Meetings(
        caller, callee, second, duration, np.zeros(size, np.bool_), np.full(size, source, dtype=np.int32)
    )


def _present(world: World, day: Day, met: Meetings, rng: np.random.Generator) -> Flags:
    """Both have a phone on that day, are different, and neither is abroad (nearly never)."""
    people = world.people
    services = world.sims.entities - people.count
    there = np.concatenate(
        [(people.first_day <= day.number) & (day.number < people.last_day), np.ones(services, bool)]
    )
    away = away_today(world.places, day.number)
    roams = roams_today(world.settings.seed, world.places, world.settings.population.roaming, away)
    quiet = np.zeros(world.sims.entities, dtype=np.float32)
    quiet[: people.count][away] = QUIET_ABROAD
    quiet[roams] = QUIET_ROAMING
    silent = rng.random(len(met.caller), dtype=np.float32) < np.maximum(quiet[met.caller], quiet[met.callee])
    present: Flags = there[met.caller] & there[met.callee] & (met.caller != met.callee) & ~silent
    return present


def _not_engaged(world: World, met: Meetings) -> Flags:
    """Leave out calls that begin during another one of the same person: nobody is in two calls at once."""
    calls = np.flatnonzero(~met.text)
    event = np.concatenate([calls, calls])
    entity = np.concatenate([met.caller[calls], met.callee[calls]])
    person = entity < world.people.count
    event, entity = event[person], entity[person]
    free = np.ones(len(met.caller), dtype=np.bool_)
    if not len(event):
        return free
    begin = entity.astype(np.int64) * 2**17 + met.second[event]
    order = in_order(begin)
    begin, event = begin[order], event[order]
    latest = np.maximum.accumulate(begin + np.minimum(met.duration[event], 2**15) + 1)
    engaged = begin[1:] < latest[:-1]
    free[event[1:][engaged]] = False
    return free
