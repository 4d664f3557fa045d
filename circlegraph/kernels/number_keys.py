"""Number keys: a number's text (or integer) to one int64, and digit keys back to text.

A key is a pure function of the normalised text, so that any worker finds the same key without asking:

==================  =====================================================================
text                key
==================  =====================================================================
empty, withheld     0
not valid text      1 (no UTF-8, control characters; 1.38E+10, which has lost its digits)
1 to 18 digits      10**digits + value: the sentinel 1 in front keeps leading zeros;
                    `circlegraph.kernels.dialled` says how digits are normalised first
anything else       a 63-bit hash of the bytes with the sign bit set, thus negative
==================  =====================================================================

Spaces, hyphens, dots and brackets between digits are left out where they write a telephone number: behind a +, or where
7 digits or more remain and the text is no IPv4 address. Elsewhere they belong to an opaque token.
"""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64, U8, Int
from circlegraph.kernels.dialled import CHINA, IP_PREFIXES, MAX_DIGITS, digits_key
from circlegraph.kernels.text import is_null_word, is_valid_text, is_withheld, trim, two_hashes

EMPTY = 0
BAD_TEXT = 1
TOKEN = -1
LEAST_WRITTEN = 7

_POW10 = 10 ** np.arange(19, dtype=np.int64)
_NULL_MARKS = np.iinfo(np.int64).min + 1

_SIGN = np.uint64(1 << 63)
_TEL, _SIP = 0x74656C, 0x736970


@jit
def count_digits(value: Int) -> Int:
    """Decimal digits of a non-negative integer; 11 first, as mobile numbers are."""
    if _POW10[10] <= value < _POW10[11]:
        return 11
    digits = 1
    while digits < 19 and value >= _POW10[digits]:
        digits += 1
    return digits


@jit
def integer_keys(values: I64, home: tuple[Int, ...], out: I64) -> Int:
    """Keys of integers below 10**18; -1 and the two least integers (marks of null) are no numbers.

    Parameters
    ----------
    values : int64[n]
    home : (int, int, int, int, int, int)
        How numbers are dialled at home, `circlegraph.dialling.Home`.
    out : int64[n]
        TOKEN for any other integer: its text must be hashed.

    Returns
    -------
    int
        How many are TOKEN.
    """
    tokens = 0
    stays = home[0] == CHINA or home[0] == 0
    for i in range(values.size):
        value = values[i]
        if stays and 10_000_000_000 <= value < 100_000_000_000:
            out[i] = 100_000_000_000 + value  # 11 digits: none of China's rules changes them
        elif value < 0 or value >= 1_000_000_000_000_000_000:
            out[i] = EMPTY if value == -1 or value <= _NULL_MARKS else TOKEN
            tokens += out[i] == TOKEN
        else:
            out[i] = digits_key(value, count_digits(value), False, home)
    return tokens


@jit
def _without_scheme(data: U8, begin: Int, end: Int) -> tuple[Int, Int]:
    """Bounds of the number in tel:NUMBER, or sip:NUMBER@HOST; those of the whole text where there is none."""
    if end - begin < 5 or data[begin + 3] != 58:
        return begin, end
    scheme = (
        (np.int64(data[begin] | 32) << 16) | (np.int64(data[begin + 1] | 32) << 8) | (data[begin + 2] | 32)
    )
    if scheme != _TEL and scheme != _SIP:
        return begin, end
    first = begin + 4 + (data[begin + 4] == 43)
    last = first
    while last < end and 48 <= data[last] <= 57:
        last += 1
    if last == first or (last < end and data[last] != 64 and data[last] != 59):
        return begin, end
    return begin + 4, last


@jit
def _is_exponent(data: U8, i: Int, end: Int) -> bool:
    """Tell whether e+10 or the like stands at ``i``: a spreadsheet has rounded the number."""
    if end - i < 2 or end - i > 4 or data[i] | 32 != 101:
        return False
    i += 1 + (data[i + 1] == 43)
    while i < end and 48 <= data[i] <= 57:
        i += 1
    return bool(i == end)


@jit
def _is_ipv4(data: U8, begin: Int, end: Int) -> bool:
    """Tell whether the text is four numbers of 0 to 255, written without zeros in front, and dots between them."""
    groups = 1
    size = 0
    value: Int = 0
    for i in range(begin, end):
        byte = data[i]
        if byte == 46 and size > 0:
            groups += 1
            size = 0
            value = 0
        elif 48 <= byte <= 57 and (size == 0 or value > 0):
            size += 1
            value = value * 10 + (byte - 48)
            if value > 255:
                return False
        else:
            return False
    return bool(groups == 4 and size > 0)


