"""What the customer tables say of the numbers: documents, handsets, forwarding, bills."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.tables import as_table
from circlegraph.detect.bills import Bills
from circlegraph.detect.sound import (
    Sound,
    bills_faults,
    forwarding_faults,
    months,
    reals,
    sound_rows,
    subscribers_faults,
)
from circlegraph.errors import InputError, UnknownEntriesWarning
from circlegraph.graph.numbering import Numbers
from circlegraph.numbers import encode
from circlegraph.tables import read_table

if TYPE_CHECKING:
    import pyarrow as pa

SUBSCRIBER_COLUMNS = (
    *("number", "activated", "id_document", "imei", "plan", "region", "age", "value_tier"),
    *("address", "surname"),
)
FORWARDING_COLUMNS = ("number", "forward_to", "since")
MOST_ON_ONE = 20
"""A document or a handset of more numbers is a company's, or made up: it says nothing of owners."""
PAIR_COLUMNS = ("number_a", "number_b", "probability")
LEAST_RELATED = 0.5
BILLS_COLUMNS = ("number", "month", "arpu", "mou", "arrears")
LEAST_LETTERS = 5
"""Names of fewer letters have too many others that differ in one of them."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of numbers by id.

    Attributes
    ----------
    codes
        By column of the subscribers' table, int64[numbers]: equal codes for equal entries, -1 for no entry.
    forward_to
        Key that each number forwards to, int64[numbers], 0 for none; None without a table.
    keys
        int64[numbers]: the keys of the numbers.
    relatives
        int64[pairs], ascending: ``lower id * numbers + higher id`` of those who are a family; None if nobody knows.
    bills
        What was paid month by month; None without a table.
    """

    codes: dict[str, NDArray[np.int64]]
    forward_to: NDArray[np.int64] | None
    keys: NDArray[np.int64]
    relatives: NDArray[np.int64] | None = None
    bills: Bills | None = None

    def drop(self, figure: str, number: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.float64]:
        """Share of the arpu or mou of numbers that is gone after a day, float64; NaN where no bills tell."""
        if self.bills is None:
            return np.full(len(number), np.nan)
        return self.bills.drop(figure, number, day)

    def related(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """Whether two numbers are of one family, float64: 1, 0, or NaN if nobody knows of any.

        Examples
        --------
        >>> known = Known({}, None, np.array([110, 1300, 1301]), relatives=np.array([0 * 3 + 2]))
        >>> known.related(np.array([2, 0]), np.array([0, 1])).tolist()
        [1.0, 0.0]
        """
        if self.relatives is None:
            return np.full(len(a), np.nan)
        wanted = np.minimum(a, b) * len(self.keys) + np.maximum(a, b)
        # It is asked for some pairs at a time: np.isin would go through all relatives each time.
        before = np.searchsorted(self.relatives, wanted)
        return (np.searchsorted(self.relatives, wanted, side="right") > before).astype(np.float64)

    def same(self, column: str, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """Whether two numbers have the same entry, float64: 1, 0, or NaN where one of them has none."""
        if column not in self.codes:
            return np.full(len(a), np.nan)
        left, right = self.codes[column][a], self.codes[column][b]
        return np.where((left < 0) | (right < 0), np.nan, left == right)

    def forwards(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """Whether a forwards to b, or both to the same number, float64: 1, 0, or NaN without a table."""
        if self.forward_to is None:
            return np.full(len(a), np.nan)
        left, right = self.forward_to[a], self.forward_to[b]
        return np.asarray((left == self.keys[b]) | ((left == right) & (left != 0)), np.float64)


@dataclass(frozen=True, slots=True)
class Listed:
    """A table of numbers.

    Attributes
    ----------
    table
        As it was given, without the rows and the further columns that were left out.
    keys
        int64[rows]: number keys by column of numbers.
    sound
        What does not count because it makes no sense; None for tables that are not looked at row by row.
    """

    table: pa.Table
    keys: dict[str, NDArray[np.int64]]
    sound: Sound | None = None


def read_subscribers(source: Any, country: str | None = "86") -> Listed:
    """Table of subscribers from a file or a table, all rows of it: the numbers are the own network.

    Entries that make no sense are taken for unknown; a warning counts them by reason. Of this and the other tables
    further columns are left out, as every export has some, but not one that looks like a column that is missing.

    Raises
    ------
    InputError
        If a column is misspelt or missing, or a number is listed twice.
    """
    listed = _read(source, "subscribers", SUBSCRIBER_COLUMNS, ("number",), country)
    checked = sound_rows(listed.table, subscribers_faults(listed.table))
    if checked.rejected:
        place = source if isinstance(source, str | Path) else "the table of subscribers"
        warnings.warn(
            f"{place}: some entries do not count: {checked.why}", UnknownEntriesWarning, stacklevel=3
        )
    return replace(listed, sound=checked)


def read_forwarding(source: Any, country: str | None = "86") -> Listed:
    """Table of forwarding from a file or a table; errors as for `read_subscribers`.

    Rows that make no sense are left out with a warning, which counts them by reason.
    """
    return _read(
        source, "forwarding", FORWARDING_COLUMNS, ("number", "forward_to"), country, faults=forwarding_faults
    )


def read_bills(source: Any, country: str | None = "86") -> Listed:
    """Table of bills, a row per number and month, from a file or a table.

    Rows that make no sense are left out with a warning, which counts them by reason.

    Raises
    ------
    InputError
        If a column is misspelt or missing, or a number is listed twice for a month.
    """
    return _read(source, "bills", BILLS_COLUMNS, ("number",), country, once_per="month", faults=bills_faults)


def read_pairs(
    source: Any,
    what: str,
    columns: Sequence[str],
    numbered: tuple[str, str],
    country: str | None,
    required: tuple[str, ...] = (),
) -> Listed:
    """Table of pairs of numbers from a file or a table.

    Raises
    ------
    InputError
        If a column is misspelt or missing, or a pair is listed twice.
    """
    listed = _read(source, what, columns, numbered, country, once=False, required=required)
    again = _twice(*(listed.keys[name] for name in numbered))
    if again is not None:
        first, second = again
        raise InputError(
            f"the table of {what}: rows {first} and {second} list the same pair; leave each pair once"
        )
    return listed


def read_relatives(source: Any, country: str | None = "86") -> NDArray[np.int64]:
    """Number keys of the pairs of a family that are in contact, int64[pairs, 2].

    Parameters
    ----------
    source
        Families as `detect.families` finds them, or their pairs as a table or a file: number_a, number_b, probability.
    country
        Home calling code of the numbers.

    Raises
    ------
    InputError
        If a column is missing.
    """
    pairs = getattr(source, "pairs", source)
    if isinstance(pairs, str | Path):
        table = read_table(pairs, PAIR_COLUMNS)
    else:
        table = as_table(pairs)
        for name in PAIR_COLUMNS:
            if name not in table.column_names:
                raise InputError(f"the pairs of families: there is no column {name!r}")
    sure = reals(table["probability"]) >= LEAST_RELATED
    return np.stack([encode(table[name], country=country)[sure] for name in PAIR_COLUMNS[:2]], axis=1)


def know(
    numbers: Numbers,
    subscribers: Listed | None,
    forwarding: Listed | None,
    relatives: NDArray[np.int64] | None = None,
    bills: Listed | None = None,
) -> Known:
    """Look the numbers up in the tables; relatives as `read_relatives` gives them."""
    codes = {}
    for column in ("id_document", "imei"):
        if subscribers is not None and column in subscribers.table.column_names:
            codes[column] = codes_of(numbers, subscribers, column, MOST_ON_ONE)
    if subscribers is not None and "activated" in subscribers.table.column_names:
        codes["activated"] = codes_of(numbers, subscribers, "activated", first=len("2024-05"))
    forward_to = None
    if forwarding is not None:
        forward_to = np.zeros(len(numbers), np.int64)
        at = numbers.index.ids(forwarding.keys["number"])
        forward_to[at[at >= 0]] = forwarding.keys["forward_to"][at >= 0]
    pairs = None
    if relatives is not None:
        ids = np.sort(numbers.index.ids(relatives), axis=1)
        ids = ids[ids[:, 0] >= 0]
        pairs = np.unique(ids[:, 0] * len(numbers) + ids[:, 1])
    billed = None if bills is None else Bills.of(bills, numbers.index)
    return Known(codes, forward_to, numbers.index.keys, pairs, billed)


def codes_of(
    numbers: Numbers, listed: Listed, column: str, most: int | None = None, first: int | None = None
) -> NDArray[np.int64]:
    """Codes of the entries of a column by number, int64[numbers]: equal ones for equal entries, -1 for none.

    An entry that more than `most` listed numbers have counts as none; of each only so many `first` letters count.
    """
    distinct, entry = _entries(listed.table[column], first)
    common = np.zeros(len(distinct), np.bool_)
    if most is not None:
        common = np.bincount(entry, minlength=len(distinct)) > most
    entry = np.where((distinct == "")[entry] | common[entry], -1, entry)
    codes = np.full(len(numbers), -1, np.int64)
    at = numbers.index.ids(listed.keys["number"])
    codes[at[at >= 0]] = entry[at >= 0]
    return codes


def _read(
    source: Any,
    what: str,
    columns: Sequence[str],
    numbered: tuple[str, ...],
    country: str | None,
    once_per: str | None = None,
    *,
    once: bool = True,
    required: tuple[str, ...] = (),
    faults: Callable[[pa.Table], dict[str, NDArray[np.bool_]]] | None = None,
) -> Listed:
    required = (*numbered, *required) if once_per is None else (*numbered, once_per)
    on_disk = isinstance(source, str | Path)
    table = read_table(source, required) if on_disk else as_table(source)
    place = source if on_disk else f"the table of {what}"
    absent = [name for name in columns if name not in table.column_names]
    further = [name for name in table.column_names if name not in columns]
    for name, meant in product(further, absent):
        if _misspelt(name, meant):
            raise InputError(f"{place}: the column {name!r} is not known; did you mean {meant!r}?")
    for name in required:
        if name not in table.column_names:
            raise InputError(f"{place}: there is no column {name!r}")
    table = table.select([at for at, name in enumerate(table.column_names) if name in columns])
    sound = sound_rows(table, faults(table) if faults is not None else {})
    if sound.rejected:
        warnings.warn(f"{place}: {sound}", UnknownEntriesWarning, stacklevel=4)
    table = sound.table
    keys = {name: encode(table[name], country=country) for name in numbered}
    again = _twice(keys["number"], None if once_per is None else months(table[once_per]))
    if once and again is not None:
        first, second = (sound.rows[row - 1] for row in again)
        same, often = "", "once"
        if once_per is not None:
            same, often = f" for the same {once_per}", f"once for a {once_per}"
        raise InputError(
            f"{place}: rows {first} and {second} list the same number{same}; leave each number {often}"
        )
    return Listed(table, keys, sound)


def _misspelt(name: str, meant: str) -> bool:
    """Is a name another one in other capitals, spaces or signs, or with one slip?

    A slip is two letters swapped or, in names of five letters or more, one wrong, missing or too many: imsi is no imei,
    and a digit makes another column of its own.

    Examples
    --------
    >>> _misspelt("Value Tier", "value_tier"), _misspelt("activatd", "activated"), _misspelt("deactivated", "activated")
    (True, True, False)
    """
    a, b = ("".join(filter(str.isalnum, word.lower())) for word in (name, meant))
    at = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    swapped = (a[at : at + 2], a[at + 2 :]) == (b[at : at + 2][::-1], b[at + 2 :])
    wrong, missing, too_many = a[at + 1 :] == b[at + 1 :], a[at:] == b[at + 1 :], a[at + 1 :] == b[at:]
    long = len(b) >= LEAST_LETTERS and not a[at : at + 1].isdigit()
    return a == b or swapped or (long and (wrong or missing or too_many))


def _entries(column: pa.ChunkedArray, first: int | None = None) -> tuple[NDArray[np.str_], NDArray[np.int64]]:
    """Distinct entries of a column as text, ascending, and the position of each row's entry among them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    types = pa.types
    if not (
        types.is_string(column.type) or types.is_large_string(column.type) or types.is_date32(column.type)
    ):
        entries = [None if word is None else str(word) for word in column.to_pylist()]
        column = pa.chunked_array([entries], pa.string())
    words = pc.utf8_trim_whitespace(column.cast(pa.large_string()).fill_null(""))
    coded = pc.utf8_slice_codeunits(words, 0, first).dictionary_encode().combine_chunks()
    distinct = coded.dictionary.to_numpy(zero_copy_only=False).astype(np.str_)
    order = np.argsort(distinct)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return distinct[order], place[coded.indices.to_numpy()]


def _twice(keys: NDArray[np.int64], parts: NDArray[np.int64] | None) -> tuple[int, int] | None:
    """Rows, from 1, of the first number that is there twice, or twice with the same part."""
    part = np.zeros(len(keys), np.int64) if parts is None else parts
    order = np.lexsort((part, keys))  # stable
    a, b = order[:-1], order[1:]
    again = np.flatnonzero((keys[a] == keys[b]) & (part[a] == part[b]) & (keys[b] != 0))
    return (int(a[again[0]]) + 1, int(b[again[0]]) + 1) if len(again) else None
