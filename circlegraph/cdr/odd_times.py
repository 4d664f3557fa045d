"""Date-times as texts: by the kernel, and what it leaves unread by pandas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels.fields import BAD_VALUE, NO_VALUE
from circlegraph.kernels.times import DAY_FIRST, NO_OFFSET, parse_times

Seconds = NDArray[np.int64]

MARKS = " \t\r\n'\""
_ORACLE = re.compile(r"(.*[-/ ]\d{2,4} )(\d\d?)\.(\d\d)\.(\d\d)(.*)")
# Letters that name a zone behind a time of day do not say which: CST is one in China and one in Chicago.
_ZONE = re.compile(r"(.*\d:\d\d(?:\.\d+)?(?: ?[AP]M)?) (?!OCT|SAT|GMT|UTC)(?:[A-Z]{1,4}T|MSK)( .*|)")
_OFFSET = re.compile(r"(.*\b(?:GMT|UTC)?[+-]\d{2}:?\d{2}) \([^()]*\)")  # as JavaScript names the zone
_CHINESE_HALF = re.compile(r"(.*)(上午|下午)(.*\d)")
_HALF_DAY = re.compile(r"(.*\d:\d\d(?::\d\d)?(?:\.\d+)?)\s*([AaPp])\.?[Mm]\.?")


def parse(data: Any, begin: Any, end: Any, order: int) -> tuple[Seconds, NDArray[np.int32]]:
    """Seconds and offsets by the kernel; marks as those of `parse_times`."""
    out = np.empty(begin.size, np.int64)
    offsets = np.empty(begin.size, np.int32)
    parse_times(data, begin, end, order, out, offsets)
    return out, offsets


def parse_few(values: Sequence[str], order: int) -> tuple[Seconds, NDArray[np.int32]]:
    """The same of a few strings."""
    import pyarrow as pa

    from circlegraph.numbers import text_bounds

    return parse(*text_bounds(pa.array(values, pa.string())), order)


def read_odd(data: Any, begin: Any, end: Any, out: Seconds, offsets: Any, order: int) -> tuple[Seconds, Any]:
    """Read what the kernel did not, each distinct text once."""
    rows = np.flatnonzero(out == BAD_VALUE)
    texts = [bytes(data[begin[i] : end[i]]) for i in rows]
    usual = {text: _usual(text.decode("utf-8", "replace").strip(MARKS)) for text in dict.fromkeys(texts)}
    distinct = list(dict.fromkeys(usual.values()))
    known = _half_days(distinct, order)
    known |= _in_one_format([text for text in distinct if text not in known], order)
    for i, text in zip(rows, map(usual.__getitem__, texts), strict=True):
        if text not in known:
            known[text] = _one_by_one(text, order)
        out[i], offsets[i] = known[text]
    return out, offsets


def _usual(text: str) -> str:
    """Write a text so that pandas knows it: colons in the time of day, AM or PM behind it, and no name of a zone.

    Examples
    --------
    >>> _usual("05-JAN-24 08.00.05.123456 PM"), _usual("Wed Jan 31 08:00:05 CST 2024")
    ('05-JAN-24 08:00:05.123456 PM', 'Wed Jan 31 08:00:05 2024')
    >>> _usual("Wed Jan 31 2024 08:00:05 GMT+0530 (India Standard Time)"), _usual("2024-01-31 08:00:05 EST")
    ('Wed Jan 31 2024 08:00:05 GMT+0530', '2024-01-31 08:00:05')
    >>> _usual("2024/1/31 下午8:00:05")
    '2024/1/31 8:00:05 PM'
    """
    if found := _ORACLE.fullmatch(text):
        text = "{}{}:{}:{}{}".format(*found.groups())
    if found := _ZONE.fullmatch(text) or _OFFSET.fullmatch(text):
        text = "".join(found.groups())
    if found := _CHINESE_HALF.fullmatch(text):
        text = f"{found[1]}{found[3]} {'PM' if found[2] == '下午' else 'AM'}"
    return text


def _half_days(texts: Sequence[str], order: int) -> dict[str, tuple[int, int]]:
    """Moments of texts that end in AM or PM and that the kernel can read without."""
    found = [match for match in map(_HALF_DAY.fullmatch, texts) if match]
    if not found:
        return {}
    out, offsets = parse_few([match[1] for match in found], order)
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
