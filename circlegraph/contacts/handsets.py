"""Handsets: the IMEIs that each number was used with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.sightings import HANDSETS
from circlegraph.contacts.seen import SightingSource, by_text, distinct, drained, lay_by_number, seen_in

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
    text
        The IMEIs as they stand in the CDRs, in ascending order.
    """

    indptr: NDArray[np.int64]
    imei: NDArray[np.int64]
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
    seen = seen_in(source, HANDSETS, index, windows, resources, timed=False)
    if not len(seen):
        return None
    text, place = by_text(seen.keys, tokens)
    parts = (distinct(ids, place[code], day) for ids, day, code in drained(seen.parts))
    laid = lay_by_number(parts, len(index))
    return Handsets(laid.indptr, laid.second.astype(np.int64), text)
