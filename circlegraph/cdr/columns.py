"""Columns of a batch, whatever they came from, as the arrays that cleaning works on.

A column is one of: `Texts` (bounds in a byte buffer: every CSV column, Arrow strings), `Counts` (integers),
`Reals`, `Moments` (Arrow timestamps), `Spans` (Arrow durations) and `Coded` (a dictionary and indices into it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Union

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.spans import half_day_seconds, span_seconds
from circlegraph.cdr.timerule import TimeRule, seconds_of_counts, seconds_of_texts, to_zone
from circlegraph.errors import InputError
from circlegraph.kernels.fields import BAD_VALUE, NO_VALUE
from circlegraph.kernels.number_keys import BAD_TEXT
from circlegraph.numbers import (
    Tokens,
    TokenTable,
    integer_keys,
    readable,
    text_bounds,
    text_keys,
    whole_values,
)

Longs = NDArray[np.int64]
MOST_LABELS = 256


@dataclass(frozen=True, slots=True)
class Texts:
    """Text i is ``data[begin[i]:end[i]]``."""

    data: NDArray[np.uint8]
    begin: NDArray[np.int32]
    end: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Counts:
    """Integers, NO_VALUE where null."""

    values: Longs


@dataclass(frozen=True, slots=True)
class Reals:
    """Floating-point values, NaN where null."""

    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moments:
    """Timestamps: counts since 1970-01-01, of the wall clock, or of UTC where ``zone`` is given."""

    values: Longs
    per_second: int
    zone: str | None


@dataclass(frozen=True, slots=True)
class Spans:
    """Lengths of time (Arrow durations) in their own unit, NO_VALUE where null."""

    values: Longs
    per_second: int


@dataclass(frozen=True, slots=True)
class Coded:
    """Indices into a column of distinct values; -1 where null."""

    codes: NDArray[Any]
    values: Column


Column = Union[Texts, Counts, Reals, Moments, Spans, "Coded"]

_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def from_arrow(array: Any) -> Column:
    """Turn an Arrow array into a column, without a copy where it has no nulls.

    Raises
    ------
    InputError
        The type holds neither numbers, texts nor times.
    """
    import pyarrow as pa

    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks == 1 else array.combine_chunks()
    kind = array.type
    types = pa.types
    if types.is_dictionary(kind):
        codes = array.indices
        if codes.null_count:  # the indices may be unsigned, as those of Polars are
            codes = codes.cast(pa.int64()).fill_null(-1)
        return Coded(readable(codes.to_numpy(zero_copy_only=False)), from_arrow(array.dictionary))
    if types.is_boolean(kind):
        codes = array.cast(pa.int8())
        return Coded(_filled(codes, -1), from_arrow(pa.array(["false", "true"])))
    if types.is_uint64(kind):
        return Texts(*text_bounds(array.cast(pa.string())))
    if types.is_integer(kind):
        return Counts(
            _filled(array if types.is_int64(kind) else array.cast(pa.int64(), safe=False), NO_VALUE)
        )
    if types.is_decimal(kind) and kind.scale == 0:
        return _whole_decimals(array)
    if types.is_floating(kind) or types.is_decimal(kind):
        return Reals(_filled(array.cast(pa.float64()), np.nan))
    if types.is_timestamp(kind):
        return Moments(_filled(array.cast(pa.int64()), NO_VALUE), _PER_SECOND[kind.unit], kind.tz)
    if types.is_duration(kind):
        return Spans(_filled(array.cast(pa.int64()), NO_VALUE), _PER_SECOND[kind.unit])
    if types.is_date(kind):
        return Moments(_filled(array.cast(pa.timestamp("s")).cast(pa.int64()), NO_VALUE), 1, None)
    if types.is_null(kind):
        return Counts(np.full(len(array), NO_VALUE))
    return Texts(*text_bounds(array))


def _whole_decimals(array: Any) -> Column:
    """Read what a database calls NUMBER(20, 0), exactly: it holds ids too that no float can."""
    import pyarrow as pa

    try:
        return from_arrow(array.cast(pa.int64()))
    except pa.ArrowInvalid:  # some have more digits
        return from_arrow(array.cast(pa.string()))


def _filled(array: Any, null: Any) -> NDArray[Any]:
    if array.null_count:
        array = array.fill_null(null)
    return readable(array.to_numpy(zero_copy_only=False))


def number_keys(
    column: Column, country: tuple[int, int], known: TokenTable | None = None
) -> tuple[Longs, Tokens]:
    """Find the number keys of a column and the distinct tokens in it that are not known yet."""
    if isinstance(column, Texts):
        return text_keys(column.data, column.begin, column.end, *country, known)
    if isinstance(column, Coded):
        keys, tokens = number_keys(column.values, country, known)
        return _looked_up(keys, column.codes, 0), tokens
    if isinstance(column, Reals):
        whole = whole_values(column.values)
        keys, tokens = integer_keys(whole, *country)
        keys[(whole == NO_VALUE) & ~np.isnan(column.values)] = BAD_TEXT
        return keys, tokens
    if isinstance(column, Moments | Spans):
        raise InputError("a column of times cannot hold numbers")
    return integer_keys(column.values, *country)


def union(parts: Sequence[Tokens]) -> Tokens:
    """Tokens of several columns or batches, each once."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else Tokens.empty()
    table = TokenTable()
    for part in filled:
        table.add(part)
    return table.tokens()


