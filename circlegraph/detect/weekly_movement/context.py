"""What other tables say of the numbers: bills, forwarding, second numbers, account managers, families."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.detect.known import Listed
from circlegraph.detect.sound import days, months, reals
from circlegraph.detect.weekly_movement.volumes import Watched
from circlegraph.errors import InputError
from circlegraph.numbers import encode

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
LEAST_BILLS = 2
"""Bills of the last three months that a mean is taken of."""
OLDEST_BILL = 2
"""Months that the last bill may lie behind the last whole month."""


class Listing:
    """The numbers that are judged, to be found by key or by text.

    Parameters
    ----------
    keys
        int64[n], ascending.
    country
        Home calling code of numbers in tables.
    """

    def __init__(self, keys: NDArray[np.int64], country: str | None) -> None:
        self.keys = keys
        self._index = NumberIndex(keys)
        self._country = country

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self, numbers: Any) -> NDArray[np.int64]:
        """int64: row of each number given as text, -1 for one that is not judged."""
        import pyarrow as pa

        texts = pa.array(numbers, from_pandas=True)
        rows = self._index.ids(encode(texts, country=None))
        missing = rows < 0
        if missing.any():
            rows[missing] = self._index.ids(encode(texts, country=self._country))[missing]
        return rows

    def rows_of_keys(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """int64: row of each key, -1 for one that is not judged."""
        return self._index.ids(keys)

    def unknown(self) -> Floats:
        """NaN for each number."""
        return np.full(len(self), np.nan)


def frame_of(found: Any, attribute: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Table of a result object, or the table itself, with its columns checked.

    Raises
    ------
    InputError
        If a column is missing.
    """
    frame = getattr(found, attribute, found)
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise InputError(
            f"the table of {attribute} has no column {missing[0]!r}; it needs {', '.join(columns)}"
        )
    made: pd.DataFrame = frame
    return made


def as_days(dates: Any) -> Floats:
    """Days since 1970 of a column of dates, NaN where there is none.

    Examples
    --------
    >>> import pandas as pd
    >>> as_days(pd.Series(["1970-01-15", None])).tolist()
    [14.0, nan]
    """
    import pandas as pd
    import pyarrow as pa

    column = pd.Series(dates)
    if column.dtype.kind != "M":
        return days(pa.chunked_array([pa.array(column.astype(object), from_pandas=True)]))
    times = column.to_numpy("datetime64[D]")
    return np.where(np.isnat(times), np.nan, times.astype(np.int64))


def second_probability(found: Any, listing: Listing, day: int, recent_days: int) -> tuple[Floats, Floats]:
    """Probability that a number became a second-number user by a day, and not longer ago than `recent_days`.

    And how many days ago that was, NaN where nobody knows.

    Parameters
    ----------
    found
        A `DualSim`, or a table with number, probability and, where known, onset (or since) and dual_sim. The numbers
        of `cannot_tell`, or whose dual_sim is that word, are unknown; those without a candidate have probability 0.
    """
    ago = listing.unknown()
    if found is None:
        return listing.unknown(), ago
    frame = frame_of(found, "pairs", ("number", "probability"))
    onset = next((name for name in ("onset", "since") if name in frame.columns), None)
    since = np.full(len(frame), np.nan) if onset is None else as_days(frame[onset])
    fits = np.isnan(since) | ((since <= day) & (since > day - recent_days))
    # Of rules, which give no probability, what is accepted counts.
    chance = frame["probability"].to_numpy(np.float64, na_value=np.nan)
    if "accepted" in frame.columns:
        chance = np.where(np.isnan(chance), frame["accepted"].fillna(False).to_numpy(np.float64), chance)
    rows = listing.rows(frame["number"])
    fits &= (rows >= 0) & ~np.isnan(chance)
    made = np.zeros(len(listing))
    np.maximum.at(made, rows[fits], chance[fits])
    fits &= chance == made[rows]
    np.fmin.at(ago, rows[fits], day - since[fits])
    untold = getattr(found, "cannot_tell", None)
    if "dual_sim" in frame.columns:
        untold = frame[frame["dual_sim"] == "cannot_tell"]
    if untold is not None:
        at = listing.rows(untold["number"])
        made[at[at >= 0]] = np.nan
    return made, ago


def approaches(found: Any, listing: Listing, day: int, days: int) -> tuple[Floats, Floats]:
    """Calls of account managers to each number in the `days` days up to `day`, as far as first and last contact tell.

    And 1 for who has called one of them, 0 for who has not; unknown where the table has no `calls_out`.

    Parameters
    ----------
    found
        A `Managers`, of whom the accepted count, or a table with number, manager, first_contact, last_contact and
        calls_in. Contacts that began before the time count once.
    """
    if found is None:
        return listing.unknown(), listing.unknown()
    frame = frame_of(found, "contacts", ("number", "manager", "first_contact", "last_contact", "calls_in"))
    managers = getattr(found, "managers", None)
    if managers is not None and "accepted" in managers.columns:
        frame = frame[frame["manager"].isin(managers.loc[managers["accepted"].astype(bool), "number"])]
    first, last = as_days(frame["first_contact"]), as_days(frame["last_contact"])
    begin = day - days
    calls = frame["calls_in"].to_numpy(np.float64, na_value=0)
    whole = (first > begin) & (last <= day)
    times = np.where(whole, calls, ((first <= day) & (last > begin)).astype(np.float64))
    times = np.where(calls > 0, times, 0)
    rows = listing.rows(frame["number"])
    inside = rows >= 0
    made = np.bincount(rows[inside], times[inside], minlength=len(listing)).astype(np.float64)
    called = listing.unknown()
    if "calls_out" in frame.columns:
        called[:] = 0
        back = inside & (first <= day) & (frame["calls_out"].to_numpy(np.float64, na_value=0) > 0)
        called[rows[back]] = 1
    return made, called


