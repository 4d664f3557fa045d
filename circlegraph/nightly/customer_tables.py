"""The customer tables of a night: without the rows that make no sense, which are counted and named."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.errors import CirclegraphWarning

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from circlegraph.detect.sound import Sound
    from circlegraph.nightly.settings_inputs import Tables

CHECKED: dict[str, tuple[str, ...]] = {
    "bills": (),
    "forwarding": (),
    "outcomes": ("number", "lost"),
    "feedback": ("number", "date", "reached", "accepted", "kept"),
}
"""Tables whose rows are looked at one by one, with the columns that are asked for here."""


def plain_numbers(column: Any, country: str | None) -> NDArray[np.object_]:
    """Numbers of a column as the results write them."""
    from circlegraph.numbers import decode, encode_with_tokens

    return decode(*encode_with_tokens(column, country=country))


LATER = "since lies after the night"
"""No fault of the table: of a night that is made later than it ended."""


class CustomerTables:
    """Customer tables as of a night, read when they are asked for: kept for all stages they would fill the memory.

    Parameters
    ----------
    paths
        Where they are.
    date
        The night: forwards that begin later are left out.
    country
        Home calling code of their numbers.
    """

    def __init__(self, paths: Tables, date: str, country: str | None) -> None:
        self._paths, self._date, self._country = paths, date, country

    def table(self, name: str) -> pa.Table | None:
        """A table without the rows that make no sense; None if the config names none."""
        found = self.sound(name)
        return None if found is None else found.table

    def frame(self, name: str) -> pd.DataFrame | None:
        """The same with numbers as the results write them, months as 2024-05, and dates as dates."""
        import pandas as pd

        from circlegraph.detect.sound import days, months

        table = self.table(name)
        if table is None:
            return None
        made: pd.DataFrame = table.to_pandas()
        made["number"] = plain_numbers(table["number"], self._country)
        if "month" in made:
            made["month"] = months(table["month"]).astype("datetime64[M]").astype(str)
        for date in ("date", "lost"):
            if date in made:
                made[date] = pd.to_datetime(days(table[date]), unit="D")
        return made

    def lost(self) -> pd.DataFrame | None:
        """Losses up to the night's date: number, lost; None without a table of outcomes."""
        import pandas as pd

        outcomes = self.frame("outcomes")
        if outcomes is None:
            return None
        return outcomes.loc[outcomes["lost"] <= pd.Timestamp(self._date), ["number", "lost"]]

    def sound(self, name: str) -> Sound | None:
        """A table, and what of it is left out.

        Raises
        ------
        InputError
            If it cannot be read, or lacks a column, or lists a number twice.
        """
        from circlegraph.detect.known import read_bills, read_forwarding
        from circlegraph.detect.sound import Sound, days, sound_rows
        from circlegraph.store.dates import day_number
        from circlegraph.tables import read_table

        path = getattr(self._paths, name)
        if path is None:
            return None
        if name not in ("bills", "forwarding"):
            table = read_table(path, CHECKED[name])
            return sound_rows(table, _faults(name, table))
        with warnings.catch_warnings():  # a stage tells of them, once
            warnings.simplefilter("ignore", CirclegraphWarning)
            whole = (read_bills if name == "bills" else read_forwarding)(path, self._country).sound
        assert whole is not None
        if "since" not in whole.table.column_names:
            return whole
        late = days(whole.table["since"]) > day_number(self._date)
        timely = sound_rows(whole.table, {LATER: late})
        later = {reason: whole.rows[rows - 1] for reason, rows in timely.rejected.items()}
        return Sound(timely.table, whole.rows[timely.rows - 1], {**whole.rejected, **later})


def _faults(name: str, table: pa.Table) -> dict[str, NDArray[np.bool_]]:
    """Faults of a table of outcomes or feedback."""
    from circlegraph.detect.sound import empty, no_date

    date = "lost" if name == "outcomes" else "date"
    found = {"the number is empty": empty(table["number"]), f"{date} is no date": no_date(table[date])}
    return found if name == "outcomes" else {**found, f"{date} is empty": empty(table[date])}
