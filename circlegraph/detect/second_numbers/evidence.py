"""What speaks for and against each pair of a number and a candidate, column by column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.spill import Shelf

PAIRS_AT_A_TIME = 1 << 18
"""Pairs to put aside before what was looked at is let go of: it has to be looked for anew each time."""
FEW_DAYS = 2.0
"""Contact days added on both sides of a ratio, so that few of them say little."""

_COUNTS = (
    *("number", "other", "split", "onset", "steady", "later", "shared"),
    *("own_days", "new_days", "later_days", "calls_between"),
)
_FLAGS = (
    "related",
    "same_document",
    "same_imei",
    "forwards",
    "other_months",
    "at_once",
    "arpu_drop",
    "distant",
)
WIDTHS: dict[str, type[np.generic]] = {
    **dict.fromkeys(_COUNTS, np.int32),
    **dict.fromkeys(("strangers", "active_days", "tried"), np.int8),
    **dict.fromkeys(_FLAGS, np.float16),
}
"""Columns of evidence that are narrower than they are worked out."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence of pairs of a number x and a candidate x', an array entry each; NaN for what is not known.

    There are millions of pairs: each column is as narrow as its values are, and what follows from others is none.

    Attributes
    ----------
    number, other
        Ids of x and x'.
    split, onset
        Days of the split and of the onset, counted from the first day of the window before. A new number has its
        onset on the first day that it is seen; one that was known, when it first meets one of S after the split.
    steady, later, shared
        Size of the stable circle S of x, of the own-network circle C' of x' after T, hubs left out, and of both.
    balance, gain
        How much of the old circle the two numbers carry together, and what x' adds.
    circle
        Cosine of the circles, rare peers counting more, shrunk where small: overlap and containment in one. All peers
        of the own network that x met before and x' after count here, met steadily or not.
    circle_fall
        As `fall`, with all peers that x met before T, since x' met the first of its own.
    handed
        How much likelier the contact days with each shared peer are if x and x' are one person, who keeps up the
        contacts of x, than if they are two; as a power of 2, the peers added up.
    strangers
        Pairs of shared peers that have no contact with each other, at most 15: who joins a household or a team shares
        peers who know each other, but only x himself knows people who do not.
    expected_days, own_days, new_days
        Contact days with the shared peers since x' met each of them: as many as x would have had, and had; and x' had.
    later_days
        Contact days of x' with C' after T; those with new numbers left out, as friends may move together.
    newness
        1 for an x' never seen before T, else the share of its use that is after T: 0.5 if it was used as much before.
    calls_between
        Calls and texts of x with x', before and after.
    tried
        1 where the two had contact on the first day of a new x' only, and once or twice: he tries his new card.
    related
        1 where both are known to be of one family and in contact, else 0.
    mou_drop, arpu_drop
        Fall of the minutes and of the revenue of x by the bills since the onset; without bills, of the minutes after T.
    same_document, same_imei, forwards
        1 or 0.
    cell_overlap
        How alike the cells are, by bands of hours.
    cells
        The same, and how often one cell hears both in the hours in which both are heard, as far as these are known.
    distant
        Hours in which both are heard by cells so far apart that nobody is heard by both within an hour.
    other_months
        1 if the two were activated in different months, else 0.
    active_days
        The lesser of both numbers' active days in the last 30.
    at_once
        Calls of both that run at the same time, see `kernels.talks`; not counted for the least likely pairs.
    """

    number: NDArray[np.int32]
    other: NDArray[np.int32]
    split: NDArray[np.int32]
    onset: NDArray[np.int32]
    steady: NDArray[np.int32]
    later: NDArray[np.int32]
    shared: NDArray[np.int32]
    balance: NDArray[np.float64]
    gain: NDArray[np.float64]
    circle: NDArray[np.float64]
    circle_fall: NDArray[np.float64]
    handed: NDArray[np.float64]
    strangers: NDArray[np.int8]
    expected_days: NDArray[np.float64]
    own_days: NDArray[np.int32]
    new_days: NDArray[np.int32]
    later_days: NDArray[np.int32]
    newness: NDArray[np.float64]
    calls_between: NDArray[np.int32]
    tried: NDArray[np.int8]
    related: NDArray[np.float16]
    mou_drop: NDArray[np.float64]
    arpu_drop: NDArray[np.float16]
    same_document: NDArray[np.float16]
    same_imei: NDArray[np.float16]
    forwards: NDArray[np.float16]
    cell_overlap: NDArray[np.float64]
    cells: NDArray[np.float64]
    distant: NDArray[np.float16]
    other_months: NDArray[np.float16]
    active_days: NDArray[np.int8]
    at_once: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.number)

    @property
    def overlap(self) -> NDArray[np.float64]:
        """Share of S that is in C'."""
        return np.asarray(self.shared / self.steady)

    @property
    def containment(self) -> NDArray[np.float64]:
        """Share of C' that is in S."""
        return np.asarray(self.shared / self.later)

    @property
    def jaccard(self) -> NDArray[np.float64]:
        """Share of all in S or C' that is in both."""
        return np.asarray(self.shared / (self.steady + self.later - self.shared))

    @property
    def residual(self) -> NDArray[np.float64]:
        """How much of the old circle is missing."""
        return 1.0 - self.balance

    @property
    def fall(self) -> NDArray[np.float64]:
        """How far the contact days of x with the shared peers fell since x' met each of them, as a power of 2."""
        return fall_of(self.own_days, self.expected_days)

    @property
    def inside(self) -> NDArray[np.float64]:
        """Share of the contact days of x' after T that is with peers of x; contacts with new numbers left out."""
        return (self.new_days + 0.5) / (self.later_days + 1.0)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Evidence:
        """Only some of the pairs."""
        return Evidence(*(column[rows] for column in self.columns()))

    def columns(self) -> list[NDArray[Any]]:
        """All columns, in the order of the fields."""
        return [getattr(self, f.name) for f in fields(self)]


def narrow(**columns: NDArray[Any]) -> Evidence:
    """Evidence of columns of any width."""
    return Evidence(
        **{name: column.astype(WIDTHS.get(name, column.dtype)) for name, column in columns.items()}
    )


def fall_of(days: NDArray[np.integer[Any]], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far contact days fell below what was to be expected, as a power of 2."""
    return np.asarray(-np.log2((days + FEW_DAYS) / (expected + FEW_DAYS)), np.float64)


def joined(parts: Iterable[Evidence], most: int, shelf: Shelf) -> Evidence:
    """All of some parts, at most so many pairs, put aside; a part is let go of before the next one comes."""
    columns: list[NDArray[Any]] = []
    filled = looked_at = 0
    for part in parts:
        rows = slice(filled, filled + len(part))
        given = part.columns()
        columns = columns or [shelf.empty(most, column.dtype) for column in given]
        for column, values in zip(columns, given, strict=True):
            column[rows] = values
        filled = rows.stop
        if filled - looked_at >= PAIRS_AT_A_TIME:
            shelf.release()
            looked_at = filled
    shelf.release()
    return Evidence(*(column[:filled] for column in columns))
