"""Forwards: which number sent its calls on to which, as the CDRs show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.once import TOLERANCE
from circlegraph.cdr.sightings import FORWARDS
from circlegraph.contacts.seen import SightingSource, changes, distinct, seen_in
from circlegraph.contacts.windows import DAY

if TYPE_CHECKING:
    from circlegraph.contacts.number_ids import NumberIndex
    from circlegraph.contacts.windows import Windows
    from circlegraph.resources import Resources


@dataclass(frozen=True)
class Forwards:
    """Calls sent on, by number and target, in ascending order of the ids and then of the targets' keys.

    Attributes
    ----------
    number
        int64[rows]: id of the number that forwards.
    target
        int64[rows]: id of the number that its calls go to, -1 for one without contacts of its own.
    target_key
        int64[rows]: key of that number, to compare targets without an id.
    calls
        int64[rows]: calls sent on; records of one within 5 s of the one before are one call.
    first_day, last_day
        int32[rows]: since 1970-01-01.
    """

    number: NDArray[np.int64]
    target: NDArray[np.int64]
    target_key: NDArray[np.int64]
    calls: NDArray[np.int64]
    first_day: NDArray[np.int32]
    last_day: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.number)

    def __repr__(self) -> str:
        return f"Forwards: {int(self.calls.sum()):,} calls sent on over {len(self):,} pairs"


def forwards_of(
    source: SightingSource, index: NumberIndex, windows: Windows, resources: Resources
) -> Forwards | None:
    """Forwards by the numbers of an index in some windows; None if there are none."""
    seen = seen_in(source, FORWARDS, index, windows, resources)
    if not len(seen):
        return None
    ids, second, code = (np.concatenate(columns) for columns in zip(*seen.parts, strict=True))
    ids, code, second = distinct(ids, code, second.astype(np.int64) + seen.first)
    new_pair = changes(ids, code)
    new_call = new_pair.copy()
    new_call[1:] |= np.diff(second) > TOLERANCE
    first = np.flatnonzero(new_pair)
    last = np.append(first[1:], len(ids)) - 1
    target = seen.keys[code[first]]
    return Forwards(
        number=ids[first].astype(np.int64),
        target=index.ids(target),
        target_key=target,
        calls=np.add.reduceat(new_call.astype(np.int64), first),
        first_day=(second[first] // DAY).astype(np.int32),
        last_day=(second[last] // DAY).astype(np.int32),
    )
