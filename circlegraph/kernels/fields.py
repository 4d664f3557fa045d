"""Fields to values: decimals, durations and label codes."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I16, I32, I64, U8, Int
from circlegraph.kernels.text import is_null_word, load_last_word, load_word, trim

BAD_VALUE = np.iinfo(np.int64).min
NO_VALUE = np.iinfo(np.int64).min + 1
MISSED = -1

_LIMIT = 10**18
_LABEL_MIX = np.uint64(0xBF58476D1CE4E5B9)


@jit
def parse_decimal(data: U8, begin: Int, end: Int, scale: Int, rounding: bool) -> Int:
    """``scale`` times the decimal number in ``data[begin:end]``, floored or (``rounding``) to the nearest.

    BAD_VALUE for anything else and for values beyond 10**18. An exponent is allowed: some programs
    write 100000 as 1e+05.
    """
    i = begin
    negative = False
    if i < end and (data[i] == 43 or data[i] == 45):
        negative = data[i] == 45
        i += 1
    mantissa: Int = 0
    digits = 0
    shift: Int = 0
    point = False
    while i < end:
        byte = data[i]
        if 48 <= byte <= 57:
            digits += 1
            if mantissa < _LIMIT // 10:
                mantissa = mantissa * 10 + (byte - 48)
                if point:
                    shift -= 1
            elif not point:
                return BAD_VALUE
        elif byte == 46 and not point:
            point = True
        else:
            break
        i += 1
    if digits == 0:
        return BAD_VALUE
    if i < end:
        if (data[i] != 101 and data[i] != 69) or i + 1 >= end:
            return BAD_VALUE
        i += 1
        down = data[i] == 45
        if data[i] == 43 or down:
            i += 1
        if i == end or end - i > 2:
            return BAD_VALUE
        exponent: Int = 0
        while i < end:
            if data[i] < 48 or data[i] > 57:
                return BAD_VALUE
            exponent = exponent * 10 + (data[i] - 48)
            i += 1
        shift += -exponent if down else exponent
    while shift > 0 and mantissa < _LIMIT // 10:
        mantissa *= 10
        shift -= 1
    if shift > 0 and mantissa > 0:
        return BAD_VALUE
    while shift < -17 or (shift < 0 and mantissa > _LIMIT // scale):  # the last digits of a long fraction
        mantissa //= 10
        shift += 1
    if mantissa > _LIMIT // scale:
        return BAD_VALUE
    value = mantissa * scale
    if negative:
        value = -value
    part = 1
    while shift < 0:
        part *= 10
        shift += 1
    return (value + part // 2) // part if rounding else value // part


@jit
def decimals(data: U8, begin: I32, end: I32, scale: Int, out: I64) -> None:
    """Numbers times ``scale``, floored, from texts; NO_VALUE where empty, BAD_VALUE where no number.

    Parameters
    ----------
    data : uint8[bytes]
    begin, end : int32[n]
    scale : int
    out : int64[n]
    """
    for i in range(begin.size):
        a, b = trim(data, begin[i], end[i])
        out[i] = NO_VALUE if is_null_word(data, a, b) else parse_decimal(data, a, b, scale, False)


@jit
def _clock(data: U8, begin: Int, end: Int) -> Int:
    """Seconds of hh:mm:ss or mm:ss, fractions of a second dropped."""
    total: Int = 0
    part: Int = 0
    digits = 0
    parts = 1
    for i in range(begin, end):
        byte = data[i]
        if 48 <= byte <= 57 and digits < 6:
            part = part * 10 + (byte - 48)
            digits += 1
        elif byte == 58 and digits > 0 and parts < 3 and (parts == 1 or part < 60):
            total = (total + part) * 60
            part = 0
            digits = 0
            parts += 1
        elif byte == 46 and digits > 0 and parts > 1:
            for j in range(i + 1, end):
                if data[j] < 48 or data[j] > 57:
                    return BAD_VALUE
            break
        else:
            return BAD_VALUE
    if digits == 0 or parts < 2 or part >= 60:
        return BAD_VALUE
    return total + part


@jit
def durations(data: U8, begin: I32, end: I32, unit: Int, out: I64) -> None:
    """Durations in seconds from decimal numbers of ``unit`` seconds, hh:mm:ss or mm:ss.

    Parameters
    ----------
    data : uint8[bytes]
    begin, end : int32[n]
    unit : int
        Seconds of one unit: 1, or 60 for minutes.
    out : int64[n]
        Rounded to the second; MISSED where the text is -1 whatever the unit, other negatives below that;
        NO_VALUE where empty, BAD_VALUE where it is no duration.
    """
    for i in range(begin.size):
        a, b = trim(data, begin[i], end[i])
        if is_null_word(data, a, b):
            out[i] = NO_VALUE
            continue
        clock = False
        for j in range(a, b):
            if data[j] == 58:
                clock = True
                break
        if clock:
            out[i] = _clock(data, a, b)
            continue
        milli = parse_decimal(data, a, b, 1000, True)
        if milli >= 0:
            out[i] = (milli * unit + 500) // 1000 if milli < _LIMIT // 60 else BAD_VALUE
        elif milli == -1000:
            out[i] = MISSED
        elif milli == BAD_VALUE:
            out[i] = BAD_VALUE
        else:
            out[i] = min(milli * unit // 1000, -2) if milli > -_LIMIT // 60 else -2


@jit
def label_hash(data: U8, begin: Int, end: Int) -> np.uint64:
    """Hash a short text; that two of a few hundred labels share it is a chance of one in 10**14."""
    code = np.uint64(end - begin + 1) * _LABEL_MIX
    i = begin
    while i + 8 <= end:
        code = (code ^ load_word(data, i)) * _LABEL_MIX
        code ^= code >> np.uint64(32)
        i += 8
    code = (code ^ load_last_word(data, i, end)) * _LABEL_MIX
    return code ^ (code >> np.uint64(32))


@jit
def label_codes(data: U8, begin: I32, end: I32, codes: I16, firsts: I64) -> Int:
    """Code each text by the order in which distinct ones are met.

    Parameters
    ----------
    data : uint8[bytes]
    begin, end : int32[n]
    codes : int16[n]
        Index into the distinct labels; -1 once there are more than ``firsts`` has room for.
    firsts : int64[limit]
        First row of each distinct label; room for 512 at most.

    Returns
    -------
    int
        Number of distinct labels.
    """
    mask = 1023
    slots = np.full(mask + 1, -1, np.int64)
    hashes = np.zeros(firsts.size, np.uint64)
    count = 0
    for i in range(begin.size):
        a, b = trim(data, begin[i], end[i])
        code = label_hash(data, a, b)
        j = np.int64(code >> np.uint64(48)) & mask
        while slots[j] >= 0 and hashes[slots[j]] != code:
            j = (j + 1) & mask
        if slots[j] < 0:
            if count == firsts.size:
                codes[i] = -1
                continue
            slots[j] = count
            hashes[count] = code
            firsts[count] = i
            count += 1
        codes[i] = slots[j]
    return count
