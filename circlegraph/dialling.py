"""How numbers are dialled at home: what the kernels need to know of a country's numbers.

China's rules are in `circlegraph.kernels.number_keys`. Those of any other country are what the phonenumbers library
knows of it: its trunk prefix, and how many digits its national numbers have.
"""

from __future__ import annotations

from functools import cache

from circlegraph.errors import SettingsError

CHINA = 86

# Country code and its digits, trunk prefix and its digits, and as bit sets the lengths of national numbers
# behind the trunk prefix and behind a bare country code.
Home = tuple[int, int, int, int, int, int]

# National numbers of more digits are lines behind a switchboard (Germany, Austria); no rule is built on them.
_LONGEST_DIALLED = 11


def country_code(country: str | None) -> tuple[int, int]:
    """Country calling code as the kernels want it: its value and its digits; (0, 0) for no normalisation.

    Examples
    --------
    >>> country_code("86"), country_code("+44"), country_code(None)
    ((86, 2), (44, 2), (0, 0))

    Raises
    ------
    SettingsError
        The code is not one to three digits.
    """
    if country is None or country == "":
        return 0, 0
    digits = country.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and 1 <= len(digits) <= 3) or digits[0] == "0":
        raise SettingsError(f"country must be a calling code such as '86', not {country!r}")
    return int(digits), len(digits)


def code_of_region(region: str) -> str:
    """Country calling code of a region of two letters.

    Examples
    --------
    >>> code_of_region("gb")
    '44'

    Raises
    ------
    SettingsError
        There is no such region.
    """
    import phonenumbers

    code = phonenumbers.country_code_for_region(region.upper())
    if not code:
        raise SettingsError(f"there is no region {region!r}; give two letters such as 'GB'")
    return str(code)


def home_country(country: str | None, plan: str | None) -> str:
    """Home calling code: the one given, else that of the region whose numbering plan is taken, else China's.

    Parameters
    ----------
    country : str or None
        None where it is not given, "" for no normalisation.
    plan : str or None
        Two letters of a region, or the name of a file, which tells no country.

    Examples
    --------
    >>> home_country(None, "GB"), home_country(None, "plan.csv"), home_country("", "GB")
    ('44', '86', '')

    Raises
    ------
    SettingsError
        The country is not the plan's.
    """
    told = code_of_region(plan) if plan is not None and is_region(plan) else None
    if country and told is not None and country.removeprefix("+") != told:
        raise SettingsError(f"the numbering plan {plan} is for the numbers of country {told}, not {country}")
    return country if country is not None else told or str(CHINA)


def is_region(plan: str) -> bool:
    """Tell whether a numbering plan is named by the two letters of a region."""
    return len(plan) == 2 and plan.isalpha()


@cache
def home_of(code: int, digits: int) -> Home:
    """What the kernels need to know of the country of a calling code.

    Examples
    --------
    >>> home_of(44, 2)[:4], [length for length in range(19) if home_of(44, 2)[4] >> length & 1]
    ((44, 2, 0, 1), [7, 9, 10])
    """
    trunk, lengths = ("", ()) if code in (0, CHINA) else _numbering(code)
    bare = [length for length in lengths if not _may_begin_with(code, digits + length)]
    return code, digits, int(trunk or 0), len(trunk), _bits(lengths), _bits(bare)


def trunk_prefix(country: str | None) -> str:
    """Trunk prefix that is taken off the numbers of a home country, "" for none.

    Examples
    --------
    >>> trunk_prefix("44"), trunk_prefix("39"), trunk_prefix("86")
    ('0', '', '')
    """
    _, _, trunk, digits, *_ = home_of(*country_code(country))
    return f"{trunk:0{digits}d}" if digits else ""


def _numbering(code: int) -> tuple[str, tuple[int, ...]]:
    """Trunk prefix of a calling code and the lengths of its national numbers."""
    import phonenumbers

    region = phonenumbers.region_code_for_country_code(code)
    known = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if known is None or known.general_desc is None:  # no country has the code
        return "", ()
    return known.national_prefix or "", tuple(known.general_desc.possible_length)


def _may_begin_with(code: int, size: int) -> bool:
    """Tell whether a national number of ``size`` digits may begin with the digits of its own country code."""
    import phonenumbers

    if size > _LONGEST_DIALLED:
        return False
    room = size - len(str(code))
    return any(
        phonenumbers.is_valid_number(
            phonenumbers.PhoneNumber(code, int(f"{code}{f'{start:03d}23456789'[:room]}"))
        )
        for start in range(1000)
    )


def _bits(lengths: list[int] | tuple[int, ...]) -> int:
    return sum(1 << length for length in lengths)
