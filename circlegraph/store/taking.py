"""New files of the days that new rows belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from circlegraph.cdr.once import Counts, LegRule
from circlegraph.cdr.stamps import legs
from circlegraph.parallel import mapped
from circlegraph.store.by_day import NOTHING, ByDay
from circlegraph.store.dates import day_number, iso_date
from circlegraph.store.day_files import SECOND_LEGS, read_events, write_contacts, write_events
from circlegraph.store.manifest import StoredDay
from circlegraph.store.merge import Rows, evidence, last_minute, left_over, second_records, united
from circlegraph.store.sighting_files import merge_sightings

if TYPE_CHECKING:
    from circlegraph.resources import Resources


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a day.

    Attributes
    ----------
    day
        Counted from 1970-01-01.
    files
        Its files.
    rows
        How many rows it has more than before.
    events
        How many events it has more than before.
    two_leg
        Whether its rows may match others.
    evidence
        What its rows tell of rows that come twice; None where no row is new.
    """

    day: int
    files: StoredDay
    rows: int
    events: int
    two_leg: bool
    evidence: Counts | None


@dataclass(frozen=True, slots=True)
class Taking:
    """New rows that are put to stored days.

    Attributes
    ----------
    root, partition_bits
        The store.
    stored
        Its days, those without events too, by ISO date.
    new
        New rows by day, each once.
    seen
        New sightings by kind and day.
    replaced
        Day of which nothing stored stays, if any; new rows of other days are not taken in then.
    """

    root: Path
    partition_bits: int
    stored: Mapping[str, StoredDay]
    new: ByDay
    seen: Mapping[str, ByDay]
    replaced: int | None

    def changes(self, twins: tuple[str, ...], resources: Resources, *, all_days: bool) -> Iterator[Change]:
        """Write the new files of all days that the new rows concern, or of all days there are.

        Parameters
        ----------
        twins
            Kinds of events whose rows come twice.
        resources
            Threads, progress.
        all_days
            Whether `twins` is another than when the stored days were written.
        """
        days = set(self.new.sizes) if self.replaced is None else {self.replaced}
        if self.replaced is None:
            # A second leg after midnight may be seen on a day of which there are no new rows.
            days |= {day for rows in self.seen.values() for day in rows.sizes if self._here(day) is not None}
        if all_days:
            days |= {day_number(date) for date in self.stored}
        following = set()
        for done, change in enumerate(
            mapped(lambda d: self._change(d, twins), sorted(days), resources.threads), 1
        ):
            if change.two_leg and change.rows and self._here(change.day + 1) is not None:
                following.add(change.day + 1)
            resources.progress("storing days", done, len(days))
            yield change
        yield from mapped(lambda d: self._change(d, twins), sorted(following - days), resources.threads)

    def _change(self, day: int, twins: tuple[str, ...]) -> Change:
        here = self._here(day)
        stored = self._stored(day)
        rows = united(stored, self._new(day))
        two_leg = bool(twins) or bool(legs(rows[:, 2]).any())
        second = np.zeros(len(rows), np.bool_)
        if two_leg:
            rule = LegRule(opposite=True, twins=twins)
            second = second_records(rows, self._left_over(day - 1, rule), day, rule)
        held = 0 if here is None or day == self.replaced else here.events.rows
        files = None if day == self.replaced else here
        more = len(rows) - len(stored)
        if more or files is None or not np.array_equal(second, np.arange(len(rows)) >= held):
            files = self._written(day, rows[~second], rows[second], files)
        files = self._with_sightings(day, files)
        told = evidence(rows) if more else None
        return Change(day, files, more, len(rows) - int(second.sum()) - held, two_leg, told)

    def _here(self, day: int) -> StoredDay | None:
        return self.stored.get(iso_date(day))

    def _stored(self, day: int) -> Rows:
        """Rows stored of a day, the events first."""
        here = self._here(day)
        if here is None or day == self.replaced:
            return NOTHING
        events = read_events(self.root, here.events)
        if here.second_legs is None:
            return events
        return np.concatenate([events, read_events(self.root, here.second_legs)])

    def _new(self, day: int) -> Rows:
        """Rows that come to a day."""
        return self.new.rows(day) if self.replaced in (None, day) else NOTHING

    def _left_over(self, day: int, rule: LegRule) -> Rows:
        """Rows close to the end of a day that may match one of the next day."""
        stored, new = (last_minute(rows, day) for rows in (self._stored(day), self._new(day)))
        return left_over(united(stored, new), day, rule)

    def _written(self, day: int, events: Rows, second: Rows, here: StoredDay | None) -> StoredDay:
        contacts = write_contacts(self.root, day, events, self.partition_bits)
        seconds = write_events(self.root, day, second, SECOND_LEGS) if len(second) else None
        files = StoredDay(contacts, write_events(self.root, day, events), second_legs=seconds)
        if here is not None:
            for kind in self.seen:
                files = files.with_sightings(kind, here.sightings(kind))
        return files

    def _with_sightings(self, day: int, files: StoredDay) -> StoredDay:
        """Files of a day with the new sightings."""
        for kind, by_day in self.seen.items():
            new = by_day.rows(day)
            if len(new):
                file = merge_sightings(self.root, day, kind, new, files.sightings(kind), self.partition_bits)
                files = files.with_sightings(kind, file)
        return files
