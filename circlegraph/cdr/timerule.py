"""How the times of one file are written: decided once from its first values, then applied to all.

Rules
-----
* A date-time text is taken as its wall clock reads, with or without an offset behind it. Where a zone is
  asked for, a text with an offset is an instant and is moved to that zone.
* An integer of 14 digits that reads as a date is one (20240131235959), 8 digits likewise, and 12, whose year
  is of four digits or of two (202401312359, 240131235959), as more of the values can be read.
* Any other integer is a count since 1970-01-01 UTC, in s, ms, µs or ns by the median of the first values.
* If that is below 10**8 they are seconds since the study's start: ``epoch`` says when that was, and
  without it they count from 1970-01-01, which is noted. Counts from 10**8 on stay counts since 1970 whatever
  the epoch, which is noted too; one input may have files of both sorts.
* Day and month: 31/12/2024 and 12/31/2024, or 31122024 and 12312024, are told apart by figures above 12
  (`circlegraph.cdr.day_order`), which are looked for in the first rows, then in rows of the whole file, then in
  files with the same columns (`circlegraph.cdr.settle`); what is assumed where these do not tell is noted.
* Times of day in a column beside the date are decided likewise (`circlegraph.cdr.clocks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.day_order import day_order, in_eight_digits
from circlegraph.cdr.odd_times import MARKS, parse, parse_few, read_odd
from circlegraph.errors import SettingsError
from circlegraph.kernels.fields import NO_VALUE
from circlegraph.kernels.times import (
    DAY_FIRST,
    MONTH_FIRST,
    NO_OFFSET,
    SHORT_YEAR,
    YEAR_FIRST,
    compact_times,
)

Seconds = NDArray[np.int64]

_RELATIVE_BELOW = 10**8
_UNITS = ((10**11, 1, "s"), (10**14, 10**3, "ms"), (10**17, 10**6, "µs"))
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$")
_COMPACT = re.compile(
    r"(1[89]|2[01])\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(([01]\d|2[0-3])[0-5]\d[0-5]\d)?$"
)
_TO_THE_MINUTE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d$")
_TO_THE_SECOND = re.compile(r"\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d$")


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
        YEAR_FIRST, DAY_FIRST, MONTH_FIRST or SHORT_YEAR.
    relative : bool
        Counts of a study's own clock rather than instants.
    open : bool
        The values looked at do not tell the order.
    note : str
        What the user should know of the decision, or "".
    """

    layout: str = "text"
    per_second: int = 1
    base: int = 0
    order: int = YEAR_FIRST
    relative: bool = False
    open: bool = False
    note: str = ""

    @property
    def told(self) -> int:
        """The order of day and month, if values told it."""
        return self.order if self.order in (DAY_FIRST, MONTH_FIRST) and not self.open else YEAR_FIRST

    def reread(self, values: Iterable[str]) -> TimeRule:
        """Rule with the order by more values, this one if they hold no such dates."""
        found = day_order(values)
        return replace(self, order=found.order, open=found.open, note=found.note) if found.order else self

    def as_told(self, order: int) -> TimeRule:
        """Rule with the order that other files tell."""
        first = "day" if order == DAY_FIRST else "month"
        return replace(
            self, order=order, open=False, note=f"the {first} comes first, as other files of the input tell"
        )


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
    TimeRule(layout='epoch', per_second=1, base=86400, order=0, relative=True, open=False, note='')
    """
    values = [text for text in (value.strip(MARKS) for value in sample) if text]
    if not values:
        return TimeRule()
    compact, long, short = (
        sum(layout.match(value) is not None for value in values)
        for layout in (_COMPACT, _TO_THE_MINUTE, _TO_THE_SECOND)
    )
    if max(compact, long, short) * 2 > len(values):
        return TimeRule(layout="text", order=SHORT_YEAR if short > max(compact, long) else YEAR_FIRST)
    if in_eight_digits(values):
        return _order_of(values)
    numbers = [float(value) for value in values if _NUMBER.match(value)]
    if numbers and len(numbers) * 2 >= len(values):
        return from_magnitude(sorted(map(abs, numbers))[len(numbers) // 2], epoch)
    return _order_of(values)


def from_magnitude(typical: float, epoch: int | None = None) -> TimeRule:
    """Rule for counts of that magnitude; a few wild ones, such as a year 9999, must not decide for all."""
    if typical < _RELATIVE_BELOW:
        note = (
            ""
            if epoch is not None
            else "times are small counts of seconds: counted from 1970-01-01; give an epoch"
        )
        return TimeRule(layout="epoch", base=epoch or 0, relative=True, note=note)
    per_second, unit = next(
        ((per_second, unit) for below, per_second, unit in _UNITS if typical < below), (10**9, "ns")
    )
    note = "" if epoch is None else f"times are counts since 1970-01-01 ({unit}): the epoch is not used"
    return TimeRule(layout="epoch", per_second=per_second, note=note)


def _order_of(values: Sequence[str]) -> TimeRule:
    found = day_order(values)
    layout = "text" if _understood(values, found.order) else "odd"
    return TimeRule(layout, order=found.order, open=found.open, note=found.note)


def _understood(values: Sequence[str], order: int) -> bool:
    """Tell whether the kernel reads any of the values."""
    out, _ = parse_few(values, order)
    return bool((out > NO_VALUE).any())


def seconds_of_texts(data: Any, begin: Any, end: Any, rule: TimeRule, tz: str | None) -> Seconds:
    """Wall-clock seconds of texts laid out as ``rule`` says."""
    out, offsets = parse(data, begin, end, rule.order)
    if rule.layout == "odd":
        out, offsets = read_odd(data, begin, end, out, offsets, rule.order)
    if tz is not None:
        zoned = offsets != NO_OFFSET
        if zoned.any():
            out[zoned] = to_zone(out[zoned] - offsets[zoned], tz)
    return out


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
        compact_times(values, rule.order, out)
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
