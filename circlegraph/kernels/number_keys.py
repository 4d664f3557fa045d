"""Number keys: a number's text (or integer) to one int64, and digit keys back to text.

A key is a pure function of the normalised text, so that any worker finds the same key without asking:

==================  =====================================================================
text                key
==================  =====================================================================
empty               0
not valid text      1 (bytes that are no UTF-8, control characters)
1 to 18 digits      10**digits + value: the sentinel 1 in front keeps leading zeros
anything else       a 63-bit hash of the bytes with the sign bit set, thus negative
==================  =====================================================================
"""

import numpy as np

from circlegraph.kernels._jit import jit

EMPTY = 0
BAD_TEXT = 1
MAX_DIGITS = 18

_POW10 = 10 ** np.arange(19, dtype=np.int64)
_IP_PREFIXES = np.array([10193, 12583, 12593, 17909, 17911, 17950, 17951], dtype=np.int64)
_CHINA = 86

_SEED_A = np.uint64(0x9E3779B97F4A7C15)
_SEED_B = np.uint64(0xC2B2AE3D27D4EB4F)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_SIGN = np.uint64(1 << 63)


@jit
def _mix(state, word, multiplier):  # type: ignore[no-untyped-def]
    state = (state ^ word) * multiplier
    state ^= state >> np.uint64(29)
    return state


@jit
def hash_bytes(data, begin, end, seed, multiplier):  # type: ignore[no-untyped-def]
    """Hash ``data[begin:end]`` to uint64, eight bytes a step."""
    state = seed ^ (np.uint64(end - begin) * multiplier)
    i = begin
    while i < end:
        word = np.uint64(0)
        stop = min(i + 8, end)
        shift = np.uint64(0)
        while i < stop:
            word |= np.uint64(data[i]) << shift
            shift += np.uint64(8)
            i += 1
        state = _mix(state, word, multiplier)
    state = _mix(state, state >> np.uint64(32), _MIX_A)
    state = _mix(state, state >> np.uint64(27), _MIX_B)
    return state ^ (state >> np.uint64(31))


@jit
def token_key(data, begin, end):  # type: ignore[no-untyped-def]
    """Key of a token: negative, 63 bits of the first hash."""
    return np.int64(hash_bytes(data, begin, end, _SEED_A, _MIX_A) | _SIGN)


@jit
def token_check(data, begin, end):  # type: ignore[no-untyped-def]
    """Second hash of a token, independent of the first; it tells two tokens of one key apart."""
    return np.int64(hash_bytes(data, begin, end, _SEED_B, _MIX_B))


@jit
def is_valid_text(data, begin, end):  # type: ignore[no-untyped-def]
    """True if the bytes are UTF-8 without control characters and without the replacement character."""
    i = begin
    while i < end:
        byte = data[i]
        if byte < 0x80:
            if byte < 0x20 or byte == 0x7F:
                return False
            i += 1
            continue
        if 0xC2 <= byte <= 0xDF:
            more, low, high = 1, 0x80, 0xBF
        elif 0xE0 <= byte <= 0xEF:
            more, low, high = 2, 0x80, 0xBF
            if byte == 0xE0:
                low = 0xA0
            elif byte == 0xED:
                high = 0x9F
        elif 0xF0 <= byte <= 0xF4:
            more, low, high = 3, 0x80, 0xBF
            if byte == 0xF0:
                low = 0x90
            elif byte == 0xF4:
                high = 0x8F
        else:
            return False
        if i + more >= end or data[i + 1] < low or data[i + 1] > high:
            return False
        for j in range(i + 2, i + more + 1):
            if data[j] < 0x80 or data[j] > 0xBF:
                return False
        if byte == 0xEF and data[i + 1] == 0xBF and data[i + 2] == 0xBD:
            return False
        i += more + 1
    return True


@jit
def _is_mobile(value, digits):  # type: ignore[no-untyped-def]
    return digits == 11 and 13 <= value // 1_000_000_000 <= 19


