"""Truth tables: what was planted, in the words of the tables that detectors write."""

from typing import Any

import numpy as np
import numpy.typing as npt

from circlegraph.synth.calendar import dates
from circlegraph.synth.households import roles
from circlegraph.synth.kinds import CAUSES, CHILD, DATA_ONLY, MODES, NUMBER_CHANGE
from circlegraph.synth.networks import OWN
from circlegraph.synth.records import Names
from circlegraph.synth.second_numbers import progress
from circlegraph.synth.tally import Tally
from circlegraph.synth.truth_callers import (
    conversions,
    lookalikes,
    manager_contacts,
    manager_numbers,
    managers,
)
from circlegraph.synth.truth_words import numbers_of, operators_of
from circlegraph.synth.world import World, leaves_by_replacement

Rows = npt.NDArray[np.int64]


def make_truth(world: World, names: Names, tally: Tally) -> dict[str, Any]:
    """All truth tables but the weekly one, by name.

    Returns
    -------
    dict of str to pyarrow.Table
        second_numbers, families, managers, manager_contacts, conversions, lookalikes, leavers, newcomers,
        ported, diverted.
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
        "ported": ported(world, names),
        "diverted": diverted(world, names),
    }


def _after(tally: Tally, sims: Rows, onset: Rows) -> Rows:
    """Count the records of each number in the whole weeks from its onset on."""
    counts = tally.weekly[:, sims]
    later = np.arange(len(counts))[:, None] >= np.maximum(-(-onset // 7), 0)[None, :]
    total: Rows = (counts * later).sum(axis=0).astype(np.int64)
    return total


def second_numbers(world: World, names: Names, tally: Tally) -> Any:
    """Second numbers of which the first or the second is an own number.

    ``share_moved`` is what was planned (of a complete change the rest is lost, but for the family), ``share_at_end``
    what of it is done on the last day; ``first_events`` and ``second_events`` are the records of whole weeks after
    the onset; ``visible`` is false where no record shows the second number (data-only).
    """
    import pyarrow as pa

    second, sims, settings = world.second, world.sims, world.settings
    rows = np.flatnonzero(
        (sims.own[second.person] | (second.network == OWN)) & (second.onset < settings.days)
    )
    first, other = second.person[rows].astype(np.int64), sims.entities + rows
    won = second.manager[rows] >= 0
    manager = (
        np.where(won, manager_numbers(world)[second.manager[rows]], 0)
        if len(world.managers.entity)
        else 0 * rows
    )
    seen = tally.weekly[:, other].sum(axis=0)
    return pa.table(
        {
            "person": pa.array(first),
            "number": numbers_of(names, first),
            "second_number": numbers_of(names, other),
            "operator": operators_of(world, first),
            "second_operator": operators_of(world, other),
            "onset": dates(settings, second.onset[rows]),
            "mode": [MODES[code] for code in second.mode[rows].tolist()],
            "cause": [CAUSES[code] for code in second.cause[rows].tolist()],
            "share_moved": pa.array(second.share[rows]),
            "share_at_end": pa.array((second.share * progress(second, settings.days - 1))[rows]),
            "ramp_days": pa.array(second.ramp[rows]),
            "first_ends": dates(settings, second.first_ends[rows], second.first_ends[rows] < settings.days),
            "forwarding": pa.array(second.forwards_from[rows] < settings.days),
            "by_manager": pa.array(won),
            "manager": numbers_of(names, manager, won),
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
    has_phone = people.phone_of == np.arange(people.count)
    size = np.bincount(people.households.family, has_phone).astype(np.int64)
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
            "number": numbers_of(names, rows),
            "person": pa.array(person),
            "family_id": pa.array(family),
            "family_size": pa.array(size[family]),
            "role": pa.array(role[person].tolist(), pa.string()),
            "is_key_person": pa.array(people.is_key[person]),
            "own": pa.array(sims.own[rows]),
            "is_second": pa.array(is_second),
        }
    )


def leavers(world: World, names: Names) -> Any:
    """Own numbers that fall silent for good in the window, and why: replaced, number_change or gone."""
    import pyarrow as pa

    sims, second, settings = world.sims, world.second, world.settings
    rows = np.flatnonzero(sims.own & (sims.last_day < settings.days) & (sims.entity < world.people.count))
    entry = sims.second_of[sims.entity[rows]]
    has_second = (entry >= 0) & (rows < sims.entities)
    has_second[has_second] = second.first_ends[entry[has_second]] == sims.last_day[rows[has_second]]
    replaced = np.zeros(len(second.person), dtype=np.bool_)
    replaced |= leaves_by_replacement(world)
    cause = np.where(has_second, "moved_within", "gone").astype(object)
    if len(second.person):
        cause[has_second & replaced[entry]] = "replaced"
        cause[has_second & (second.cause[entry] == NUMBER_CHANGE)] = "number_change"
    return pa.table(
        {
            "number": numbers_of(names, rows),
            "date": dates(settings, sims.last_day[rows]),
            "cause": pa.array(cause.tolist(), pa.string()),
            "second_number": numbers_of(names, sims.entities + np.maximum(entry, 0) * has_second, has_second),
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
            "number": numbers_of(names, rows),
            "first_day": dates(world.settings, people.first_day[rows]),
            "kind": pa.array(kind.tolist(), pa.string()),
            "operator": operators_of(world, rows),
        }
    )


def diverted(world: World, names: Names) -> Any:
    """Own numbers that forward missed calls to somebody else: a relative, or voicemail."""
    import pyarrow as pa

    made = world.diverted
    kind = np.where(made.target < world.people.count, "relative", "voicemail")
    return pa.table(
        {
            "number": numbers_of(names, made.person),
            "forward_to": numbers_of(names, made.target),
            "since": dates(world.settings, made.since),
            "kind": pa.array(kind.tolist(), pa.string()),
        }
    )


def ported(world: World, names: Names) -> Any:
    """Numbers that came to the own network or left it, and went on as they are, on another network."""
    import pyarrow as pa

    sims, settings = world.sims, world.settings
    rows = np.flatnonzero(sims.own & (sims.ported_day < settings.days))
    known = [network.name for network in settings.operators.networks]
    return pa.table(
        {
            "number": numbers_of(names, rows),
            "date": dates(settings, sims.ported_day[rows]),
            "operator": operators_of(world, rows),
            "new_operator": pa.array([known[code] for code in sims.ported_to[rows].tolist()], pa.string()),
        }
    )
