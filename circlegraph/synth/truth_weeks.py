"""Truth about each week: the state of every own number."""

from typing import Any

import numpy as np
import numpy.typing as npt

from circlegraph.synth.calendar import dates
from circlegraph.synth.networks import OWN
from circlegraph.synth.records import Names
from circlegraph.synth.second_numbers import progress
from circlegraph.synth.tally import Tally
from circlegraph.synth.truth_callers import approach_pair
from circlegraph.synth.truth_words import numbers_of
from circlegraph.synth.world import World

Rows = npt.NDArray[np.int64]


STATES = ("steady", "new", "moving", "split", "away", "left")


def weekly_states(world: World, names: Names, tally: Tally, week: int) -> Any:
    """State of each own number in one week.

    ``state`` is new (not yet active all week, or not yet ours), left (silent for good, or taken along to
    another network), away (mostly abroad), moving
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
    came = (sims.network[rows] != OWN) & (sims.ported_day[rows] > begin)
    state[came] = 1
    went = (sims.network[rows] == OWN) & (sims.ported_day[rows] <= begin)
    state[(sims.last_day[rows] <= begin) | went] = 5
    events = tally.approaches()
    this_week = events[(events[:, 2] >= begin) & (events[:, 2] < end)]
    approached = np.bincount(approach_pair(world, this_week)[1], minlength=len(sims.entity))
    return pa.table(
        {
            "number": numbers_of(names, rows),
            "week": pa.array(np.full(len(rows), week, dtype=np.int32)),
            "first_date": dates(settings, np.full(len(rows), begin)),
            "state": pa.DictionaryArray.from_arrays(pa.array(state), pa.array(STATES)),
            "moved_share": pa.array(moved),
            "events": pa.array(tally.weekly[week, rows]),
            "approaches": pa.array(approached[rows].astype(np.int32)),
        }
    )
