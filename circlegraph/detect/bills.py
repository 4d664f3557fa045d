"""Bills: how far the revenue and the minutes of a number fell from the months before a day to the months after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.detect.sound import months, reals

if TYPE_CHECKING:
    from circlegraph.detect.known import Listed

MONTHS = 3
"""Months on either side, at most: longer ago somebody's life may have been another one."""
EARLY, LATE = 10, 21
"""Days of the month up to which the day's own month counts as after, and from which on as before."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bills:
    """Figures by number and month.

    Attributes
    ----------
    months
        int64[k], ascending: the months that have bills, since 1970-01.
    figures
        By name (arpu, mou), float32[numbers, k]; NaN where there is no bill.
    """

    months: NDArray[np.int64]
    figures: dict[str, Floats]

    @classmethod
    def of(cls, listed: Listed, index: NumberIndex) -> Bills:
        """Look the numbers up in a table of bills."""
        month, at = months(listed.table["month"]), index.ids(listed.keys["number"])
        used = at >= 0
        held, column = np.unique(month[used], return_inverse=True)
        figures = {}
        for name in ("arpu", "mou"):
            if name in listed.table.column_names:
                grid = np.full((len(index), len(held)), np.nan, np.float32)
                grid[at[used], column] = reals(listed.table[name])[used]
                figures[name] = grid
        return cls(held, figures)

    def drop(
        self, name: str, number: NDArray[np.integer[Any]], day: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Share of a figure that is gone after a day, float64[k]; NaN where the bills of either side are not known.

        Parameters
        ----------
        name
            arpu or mou.
        number, day
            Ids, and days since 1970-01-01.

        Examples
        --------
        >>> bills = Bills(np.arange(4), {"arpu": np.float32([[40, 40, 30, 10], [9, 9, np.nan, np.nan]])})
        >>> bills.drop("arpu", np.array([0, 0, 0, 1]), np.array([45, 54, 80, 54])).round(2).tolist()
        [0.5, 0.5, 0.73, nan]
        """
        drop = np.full(len(number), np.nan)
        grid = self.figures.get(name)
        if grid is None:
            return drop
        dates = day.astype("datetime64[D]")
        of_month = dates.astype("datetime64[M]")
        own = of_month.astype(np.int64)
        date = (dates - of_month.astype("datetime64[D]")).astype(np.int64) + 1
        before = self._mean(grid, number, own - 1 + (date >= LATE), -1)
        after = self._mean(grid, number, own + 1 - (date <= EARLY), 1)
        np.divide(before - after, before, out=drop, where=before > 0)
        return drop

    def _mean(
        self, grid: Floats, number: NDArray[np.integer[Any]], month: NDArray[np.int64], step: int
    ) -> NDArray[np.float64]:
        """Mean of the known figures of some months of each number, from a month on; NaN where none is known."""
        total, count = np.zeros(len(number)), np.zeros(len(number))
        for i in range(MONTHS if len(self.months) else 0):
            wanted = month + i * step
            column = np.searchsorted(self.months, wanted).clip(max=len(self.months) - 1)
            value = np.where(self.months[column] == wanted, grid[number, column], np.nan)
            total += np.where(np.isnan(value), 0.0, value)
            count += ~np.isnan(value)
        mean = np.full(len(number), np.nan)
        np.divide(total, count, out=mean, where=count > 0)
        return mean
