"""Date-times as they stand in CDR files, to seconds of the wall clock since 1970-01-01."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64, U8, Int
from circlegraph.kernels.fields import BAD_VALUE, NO_VALUE
from circlegraph.kernels.text import is_null_word, trim

NO_OFFSET = np.iinfo(np.int32).max

YEAR_FIRST = 0
DAY_FIRST = 1
MONTH_FIRST = 2
SHORT_YEAR = 3


@jit
def days_from_civil(year: Int, month: Int, day: Int) -> Int:
    """Days since 1970-01-01 of a date of the Gregorian calendar."""
    if month <= 2:
        year -= 1
        month += 12
    era_day = (153 * (month - 3) + 2) // 5 + day - 1
    return 365 * year + year // 4 - year // 100 + year // 400 + era_day - 719468


@jit
def _date_seconds(year: Int, month: Int, day: Int) -> Int:
    if month < 1 or month > 12 or day < 1 or day > 31:
        return BAD_VALUE
    if day > 28:
        if month == 2:
            leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            if day > (29 if leap else 28):
                return BAD_VALUE
        elif day == 31 and (month == 4 or month == 6 or month == 9 or month == 11):
            return BAD_VALUE
    return days_from_civil(year, month, day) * 86400


@jit
def _clock_seconds(hour: Int, minute: Int, second: Int) -> Int:
    if hour > 23 or minute > 59 or second > 59:
        return BAD_VALUE
    return hour * 3600 + minute * 60 + second


@jit
def _integer(data: U8, i: Int, end: Int) -> tuple[Int, Int]:
    """Value of the run of digits at ``i`` (at most 18 of them) and the place behind it."""
    value: Int = 0
    stop = min(end, i + 18)
    while i < stop and 48 <= data[i] <= 57:
        value = value * 10 + (data[i] - 48)
        i += 1
    return value, i


@jit
def _compact(value: Int, digits: Int, two_digit_year: bool) -> Int:
    """Seconds of YYYYMMDD[hhmm[ss]], or of YYMMDDhhmmss."""
    if digits == 8:
        value *= 1_000_000
    elif digits == 12 and two_digit_year:
        value += 20_000_000_000_000
    elif digits == 12:
        value *= 100
    elif digits != 14:
        return BAD_VALUE
    day = value // 1_000_000
    clock = value % 1_000_000
    date = _date_seconds(day // 10000, day // 100 % 100, day % 100)
    time = _clock_seconds(clock // 10000, clock // 100 % 100, clock % 100)
    return BAD_VALUE if date == BAD_VALUE or time == BAD_VALUE else date + time


@jit
def _eight_digits(value: Int, order: Int) -> Int:
    """Seconds of YYYYMMDD, or else of DDMMYYYY or MMDDYYYY as ``order`` says."""
    seconds = _compact(value, 8, False)
    if seconds != BAD_VALUE or order not in (DAY_FIRST, MONTH_FIRST):
        return seconds
    first, second = value // 1_000_000, value // 10_000 % 100
    if order == DAY_FIRST:
        return _date_seconds(value % 10_000, second, first)
    return _date_seconds(value % 10_000, first, second)


@jit
def _date(data: U8, i: Int, end: Int, order: Int) -> tuple[Int, Int]:
    """Seconds of a date written with separators, and the place behind it."""
    first, j = _integer(data, i, end)
    width = j - i
    if j >= end or (data[j] != 45 and data[j] != 47 and data[j] != 46):
        return BAD_VALUE, i
    separator = data[j]
    second, k = _integer(data, j + 1, end)
    if k == j + 1 or k - j > 3 or k >= end or data[k] != separator:
        return BAD_VALUE, i
    third, i = _integer(data, k + 1, end)
    if width == 4 and 1 <= i - k - 1 <= 2:
        return _date_seconds(first, second, third), i
    if order not in (DAY_FIRST, MONTH_FIRST) or width < 1 or width > 2:
        return BAD_VALUE, i
    if i - k - 1 == 2:
        third += 2000 if third < 70 else 1900
    elif i - k - 1 != 4:
        return BAD_VALUE, i
    if order == DAY_FIRST:
        return _date_seconds(third, second, first), i
    return _date_seconds(third, first, second), i


@jit
def _time_of_day(data: U8, i: Int, end: Int) -> tuple[Int, Int]:
    """Seconds of hh:mm[:ss[.f]], hh.mm.ss[.f], hhmm or hhmmss, and the place behind it."""
    hour, j = _integer(data, i, end)
    width = j - i
    if width == 6:
        minute = hour // 100 % 100
        second = hour % 100
        hour //= 10000
    elif width == 4:
        minute = hour % 100
        second = 0
        hour //= 100
    elif 1 <= width <= 2 and j < end and (data[j] == 58 or data[j] == 46):
        separator = data[j]
        minute, k = _integer(data, j + 1, end)
        if k - j != 3:
            return BAD_VALUE, i
        second = 0
        j = k
        if k < end and data[k] == separator:
            second, j = _integer(data, k + 1, end)
            if j - k != 3:
                return BAD_VALUE, i
    else:
        return BAD_VALUE, i
    if j + 1 < end and (data[j] == 46 or data[j] == 44) and 48 <= data[j + 1] <= 57:
        j += 1
        while j < end and 48 <= data[j] <= 57:
            j += 1
    return _clock_seconds(hour, minute, second), j


@jit
def _zone(data: U8, i: Int, end: Int) -> Int:
    """Offset from UTC in seconds written at ``i`` up to ``end``; NO_OFFSET for nothing, -1 for rubbish."""
    while i < end and data[i] == 32:
        i += 1
    if i == end:
        return NO_OFFSET
    if end - i == 1 and (data[i] == 90 or data[i] == 122):
        return 0
    if end - i == 3 and data[i + 2] == 67 and data[i] == 85 and data[i + 1] == 84:  # UTC
        return 0
    if data[i] != 43 and data[i] != 45:
        return -1
    sign = 1 if data[i] == 43 else -1
    hour, j = _integer(data, i + 1, end)
    minute = 0
    if j - i == 5:
        minute = hour % 100
        hour //= 100
    elif j - i != 3:
        return -1
    elif j < end and data[j] == 58:
        minute, k = _integer(data, j + 1, end)
        if k - j != 3:
            return -1
        j = k
    if j != end or hour > 15 or minute > 59:
        return -1
    return sign * (hour * 3600 + minute * 60)


@jit
def _two(data: U8, i: Int) -> Int:
    """Value of two digits, or a large number where they are none."""
    tens = np.int64(data[i]) - 48
    ones = np.int64(data[i + 1]) - 48
    return tens * 10 + ones if 0 <= tens <= 9 and 0 <= ones <= 9 else 100_000


@jit
def _plain_time(data: U8, i: Int) -> Int:
    """Seconds of the 19 bytes YYYY-MM-DD hh:mm:ss, the commonest layout; BAD_VALUE for any other."""
    if (
        data[i + 4] != 45
        or data[i + 7] != 45
        or (data[i + 10] != 32 and data[i + 10] != 84)
        or data[i + 13] != 58
        or data[i + 16] != 58
    ):
        return BAD_VALUE
    year = _two(data, i) * 100 + _two(data, i + 2)
    if year > 9999:
        return BAD_VALUE
    date = _date_seconds(year, _two(data, i + 5), _two(data, i + 8))
    clock = _clock_seconds(_two(data, i + 11), _two(data, i + 14), _two(data, i + 17))
    return BAD_VALUE if date == BAD_VALUE or clock == BAD_VALUE else date + clock


@jit
def parse_time(data: U8, begin: Int, end: Int, order: Int) -> tuple[Int, Int]:
    """Wall-clock seconds and offset of one date-time text, bounds trimmed; BAD_VALUE if it is none."""
    value, i = _integer(data, begin, end)
    width = i - begin
    if width == 14 or width == 12 or width == 8:
        signed = i < end and (data[i] == 43 or data[i] == 45)
        short = order == SHORT_YEAR or (signed and end - i >= 3)
        seconds = _eight_digits(value, order) if width == 8 else _compact(value, width, width == 12 and short)
        dated = width == 8
    else:
        seconds, i = _date(data, begin, end, order)
        dated = True
    if seconds == BAD_VALUE:
        return BAD_VALUE, NO_OFFSET
    if dated and i < end:
        if data[i] != 32 and data[i] != 84 and data[i] != 116 and data[i] != 45 and data[i] != 95:
            return BAD_VALUE, NO_OFFSET
        i += 1
        while i < end and data[i] == 32:
            i += 1
        clock, i = _time_of_day(data, i, end)
        if clock == BAD_VALUE:
            return BAD_VALUE, NO_OFFSET
        seconds += clock
    offset = _zone(data, i, end)
    if offset == -1:
        return BAD_VALUE, NO_OFFSET
    return seconds, offset


@jit
def parse_times(data: U8, begin: I32, end: I32, order: Int, out: I64, offsets: I32) -> Int:
    """Date-times of texts, as their wall clock reads.

    Parameters
    ----------
    data : uint8[bytes]
    begin, end : int32[n]
    order : int
        YEAR_FIRST, DAY_FIRST, MONTH_FIRST, or SHORT_YEAR of YYMMDDhhmmss; a four-digit year in front is always
        understood.
    out : int64[n]
        Seconds since 1970-01-01 00:00 of the wall clock; NO_VALUE where empty, BAD_VALUE otherwise.
    offsets : int32[n]
        Written offset from UTC in seconds, NO_OFFSET where none is written.

    Returns
    -------
    int
        How many carry an offset.
    """
    zoned = 0
    for i in range(begin.size):
        a, b = trim(data, begin[i], end[i])
        offsets[i] = NO_OFFSET
        if b - a == 19:
            out[i] = _plain_time(data, a)
            if out[i] != BAD_VALUE:
                continue
        if is_null_word(data, a, b):
            out[i] = NO_VALUE
            continue
        out[i], offsets[i] = parse_time(data, a, b, order)
        if offsets[i] != NO_OFFSET:
            zoned += 1
    return zoned


@jit
def _bare_clock(value: Int, digits: Int) -> Int:
    """Seconds of hhmm (``digits`` 4) or hhmmss (6), the first digits perhaps lost; BAD_VALUE if it is neither."""
    if digits == 4:
        value *= 100
    return (
        BAD_VALUE
        if digits == 0 or value < 0
        else _clock_seconds(value // 10000, value // 100 % 100, value % 100)
    )


@jit
def parse_clocks(data: U8, begin: I32, end: I32, digits: Int, out: I64) -> None:
    """Parse times of day: hh:mm[:ss], or bare digits.

    Parameters
    ----------
    data : uint8[bytes]
    begin, end : int32[n]
    digits : int
        Bare digits are hhmm (4) or hhmmss (6), the first ones perhaps lost, or no time at all (0). Whatever of
        the two they are, six digits are hhmmss, and four that begin with 0 are hhmm.
    out : int64[n]
        Seconds; NO_VALUE where empty, BAD_VALUE where it is no time of day.
    """
    for i in range(begin.size):
        a, b = trim(data, begin[i], end[i])
        if is_null_word(data, a, b):
            out[i] = NO_VALUE
            continue
        if b - a > 2 and data[b - 2] == 46 and data[b - 1] == 48:  # integers with gaps became floats: 805.0
            b -= 2
        value, j = _integer(data, a, b)
        if j == b:
            width = b - a
            own = digits > 0 and (width == 6 or (width == 4 and data[a] == 48))
            out[i] = _bare_clock(value, width if own else digits) if own or width <= digits else BAD_VALUE
            continue
        out[i], j = _time_of_day(data, a, b)
        if j != b:
            out[i] = BAD_VALUE


@jit
def bare_clocks(values: I64, digits: Int, out: I64) -> None:
    """Seconds of integers that read hhmm (``digits`` 4) or hhmmss (6).

    Parameters
    ----------
    values, out : int64[n]
        NO_VALUE stays, anything else that is no time of day becomes BAD_VALUE.
    digits : int
    """
    for i in range(values.size):
        out[i] = NO_VALUE if values[i] == NO_VALUE else _bare_clock(values[i], digits)


@jit
def compact_times(values: I64, order: Int, out: I64) -> None:
    """Seconds of integers that read YYYYMMDD[hhmm[ss]], DDMMYYYY or MMDDYYYY, or of YYMMDDhhmmss.

    Parameters
    ----------
    values, out : int64[n]
        NO_VALUE stays, anything else that is no date becomes BAD_VALUE.
    order : int
        DAY_FIRST, MONTH_FIRST, or SHORT_YEAR if twelve digits begin with a year of two.
    """
    for i in range(values.size):
        value = values[i]
        if value == NO_VALUE:
            out[i] = NO_VALUE
        elif 10_000_000 <= value < 100_000_000:
            out[i] = _eight_digits(value, order)
        elif order != SHORT_YEAR and 100_000_000_000 <= value < 1_000_000_000_000:
            out[i] = _compact(value, 12, False)
        elif order == SHORT_YEAR and 0 <= value < 1_000_000_000_000:  # the year may begin with zeros
            out[i] = _compact(value, 12, True)
        elif 10_000_000_000_000 <= value < 100_000_000_000_000:
            out[i] = _compact(value, 14, False)
        else:
            out[i] = BAD_VALUE
