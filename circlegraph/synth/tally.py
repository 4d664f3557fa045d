"""What is counted while the days are made: enough for bills and truth tables, without keeping the events."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from circlegraph.synth.calendar import month_index, months_of
from circlegraph.synth.events import Events
from circlegraph.synth.meetings import POACHING
from circlegraph.synth.settings import Settings
from circlegraph.synth.world import World


@dataclass(frozen=True)
class DayCount:
    """Counts of one day.

    Attributes
    ----------
    events, seconds : ndarray of int64, shape (numbers,)
        Records and seconds talked per number, both ends.
    poaching : ndarray of int64, shape (calls, 3)
        Caller, callee and day of each account manager's call or text that was recorded.
    """

    day: int
    events: npt.NDArray[np.int64]
    seconds: npt.NDArray[np.int64]
    poaching: npt.NDArray[np.int64]


def count_day(events: Events, numbers: int) -> DayCount:
    """Count one day's records."""
    both = np.concatenate([events.caller, events.callee])
    talked = np.bincount(events.caller, events.duration, numbers) + np.bincount(
        events.callee, events.duration, numbers
    )
    rows = np.flatnonzero(events.source == POACHING)
    poaching = np.column_stack(
        [events.caller[rows], events.callee[rows], np.full(len(rows), events.day.number)]
    )
    return DayCount(
        events.day.number,
        np.bincount(both, minlength=numbers),
        talked.astype(np.int64),
        poaching.astype(np.int64),
    )


@dataclass
class Tally:
    """Running counts of a window; days may be added in any order.

    Attributes
    ----------
    weekly : ndarray of int32, shape (weeks, numbers)
        Records of each number per week of the window.
    monthly : ndarray of int64, shape (months, numbers)
        Seconds talked per calendar month.
    """

    settings: Settings
    weekly: npt.NDArray[np.int32]
    monthly: npt.NDArray[np.int64]
    poaching: list[npt.NDArray[np.int64]] = field(default_factory=list)
    records: int = 0

    @classmethod
    def empty(cls, world: World) -> "Tally":
        """Make the counts before the first day."""
        settings, numbers = world.settings, len(world.sims.entity)
        weeks = -(-settings.days // 7)
        return cls(
            settings,
            np.zeros((weeks, numbers), dtype=np.int32),
            np.zeros((len(months_of(settings)), numbers), dtype=np.int64),
        )

    def add(self, counted: DayCount) -> None:
        """Add one day."""
        self.weekly[counted.day // 7] += counted.events.astype(np.int32)
        self.monthly[month_index(self.settings, counted.day)] += counted.seconds
        self.poaching.append(counted.poaching)
        self.records += int(counted.events.sum()) // 2

    def approaches(self) -> npt.NDArray[np.int64]:
        """Every recorded event of account managers, ordered by day, caller and callee; shape (events, 3)."""
        rows = np.concatenate(self.poaching) if self.poaching else np.zeros((0, 3), dtype=np.int64)
        ordered: npt.NDArray[np.int64] = rows[np.lexsort((rows[:, 1], rows[:, 0], rows[:, 2]))]
        return ordered