def _looked_up(values: NDArray[Any], codes: NDArray[Any], null: int) -> NDArray[Any]:
    table = np.append(values, values.dtype.type(null))
    looked_up: NDArray[Any] = table[codes]
    return looked_up


def start_seconds(column: Column, rule: TimeRule, tz: str | None) -> Longs:
    """Wall-clock seconds of a column of times; NO_VALUE where empty, BAD_VALUE where unreadable."""
    from circlegraph.kernels.fields import decimals

    if isinstance(column, Texts):
        if rule.layout != "epoch":
            return seconds_of_texts(column.data, column.begin, column.end, rule, tz)
        counts = np.empty(column.begin.size, np.int64)
        decimals(column.data, column.begin, column.end, 1, counts)
        return seconds_of_counts(counts, rule, tz)
    if isinstance(column, Coded):
        return _looked_up(start_seconds(column.values, rule, tz), column.codes, NO_VALUE)
    if isinstance(column, Moments):
        return _seconds_of_moments(column, tz)
    if isinstance(column, Spans):
        raise InputError("a column of durations cannot hold the times of events")
    if isinstance(column, Reals):
        return seconds_of_counts(_floored(column.values), rule, tz)
    return seconds_of_counts(column.values, rule, tz)


def _seconds_of_moments(column: Moments, tz: str | None) -> Longs:
    empty = column.values == NO_VALUE
    seconds = column.values // column.per_second if column.per_second > 1 else column.values
    if column.zone is not None:
        seconds = to_zone(seconds, tz or column.zone)
    return np.where(empty, NO_VALUE, seconds) if empty.any() else seconds


def _floored(values: NDArray[np.float64]) -> Longs:
    out = np.full(values.size, BAD_VALUE)
    fits = np.abs(values) < 1e18
    out[fits] = np.floor(values[fits]).astype(np.int64)
    out[np.isnan(values)] = NO_VALUE
    return out


def clock_seconds(column: Column, digits: int) -> Longs:
    """Seconds of the day of a column of clock times, bare digits as `circlegraph.cdr.clocks.ClockRule` says."""
    from circlegraph.kernels.times import bare_clocks, parse_clocks

    if isinstance(column, Coded):
        return _looked_up(clock_seconds(column.values, digits), column.codes, NO_VALUE)
    if isinstance(column, Reals):
        column = Counts(whole_values(column.values))
    if isinstance(column, Counts):
        out = np.empty(column.values.size, np.int64)
        bare_clocks(column.values, digits, out)
        return out
    if not isinstance(column, Texts):
        raise InputError("a column of clock times must be text such as 23:59:59 or integers such as 235959")
    out = np.empty(column.begin.size, np.int64)
    parse_clocks(column.data, column.begin, column.end, digits, out)
    _read_again(column, out, half_day_seconds)
    return out


