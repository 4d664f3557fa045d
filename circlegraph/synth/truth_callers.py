"""Truth about those who phone many: account managers, whom they approached and won, and their lookalikes."""

from typing import Any

import numpy as np
import numpy.typing as npt

from circlegraph.synth.calendar import dates
from circlegraph.synth.kinds import LOOKALIKES, NEVER
from circlegraph.synth.records import Names
from circlegraph.synth.tally import Tally
from circlegraph.synth.truth_words import numbers_of, operators_of
from circlegraph.synth.world import World

Rows = npt.NDArray[np.int64]


def manager_numbers(world: World) -> Rows:
    """Number (as an index) of each account manager."""
    return world.managers.entity.astype(np.int64)


def managers(world: World, names: Names, tally: Tally) -> Any:
    """Account managers, with what was recorded of their work."""
    import pyarrow as pa

    made = world.managers
    number = manager_numbers(world)
    events = tally.approaches()
    touched = np.unique(np.column_stack(approach_pair(world, events)), axis=0)
    targets = np.bincount(touched[:, 0], minlength=world.sims.entities)[number] if len(events) else 0 * number
    return pa.table(
        {
            "number": numbers_of(names, number),
            "operator": operators_of(world, number),
            "person": pa.array(made.person),
            "team": pa.array(made.team),
            "careful": pa.array(made.careful),
            "private_life": pa.array(made.private),
            "targets": pa.array(targets.astype(np.int64)),
        }
    )


def approach_pair(world: World, events: Rows) -> tuple[Rows, Rows]:
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
    manager, number = approach_pair(world, events)
    key = manager * len(world.sims.entity) + number
    pair, index = np.unique(key, return_inverse=True)
    inward = events[:, 0] == manager
    first = np.full(len(pair), NEVER, dtype=np.int64)
    last = np.full(len(pair), -1, dtype=np.int64)
    np.minimum.at(first, index, events[:, 2])
    np.maximum.at(last, index, events[:, 2])
    return pa.table(
        {
            "number": numbers_of(names, pair % len(world.sims.entity)),
            "manager": numbers_of(names, pair // len(world.sims.entity)),
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
    manager = manager_numbers(world)[second.manager[rows]] if len(rows) else number
    events = tally.approaches()
    by, of = approach_pair(world, events)
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
            "number": numbers_of(names, number),
            "manager": numbers_of(names, manager),
            "second_number": numbers_of(names, world.sims.entities + rows),
            "operator": operators_of(world, world.sims.entities + rows),
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
        for name, line in zip(operators_of(world, number), line_of.tolist(), strict=True)
    ]
    return pa.table(
        {
            "number": numbers_of(names, number),
            "class": pa.array([LOOKALIKES[code] for code in kind.tolist()], pa.string()),
            "operator": operators,
            "own": pa.array(world.sims.own[number]),
        }
    )
