"""What was taken in, cut by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.exchange import Exchange
from circlegraph.cdr.sightings import UNITS
from circlegraph.cdr.stamps import starts
from circlegraph.contacts.seen import distinct
from circlegraph.contacts.windows import DAY
from circlegraph.parallel import mapped
from circlegraph.store.sighting_files import day_of

if TYPE_CHECKING:
    from circlegraph.cdr.intake import Intake
    from circlegraph.resources import Resources

Longs = NDArray[np.int64]
NOTHING = np.empty((0, 3), np.int64)


class ByDay:
    """Rows of three columns by day.

    Parameters
    ----------
    room
        Bytes to hold in memory, None for no limit.
    """

    def __init__(self, room: int | None) -> None:
        self._exchange = Exchange(room)
        self.sizes: dict[int, int] = {}

    def add(self, columns: tuple[Longs, Longs, Longs], day: Longs) -> None:
        """Add rows, each of a day."""
        if len(day):
            lowest = int(day.min())
            self._exchange.add(columns, (day - lowest).astype(np.int32), lowest, int(day.max()) - lowest + 1)

    def add_events(self, events: Longs) -> None:
        """Add events, rows of caller, callee and stamp, each on the day that it begins."""
        caller, callee, stamp = np.ascontiguousarray(events.T)
        self.add((caller, callee, stamp), starts(stamp) // DAY)

    def finish(self) -> None:
        """Take no more rows."""
        self.sizes = self._exchange.sizes()

    def rows(self, day: int) -> Longs:
        """Rows of a day, int64[n, 3], in no certain order."""
        return self._exchange.partition(day, self.sizes[day]) if day in self.sizes else NOTHING

    def release(self) -> None:
        """Let go of the rows."""
        self._exchange.release()


def events_by_day(intake: Intake, resources: Resources) -> ByDay:
    """Cut the rows of an intake by day, each once but all records of an event, and let go of it."""
    by_day = ByDay(resources.event_room)

    def moved(partition: int) -> None:
        by_day.add_events(intake.records(partition))

    list(mapped(moved, intake.partitions(), resources.threads))
    intake.release()
    by_day.finish()
    return by_day


def sightings_by_day(intake: Intake, resources: Resources) -> dict[str, ByDay]:
    """Cut the sightings of an intake by day, kind by kind, and let go of them."""
    source = intake.sightings
    found = {}
    for kind in UNITS if source is not None else ():
        by_day = found[kind] = ByDay(resources.sighting_room)

        def moved(partition: int, kind: str = kind, by_day: ByDay = by_day) -> None:
            assert source is not None
            columns = distinct(*source.rows(kind, partition).T)
            by_day.add(columns, day_of(kind, columns[1]))

        assert source is not None
        list(mapped(moved, source.partitions(kind), resources.threads))
        by_day.finish()
    if source is not None:
        source.release()
    return found
