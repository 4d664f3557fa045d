"""Truth tables: what was planted, in the words of the tables that detectors write."""

from typing import Any

import numpy as np
import numpy.typing as npt

from circlegraph.synth.calendar import dates
from circlegraph.synth.households import roles
from circlegraph.synth.kinds import CAUSES, CHILD, DATA_ONLY, LOOKALIKES, MODES, NEVER, NUMBER_CHANGE
from circlegraph.synth.networks import NO_NETWORK, OWN
from circlegraph.synth.records import Names
from circlegraph.synth.second_numbers import progress
from circlegraph.synth.tally import Tally
from circlegraph.synth.world import World, leaves_by_replacement

Rows = npt.NDArray[np.int64]


def make_truth(world: World, names: Names, tally: Tally) -> dict[str, Any]:
    """All truth tables but the weekly one, by name.

    Returns
    -------
    dict of str to pyarrow.Table
        second_numbers, families, managers, manager_contacts, conversions, lookalikes, leavers, newcomers.
    """
    contacts = manager_contacts(world, names, tally)
    return {
        "second_numbers": second_numbers(world, names, tally),
        "families": families(world, names, tally),
        "managers": managers(world, names, tally),
        "manager_contacts": contacts,
        "conversions": conversions(world, names, tally),
        "lookalikes": lookalikes(world, names, tally),
        "leavers": leavers(world, names),
        "newcomers": newcomers(world, names),
    }


def _operators(world: World, sims: Rows) -> list[str]:
    known = [network.name for network in world.settings.operators.networks]
    codes = world.sims.network[sims]
    return ["" if code == NO_NETWORK else known[code] for code in codes.tolist()]


def _numbers(names: Names, sims: Any, known: Any = None) -> Any:
    import pyarrow as pa

    mask = None if known is None else ~np.asarray(known, dtype=np.bool_)
    return names.numbers.take(pa.array(np.asarray(sims), mask=mask))


