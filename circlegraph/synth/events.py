"""One day of a city: each event between people is put on the numbers that its two ends would use.

A day is a function of the static world and its number alone.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.cells import away_today, where
from circlegraph.synth.kinds import CALL, COURIER, FORWARD, FULL, KIN, SMS, TAXI
from circlegraph.synth.meetings import POACHING, STRAY, TRADE, Meetings, meetings
from circlegraph.synth.rhythm import Day, day_of
from circlegraph.synth.rng import generator
from circlegraph.synth.second_numbers import lasting, on_second
from circlegraph.synth.sorting import in_order
from circlegraph.synth.world import World

Ints = npt.NDArray[np.int32]
FORWARDED = 0.7
"""Share of calls to a forwarded number that ring on the new one (assumed)."""
MISSED = 0.2
"""Share of calls that go on to a relative or to voicemail where that is set (assumed)."""


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
        Tie, or ONE_OFF, TRADE, POACHING, STRAY.
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
    return _recorded(world, day, meetings(world, day, rng), rng)


def _recorded(world: World, day: Day, met: Meetings, rng: np.random.Generator) -> Events:
    """Choose numbers, keep what the own network sees, and add what it knows of its own ends."""
    sims = world.sims
    caller = _number(world, day, met.caller, met.callee, True, rng)
    callee = _number(world, day, met.callee, met.caller, False, rng)
    entry = sims.second_of[met.callee]
    # Who calls himself tries his new number out; strays reach a number, whoever has it now.
    tries = np.flatnonzero((met.caller == met.callee) & (entry >= 0))
    caller[tries] = met.caller[tries]
    meant = np.union1d(tries, np.flatnonzero((met.source == STRAY) & (entry >= 0)))
    callee[meant] = sims.entities + entry[meant]
    own = sims.own_on(day.number)
    seen = own[caller] | own[callee]
    seen &= ~_lost(world, day, met)
    rows = np.flatnonzero(seen if world.settings.records.texts else seen & ~met.text)
    rows = rows[in_order(met.second[rows].astype(np.int64))]
    met, caller, callee = met.take(rows), caller[rows], callee[rows]
    kind = np.where(met.text, SMS, CALL).astype(np.int8)

    target, chance = _forwarding(world, day)
    forwards = np.flatnonzero((target[callee] >= 0) & ~met.text & own[callee])
    forwards = forwards[rng.random(len(forwards)) < chance[callee[forwards]]]
    forwards = forwards[target[callee[forwards]] != caller[forwards]]
    forwarded_to = np.full(len(rows), -1, dtype=np.int32)
    if world.settings.records.forwards:
        kind[forwards] = FORWARD
        forwarded_to[forwards] = target[callee[forwards]]

    jitter = rng.random((2, len(rows)), dtype=np.float32)
    caller_cell = _cell(world, day, met.caller, met.callee, own[caller], met.second, jitter[0])
    callee_cell = _cell(world, day, met.callee, met.caller, own[callee], met.second, jitter[1])
    callee_device = _device(world, day, callee, own)
    callee_cell[forwards] = -1
    callee_device[forwards] = -1
    return Events(
        day,
        caller,
        callee,
        forwarded_to,
        met.second,
        _answered(world, met, kind, rng),
        kind,
        caller_cell,
        callee_cell,
        _device(world, day, caller, own),
        callee_device,
        met.source,
    )


def _forwarding(world: World, day: Day) -> tuple[Ints, npt.NDArray[np.float32]]:
    """Where each number forwards to on a day, or -1, and which share of its calls it does."""
    sims, second, diverted = world.sims, world.second, world.diverted
    target = np.full(len(sims.entity), -1, dtype=np.int32)
    chance = np.zeros(len(sims.entity), dtype=np.float32)
    now = diverted.since <= day.number
    target[diverted.person[now]], chance[diverted.person[now]] = diverted.target[now], MISSED
    rows = np.flatnonzero((second.forwards_from <= day.number) & (day.number < second.first_ends))
    target[second.person[rows]], chance[second.person[rows]] = sims.entities + rows, FORWARDED
    return target, chance


def _lost(world: World, day: Day, met: Meetings) -> npt.NDArray[np.bool_]:
    """Events of those who have changed over completely with contacts who did not follow; families do."""
    second = world.second
    gone = (second.mode == FULL) & (second.first_ends <= day.number)
    lost = np.zeros(len(met.caller), dtype=np.bool_)
    loose = met.source < 0
    tied = np.flatnonzero(~loose)
    loose[tied] = world.ties.kind[met.source[tied]] > KIN
    for entity, contact in ((met.caller, met.callee), (met.callee, met.caller)):
        entry = world.sims.second_of[entity]
        rows = np.flatnonzero((entry >= 0) & loose)
        rows = rows[gone[entry[rows]]]
        follows = lasting(world.settings.seed, second, entry[rows], contact[rows])
        lost[rows] |= follows >= second.share[entry[rows]]
    return lost


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
            world.settings.seed,
            world.settings.second_numbers.slips,
            world.second,
            entry[owners],
            other[owners],
            direction,
            day.number,
            dice,
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
    seen: npt.NDArray[np.bool_],
    second: Ints,
    jitter: npt.NDArray[np.float32],
) -> Ints:
    """Cell of each own end; drivers and couriers are where their customer lives, cells abroad are not ours."""
    cell = np.full(len(entity), -1, dtype=np.int32)
    abroad = np.zeros(world.sims.entities, dtype=np.bool_)
    abroad[: world.people.count] = away_today(world.places, day.number)
    own = np.flatnonzero(seen & ~abroad[entity])
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


def _answered(world: World, met: Meetings, kind: npt.NDArray[np.int8], rng: np.random.Generator) -> Ints:
    """Seconds talked: none in calls that ring out, most often those of strangers."""
    chance = world.settings.rhythm.unanswered
    if chance == 0:
        return met.duration
    strange = np.isin(met.source, (TRADE, POACHING))
    rings_out = rng.random(len(kind), dtype=np.float32) < np.where(strange, 2 * chance, chance)
    seconds: Ints = np.where(rings_out & (kind == CALL), np.int32(0), met.duration)
    return seconds


def _device(world: World, day: Day, number: Ints, own: npt.NDArray[np.bool_]) -> Ints:
    """Device of each own end."""
    handsets = world.sims.handsets
    today = np.where(handsets.change <= day.number, handsets.after, handsets.before).astype(np.int32)
    device: Ints = np.where(own[number], today[number], np.int32(-1))
    return device
