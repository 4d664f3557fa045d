"""A synthetic city in Python: tables as pandas, made when first asked for."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from circlegraph.errors import SettingsError
from circlegraph.synth.bills import make_bills
from circlegraph.synth.checked import make_settings
from circlegraph.synth.events import Events, day_events
from circlegraph.synth.records import Names, make_names, records
from circlegraph.synth.settings import Settings
from circlegraph.synth.tables import make_cells, make_forwarding, make_subscribers
from circlegraph.synth.tally import Tally, count_day
from circlegraph.synth.truth import make_truth
from circlegraph.synth.truth_weeks import weekly_states
from circlegraph.synth.world import World, make_world

if TYPE_CHECKING:
    import pandas as pd

KEPT_EVENTS = 8_000_000
"""Cities of about so many events keep them in memory once made; larger ones make them anew."""


class City:
    """A synthetic city with planted truth.

    Parameters
    ----------
    settings : Settings, optional
        Settings to start from.
    **changes
        Settings by name: ``subscribers``, ``days``, ``seed``, ``start``, ``preset`` (a name in
        `presets.PRESETS`), and groups as mappings, such as ``ties={"friends": 5}``.

    Attributes
    ----------
    settings : Settings
        Checked settings.
    world : World
        Static part: people, ties, numbers as arrays.

    Raises
    ------
    SettingsError
        If settings make no sense; names all that is wrong.

    Examples
    --------
    >>> city = City(subscribers=60, days=14, seed=1)
    >>> list(city.cdr().columns)[:5]
    ['caller', 'callee', 'start', 'duration', 'kind']
    >>> bool(city.truth["second_numbers"]["number"].is_unique)
    True
    """

    def __init__(self, settings: Settings | None = None, **changes: Any) -> None:
        self.settings = make_settings(settings, **changes)

    def __repr__(self) -> str:
        size = f"subscribers={self.settings.subscribers}, days={self.settings.days}"
        return f"City({size}, seed={self.settings.seed}, preset={self.settings.preset!r})"

    @cached_property
    def world(self) -> World:
        """Static part of the city."""
        return make_world(self.settings)

    @cached_property
    def names(self) -> Names:
        """Texts of numbers, cells and handsets."""
        return make_names(self.world)

    def events(self, day: int) -> Events:
        """One day's records as arrays of ids, with the tie that each belongs to.

        Raises
        ------
        SettingsError
            If the day is outside the window.
        """
        if not 0 <= day < self.settings.days:
            raise SettingsError(f"day = {day}: outside the window of {self.settings.days} days")
        return day_events(self.world, day)

    @property
    def _is_kept(self) -> bool:
        return 2.5 * self.settings.subscribers * self.settings.days <= KEPT_EVENTS

    @cached_property
    def _run(self) -> tuple[Tally, list[Any]]:
        """Counts of all days and, in a small city, their tables."""
        tally = Tally.empty(self.world)
        tables = []
        for day in range(self.settings.days):
            events = day_events(self.world, day)
            tally.add(count_day(events, len(self.world.sims.entity)))
            if self._is_kept:
                tables.append(records(self.names, events, self.settings.records))
        return tally, tables

    def cdr(self, first: int = 0, last: int | None = None) -> "pd.DataFrame":
        """Clean canonical records of the days first <= day < last, in order of time.

        Returns
        -------
        pandas.DataFrame
            caller, callee, start (local time), duration (s), kind, caller_cell, callee_cell, caller_imei,
            callee_imei, forwarded_to. Dirt is left to `write_city`.

        Raises
        ------
        SettingsError
            If no day of the window is meant.
        """
        import pyarrow as pa

        days = range(self.settings.days)[first:last]
        if not days:
            raise SettingsError(f"days {first} to {last}: outside the window of {self.settings.days} days")
        if self._is_kept:
            tables = [self._run[1][day] for day in days]
        else:
            tables = [records(self.names, self.events(day), self.settings.records) for day in days]
        frame: pd.DataFrame = pa.concat_tables(tables).unify_dictionaries().to_pandas()
        return frame

    @cached_property
    def subscribers(self) -> "pd.DataFrame":
        """Own numbers: number, activated, id_document, imei, plan, region, age, value_tier."""
        return _pandas(make_subscribers(self.world, self.names))

    @cached_property
    def forwarding(self) -> "pd.DataFrame":
        """Forwarding: number, forward_to, since."""
        return _pandas(make_forwarding(self.world, self.names))

    @cached_property
    def bills(self) -> "pd.DataFrame":
        """Bills: number, month, arpu, mou, arrears (months owed)."""
        return _pandas(make_bills(self.world, self.names.numbers, self._run[0]))

    @cached_property
    def cells(self) -> "pd.DataFrame":
        """Cells: cell, lat, lon (degrees)."""
        return _pandas(make_cells(self.world))

    @cached_property
    def truth(self) -> dict[str, "pd.DataFrame"]:
        """Planted truth by table: second_numbers, families, managers, manager_contacts, conversions, ..."""
        import pyarrow as pa

        tally = self._run[0]
        made = {name: _pandas(table) for name, table in make_truth(self.world, self.names, tally).items()}
        weeks = [weekly_states(self.world, self.names, tally, week) for week in range(len(tally.weekly))]
        made["weekly"] = _pandas(pa.concat_tables(weeks))
        return made


def _pandas(table: Any) -> "pd.DataFrame":
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    return frame
