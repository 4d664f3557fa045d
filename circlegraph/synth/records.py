"""Events as a canonical CDR table."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from circlegraph.synth.calendar import EPOCH
from circlegraph.synth.cells import cell_name
from circlegraph.synth.events import Events
from circlegraph.synth.handsets import imei_text
from circlegraph.synth.kinds import RECORD_KINDS
from circlegraph.synth.settings import Records
from circlegraph.synth.sims import make_numbers
from circlegraph.synth.world import World

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Names:
    """Texts of numbers, cells and handsets, as Arrow arrays."""

    numbers: Any
    cells: Any
    imeis: Any


def make_names(world: World) -> Names:
    """Write out every number, cell and handset once."""
    import pyarrow as pa

    return Names(
        make_numbers(world.settings, world.sims, world.lookalikes, world.people.count),
        pa.array(cell_name(np.arange(world.places.cells)), pa.string()),
        imei_text(world.sims.handsets.code),
    )


_HELD = {
    "durations": ("duration",),
    "cells": ("caller_cell", "callee_cell"),
    "handsets": ("caller_imei", "callee_imei"),
    "forwards": ("forwarded_to",),
}
"""Columns that are left out where the records do not hold them."""


def records(names: Names, events: Events, held: Records) -> Any:
    """Canonical CDR table of one day.

    Parameters
    ----------
    names : Names
        Texts of the city.
    events : Events
        One day.
    held : Records
        What the records hold.

    Returns
    -------
    pyarrow.Table
        Columns caller, callee, start (local time), duration (s), kind, caller_cell, callee_cell, caller_imei,
        callee_imei, forwarded_to; what the network cannot know is empty, what the records do not hold is missing.
    """
    import pyarrow as pa

    midnight = (events.day.date - EPOCH).days * 86_400_000
    start = pa.array(midnight + events.second.astype(np.int64) * 1000).cast(pa.timestamp("ms"))
    kinds = pa.DictionaryArray.from_arrays(pa.array(events.kind), pa.array(RECORD_KINDS))
    table = pa.table(
        {
            "caller": names.numbers.take(pa.array(events.caller)),
            "callee": names.numbers.take(pa.array(events.callee)),
            "start": start,
            "duration": pa.array(events.duration),
            "kind": kinds,
            "caller_cell": _coded(events.caller_cell, names.cells),
            "callee_cell": _coded(events.callee_cell, names.cells),
            "caller_imei": names.imeis.take(_known(events.caller_device)),
            "callee_imei": names.imeis.take(_known(events.callee_device)),
            "forwarded_to": names.numbers.take(_known(events.forwarded_to)),
        }
    )
    return table.drop_columns(
        [column for name, columns in _HELD.items() if not getattr(held, name) for column in columns]
    )


def _known(index: Ints) -> Any:
    import pyarrow as pa

    return pa.array(index, mask=index < 0)


def _coded(index: Ints, texts: Any) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(_known(index), texts)
