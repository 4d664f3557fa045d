"""Texts in a byte buffer: trimmed, told from marks of null, checked and hashed."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import U8, Int

_SEED_A = np.uint64(0x9E3779B97F4A7C15)
_SEED_B = np.uint64(0xC2B2AE3D27D4EB4F)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_QUOTE, _APOSTROPHE, _EQUALS = 34, 39, 61


@jit
def trim(data: U8, begin: Int, end: Int) -> tuple[Int, Int]:
    """Bounds of the text without white space and without the marks by which spreadsheets keep it text.

    These are an apostrophe in front (or around), and ="..." with its quotes doubled or not.
    """
    if begin < end and data[begin] > _APOSTROPHE and data[begin] != _EQUALS and data[end - 1] > _APOSTROPHE:
        return begin, end
    while begin < end and (data[begin] == 32 or 9 <= data[begin] <= 13):
        begin += 1
    while end > begin and (data[end - 1] == 32 or 9 <= data[end - 1] <= 13):
        end -= 1
    if begin + 1 < end and data[begin] == _EQUALS and data[begin + 1] == _QUOTE:
        begin += 1
    if begin < end and (data[begin] == _APOSTROPHE or data[begin] == _QUOTE):
        while begin < end and (data[begin] == _APOSTROPHE or data[begin] == _QUOTE):
            begin += 1
        while end > begin and (data[end - 1] == _APOSTROPHE or data[end - 1] == _QUOTE):
            end -= 1
    return begin, end


@jit
def is_null_word(data: U8, begin: Int, end: Int) -> bool:
    r"""Tell whether it is nothing, ``null``, ``none``, ``nan``, ``na``, ``n/a``, ``<na>`` or ``\N``."""
    size = end - begin
    if size == 0:
        return True
    if size > 4 or size < 2:
        return False
    word: Int = np.int64(0)
    for i in range(begin, end):
        byte = np.int64(data[i])
        word = (word << 8) | (byte + 32 if 65 <= byte <= 90 else byte)
    return bool(
        word == 0x6E756C6C  # null
        or word == 0x6E6F6E65  # none
        or word == 0x6E616E  # nan
        or word == 0x6E61  # na
        or word == 0x6E2F61  # n/a
        or word == 0x3C6E613E  # <na>
        or word == 0x5C6E  # \N
    )


@jit
def is_withheld(data: U8, begin: Int, end: Int) -> bool:
    """Tell whether a number is withheld: ``unknown``, ``private``, ``anonymous``, ... by itself or before a space."""
    size = end - begin
    if size < 7:
        return False
    word: Int = np.int64(0)
    for i in range(begin, begin + 7):
        byte = np.int64(data[i])
        word = (word << 8) | (byte + 32 if 65 <= byte <= 90 else byte)
    # unknown, private, blocked
    if word == 0x756E6B6E6F776E or word == 0x70726976617465 or word == 0x626C6F636B6564:
        more = 7
    elif word == 0x6E6F2063616C6C:  # no caller id
        more = 9
    elif word == 0x7769746868656C:  # withheld
        more = 8
    elif word == 0x616E6F6E796D6F:  # anonymous
        more = 9
    elif word == 0x72657374726963:  # restricted
        more = 10
    elif word == 0x756E617661696C:  # unavailable
        more = 11
    else:
        return False
    return bool(size == more or (size > more and data[begin + more] == 32))


@jit
def _mix(state: np.uint64, word: np.uint64, multiplier: np.uint64) -> np.uint64:
    state = (state ^ word) * multiplier
    state ^= state >> np.uint64(29)
    return state


@jit
def load_word(data: U8, i: Int) -> np.uint64:
    """Eight bytes from ``i`` on; unsigned indices let the compiler make one load of it."""
    i = np.uint64(i)
    return (
        np.uint64(data[i])
        | (np.uint64(data[i + np.uint64(1)]) << np.uint64(8))
        | (np.uint64(data[i + np.uint64(2)]) << np.uint64(16))
        | (np.uint64(data[i + np.uint64(3)]) << np.uint64(24))
        | (np.uint64(data[i + np.uint64(4)]) << np.uint64(32))
        | (np.uint64(data[i + np.uint64(5)]) << np.uint64(40))
        | (np.uint64(data[i + np.uint64(6)]) << np.uint64(48))
        | (np.uint64(data[i + np.uint64(7)]) << np.uint64(56))
    )


@jit
def load_last_word(data: U8, i: Int, end: Int) -> np.uint64:
    """Load the fewer than eight bytes from ``i`` to ``end``."""
    word = np.uint64(0)
    shift = np.uint64(0)
    while i < end:
        word |= np.uint64(data[i]) << shift
        shift += np.uint64(8)
        i += 1
    return word


@jit
def _finish(state: np.uint64) -> np.uint64:
    state = _mix(state, state >> np.uint64(32), _MIX_A)
    state = _mix(state, state >> np.uint64(27), _MIX_B)
    return state ^ (state >> np.uint64(31))


@jit
def two_hashes(data: U8, begin: Int, end: Int) -> tuple[np.uint64, np.uint64]:
    """Two independent uint64 hashes of ``data[begin:end]``, in one walk."""
    size = np.uint64(end - begin)
    first = _SEED_A ^ (size * _MIX_A)
    second = _SEED_B ^ (size * _MIX_B)
    i = begin
    while i + 8 <= end:
        word = load_word(data, i)
        first = _mix(first, word, _MIX_A)
        second = _mix(second, word, _MIX_B)
        i += 8
    word = load_last_word(data, i, end)
    return _finish(_mix(first, word, _MIX_A)), _finish(_mix(second, word, _MIX_B))


@jit
def _is_plain(word: np.uint64) -> bool:
    """Tell whether all eight bytes are printable ASCII; False may be a false alarm."""
    high = (word | (word + np.uint64(0x0101010101010101))) & np.uint64(0x8080808080808080)
    low = (word - np.uint64(0x2020202020202020)) & np.uint64(0x8080808080808080)
    return bool(high == 0 and low == 0)


@jit
def is_valid_text(data: U8, begin: Int, end: Int) -> bool:
    """Tell whether the bytes are UTF-8 without control characters and without the replacement character."""
    i = begin
    while i + 8 <= end and _is_plain(load_word(data, i)):
        i += 8
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