@jit
def _china_national(value, digits, strict):  # type: ignore[no-untyped-def]
    """Key of what follows +86 or 0086 (``strict``: 0 unless it can be dialled).

    Area codes are written without their trunk 0 behind a country code: it is put back.
    """
    if _is_mobile(value, digits):
        return _POW10[11] + value
    if digits == 12 and _is_mobile(value, 11):
        return _POW10[11] + value
    if value < _POW10[digits - 1]:
        if strict and not 10 <= digits <= 12:
            return 0
        return _POW10[digits] + value
    lead = value // _POW10[digits - 3]
    if digits == 10 and (lead == 400 or lead == 800):
        return _POW10[10] + value
    if (digits == 10 and (lead // 10 == 10 or lead >= 200)) or (digits == 11 and lead >= 300):
        return _POW10[digits + 1] + value
    if strict and not (digits == 5 and (lead < 200 or lead >= 900)):
        return 0
    return _POW10[digits] + value


@jit
def digits_key(value, digits, plus, country, country_digits):  # type: ignore[no-untyped-def]
    """Key of ``digits`` digits of ``value``, normalised to how the number is dialled at home.

    ``plus``: a + stood in front. ``country`` 0 switches every rule off.
    """
    plain = _POW10[digits] + value
    if country == 0 or (digits < 7 and not plus) or (digits == 11 and not plus):
        return plain
    rest = digits - country_digits
    if plus:
        if rest >= 3 and value // _POW10[rest] == country:
            tail = value % _POW10[rest]
            if country == _CHINA:
                return _china_national(tail, rest, False)
            return _POW10[rest] + tail
        return _POW10[digits + 2] + value if digits + 2 <= MAX_DIGITS else plain
    rest -= 2
    if rest >= 3 and value < _POW10[digits - 2] and value // _POW10[rest] == country:
        tail = value % _POW10[rest]
        if country == _CHINA:
            key = _china_national(tail, rest, True)
            return key if key != 0 else plain
        return _POW10[rest] + tail
    if country != _CHINA:
        return plain
    if digits == 13 and value // _POW10[11] == _CHINA and _is_mobile(value % _POW10[11], 11):
        return _POW10[11] + value % _POW10[11]
    if 15 <= digits <= 17:
        return _without_ip_prefix(value, digits, plain)
    return plain


@jit
def _without_ip_prefix(value, digits, plain):  # type: ignore[no-untyped-def]
    rest = digits - 5
    prefix = value // _POW10[rest]
    for known in _IP_PREFIXES:
        if prefix == known:
            tail = value % _POW10[rest]
            if _is_mobile(tail, rest) or (rest == 12 and _is_mobile(tail, 11)):
                return _POW10[11] + tail
            if tail < _POW10[rest - 1] and tail >= _POW10[rest - 2]:
                return _POW10[rest] + tail
    return plain


@jit
def count_digits(value):  # type: ignore[no-untyped-def]
    """Decimal digits of a non-negative integer; 11 first, as mobile numbers are."""
    if _POW10[10] <= value < _POW10[11]:
        return 11
    digits = 1
    while digits < 19 and value >= _POW10[digits]:
        digits += 1
    return digits


@jit
def integer_keys(values, country, country_digits, out):  # type: ignore[no-untyped-def]
    """Keys of non-negative integers below 10**18; anything else is no number (key 0).

    Parameters
    ----------
    values : int64[n]
    country, country_digits : int
        Country code and how many digits it has; 0 switches normalisation off.
    out : int64[n]
    """
    for i in range(values.size):
        value = values[i]
        if 10_000_000_000 <= value < 100_000_000_000:
            out[i] = 100_000_000_000 + value  # 11 digits: no rule changes them
        elif value < 0 or value >= 1_000_000_000_000_000_000:
            out[i] = EMPTY
        else:
            out[i] = digits_key(value, count_digits(value), False, country, country_digits)


@jit
def trim(data, begin, end):  # type: ignore[no-untyped-def]
    """Bounds of the text without white space at its ends."""
    while begin < end and (data[begin] == 32 or 9 <= data[begin] <= 13):
        begin += 1
    while end > begin and (data[end - 1] == 32 or 9 <= data[end - 1] <= 13):
        end -= 1
    return begin, end


@jit
def is_null_word(data, begin, end):  # type: ignore[no-untyped-def]
    r"""True for nothing, ``null``, ``none``, ``nan``, ``na``, ``n/a``, ``<na>`` and ``\N``."""
    size = end - begin
    if size == 0:
        return True
    if size > 4 or size < 2:
        return False
    word = 0
    for i in range(begin, end):
        byte = np.int64(data[i])
        if 65 <= byte <= 90:
            byte += 32
        word = (word << 8) | byte
    return (
        word == 0x6E756C6C  # null
        or word == 0x6E6F6E65  # none
        or word == 0x6E616E  # nan
        or word == 0x6E61  # na
        or word == 0x6E2F61  # n/a
        or word == 0x3C6E613E  # <na>
        or word == 0x5C6E  # \N
    )


@jit
def text_key(data, begin, end, country, country_digits):  # type: ignore[no-untyped-def]
    """Key of one text, bounds already trimmed."""
    if begin == end:
        return EMPTY
    i = begin
    plus = data[i] == 43 and country != 0
    if plus:
        i += 1
    value = 0
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
        if dots == 1 and separators == 0 and digits > 1 and data[end - 2] == 46 and data[end - 1] == 48:
            return digits_key(value // 10, digits - 1, plus, country, country_digits)  # written as a float
        if dots == 0 or country != 0:
            return digits_key(value, digits, plus, country, country_digits)
    if is_null_word(data, begin, end):
        return EMPTY
    if not is_valid_text(data, begin, end):
        return BAD_TEXT
    return token_key(data, begin, end)


@jit
def text_keys(data, begin, end, country, country_digits, out):  # type: ignore[no-untyped-def]
    """Keys of texts held in one byte buffer.

    Parameters
    ----------
    data : uint8[bytes]
    begin, end : int32[n]
        Text i is ``data[begin[i]:end[i]]``.
    country, country_digits : int
        Country code and how many digits it has; 0 switches normalisation off.
    out : int64[n]

    Returns
    -------
    int
        How many of the keys are tokens (negative).
    """
    tokens = 0
    for i in range(begin.size):
        a, b = trim(data, begin[i], end[i])
        key = text_key(data, a, b, country, country_digits)
        out[i] = key
        if key < 0:
            tokens += 1
    return tokens


@jit
def key_lengths(keys, lengths):  # type: ignore[no-untyped-def]
    """Digits of every digit key (0 for any other), and their sum."""
    total = 0
    for i in range(keys.size):
        lengths[i] = count_digits(keys[i]) - 1 if keys[i] >= 10 else 0
        total += lengths[i]
    return total


@jit
def write_digits(keys, offsets, data):  # type: ignore[no-untyped-def]
    """Write the digits of key i to ``data[offsets[i]:offsets[i + 1]]``."""
    for i in range(keys.size):
        value = keys[i]
        for j in range(offsets[i + 1] - 1, offsets[i] - 1, -1):
            data[j] = 48 + value % 10
            value //= 10
