"""Tables beside the CDRs: subscribers, forwarding, cells."""

from typing import Any

import numpy as np

from circlegraph.synth.calendar import dates
from circlegraph.synth.cells import SPACING_KM, cell_name
from circlegraph.synth.kinds import NEVER
from circlegraph.synth.networks import OWN
from circlegraph.synth.records import Names
from circlegraph.synth.rng import generator
from circlegraph.synth.world import World

HIGH_BILL, MIDDLE_BILL = 2.0, 1.1
"""Least bills of the high and middle tier, in units of the median bill (assumed)."""
CENTRE = (30.25, 120.15)
"""Latitude and longitude of the middle of the city."""


def make_subscribers(world: World, names: Names) -> Any:
    """Own numbers that exist during the window, as the operator's customer table shows them at its end.

    Returns
    -------
    pyarrow.Table
        number, activated, id_document, imei, plan, region, age, value_tier; ordered by number.
    """
    import pyarrow as pa

    settings, sims, people = world.settings, world.sims, world.people
    rng = generator(settings.seed, "subscribers")
    rows = np.flatnonzero(sims.own & (sims.activated < settings.days))
    # A number that was brought along begins here with the day on which it came.
    since = np.where(sims.network[rows] == OWN, sims.activated[rows], sims.ported_day[rows])
    entity = sims.entity[rows]
    person = np.minimum(entity, people.count - 1)
    is_person = entity < people.count
    bill = np.where(is_person, people.arpu[person], 90.0) * np.where(rows >= sims.entities, 0.6, 1.0)
    median = settings.population.arpu_median
    high, middle = HIGH_BILL * median, MIDDLE_BILL * median
    tier = np.where(bill >= high, "high", np.where(bill >= middle, "mid", "low"))
    families = int(people.households.family.max()) + 1
    shared = rng.random(families) < settings.operators.family_plans
    family = people.households.family[person]
    plan = np.where(bill >= high, "premium", np.where(bill >= middle, "standard", "basic")).astype(object)
    on_family_plan = is_person & shared[family]
    plan[on_family_plan] = [f"family-{number:07d}" for number in family[on_family_plan].tolist()]
    device = np.where(sims.handsets.change < settings.days, sims.handsets.after, sims.handsets.before)[rows]
    salt = generator(settings.seed, "documents").integers(10**6, 10**7)
    document = [
        f"D{(number * 7_368_787 + int(salt)) % 10**10:010d}" for number in sims.document[rows].tolist()
    ]
    region = world.places.home[person] * 8 // world.places.cells
    table = pa.table(
        {
            "number": names.numbers.take(pa.array(rows)),
            "activated": dates(settings, since),
            "id_document": pa.array(document, pa.string()),
            "imei": names.imeis.take(pa.array(device)),
            "plan": pa.array(plan.tolist(), pa.string()),
            "region": pa.array([f"district {number + 1}" for number in region.tolist()], pa.string()),
            "age": pa.array(people.age[person], mask=~is_person),
            "value_tier": pa.array(tier.tolist(), pa.string()),
        }
    )
    return table.sort_by("number")


def make_forwarding(world: World, names: Names) -> Any:
    """List forwarding set on own numbers: number, forward_to, since."""
    import pyarrow as pa

    settings, second = world.settings, world.second
    rows = np.flatnonzero(
        (second.forwards_from < NEVER)
        & (second.forwards_from < settings.days)
        & (world.first_network[second.person] == OWN)
    )
    diverted = world.diverted
    table = pa.table(
        {
            "number": names.numbers.take(pa.array(np.concatenate([second.person[rows], diverted.person]))),
            "forward_to": names.numbers.take(
                pa.array(np.concatenate([world.sims.entities + rows, diverted.target]))
            ),
            "since": dates(settings, np.concatenate([second.forwards_from[rows], diverted.since])),
        }
    )
    return table.sort_by("number")


def make_cells(world: World) -> Any:
    """Cells and where they stand: cell, lat, lon (degrees)."""
    import pyarrow as pa

    rng = generator(world.settings.seed, "cell sites")
    index = np.arange(world.places.cells)
    degree = SPACING_KM / 111.32
    shift = rng.uniform(-0.25, 0.25, (2, len(index)))
    middle = world.places.width / 2
    lat = CENTRE[0] + (index // world.places.width - middle + shift[0]) * degree
    lon = CENTRE[1] + (index % world.places.width - middle + shift[1]) * degree / np.cos(
        np.radians(CENTRE[0])
    )
    return pa.table({"cell": cell_name(index), "lat": np.round(lat, 5), "lon": np.round(lon, 5)})