def _after(tally: Tally, sims: Rows, onset: Rows) -> Rows:
    """Count the records of each number in the whole weeks from its onset on."""
    counts = tally.weekly[:, sims]
    later = np.arange(len(counts))[:, None] >= np.maximum(-(-onset // 7), 0)[None, :]
    total: Rows = (counts * later).sum(axis=0).astype(np.int64)
    return total


def second_numbers(world: World, names: Names, tally: Tally) -> Any:
    """Second numbers of which the first or the second is an own number.

    ``share_moved`` is what was planned, ``share_at_end`` what of it is done on the last day; ``first_events`` and
    ``second_events`` are the records of whole weeks after the onset; ``visible`` is false where no record shows
    the second number (data-only).
    """
    import pyarrow as pa

    second, sims, settings = world.second, world.sims, world.settings
    rows = np.flatnonzero(
        (sims.own[second.person] | (second.network == OWN)) & (second.onset < settings.days)
    )
    first, other = second.person[rows].astype(np.int64), sims.entities + rows
    won = second.manager[rows] >= 0
    manager = (
        np.where(won, _manager_sim(world)[second.manager[rows]], 0)
        if len(world.managers.entity)
        else 0 * rows
    )
    seen = tally.weekly[:, other].sum(axis=0)
    return pa.table(
        {
            "person": pa.array(first),
            "number": _numbers(names, first),
            "second_number": _numbers(names, other),
            "operator": _operators(world, first),
            "second_operator": _operators(world, other),
            "onset": dates(settings, second.onset[rows]),
            "mode": [MODES[code] for code in second.mode[rows].tolist()],
            "cause": [CAUSES[code] for code in second.cause[rows].tolist()],
            "share_moved": pa.array(second.share[rows]),
            "share_at_end": pa.array((second.share * progress(second, settings.days - 1))[rows]),
            "ramp_days": pa.array(second.ramp[rows]),
            "first_ends": dates(settings, second.first_ends[rows], second.first_ends[rows] < settings.days),
            "forwarding": pa.array(second.forwards_from[rows] < settings.days),
            "by_manager": pa.array(won),
            "manager": _numbers(names, manager, won),
            "group": pa.array(second.group[rows], mask=second.group[rows] < 0),
            "visible": pa.array((seen > 0) & (second.mode[rows] != DATA_ONLY)),
            "first_events": pa.array(_after(tally, first, second.onset[rows].astype(np.int64))),
            "second_events": pa.array(_after(tally, other, second.onset[rows].astype(np.int64))),
        }
    )


def families(world: World, names: Names, tally: Tally) -> Any:
    """List family, role and key person of every number that is own or was seen."""
    import pyarrow as pa

    people, sims, second = world.people, world.sims, world.second
    role = np.array(roles(people.households, people.key_of), dtype=object)
    size = np.bincount(people.households.family)
    seen = sims.own | (tally.weekly.sum(axis=0) > 0)
    rows = np.flatnonzero(seen & (sims.entity < people.count) & (sims.activated < world.settings.days))
    person = sims.entity[rows]
    is_second = rows >= sims.entities
    started = np.ones(len(rows), dtype=np.bool_)
    started[is_second] = second.onset[rows[is_second] - sims.entities] < world.settings.days
    rows, person, is_second = rows[started], person[started], is_second[started]
    family = people.households.family[person]
    return pa.table(
        {
            "number": _numbers(names, rows),
            "person": pa.array(person),
            "family_id": pa.array(family),
            "family_size": pa.array(size[family]),
            "role": pa.array(role[person].tolist(), pa.string()),
            "is_key_person": pa.array(people.is_key[person]),
            "own": pa.array(sims.own[rows]),
            "is_second": pa.array(is_second),
        }
    )


def _manager_sim(world: World) -> Rows:
    return world.managers.entity.astype(np.int64)


def managers(world: World, names: Names, tally: Tally) -> Any:
    """Account managers, with what was recorded of their work."""
    import pyarrow as pa

    made = world.managers
    number = _manager_sim(world)
    events = tally.approaches()
    touched = np.unique(np.column_stack(_pair(world, events)), axis=0)
    targets = np.bincount(touched[:, 0], minlength=world.sims.entities)[number] if len(events) else 0 * number
    return pa.table(
        {
            "number": _numbers(names, number),
            "operator": _operators(world, number),
            "person": pa.array(made.person),
            "team": pa.array(made.team),
            "careful": pa.array(made.careful),
            "private_life": pa.array(made.private),
            "targets": pa.array(targets.astype(np.int64)),
        }
    )


def _pair(world: World, events: Rows) -> tuple[Rows, Rows]:
    """Tell manager's and subscriber's number of each recorded approach."""
    is_manager = np.zeros(len(world.sims.entity), dtype=np.bool_)
    is_manager[world.managers.entity] = True
    second = world.sims.second_of[world.managers.entity]
    is_manager[world.sims.entities + second[second >= 0]] = True
    out = is_manager[events[:, 0]]
    return np.where(out, events[:, 0], events[:, 1]), np.where(out, events[:, 1], events[:, 0])


def manager_contacts(world: World, names: Names, tally: Tally) -> Any:
    """List approached numbers: first and last recorded contact, events in (from the manager) and out."""
    import pyarrow as pa

    events = tally.approaches()
    manager, number = _pair(world, events)
    key = manager * len(world.sims.entity) + number
    pair, index = np.unique(key, return_inverse=True)
    inward = events[:, 0] == manager
    first = np.full(len(pair), NEVER, dtype=np.int64)
    last = np.full(len(pair), -1, dtype=np.int64)
    np.minimum.at(first, index, events[:, 2])
    np.maximum.at(last, index, events[:, 2])
    return pa.table(
        {
            "number": _numbers(names, pair % len(world.sims.entity)),
            "manager": _numbers(names, pair // len(world.sims.entity)),
            "first_contact": dates(world.settings, first),
            "last_contact": dates(world.settings, last),
            "calls_in": pa.array(np.bincount(index, inward, len(pair)).astype(np.int64)),
            "calls_out": pa.array(np.bincount(index, ~inward, len(pair)).astype(np.int64)),
        }
    )


def conversions(world: World, names: Names, tally: Tally) -> Any:
    """List subscribers who took a second number of the network whose manager had, on record, phoned them."""
    import pyarrow as pa

    second = world.second
    rows = np.flatnonzero(second.manager >= 0)
    number = second.person[rows].astype(np.int64)
    manager = _manager_sim(world)[second.manager[rows]] if len(rows) else number
    events = tally.approaches()
    by, of = _pair(world, events)
    key = by * len(world.sims.entity) + of
    order = np.argsort(key, kind="stable")
    wanted = manager * len(world.sims.entity) + number
    place = np.searchsorted(key[order], wanted)
    place = np.minimum(place, max(0, len(order) - 1))
    found = key[order][place] == wanted if len(order) else np.zeros(len(rows), dtype=np.bool_)
    first = events[order[place], 2] if len(order) else number
    found &= first < second.onset[rows]
    rows, number, manager, first = rows[found], number[found], manager[found], first[found]
    return pa.table(
        {
            "number": _numbers(names, number),
            "manager": _numbers(names, manager),
            "second_number": _numbers(names, world.sims.entities + rows),
            "operator": _operators(world, world.sims.entities + rows),
            "first_contact": dates(world.settings, first),
            "onset": dates(world.settings, second.onset[rows]),
        }
    )


def lookalikes(world: World, names: Names, tally: Tally) -> Any:
    """List couriers, insurers, hotlines, banks, taxis, estate agents and service lines that were seen."""
    import pyarrow as pa

    number = world.people.count + np.arange(len(world.lookalikes.kind))
    number = number[tally.weekly[:, number].sum(axis=0) > 0]
    index = number - world.people.count
    kind, line_of = world.lookalikes.kind[index], world.lookalikes.line_of[index]
    networks = [network.name for network in world.settings.operators.networks]
    operators = [
        networks[line] if line >= 0 else name
        for name, line in zip(_operators(world, number), line_of.tolist(), strict=True)
    ]
    return pa.table(
        {
            "number": _numbers(names, number),
            "class": pa.array([LOOKALIKES[code] for code in kind.tolist()], pa.string()),
            "operator": operators,
            "own": pa.array(world.sims.own[number]),
        }
    )


def leavers(world: World, names: Names) -> Any:
    """Own numbers that fall silent for good in the window, and why: replaced, number_change or gone."""
    import pyarrow as pa

    sims, second, settings = world.sims, world.second, world.settings
    rows = np.flatnonzero(sims.own & (sims.last_day < settings.days) & (sims.entity < world.people.count))
    entry = sims.second_of[sims.entity[rows]]
    has_second = entry >= 0
    has_second &= (rows < sims.entities) & (second.first_ends[entry] == sims.last_day[rows])
    replaced = np.zeros(len(second.person), dtype=np.bool_)
    replaced |= leaves_by_replacement(world)
    cause = np.where(has_second, "moved_within", "gone").astype(object)
    if len(second.person):
        cause[has_second & replaced[entry]] = "replaced"
        cause[has_second & (second.cause[entry] == NUMBER_CHANGE)] = "number_change"
    return pa.table(
        {
            "number": _numbers(names, rows),
            "date": dates(settings, sims.last_day[rows]),
            "cause": pa.array(cause.tolist(), pa.string()),
            "second_number": _numbers(names, sims.entities + np.maximum(entry, 0) * has_second, has_second),
        }
    )


def newcomers(world: World, names: Names) -> Any:
    """People whose first number begins in the window: first phones, new spouses, others."""
    import pyarrow as pa

    people = world.people
    rows = np.flatnonzero((people.first_day > 0) & (people.first_day < world.settings.days))
    child = people.households.position[rows] == CHILD
    wed = people.weds[rows] >= 0
    kind = np.where(child, "first_phone", np.where(wed, "new_spouse", "arrival"))
    return pa.table(
        {
            "number": _numbers(names, rows),
            "first_day": dates(world.settings, people.first_day[rows]),
            "kind": pa.array(kind.tolist(), pa.string()),
            "operator": _operators(world, rows),
        }
    )


STATES = ("steady", "new", "moving", "split", "away", "left")


def weekly_states(world: World, names: Names, tally: Tally, week: int) -> Any:
    """State of each own number in one week.

    ``state`` is new (not yet active all week), left (silent for good), away (mostly abroad), moving
    (a second number takes over), split (it has taken over what it will) or steady. ``moved_share`` is the
    share planned for the end of the week; ``approaches`` counts the records of account managers.
    """
    import pyarrow as pa

    sims, second, people, settings = world.sims, world.second, world.people, world.settings
    begin, end = 7 * week, min(7 * week + 7, settings.days)
    rows = np.flatnonzero(sims.own & (sims.activated < end) & (sims.entity < people.count))
    entity = sims.entity[rows]
    entry = np.where(rows < sims.entities, sims.second_of[entity], -1)
    moved = np.zeros(len(rows), dtype=np.float32)
    has = entry >= 0
    moved[has] = (second.share * progress(second, end - 1))[entry[has]]
    moved[has & (sims.last_day[rows] < end)] = 1.0
    before = np.zeros(len(rows), dtype=np.float32)
    before[has] = (second.share * progress(second, begin - 1))[entry[has]]
    places = world.places
    abroad = (places.trip_cell < 0) & (places.trip_begin < end - 3) & (places.trip_end > begin + 3)
    state = np.zeros(len(rows), dtype=np.int8)
    state[abroad[entity]] = 4
    state[moved > 0] = 3
    state[moved > before] = 2
    state[(sims.activated[rows] > begin)] = 1
    state[sims.last_day[rows] <= begin] = 5
    events = tally.approaches()
    this_week = events[(events[:, 2] >= begin) & (events[:, 2] < end)]
    approached = np.bincount(_pair(world, this_week)[1], minlength=len(sims.entity))
    return pa.table(
        {
            "number": _numbers(names, rows),
            "week": pa.array(np.full(len(rows), week, dtype=np.int32)),
            "first_date": dates(settings, np.full(len(rows), begin)),
            "state": pa.DictionaryArray.from_arrays(pa.array(state), pa.array(STATES)),
            "moved_share": pa.array(moved),
            "events": pa.array(tally.weekly[week, rows]),
            "approaches": pa.array(approached[rows].astype(np.int32)),
        }
    )
