"""Dialled digits to a number key: one key for one number, however it was dialled.

A country's numbers come as six integers, `circlegraph.dialling.Home`; country 0 switches every rule off. Numbers below
7 digits, and whatever no rule names, stay as they are.

In China: mobile numbers, also behind 86; any number behind + or 00 and 86, area codes with their 0 put back; and all of
these behind an IP-call prefix.

Elsewhere the key is that of the national number, which comes behind

* + or 00 and the country code (and, as in +44 (0)20, the trunk prefix);
* the trunk prefix, where a national number may have as many digits as are left;
* the bare country code, likewise, unless home numbers of as many digits may begin with its digits.

Behind +, another country's number stands with 00.
"""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import Int

MAX_DIGITS = 18
CHINA = 86
IP_PREFIXES = np.array([10193, 12583, 12593, 17909, 17911, 17950, 17951], dtype=np.int64)

_POW10 = 10 ** np.arange(19, dtype=np.int64)


@jit
def _is_mobile(value: Int, digits: Int) -> bool:
    return bool(digits == 11 and 13 <= value // 1_000_000_000 <= 19)


@jit
def _china_national(value: Int, digits: Int, strict: bool) -> Int:
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
    return _without_ip_prefix(value, digits, _POW10[digits] + value)


@jit
def _without_ip_prefix(value: Int, digits: Int, plain: Int) -> Int:
    """Key of what follows an IP-call prefix as it is dialled without one; ``plain`` where there is none."""
    if not 15 <= digits <= 18:
        return plain
    rest = digits - 5
    prefix = value // _POW10[rest]
    for known in IP_PREFIXES:
        if prefix == known:
            tail = value % _POW10[rest]
            mobile = tail % _POW10[11]
            before = tail // _POW10[11]  # 0 also for the 0 that some dial, which leaves 12 digits
            if _is_mobile(mobile, min(rest, 11)) and (
                (before == 0 and rest <= 12) or (before == CHINA and rest == 13)
            ):
                return _POW10[11] + mobile
            if rest <= 12 and _POW10[rest - 2] <= tail < _POW10[rest - 1]:
                return _POW10[rest] + tail
            if _POW10[rest - 3] <= tail < _POW10[rest - 2] and tail // _POW10[rest - 4] != CHINA:
                return _POW10[rest] + tail
    return plain


@jit
def _without_trunk(value: Int, digits: Int, home: tuple[Int, ...]) -> Int:
    """Key of a national number outside China, whether its trunk prefix stands in front or not."""
    _, _, trunk, trunk_digits, lengths, _ = home
    rest = digits - trunk_digits
    if trunk_digits > 0 and rest > 0 and (lengths >> rest) & 1 and value // _POW10[rest] == trunk:
        tail = value % _POW10[rest]
        if tail >= _POW10[rest - 1]:
            return _POW10[rest] + tail
    return _POW10[digits] + value


@jit
def digits_key(value: Int, digits: Int, plus: bool, home: tuple[Int, ...]) -> Int:
    """Key of ``digits`` digits of ``value``, normalised to how the number is dialled at home.

    ``plus``: a + stood in front.
    """
    country, country_digits, _, _, _, bare = home
    plain = _POW10[digits] + value
    if country == 0 or (digits < 7 and not plus) or (country == CHINA and digits == 11 and not plus):
        return plain
    rest = digits - country_digits
    if plus:
        if rest >= 3 and value // _POW10[rest] == country:
            tail = value % _POW10[rest]
            if country == CHINA:
                return _china_national(tail, rest, False)
            return _without_trunk(tail, rest, home)
        return _POW10[digits + 2] + value if digits + 2 <= MAX_DIGITS else plain
    rest -= 2
    if rest >= 3 and value < _POW10[digits - 2] and value // _POW10[rest] == country:
        tail = value % _POW10[rest]
        if country == CHINA:
            key = _china_national(tail, rest, True)
            return key if key != 0 else plain
        return _without_trunk(tail, rest, home)
    rest += 2
    if country != CHINA:
        if (bare >> rest) & 1 and value // _POW10[rest] == country:
            return _without_trunk(value % _POW10[rest], rest, home)
        return _without_trunk(value, digits, home)
    if digits == 13 and value // _POW10[11] == CHINA and _is_mobile(value % _POW10[11], 11):
        return _POW10[11] + value % _POW10[11]
    return _without_ip_prefix(value, digits, plain)
