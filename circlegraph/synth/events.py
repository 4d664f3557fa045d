"""One day of a city: people meet, then each event is put on the numbers that its two ends would use.

A day is a function of the static world and its number alone. Its cost follows the number of events: ties
are drawn from a running sum of their strengths and then thinned by what holds on that day (is the tie
alive, is it awake, is somebody abroad), so that no pass over all ties is needed.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.cells import away_today, where
from circlegraph.synth.kinds import CALL, COURIER, FORWARD, SMS, TAXI
from circlegraph.synth.lookalikes import lookalike_events
from circlegraph.synth.networks import NO_NETWORK, OWN
from circlegraph.synth.rhythm import Day, busy, call_seconds, day_of, seconds_of_day
from circlegraph.synth.rng import generator, hashed
from circlegraph.synth.second_numbers import on_second
from circlegraph.synth.sorting import in_order
from circlegraph.synth.world import World

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

ONE_OFF, TRADE, POACHING = -1, -2, -3
"""Sources of events that belong to no tie."""
ENQUIRY_DAYS = 8
LONGEST_TRAIN = 20
FORWARDED = 0.7


@dataclass(frozen=True)
class Meetings:
    """Events between entities (people and services), before numbers are chosen.

    ``source`` is the tie that an event belongs to, or one of ONE_OFF, TRADE, POACHING.
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


@dataclass(frozen=True)
class Events:
    """What the own network records of one day, in order of time; -1 stands for "not known".

    Attributes
    ----------
    day : Day
        Date and kind of day.
    caller, callee, forwarded_to : ndarray of int32
        Numbers (indices into the sims).
    second, duration : ndarray of int32
        Second of the day, and seconds talked (0 for texts).
    kind : ndarray of int8
        Codes of `kinds.RECORD_KINDS`.
    caller_cell, callee_cell, caller_device, callee_device : ndarray of int32
        Known for own numbers only.
    source : ndarray of int32
        Tie, or ONE_OFF, TRADE, POACHING.
    """

    day: Day
    caller: Ints
    callee: Ints
    forwarded_to: Ints
    second: Ints
    duration: Ints
    kind: npt.NDArray[np.int8]
    caller_cell: Ints
    callee_cell: Ints
    caller_device: Ints
    callee_device: Ints
    source: Ints

    def __len__(self) -> int:
        return len(self.caller)


def day_events(world: World, number: int) -> Events:
    """Make one day.

    Parameters
    ----------
    world : World
        Static part of the city.
    number : int
        Day of the window, from 0.

    Returns
    -------
    Events
        The records of that day, in order of time.
    """
    settings = world.settings
    day = day_of(settings, number)
    rng = generator(settings.seed, "day", number)
    parts = [
        _between_ties(world, day, rng),
        _one_offs(world, rng),
        _trade(world, day, rng),
        _poaching(world, day),
        _enquiries(world, day, rng),
    ]
    met = Meetings(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Meetings.__annotations__)
    )
    met = met.take(_present(world, day, met, rng))
    met = met.take(_not_engaged(world, met))
    return _recorded(world, day, met, rng)


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


def _present(world: World, day: Day, met: Meetings, rng: np.random.Generator) -> Flags:
    """Both have a phone on that day, are different, and neither is abroad (nearly never)."""
    people = world.people
    services = world.sims.entities - people.count
    there = np.concatenate(
        [(people.first_day <= day.number) & (day.number < people.last_day), np.ones(services, bool)]
    )
    abroad = np.concatenate([away_today(world.places, day.number), np.zeros(services, bool)])
    silent = (abroad[met.caller] | abroad[met.callee]) & (
        rng.random(len(met.caller), dtype=np.float32) < 0.93
    )
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


def _recorded(world: World, day: Day, met: Meetings, rng: np.random.Generator) -> Events:
    """Choose numbers, keep what the own network sees, and add what it knows of its own ends."""
    sims, second = world.sims, world.second
    caller = _number(world, day, met.caller, met.callee, True, rng)
    callee = _number(world, day, met.callee, met.caller, False, rng)
    rows = np.flatnonzero(sims.own[caller] | sims.own[callee])
    rows = rows[in_order(met.second[rows].astype(np.int64))]
    met, caller, callee = met.take(rows), caller[rows], callee[rows]
    kind = np.where(met.text, SMS, CALL).astype(np.int8)

    entry = np.where(callee < sims.entities, sims.second_of[met.callee], -1)
    forwards = np.flatnonzero((entry >= 0) & ~met.text & sims.own[callee])
    active = (second.forwards_from <= day.number) & (day.number < second.first_ends)
    forwards = forwards[active[entry[forwards]]]
    forwards = forwards[rng.random(len(forwards)) < FORWARDED]
    kind[forwards] = FORWARD
    forwarded_to = np.full(len(rows), -1, dtype=np.int32)
    forwarded_to[forwards] = sims.entities + entry[forwards]

    jitter = rng.random((2, len(rows)), dtype=np.float32)
    caller_cell = _cell(world, day, met.caller, met.callee, caller, met.second, jitter[0])
    callee_cell = _cell(world, day, met.callee, met.caller, callee, met.second, jitter[1])
    callee_device = _device(world, day, callee)
    callee_cell[forwards] = -1
    callee_device[forwards] = -1
    return Events(
        day,
        caller,
        callee,
        forwarded_to,
        met.second,
        met.duration,
        kind,
        caller_cell,
        callee_cell,
        _device(world, day, caller),
        callee_device,
        met.source,
    )


def _number(
    world: World, day: Day, entity: Ints, other: Ints, outgoing: bool, rng: np.random.Generator
) -> Ints:
    """Choose the number that each entity uses for this contact on this day."""
    entry = world.sims.second_of[entity]
    owners = np.flatnonzero(entry >= 0)
    direction = np.full(len(owners), outgoing)
    dice = rng.random(len(owners), dtype=np.float32)
    moved = owners[
        on_second(
            world.settings.seed, world.second, entry[owners], other[owners], direction, day.number, dice
        )
    ]
    number = entity.copy()
    number[moved] = world.sims.entities + entry[moved]
    return number


def _cell(
    world: World,
    day: Day,
    entity: Ints,
    other: Ints,
    number: Ints,
    second: Ints,
    jitter: npt.NDArray[np.float32],
) -> Ints:
    """Cell of each own end; drivers and couriers are where their customer lives."""
    cell = np.full(len(entity), -1, dtype=np.int32)
    own = np.flatnonzero(world.sims.own[number])
    person = entity[own]
    service = np.flatnonzero(person >= world.people.count)
    index = np.minimum(person[service] - world.people.count, len(world.lookalikes.kind) - 1)
    mobile = np.isin(world.lookalikes.kind[index], (COURIER, TAXI))
    person[service] = np.where(mobile, other[own][service], world.lookalikes.zone[index])
    cell[own] = where(
        world.settings.seed,
        world.places,
        day.number,
        day.workday,
        day.festival,
        person,
        second[own],
        jitter[own],
    )
    return cell


def _device(world: World, day: Day, number: Ints) -> Ints:
    """Device of each own end."""
    handsets = world.sims.handsets
    today = np.where(handsets.change <= day.number, handsets.after, handsets.before).astype(np.int32)
    device: Ints = np.where(world.sims.own[number], today[number], np.int32(-1))
    return device