def bill_drops(bills: Listed | None, listing: Listing, date: np.datetime64) -> dict[str, Floats]:
    """Fall of ARPU and MOU: 1 - last bill / mean of the three before; and months in arrears.

    The last bill is the newest of a month that is over at the date. Where it or its past is missing, the fall is
    unknown.
    """
    made = {name: listing.unknown() for name in ("arpu_drop", "mou_drop", "arrears")}
    if bills is None or not bills.table.num_rows:
        return made
    month = months(bills.table["month"])
    over = int((date.astype("datetime64[D]") + 1).astype("datetime64[M]").astype(np.int64)) - 1
    past = month[month <= over]
    if not len(past) or past.max() < over - OLDEST_BILL:
        return made
    newest = int(past.max())
    rows = listing.rows_of_keys(bills.keys["number"])
    for name, column in (("arpu_drop", "arpu"), ("mou_drop", "mou")):
        if column not in bills.table.column_names:
            continue
        value = reals(bills.table[column])
        used = (rows >= 0) & ~np.isnan(value)
        table = np.full((len(listing), 4), np.nan)
        inside = used & (month <= newest) & (month > newest - 4)
        table[rows[inside], newest - month[inside]] = value[inside]
        known = ~np.isnan(table[:, 1:])
        count = known.sum(axis=1)
        mean = np.where(known, table[:, 1:], 0).sum(axis=1) / np.maximum(count, 1)
        fits = (count >= LEAST_BILLS) & (mean > 0)
        made[name][fits] = 1 - table[fits, 0] / mean[fits]
    if "arrears" in bills.table.column_names:
        value = reals(bills.table["arrears"])
        inside = (rows >= 0) & (month == newest)
        made["arrears"][rows[inside]] = value[inside]
    return made


def forwards_away(
    forwarding: Listed | None, listing: Listing, watched: Watched, day: int
) -> tuple[Floats, Floats]:
    """1 for a number that forwards to another network's number by a day, 0 for one that does not; for how many days.

    The days are unknown (NaN) where it does not, or the table does not say since when; of several the fewest.
    """
    days = listing.unknown()
    if forwarding is None or not watched.knows_own:
        return listing.unknown(), days
    target = forwarding.keys["forward_to"]
    away = (target != 0) & ~watched.own(target)
    since = np.full(len(target), np.nan)
    if "since" in forwarding.table.column_names:
        since = as_days(forwarding.table["since"].to_pylist())
        away &= np.isnan(since) | (since <= day)
    rows = listing.rows_of_keys(forwarding.keys["number"])
    away &= rows >= 0
    made = np.zeros(len(listing))
    made[rows[away]] = 1
    np.fmin.at(days, rows[away], day - since[away])
    return made, days


def family_left(found: Any, listing: Listing, moved: NDArray[np.bool_]) -> Floats:
    """How many of a number's family and close contacts moved or left.

    Parameters
    ----------
    found
        A `Families`, or its members (number, family_id); of a `Families`, pairs of probability 0.5 and more
        count too.
    moved
        bool[n]: who moved or left.
    """
    if found is None:
        return listing.unknown()
    members = frame_of(found, "members", ("number", "family_id"))
    row = listing.rows(members["number"])
    family = members["family_id"].astype("string").factorize()[0]
    known = (row >= 0) & (family >= 0)
    row, family = row[known], family[known]
    order = np.argsort(family, kind="stable")
    a, b = _within(row[order], family[order])
    pairs = getattr(found, "pairs", None)
    if pairs is not None and len(pairs):
        close = pairs[pairs["probability"] >= 0.5]
        x, y = listing.rows(close["number_a"]), listing.rows(close["number_b"])
        both = (x >= 0) & (y >= 0)
        a = np.concatenate([a, x[both], y[both]])
        b = np.concatenate([b, y[both], x[both]])
    ties = np.unique(np.stack([a, b], axis=1), axis=0) if len(a) else np.empty((0, 2), np.int64)
    return np.bincount(ties[:, 0], moved[ties[:, 1]], minlength=len(listing)).astype(np.float64)


def _within(row: NDArray[np.int64], family: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All ordered pairs of different rows of one family; the families are sorted."""
    if not len(row):
        return row, row
    starts = np.flatnonzero(np.concatenate([[True], family[1:] != family[:-1]]))
    sizes = np.diff(np.append(starts, len(row)))
    size = np.repeat(sizes, sizes)
    begin = np.repeat(starts, sizes)
    a = np.repeat(np.arange(len(row)), size)
    b = np.repeat(begin, size) + np.arange(len(a)) - np.repeat(np.cumsum(size) - size, size)
    return row[a[a != b]], row[b[a != b]]
