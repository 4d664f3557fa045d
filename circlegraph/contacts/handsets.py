"""Handsets: the IMEIs that each number was used with, and from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.sightings import HANDSETS
from circlegraph.contacts.seen import (
    SightingSource,
    by_text,
    changes,
    distinct,
    drained,
    lay_by_number,
    seen_in,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from circlegraph.contacts.number_ids import NumberIndex
    from circlegraph.contacts.windows import Windows
    from circlegraph.numbers import Tokens
    from circlegraph.resources import Resources


@dataclass(frozen=True)
class Handsets:
    """Handsets by number, each once; rows of number x are ``indptr[x]:indptr[x + 1]``.

    Attributes
    ----------
    indptr
        int64[numbers + 1].
    imei
        int64[rows]: position in `text`, ascending for a number.
    first_day, last_day
        int32[rows]: first and last day with the handset, since 1970-01-01.
    days
        int32[rows]: days on which the number was used with the handset.
    text
        The IMEIs as they stand in the CDRs, in ascending order.
    """

    indptr: NDArray[np.int64]
    imei: NDArray[np.int64]
    first_day: NDArray[np.int32]
    last_day: NDArray[np.int32]
    days: NDArray[np.int32]
    text: pa.LargeStringArray

    def __len__(self) -> int:
        return len(self.imei)

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """The IMEIs as strings, by code."""
        names: NDArray[np.object_] = self.text.to_numpy(zero_copy_only=False)
        return names

    def __repr__(self) -> str:
        used = np.count_nonzero(np.diff(self.indptr))
        return f"Handsets: {len(self.text):,} handsets of {used:,} numbers"


def handsets_of(
    source: SightingSource, index: NumberIndex, windows: Windows, tokens: Tokens, resources: Resources
) -> Handsets | None:
    """Handsets of the numbers of an index in some windows, whole days at their edges; None if there are none."""
    seen = seen_in(source, HANDSETS, index, windows, resources)
    if not len(seen):
        return None
    text, place = by_text(seen.keys, tokens)
    parts = (distinct(ids, place[code], day) for ids, day, code in drained(seen.parts))
    days = lay_by_number(parts, len(index))
    number = np.repeat(np.arange(len(index)), np.diff(days.indptr))
    first = np.flatnonzero(changes(number, days.second))
    last = np.append(first[1:], len(number)) - 1
    indptr = np.searchsorted(number[first], np.arange(len(index) + 1))
    return Handsets(
        indptr,
        days.second[first].astype(np.int64),
        days.third[first],
        days.third[last],
        (last - first + 1).astype(np.int32),
        text,
    )