def _read_again(column: Texts, out: Longs, read: Callable[[str], int]) -> None:
    """Read what a kernel did not, each distinct text once."""
    known: dict[bytes, int] = {}
    for i in np.flatnonzero(out == BAD_VALUE):
        text = bytes(column.data[column.begin[i] : column.end[i]])
        if text not in known:
            known[text] = read(text.decode("utf-8", "replace"))
        out[i] = known[text]


def duration_seconds(column: Column, unit: int) -> Longs:
    """Durations in seconds; marks as those of `circlegraph.kernels.fields.durations`."""
    from circlegraph.kernels.fields import MISSED, durations

    if isinstance(column, Texts):
        out = np.empty(column.begin.size, np.int64)
        durations(column.data, column.begin, column.end, unit, out)
        _read_again(column, out, lambda text: span_seconds(text, unit))
        return out
    if isinstance(column, Coded):
        return _looked_up(duration_seconds(column.values, unit), column.codes, NO_VALUE)
    if isinstance(column, Moments):
        raise InputError("a column of times cannot hold durations")
    if isinstance(column, Spans):  # these say their unit themselves
        empty = column.values == NO_VALUE
        spans = np.where(empty, np.nan, column.values / column.per_second)
        return duration_seconds(Reals(spans), 1)
    if isinstance(column, Counts) and unit == 1:
        return column.values
    values = column.values
    if isinstance(column, Counts):
        values = np.where(column.values == NO_VALUE, np.nan, column.values.astype(np.float64))
    out = np.full(values.size, BAD_VALUE)
    fits = np.abs(values) < 1e12
    seconds = np.floor(values[fits] * unit + 0.5).astype(np.int64)
    negative = values[fits] < 0
    seconds[negative] = np.where(values[fits][negative] == -1, MISSED, np.minimum(seconds[negative], -2))
    out[fits] = seconds
    out[np.isnan(values)] = NO_VALUE
    return out


def whole_counts(column: Column) -> Longs:
    """Counts; NO_VALUE where empty, BAD_VALUE (or NO_VALUE, of a float) where no whole number."""
    from circlegraph.kernels.fields import decimals

    if isinstance(column, Texts):
        out = np.empty(column.begin.size, np.int64)
        decimals(column.data, column.begin, column.end, 1000, out)
        part = (out > NO_VALUE) & (out % 1000 != 0)
        return np.where(part, BAD_VALUE, np.where(out > NO_VALUE, out // 1000, out))
    if isinstance(column, Coded):
        return _looked_up(whole_counts(column.values), column.codes, NO_VALUE)
    if isinstance(column, Moments | Spans):
        raise InputError("a column of times cannot hold counts")
    return whole_values(column.values) if isinstance(column, Reals) else column.values


def labels(column: Column) -> tuple[NDArray[Any], list[str]]:
    """Codes of a column of few labels, and the labels, perhaps repeated; code -1 for null or beyond 256 labels."""
    from circlegraph.kernels.fields import label_codes

    if isinstance(column, Coded):
        codes, names = labels(column.values)
        if len(codes) <= MOST_LABELS and (codes >= 0).all():  # the values are labels: their codes can stay
            return column.codes, [names[code] for code in codes.tolist()]
        return _looked_up(codes, column.codes, -1), names
    if isinstance(column, Texts):
        codes = np.empty(column.begin.size, np.int16)
        firsts = np.empty(MOST_LABELS, np.int64)
        count = label_codes(column.data, column.begin, column.end, codes, firsts)
        texts = [bytes(column.data[column.begin[i] : column.end[i]]) for i in firsts[:count]]
        return codes, [text.decode("utf-8", "replace").strip() for text in texts]
    if isinstance(column, Counts):
        low, high = (int(column.values.min()), int(column.values.max())) if column.values.size else (0, 0)
        if low >= 0 and high < MOST_LABELS:
            return column.values.astype(np.int16), [str(value) for value in range(high + 1)]
        distinct, codes = np.unique(column.values, return_inverse=True)
        return codes, ["" if value == NO_VALUE else str(value) for value in distinct.tolist()]
    if isinstance(column, Reals):
        return labels(Counts(whole_values(column.values)))
    raise InputError("a column of times cannot hold labels")
