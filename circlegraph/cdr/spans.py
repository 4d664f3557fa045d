"""Durations and clock times in words, one text at a time: what the kernels leave unread."""

from __future__ import annotations

import re

from circlegraph.kernels.fields import BAD_VALUE

_UNITS = (
    (86400, r"d|days?|天"),
    (3600, r"h|hrs?|hours?|小时|时"),
    (60, r"m|mins?|minutes?|分钟?"),
    (1, r"s|secs?|seconds?|秒钟?"),
)
_WORDS = re.compile(
    r"p?\s*"
    + "".join(
        rf"(?:(\d+(?:\.\d+)?)\s*(?:{words})\.?[\s,]*)?{'t?' if seconds == 86400 else ''}"
        for seconds, words in _UNITS
    )
    + r"(?:(?:(\d+):)?([0-5]?\d):([0-5]\d)(?:\.\d+)?)?"
)
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_COMMA = re.compile(r"\d+,\d+")
_HALF_DAY = re.compile(
    r"(上午|下午)?\s*(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:\.\d+)?)?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE
)


def span_seconds(text: str, unit: int) -> int:
    """Seconds of a duration such as 1h 2m 3s, 3分12秒, PT3M12S, 1 day 00:03:12, 1,234 or 1,5 (of ``unit`` seconds).

    Below -1, the mark of a missed call, where a minus stands before it.

    Examples
    --------
    >>> [span_seconds(text, 60) for text in ("3m12s", "1小时0分5秒", "PT3M12S", "1 days 00:00:02", "1,5")]
    [192, 3605, 192, 86402, 90]
    >>> span_seconds("1,234", 1), span_seconds("soon", 1) == BAD_VALUE
    (1234, True)
    >>> [span_seconds(text, 1) for text in ("-00:01:00", "-1:00", "-3m12s", "-0:00:01")]
    [-60, -60, -192, -2]
    """
    text = text.strip(" '\"").lower()
    value = _seconds(text.removeprefix("-"), unit)
    return min(-value, -2) if text.startswith("-") and value > 0 else value


def _seconds(text: str, unit: int) -> int:
    if _GROUPED.fullmatch(text):
        return int(float(text.replace(",", "")) * unit + 0.5)
    if _COMMA.fullmatch(text):
        return int(float(text.replace(",", ".")) * unit + 0.5)
    found = _WORDS.fullmatch(text)
    if found is None or not any(found.groups()):
        return BAD_VALUE
    parts = [float(part or 0) for part in found.groups()]
    return int(
        sum(part * seconds for part, seconds in zip(parts, (86400, 3600, 60, 1, 3600, 60, 1), strict=True))
        + 0.5
    )


def half_day_seconds(text: str) -> int:
    """Seconds since midnight of a clock time of twelve hours, such as 2:05:10 PM.

    Examples
    --------
    >>> [half_day_seconds(text) for text in ("12:00:05 AM", "2:05 pm", "12:30 P.M.", "下午3:00")]
    [5, 50700, 45000, 54000]
    >>> half_day_seconds("13:00 PM") == half_day_seconds("13:00") == BAD_VALUE
    True
    """
    found = _HALF_DAY.fullmatch(text.strip())
    if found is None or (found[1] is None) == (found[5] is None):
        return BAD_VALUE
    hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
    if not 1 <= hour <= 12 or minute > 59 or second > 59:
        return BAD_VALUE
    late = found[1] == "下午" or (found[5] or "").lower() == "p"
    return (hour % 12 + 12 * late) * 3600 + minute * 60 + second
