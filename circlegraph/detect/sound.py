"""Rows of customer tables that make no sense: told from the others, counted by reason, and never left out silently."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
EPOCH = dt.date(1970, 1, 1)
OLDEST = 120
_DATE = re.compile(r"(\d{4})[-/.]?(\d\d?)[-/.]?(\d\d?)(?:[ T].*)?")
_MONTH = re.compile(r"(\d{4})[-/.]?(\d\d?)(?:[-/.]?\d\d?(?:[ T].*)?)?")


@dataclass(frozen=True, slots=True)
class Sound:
    """A table without the rows that make no sense.

    Attributes
    ----------
    table
        The other rows.
    rows
        int64[rows of table]: the row that each was, from 1.
    rejected
        Rows that are left out, from 1, by reason.
    """

    table: pa.Table
    rows: NDArray[np.int64]
    rejected: Mapping[str, NDArray[np.int64]]

    def __str__(self) -> str:
        """How many rows are left out, and why."""
        count = sum(map(len, self.rejected.values()))
        return f"{count:,} of {count + self.table.num_rows:,} rows are left out: {self.why}"

    @property
    def why(self) -> str:
        """Reasons, how many rows each has, and the first of them."""
        return "; ".join(
            f"{len(rows):,} because {reason} (first in row {rows[0]:,})"
            for reason, rows in self.rejected.items()
        )


def sound_rows(table: pa.Table, faults: Mapping[str, Flags]) -> Sound:
    """Leave out the rows that have a fault; of several faults of a row the first one is its reason.

    Examples
    --------
    >>> import pyarrow as pa
    >>> found = sound_rows(pa.table({"a": [1, -2, -3]}), {"a is negative": np.array([False, True, True])})
    >>> found.table["a"].to_pylist(), found.rows.tolist()
    ([1], [1])
    >>> str(found)
    '2 of 3 rows are left out: 2 because a is negative (first in row 2)'
    """
    good = np.ones(table.num_rows, np.bool_)
    rejected = {}
    for reason, wrong in faults.items():
        rows = np.flatnonzero(wrong & good)
        if len(rows):
            rejected[reason] = rows + 1
            good[rows] = False
    kept = np.flatnonzero(good)
    return Sound(table if good.all() else table.take(kept), kept + 1, rejected)


def bills_faults(table: pa.Table) -> dict[str, Flags]:
    """Faults of a table of bills: number, month, arpu, mou, arrears."""
    found = {"the number is empty": empty(table["number"])}
    found["the month is no month"] = months(table["month"]) < 0
    for name in ("arpu", "mou", "arrears"):
        if name in table.column_names:
            value = reals(table[name])
            found[f"{name} is no amount"] = ~empty(table[name]) & ~np.isfinite(value)
            found[f"{name} is negative"] = value < 0
    return found


def subscribers_faults(table: pa.Table) -> dict[str, Flags]:
    """Entries of a table of subscribers that make no sense: activated, age; the number counts all the same."""
    found = {"the number is empty": empty(table["number"])}
    if "activated" in table.column_names:
        found["activated is no date"] = no_date(table["activated"])
    if "age" in table.column_names:
        age = reals(table["age"])
        found["age is no age"] = ~empty(table["age"]) & ~((age >= 0) & (age < OLDEST))
    return found


def forwarding_faults(table: pa.Table) -> dict[str, Flags]:
    """Faults of a table of forwarding: number, forward_to, since."""
    found = {
        "the number is empty": empty(table["number"]),
        "forward_to is empty": empty(table["forward_to"]),
    }
    both = (table[column].to_pylist() for column in ("number", "forward_to"))
    found["it forwards to itself"] = np.array(
        [str(a).strip() == str(b).strip() for a, b in zip(*both, strict=True)], np.bool_
    )
    if "since" in table.column_names:
        found["since is no date"] = no_date(table["since"])
    return found


def no_date(column: Any) -> Flags:
    """bool[n]: which entries are there, but no dates?"""
    return ~empty(column) & np.isnan(days(column))


def days(column: Any) -> Floats:
    """Days since 1970 of a column of dates, or of texts such as 2024-05-01 and 20240501; NaN for what is none.

    Examples
    --------
    >>> import pyarrow as pa
    >>> days(pa.chunked_array([["1970-01-15", "1970/1/2 08:00", "19700103", "1970-02-30", "soon", None]])).tolist()
    [14.0, 1.0, 2.0, nan, nan, nan]
    """
    return _parsed(column, _day, np.nan)


def months(column: Any) -> NDArray[np.int64]:
    """Months since 1970-01 of a column of dates, or of texts such as 2024-05, 2024-05-01 and 202405; -1 for none.

    Examples
    --------
    >>> import pyarrow as pa
    >>> months(pa.chunked_array([["1970-01", "1971/2/3", "197003", "1970-13", "May", ""]])).tolist()
    [0, 13, 2, -1, -1, -1]
    """
    return _parsed(column, _month, -1).astype(np.int64)


def reals(column: Any) -> Floats:
    """Numbers of a column; NaN for what is none."""
    import pandas as pd

    return np.asarray(pd.to_numeric(column.to_pandas(), errors="coerce"), np.float64)


def _parsed(column: Any, parse: Callable[[str], float], none: float) -> Floats:
    """Parse the distinct entries of a column."""
    import pyarrow as pa

    whole = pa.chunked_array(column) if isinstance(column, list) else column
    coded = whole.combine_chunks().dictionary_encode()
    entries = [str(value).strip() for value in coded.dictionary.to_pylist()]
    made = np.array([*map(parse, entries), none], np.float64)
    found: Floats = made[coded.indices.fill_null(len(entries)).to_numpy(zero_copy_only=False)]
    return found


def _day(text: str) -> float:
    match = _DATE.fullmatch(text)
    try:
        return (dt.date(*map(int, match.groups())) - EPOCH).days if match else np.nan
    except ValueError:
        return np.nan


def _month(text: str) -> float:
    match = _MONTH.fullmatch(text.removesuffix(".0"))
    year, month = map(int, match.groups()) if match else (0, 0)
    return 12 * (year - 1970) + month - 1 if 1970 <= year <= 2100 and 1 <= month <= 12 else -1


def empty(column: Any) -> Flags:
    """bool[n]: which entries are null or blank?"""
    import pyarrow as pa

    if pa.types.is_floating(column.type):
        return np.isnan(reals(column))
    return np.asarray(_parsed(column, lambda text: text == "", 1) == 1, np.bool_)
