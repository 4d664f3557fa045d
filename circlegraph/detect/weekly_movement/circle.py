"""How much of each number's steady circle is gone, against how much of it is gone in an ordinary month."""

from __future__ import annotations

import numpy as np

from circlegraph.circles.index import circle_blocks
from circlegraph.contacts.windows import DAY, Windows
from circlegraph.detect.weekly_movement.context import Floats, Listing
from circlegraph.detect.weekly_movement.passes import Pass
from circlegraph.detect.weekly_movement.volumes import Watched
from circlegraph.resources import Resources

BEFORE, AFTER = 28, 14
"""Days of the windows; the window after ends with the judged date.

Of 28, 56 and 84 days before and 7, 14, 21 and 28 after, those whose fall tells most of a loss within four weeks, on
cities of 4,000 subscribers, tuning seeds 11 and 12: an area under the curve of 0.59 against 0.52 for 56 and 28 days.
"""
EARLIER = 28
"""Days by which the windows of the usual residual lie earlier."""
LEAST_BEFORE, LEAST_AFTER = 21, 10
"""Days with data that the windows need."""
LEAST_STABLE = 3
"""Stable peers that a circle needs."""


class Residuals:
    """Residuals of the balance of steady circles, by date; each date is worked out once."""

    def __init__(self, opened: Pass, watched: Watched, listing: Listing, resources: Resources) -> None:
        self._opened = opened
        self._watched = watched
        self._listing = listing
        self._resources = resources
        self._days = np.array(opened.days(), np.int64)
        self._made: dict[int, Floats] = {}

    def on(self, day: int) -> tuple[Floats, Floats]:
        """Residual of each number on a day, and its usual one: that of four weeks earlier.

        A balance is never 1: people talk now to these, now to those. So a residual tells little by itself. Where a
        number has none then, the median of all numbers on the day is the usual one.
        """
        now, then = self._of(day), self._of(day - EARLIER)
        told = now[~np.isnan(now)]
        middle = float(np.median(told)) if len(told) else np.nan
        return now, np.where(np.isnan(then), middle, then)

    def _of(self, day: int) -> Floats:
        if day not in self._made:
            self._made[day] = self._residuals(day)
        return self._made[day]

    def _residuals(self, day: int) -> Floats:
        """1 - sum min(b, o) / sum max(b, o) over the stable peers of each number.

        b and o are the communication index before and after; unknown for numbers with fewer than three stable peers
        and where the windows lack data.
        """
        split = day + 1 - AFTER
        before = ((self._days >= split - BEFORE) & (self._days < split)).sum()
        after = ((self._days >= split) & (self._days <= day)).sum()
        made = self._listing.unknown()
        if before < LEAST_BEFORE or after < LEAST_AFTER:
            return made
        windows = Windows(((split - BEFORE) * DAY, split * DAY, (day + 1) * DAY))
        table = self._opened.pairs(windows, self._resources)
        numbers = self._watched.network.numbers(table.index, self._opened.tokens)
        for circles in circle_blocks(table, numbers, self._resources, provenance={}):
            rows = circles.rows
            size = rows.high - rows.low
            head = np.repeat(np.arange(size), np.diff(rows.indptr))[circles.stable]
            b, o = circles.before_index[circles.stable], circles.after_index[circles.stable]
            kept = np.bincount(head, np.minimum(b, o), minlength=size)
            whole = np.bincount(head, np.maximum(b, o), minlength=size)
            peers = np.bincount(head, minlength=size)
            at = self._listing.rows_of_keys(numbers.index.keys[rows.low : rows.high])
            fits = (at >= 0) & (peers >= LEAST_STABLE) & (whole > 0)
            made[at[fits]] = 1 - kept[fits] / whole[fits]
        return made
