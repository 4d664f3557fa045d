"""How the times of one file are written: decided once from its first values, then applied to all.

Rules
-----
* A date-time text is taken as its wall clock reads, with or without an offset behind it. Where a zone is
  asked for, a text with an offset is an instant and is moved to that zone.
* An integer of 14 digits that reads as a date is one (20240131235959), 8 digits likewise.
* Any other integer is a count since 1970-01-01 UTC, in s, ms, µs or ns by the median of the first values.
* If that is below 10**8 they are seconds since the study's start: ``epoch`` says when that was, and
  without it they count from 1970-01-01, which is noted.
* Day and month: 31/12/2024 and 12/31/2024 are told apart by a first value above 12; the day comes first
  where no value tells, which is noted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.errors import SettingsError
from circlegraph.kernels.fields import BAD_VALUE, NO_VALUE
from circlegraph.kernels.times import (
    DAY_FIRST,
    MONTH_FIRST,
    NO_OFFSET,
    YEAR_FIRST,
    compact_times,
    parse_times,
)

Seconds = NDArray[np.int64]

_RELATIVE_BELOW = 10**8
_UNITS = ((10**11, 1, "s"), (10**14, 10**3, "ms"), (10**17, 10**6, "µs"))
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$")
_COMPACT = re.compile(
    r"(1[89]|2[01])\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(([01]\d|2[0-3])[0-5]\d[0-5]\d)?$"
)
_MARKS = " \t\r\n'\""
_HALF_DAY = re.compile(r"(.*\d:\d\d(?::\d\d)?(?:\.\d+)?)\s*([AaPp])\.?[Mm]\.?")
_DAY_OR_MONTH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})(\D|$)")


@dataclass(frozen=True, slots=True)
class TimeRule:
    """One decision for one file.

    Attributes
    ----------
    layout : {"text", "epoch", "odd"}
        Texts in the common layouts (and integers that read as dates), counts, or texts for pandas.
    per_second : int
        Counts in a second.
    base : int
        Seconds added to a count.
    order : int
        YEAR_FIRST, DAY_FIRST or MONTH_FIRST.
    relative : bool
        Counts of a study's own clock rather than instants.
    note : str
        What the user should know of the decision, or "".
    """

    layout: str = "text"
    per_second: int = 1
    base: int = 0
    order: int = YEAR_FIRST
    relative: bool = False
    note: str = ""


def parse_epoch(epoch: object) -> int | None:
    """Seconds since 1970-01-01 of a date or date-time given as text or as a datetime.

    Examples
    --------
    >>> parse_epoch("1970-01-02")
    86400

    Raises
    ------
    SettingsError
        It is no date.
    """
    if epoch is None:
        return None
    try:
        moment = datetime.fromisoformat(str(epoch))
    except ValueError as error:
        raise SettingsError(f"epoch must be a date such as 2024-01-31, not {str(epoch)!r}") from error
    return int(np.datetime64(moment.replace(tzinfo=None), "s").astype(np.int64))


def decide(sample: Sequence[str], epoch: int | None = None) -> TimeRule:
    """Rule for texts from the first values of a file.

    Examples
    --------
    >>> decide(["1704067200", "1704067260"]).per_second
    1
    >>> decide(["184", "3920"], epoch=86400)
    TimeRule(layout='epoch', per_second=1, base=86400, order=0, relative=True, note='')
    """
    values = [text for text in (value.strip(_MARKS) for value in sample) if text]
    if not values:
        return TimeRule()
    if sum(map(bool, map(_COMPACT.match, values))) * 2 > len(values):
        return TimeRule(layout="text")
    numbers = [float(value) for value in values if _NUMBER.match(value)]
    if numbers and len(numbers) * 2 >= len(values):
        return from_magnitude(sorted(map(abs, numbers))[len(numbers) // 2], epoch)
    return _order_of(values)


def from_magnitude(typical: float, epoch: int | None = None) -> TimeRule:
    """Rule for counts of that magnitude; a few wild ones, such as a year 9999, must not decide for all."""
    if typical < _RELATIVE_BELOW or epoch is not None:
        note = (
            ""
            if epoch is not None
            else "times are small counts of seconds: counted from 1970-01-01; give an epoch"
        )
        return TimeRule(layout="epoch", base=epoch or 0, relative=True, note=note)
    for below, per_second, _ in _UNITS:
        if typical < below:
            return TimeRule(layout="epoch", per_second=per_second)
    return TimeRule(layout="epoch", per_second=10**9)


def _order_of(values: Sequence[str]) -> TimeRule:
    matches = [match for match in map(_DAY_OR_MONTH.match, values) if match]
    if not matches:
        return TimeRule(layout="text") if _understood(values, YEAR_FIRST) else TimeRule(layout="odd")
    if any(int(match[1]) > 12 for match in matches):
        order, note = DAY_FIRST, ""
    elif any(int(match[2]) > 12 for match in matches):
        order, note = MONTH_FIRST, ""
    else:
        order, note = (
            DAY_FIRST,
            "day and month cannot be told apart in the first rows: the day is taken to come first",
        )
    return TimeRule("text" if _understood(values, order) else "odd", order=order, note=note)


def _understood(values: Sequence[str], order: int) -> bool:
    """Tell whether the kernel reads any of the values."""
    from circlegraph.numbers import text_bounds

    out, _ = _parse(*text_bounds(_arrow(values)), order)
    return bool((out > NO_VALUE).any())


def _arrow(values: Sequence[str]) -> Any:
    import pyarrow as pa

    return pa.array(values, pa.string())


def _parse(data: Any, begin: Any, end: Any, order: int) -> tuple[Seconds, NDArray[np.int32]]:
    out = np.empty(begin.size, np.int64)
    offsets = np.empty(begin.size, np.int32)
    parse_times(data, begin, end, order, out, offsets)
    return out, offsets


def seconds_of_texts(data: Any, begin: Any, end: Any, rule: TimeRule, tz: str | None) -> Seconds:
    """Wall-clock seconds of texts laid out as ``rule`` says."""
    out, offsets = _parse(data, begin, end, rule.order)
    if rule.layout == "odd":
        out, offsets = _with_pandas(data, begin, end, out, offsets, rule)
    if tz is not None:
        zoned = offsets != NO_OFFSET
        if zoned.any():
            out[zoned] = to_zone(out[zoned] - offsets[zoned], tz)
    return out


def _with_pandas(
    data: Any, begin: Any, end: Any, out: Seconds, offsets: Any, rule: TimeRule
) -> tuple[Seconds, Any]:
    """Read what the kernel did not, each distinct text once."""
    rows = np.flatnonzero(out == BAD_VALUE)
    texts = [bytes(data[begin[i] : end[i]]).decode("utf-8", "replace").strip(_MARKS) for i in rows]
    distinct = list(dict.fromkeys(texts))
    known = _half_days(distinct, rule.order)
    known |= _in_one_format([text for text in distinct if text not in known], rule.order)
    for i, text in zip(rows, texts, strict=True):
        if text not in known:
            known[text] = _one_by_one(text, rule.order)
        out[i], offsets[i] = known[text]
    return out, offsets


def _half_days(texts: Sequence[str], order: int) -> dict[str, tuple[int, int]]:
    """Moments of texts that end in AM or PM and that the kernel can read without."""
    found = [match for match in map(_HALF_DAY.fullmatch, texts) if match]
    if not found:
        return {}
    from circlegraph.numbers import text_bounds

    out, offsets = _parse(*text_bounds(_arrow([match[1] for match in found])), order)
    hour = out // 3600 % 24
    good = (out > NO_VALUE) & (hour >= 1) & (hour <= 12) & (offsets == NO_OFFSET)
    late = np.array([match[2] in "pP" for match in found])
    shift = 43200 * (late.astype(np.int64) - (hour == 12))
    return {found[i][0]: (int(out[i] + shift[i]), NO_OFFSET) for i in np.flatnonzero(good)}


def _in_one_format(texts: Sequence[str], order: int) -> dict[str, tuple[int, int]]:
    """Moments of those texts that are written as the first one is."""
    import pandas as pd
    from pandas.tseries.api import guess_datetime_format

    if len(texts) < 2:
        return {}
    written = guess_datetime_format(texts[0], dayfirst=order == DAY_FIRST)
    if written is None or "%Y" not in written:
        return {}
    try:
        moments = pd.DatetimeIndex(pd.to_datetime(list(texts), format=written, errors="coerce"))
    except ValueError:  # several offsets
        return {}
    return {text: _wall(at) for text, at in zip(texts, moments, strict=True) if isinstance(at, pd.Timestamp)}


def _one_by_one(text: str, order: int) -> tuple[int, int]:
    import pandas as pd

    plain = (
        text.replace("年", "-")
        .replace("月", "-")
        .replace("日", " ")
        .replace("时", ":")
        .replace("分", ":")
        .replace("秒", "")
    )
    moment: Any = pd.NaT
    if names_a_day(plain):
        moment = pd.to_datetime(plain, errors="coerce", dayfirst=order == DAY_FIRST)
    return _wall(moment) if isinstance(moment, pd.Timestamp) else (BAD_VALUE, NO_OFFSET)


def _wall(moment: Any) -> tuple[int, int]:
    """Seconds of the wall clock and the offset, where one is written."""
    shift = moment.utcoffset()
    wall = int(moment.tz_localize(None).to_datetime64().astype("M8[s]").astype(np.int64))
    return wall, NO_OFFSET if shift is None else int(shift.total_seconds())


def names_a_day(text: str) -> bool:
    """Tell whether a text has figures for day and year: pandas takes today's where there are none.

    Examples
    --------
    >>> names_a_day("1 May 2024 08:00"), names_a_day("01-31 08:00"), names_a_day("08:00:00"), names_a_day("now")
    (True, False, False, False)
    """
    figures = re.findall(r"\d+", re.sub(r"\d+(:\d+)+(\.\d+)?", "", text))
    written_out = re.search(r"[^\W\d_]{3}", text) is not None
    return len(figures) > (1 if written_out else 2) or any(len(figure) >= 6 for figure in figures)


def seconds_of_counts(values: Seconds, rule: TimeRule, tz: str | None) -> Seconds:
    """Wall-clock seconds of integers, NO_VALUE and BAD_VALUE kept.

    Parameters
    ----------
    values : int64[n]
    rule : TimeRule
    tz : str or None
        Zone to move instants to; without it they stay in UTC.
    """
    if rule.layout != "epoch":
        out = np.empty_like(values)
        compact_times(values, out)
        return out
    instants = tz is not None and not rule.relative
    if rule.per_second == 1 and rule.base == 0 and not instants:
        return values
    special = values <= NO_VALUE
    out = values // rule.per_second
    out += rule.base
    if instants:
        out = to_zone(out, str(tz))
    out[special] = values[special]
    return out


def to_zone(instants: Seconds, tz: str) -> Seconds:
    """Wall-clock seconds in a zone of seconds since 1970-01-01 UTC; instants beyond 1900 to 2200 stay.

    Examples
    --------
    >>> to_zone(np.array([0]), "Asia/Shanghai").tolist()
    [28800]
    """
    import pandas as pd

    low, high = -2208988800, 7258118400
    inside = (instants >= low) & (instants < high)
    stamps = pd.DatetimeIndex(np.where(inside, instants, 0).astype("M8[s]")).tz_localize("UTC")
    wall: Seconds = stamps.tz_convert(tz).tz_localize(None).to_numpy().astype("M8[s]").astype(np.int64)
    return np.where(inside, wall, instants)


def check_zone(tz: str | None) -> str | None:
    """Return the zone if it exists.

    Raises
    ------
    SettingsError
        Nobody knows a zone of that name.
    """
    from zoneinfo import ZoneInfo

    if tz is None:
        return None
    try:
        ZoneInfo(tz)
    except (ValueError, KeyError, OSError) as error:
        raise SettingsError(f"unknown time zone {tz!r}; use a name such as Asia/Shanghai") from error
    return tz
