"""Monthly bills of own numbers: what is paid follows what is used, and is written for whole months."""

from typing import Any

import numpy as np

from circlegraph.synth.calendar import covered, months_of
from circlegraph.synth.rng import generator, hashed
from circlegraph.synth.tally import Tally
from circlegraph.synth.world import World

PAST_MONTHS = 3
BILLED_FROM = 0.6
"""A month is billed when this share of it lies in the window; its use is scaled to the whole month."""
LONGEST_DEBT, LEAVING_DEBT, LAST_DAYS = 4, 8.0, 90
"""Months for which somebody owes at most; how much likelier he falls behind in his last days (assumed)."""
FIXED = 0.35
"""Share of a bill that does not depend on use."""


def make_bills(world: World, numbers: Any, tally: Tally) -> Any:
    """Bills of own numbers.

    Parameters
    ----------
    world : World
        Static part of the city.
    numbers : pyarrow.Array
        Text of every number.
    tally : Tally
        Counts of all days.

    Returns
    -------
    pyarrow.Table
        number, month (first day), arpu (local currency), mou (minutes, both directions), and arrears (months
        owed) where the settings ask for them.
        Three months before the window are drawn around the usual use of its first whole month.
    """
    import pyarrow as pa

    settings, sims = world.settings, world.sims
    own = np.flatnonzero(sims.own & (sims.entity < world.people.count))
    usual_bill = world.people.arpu[sims.entity[own]]
    is_second = own >= sims.entities
    usual_bill = np.where(is_second, 0.6 * usual_bill, usual_bill)
    months = months_of(settings)
    billed = [index for index in range(len(months)) if covered(settings, index) >= BILLED_FROM]
    minutes = {index: tally.monthly[index, own] / 60.0 / covered(settings, index) for index in billed}
    usual = minutes[billed[0]] if billed else tally.monthly[:, own].sum(axis=0) / 60.0 * 30 / settings.days
    parts = []
    first = 12 * months[0][0] + months[0][1] - 1
    for step in range(-PAST_MONTHS, len(months)):
        if step >= 0 and step not in minutes:
            continue
        rng = generator(settings.seed, "bills", step + PAST_MONTHS)
        month = first + step
        date = np.datetime64(f"{month // 12:04d}-{month % 12 + 1:02d}-01")
        day = int((date - np.datetime64(settings.start)).astype(int))
        there = (sims.activated[own] < day + 20) & (sims.last_day[own] > day + 5)
        used = minutes[step] if step >= 0 else usual * np.exp(rng.normal(0.0, 0.12, len(own)))
        level = np.clip(used / np.maximum(usual, 5.0), 0.0, 2.5)
        arpu = usual_bill * (FIXED + (1.0 - FIXED) * level) * np.exp(rng.normal(0.0, 0.06, len(own)))
        rows = np.flatnonzero(there)
        columns = {
            "number": numbers.take(pa.array(own[rows])),
            "month": pa.array(np.full(len(rows), date.astype("datetime64[D]"))).cast(pa.date32()),
            "arpu": pa.array(np.round(arpu[rows], 2)),
            "mou": pa.array(np.round(used[rows], 1)),
        }
        if settings.population.arrears > 0:
            columns["arrears"] = pa.array(_arrears(world, own, step + PAST_MONTHS, day)[rows])
        parts.append(pa.table(columns))
    return pa.concat_tables(parts)


def _arrears(world: World, own: Any, month: int, day: int) -> Any:
    """Months owed in a month: a debt begins by chance, far more often where somebody is on his way out.

    A month's debt is read off lasting dice for its last `LONGEST_DEBT` months, so months can be made alone.
    """
    settings, left = world.settings, world.sims.last_day[own]
    owed = np.zeros(len(own), dtype=np.int32)
    for age in range(LONGEST_DEBT):
        began = month - age
        leaving = left < day - 30 * age + LAST_DAYS
        chance = settings.population.arrears * np.where(leaving, LEAVING_DEBT, 1.0)
        begins = hashed(settings.seed, "debts", own, began + PAST_MONTHS) < chance
        length = 1 + hashed(settings.seed, "lengths of debts", own, began + PAST_MONTHS) * LONGEST_DEBT
        owed = np.where(begins & (age < length.astype(np.int32)), age + 1, owed)
    return owed
