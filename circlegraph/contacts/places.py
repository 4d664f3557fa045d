"""Places: the cells that each number was heard by, hour by hour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.sightings import PLACES
from circlegraph.contacts.seen import (
    Columns,
    SightingSource,
    by_text,
    distinct,
    drained,
    lay_by_number,
    seen_in,
)
from circlegraph.parallel import mapped

if TYPE_CHECKING:
    import pyarrow as pa

    from circlegraph.contacts.number_ids import NumberIndex
    from circlegraph.contacts.windows import Windows
    from circlegraph.numbers import Tokens
    from circlegraph.resources import Resources


@dataclass(frozen=True)
class Places:
    """Cells by number and hour, each once; rows of number x are ``indptr[x]:indptr[x + 1]``.

    Attributes
    ----------
    indptr
        int64[numbers + 1].
    slot
        uint16[rows], or uint32 for many years: hours of the wall clock since `first`; ascending for a number.
    cell
        uint16[rows], or uint32 for many cells: position in `text`, ascending within a slot.
    text
        The cells' identities as they stand in the CDRs, in ascending order.
    first
        Day since 1970-01-01 times 24 plus the hour that the slots are counted from.

    Examples
    --------
    >>> import pyarrow as pa
    >>> places = Places(np.array([0, 2, 2]), np.array([9, 33], np.uint16), np.array([0, 0], np.uint16),
    ...                 pa.array(["460-1"], pa.large_string()), first=480_000)
    >>> places, places.names[places.of(0)[1]].tolist()
    (Places: 2 sightings of 1 numbers by 1 cells, ['460-1', '460-1'])
    """

    indptr: NDArray[np.int64]
    slot: NDArray[np.unsignedinteger[Any]]
    cell: NDArray[np.unsignedinteger[Any]]
    text: pa.LargeStringArray
    first: int

    def __len__(self) -> int:
        return len(self.slot)

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """The cells' identities as strings, by code."""
        names: NDArray[np.object_] = self.text.to_numpy(zero_copy_only=False)
        return names

    def of(self, number: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Slots and cells of one number, by id."""
        rows = slice(self.indptr[number], self.indptr[number + 1])
        return self.slot[rows], self.cell[rows]

    def __repr__(self) -> str:
        heard = np.count_nonzero(np.diff(self.indptr))
        return f"Places: {len(self):,} sightings of {heard:,} numbers by {len(self.text):,} cells"


def places_of(
    source: SightingSource, index: NumberIndex, windows: Windows, tokens: Tokens, resources: Resources
) -> Places | None:
    """Places of the numbers of an index in some windows, whole hours at their edges; None if there are none."""
    seen = seen_in(source, PLACES, index, windows, resources)
    if not len(seen):
        return None
    text, place = by_text(seen.keys, tokens)

    def by_cell(part: Columns) -> Columns:
        ids, slot, code = part
        return distinct(ids, slot, place[code])

    laid = lay_by_number(mapped(by_cell, drained(seen.parts), resources.threads), len(index))
    return Places(laid.indptr, laid.second, laid.third, text, seen.first)
