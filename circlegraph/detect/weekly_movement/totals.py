"""Sums of volumes that grow as rows of contacts, events and forwards come in."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.events import CALLER_LEG, FORWARD, SMS
from circlegraph.cdr.stamps import durations, kinds, legs, starts
from circlegraph.contacts.number_ids import NumberCollector
from circlegraph.contacts.pairs import MEASURES
from circlegraph.contacts.windows import DAY
from circlegraph.detect.weekly_movement.volumes import DAYS, FORWARDS, Block, Watched, Weeks

Ints = NDArray[np.int64]


def days_of(events: Ints) -> Ints:
    """int64[n]: day of each event (int64[n, 3]: caller, callee, stamp), counted from 1970-01-01."""
    return starts(events[:, 2]) // DAY


@dataclass(frozen=True, slots=True)
class Forwards:
    """Forwarded calls: the number that forwards, the day and the seconds, int64[n] each."""

    number: Ints
    day: Ints
    seconds: Ints

    @classmethod
    def of(cls, events: Ints) -> Forwards:
        """Pick the forwards among events (int64[n, 3]: caller, callee, stamp).

        A record of the forwarding end has the number that forwards as its caller; a record of the whole call has
        it as the number that was called.
        """
        chosen = events[kinds(events[:, 2]) == FORWARD]
        stamp = chosen[:, 2]
        number = np.where(legs(stamp) == CALLER_LEG, chosen[:, 0], chosen[:, 1])
        return cls(number, days_of(chosen), durations(stamp))

    @classmethod
    def concatenate(cls, parts: list[Forwards]) -> Forwards:
        """Join."""
        parts = parts or [cls.of(np.empty((0, 3), np.int64))]
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in cls.__slots__))

    def take(self, rows: NDArray[np.bool_]) -> Forwards:
        """Those that a mask selects."""
        return Forwards(self.number[rows], self.day[rows], self.seconds[rows])


class Total:
    """Volumes of own numbers by week; may be added to from several threads."""

    def __init__(self, weeks: Weeks, watched: Watched) -> None:
        self._weeks = weeks
        self._watched = watched
        self._collector = NumberCollector()
        self._sums = np.zeros((1024, weeks.count, watched.width), np.int64)
        self._lock = threading.Lock()

    def add_contacts(self, week: int, parts: list[tuple[int, dict[str, NDArray[Any]]]]) -> None:
        """Add stored days of one week: day within the week, and number, peer and `MEASURES`.

        All rows of a number and week must come in one call, or its peers are counted again.
        """
        day = np.repeat([d for d, _ in parts], [len(columns["number"]) for _, columns in parts])
        columns = {
            name: np.concatenate([p[name] for _, p in parts]) for name in ("number", "peer", *MEASURES)
        }
        kept = self._watched.own(columns["number"]) & (columns["number"] != columns["peer"])
        columns = {name: column[kept] for name, column in columns.items()}
        measures = np.stack([columns[name].astype(np.int64) for name in MEASURES])
        distinct, place = np.unique(columns["number"], return_inverse=True)
        sums = self._watched.sums(
            place.astype(np.int64), columns["peer"], day[kept].astype(np.int64), measures, len(distinct)
        )
        self._add(distinct, np.full(len(distinct), week), sums)

    def add_events(self, events: Ints) -> None:
        """Add unique events, all within the weeks: int64[n, 3] of caller, callee, stamp.

        All events of a pair must come in one call, or its peers are counted again.
        """
        kind = kinds(events[:, 2])
        events = events[(kind != FORWARD) & (events[:, 0] != events[:, 1])]
        number, peer = np.concatenate([events[:, :2], events[:, 1::-1]]).T
        stamp = np.concatenate([events[:, 2], events[:, 2]])
        came = np.arange(len(stamp)) >= len(events)
        kept = self._watched.own(number)
        number, peer, stamp, came = number[kept], peer[kept], stamp[kept], came[kept]
        text = kinds(stamp) == SMS
        seconds = durations(stamp)
        measures = np.zeros((len(MEASURES), len(stamp)), np.int64)
        for side, way in enumerate((~came, came)):
            call = way & ~text
            measures[2 * side] = call
            measures[2 * side + 1] = np.where(call, seconds, 0)
            measures[4 + side] = way & text
        day = starts(stamp) // DAY - self._weeks.first_day
        distinct, row = np.unique(number, return_inverse=True)
        slot, place = np.unique(row * self._weeks.count + day // 7, return_inverse=True)
        sums = self._watched.sums(
            place.astype(np.int64), np.ascontiguousarray(peer), day % 7, measures, len(slot)
        )
        self._add(distinct[slot // self._weeks.count], slot % self._weeks.count, sums)

    def add_forwards(self, forwards: Forwards) -> None:
        """Add forwarded calls within the weeks."""
        forwards = forwards.take(self._watched.own(forwards.number))
        sums = np.zeros((len(forwards.number), self._watched.width), np.int64)
        sums[:, FORWARDS] = 1
        sums[:, FORWARDS + 1] = forwards.seconds
        self._add(forwards.number, self._weeks.of(forwards.day), sums)

    def _add(self, number: Ints, week: NDArray[Any], sums: Ints) -> None:
        if not len(number):
            return
        ids = np.array(number, np.int64)
        with self._lock:
            self._collector.collect(ids)
            needed = int(ids.max()) + 1
            if needed > len(self._sums):
                larger = np.zeros((max(needed, 2 * len(self._sums)), *self._sums.shape[1:]), np.int64)
                larger[: len(self._sums)] = self._sums
                self._sums = larger
            days = sums[:, DAYS].copy()
            sums[:, DAYS] = 0
            np.add.at(self._sums, (ids, week), sums)
            np.bitwise_or.at(self._sums[:, :, DAYS], (ids, week), days)

    def block(self) -> Block:
        """All volumes, in the order of the keys; active days are counted."""
        index, rank = self._collector.finish()
        volumes = np.zeros((len(index), *self._sums.shape[1:]), np.int64)
        volumes[rank] = self._sums[: len(index)]
        volumes[:, :, DAYS] = np.bitwise_count(volumes[:, :, DAYS])
        return Block(index.keys, volumes)