@jit
def _behind_prefix(data: U8, begin: Int, end: Int) -> Int:
    """Where + or 00 and a number stand behind an IP-call prefix; ``begin`` where they do not.

    Such texts have their + inside, or are too long for the rules of `digits_key`.
    """
    if end - begin < 8 or data[begin] != 49:  # all prefixes begin with 1
        return begin
    for known in IP_PREFIXES:
        if _starts(data, begin, known, 5):
            i = begin + 5
            while i < end and (data[i] == 32 or data[i] == 45):
                i += 1
            if i + 2 < end and (data[i] == 43 or (_starts(data, i, 0, 2) and data[i + 2] != 48)):
                return i
    return begin


@jit
def _starts(data: U8, begin: Int, value: Int, digits: Int) -> bool:
    """Tell whether the next bytes are these digits."""
    for i in range(begin + digits - 1, begin - 1, -1):
        if data[i] != 48 + value % 10:
            return False
        value //= 10
    return True


@jit
def text_key(data: U8, begin: Int, end: Int, home: tuple[Int, ...]) -> Int:
    """Key of one text, bounds already trimmed; TOKEN where it must be hashed."""
    if begin == end:
        return EMPTY
    country = home[0]
    if country != 0:
        begin, end = _without_scheme(data, begin, end)
    i = begin
    plus = data[i] == 43 and country != 0
    if plus:
        i += 1
    elif data[i] == 45:  # a signed integer is an opaque id, -1 and - stand for no number
        return EMPTY if end == i + 1 or (end == i + 2 and data[i + 1] == 49) else TOKEN
    value: Int = 0
    digits = 0
    dots = 0
    separators = 0
    while i < end:
        byte = data[i]
        if 48 <= byte <= 57:
            digits += 1
            if digits > MAX_DIGITS:
                break
            value = value * 10 + (byte - 48)
        elif country != 0 and (byte == 32 or byte == 45 or byte == 40 or byte == 41):
            separators += 1
        elif byte == 46:
            dots += 1
        else:
            break
        i += 1
    if i == end and digits > 0:
        written = dots + separators
        if country != 0 and written == 1 and digits > 1 and data[end - 2] == 46 and data[end - 1] == 48:
            value, digits, written = value // 10, digits - 1, 0  # written as a float
        if written == 0 or (
            country != 0 and (plus or (digits >= LEAST_WRITTEN and not _is_ipv4(data, begin, end)))
        ):
            return digits_key(value, digits, plus, home)
    if is_null_word(data, begin, end) or is_withheld(data, begin, end):
        return EMPTY
    if country != 0 and digits > 0 and dots == 1 and separators == 0 and _is_exponent(data, i, end):
        return BAD_TEXT
    return BAD_TEXT if not is_valid_text(data, begin, end) else TOKEN


@jit
def text_keys(data: U8, begin: I32, end: I32, home: tuple[Int, ...], out: I64, checks: I64) -> Int:
    """Keys of texts held in one byte buffer.

    Parameters
    ----------
    data : uint8[bytes]
    begin, end : int32[n]
        Text i is ``data[begin[i]:end[i]]``.
    home : (int, int, int, int, int, int)
        How numbers are dialled at home, `circlegraph.dialling.Home`.
    out : int64[n]
    checks : int64[n]
        Second hash of each token; untouched elsewhere.

    Returns
    -------
    int
        How many of the keys are tokens (negative).
    """
    tokens = 0
    for i in range(begin.size):
        a, b = trim(data, begin[i], end[i])
        key = text_key(data, a, b, home)
        if key == TOKEN and home[0] == CHINA:
            start = _behind_prefix(data, a, b)
            if start > a:
                key = max(text_key(data, start, b, home), key)
        if key == TOKEN:
            first, second = two_hashes(data, a, b)
            key = np.int64(first | _SIGN)
            checks[i] = np.int64(second)
            tokens += 1
        out[i] = key
    return tokens


@jit
def key_lengths(keys: I64, lengths: I64) -> Int:
    """Digits of every digit key (0 for any other), and their sum."""
    total: Int = 0
    for i in range(keys.size):
        lengths[i] = count_digits(keys[i]) - 1 if keys[i] >= 10 else 0
        total += lengths[i]
    return total


@jit
def write_digits(keys: I64, offsets: I64, data: U8) -> None:
    """Write the digits of key i to ``data[offsets[i]:offsets[i + 1]]``."""
    for i in range(keys.size):
        value = keys[i]
        for j in range(offsets[i + 1] - 1, offsets[i] - 1, -1):
            data[j] = 48 + value % 10
            value //= 10
