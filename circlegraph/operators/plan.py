"""Numbering plans: prefixes of numbers to operators, and numbers that were ported away."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circlegraph.dialling import CHINA, code_of_region, country_code, is_region, trunk_prefix
from circlegraph.errors import InputError, SettingsError
from circlegraph.numbers import Keys, encode

_POW10 = 10 ** np.arange(19, dtype=np.int64)

Entry = tuple[str, int, str]


class NumberingPlan:
    """Operator of a number: the longest prefix that fits, unless the number was ported.

    Tokens, short numbers without an entry and unknown prefixes have the operator "".

    Parameters
    ----------
    entries : iterable of (prefix, digits, operator)
        ``digits`` is the length of the numbers that the prefix speaks of, 0 for any.
    ported : mapping of number to operator, optional
        Numbers that left their range.
    country : str or None, default "86"
        Home calling code of the numbers, as for `circlegraph.numbers.encode`. Where that takes a trunk prefix off,
        prefixes are found with and without it.

    Attributes
    ----------
    country : str or None
    operators : tuple of str
        Names by code; code 0 is "".

    Examples
    --------
    >>> from circlegraph import numbers
    >>> plan = NumberingPlan.china()
    >>> plan.names(numbers.encode(["13800138000", "+8618600001111", "10000", "a3f9"])).tolist()
    ['China Mobile', 'China Unicom', 'China Telecom', '']

    Raises
    ------
    SettingsError
        A prefix is no digits, or stands in the plan twice with different operators.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        ported: Mapping[str, str] | None = None,
        country: str | None = "86",
    ) -> None:
        listed = list(entries)
        self.country = country
        names = dict.fromkeys([*(name for _, _, name in listed), *(ported or {}).values()])
        self.operators: tuple[str, ...] = ("", *(name for name in names if name))
        code_of = {name: code for code, name in enumerate(self.operators)}
        self._entries = _without_trunk(_checked(listed), trunk_prefix(country))
        self._longest = max((len(prefix) for prefix, _ in self._entries), default=0)
        self._tables = self._by_shape(code_of)
        keys = encode(list(ported or {}), country=country)
        codes = np.array([code_of[name] for name in (ported or {}).values()], np.int16)
        order = np.argsort(keys)
        self._ported_keys, self._ported_codes = keys[order], codes[order]

    @staticmethod
    def of(
        plan: str | None = None, ported: Mapping[str, str] | None = None, country: str | None = "86"
    ) -> NumberingPlan:
        """Make the plan that a name tells.

        Parameters
        ----------
        plan : str or None
            Two letters of a region, or a CSV file; for None China's plan at home in China, else one without prefixes.
        ported : mapping of number to operator, optional
        country : str or None, default "86"
            Home calling code; that of a region goes before it.

        Examples
        --------
        >>> NumberingPlan.of("GB").country, len(NumberingPlan.of(None, country="44").operators)
        ('44', 1)

        Raises
        ------
        InputError, SettingsError
            There is no such file or region.
        """
        if plan is None:
            at_home = country_code(country)[0] in (0, CHINA)
            return NumberingPlan.china(ported) if at_home else NumberingPlan([], ported, country)
        if is_region(plan):
            return NumberingPlan.from_phonenumbers(plan, ported)
        return NumberingPlan.from_csv(plan, ported, country)

    @staticmethod
    def china(ported: Mapping[str, str] | None = None) -> NumberingPlan:
        """Make the plan of mainland China: mobile ranges and the operators' service numbers."""
        text = resources.files("circlegraph.operators").joinpath("china.csv").read_text("utf-8")
        return NumberingPlan(_rows(text.splitlines(), "china.csv"), ported)

    @staticmethod
    def from_csv(
        path: str | Path, ported: Mapping[str, str] | None = None, country: str | None = "86"
    ) -> NumberingPlan:
        """Read a plan from a CSV file with the columns prefix, operator and, if wanted, digits.

        Raises
        ------
        InputError
            The file is missing or lacks a column.
        """
        try:
            lines = Path(path).read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: cannot read the numbering plan ({error})") from error
        return NumberingPlan(_rows(lines, str(path)), ported, country)

    @staticmethod
    def from_mapping(
        prefixes: Mapping[str, str], ported: Mapping[str, str] | None = None, country: str | None = "86"
    ) -> NumberingPlan:
        """Make a plan of prefix to operator.

        Examples
        --------
        >>> NumberingPlan.from_mapping({"9": "A", "91": "B"}).names(encode(["90", "912"])).tolist()
        ['A', 'B']
        """
        return NumberingPlan([(prefix, 0, name) for prefix, name in prefixes.items()], ported, country)

    @staticmethod
    def from_phonenumbers(region: str, ported: Mapping[str, str] | None = None) -> NumberingPlan:
        """Make a plan of the carrier data of the phonenumbers library.

        Parameters
        ----------
        region : str
            Two letters such as "GB"; its numbers are to be encoded with its calling code as country.
        ported : mapping of number to operator, optional

        Raises
        ------
        SettingsError
            There is no such region, or no carrier of it is known.
        """
        from phonenumbers.carrierdata import CARRIER_DATA

        code = code_of_region(region)
        known = {
            prefix[len(code) :]: names["en"]
            for prefix, names in CARRIER_DATA.items()
            if prefix.startswith(code) and "en" in names
        }
        if not known:
            raise SettingsError(f"no carriers are known for region {region!r}; give a plan of your own")
        trunk = trunk_prefix(code)  # stands in numbers that are left as they are
        with_trunk = {trunk + prefix: name for prefix, name in known.items()}
        return NumberingPlan.from_mapping({**with_trunk, **known}, ported, code)

    def codes(self, keys: Keys) -> NDArray[np.int16]:
        """Operator codes of number keys, each distinct prefix worked out once.

        Parameters
        ----------
        keys : int64[n]

        Returns
        -------
        int16[n]
            Places in `operators`.
        """
        codes = np.zeros(keys.size, np.int16)
        digits = np.searchsorted(_POW10, keys, "right") - 1
        dialled = np.flatnonzero(keys >= 10)
        if dialled.size and self._longest:
            size = digits[dialled]
            shift = _POW10[np.maximum(size - self._longest, 0)]
            shapes, inverse = _distinct(keys[dialled] // shift * 32 + size)
            codes[dialled] = self._codes_of_shapes(shapes // 32, shapes % 32)[inverse]
        if self._ported_keys.size:
            place = np.minimum(np.searchsorted(self._ported_keys, keys), self._ported_keys.size - 1)
            ported = self._ported_keys[place] == keys
            codes[ported] = self._ported_codes[place[ported]]
        return codes

    def names(self, keys: Keys) -> NDArray[np.object_]:
        """Operator names of number keys, "" where none is known."""
        return np.array(self.operators, np.object_)[self.codes(keys)]

    def digest(self) -> str:
        """SHA-256 of the prefixes, the operators and the ported numbers: equal for equal plans."""
        digest = hashlib.sha256(repr((self.operators, sorted(self._entries.items()))).encode())
        digest.update(self._ported_keys.tobytes())
        digest.update(self._ported_codes.tobytes())
        return digest.hexdigest()

    def _codes_of_shapes(self, heads: Keys, digits: Keys) -> NDArray[np.int16]:
        """Codes of first digits (with the sentinel 1 in front) of numbers of given lengths."""
        codes = np.zeros(heads.size, np.int16)
        width = np.searchsorted(_POW10, heads, "right") - 1
        for length, wanted, prefixes, prefix_codes in self._tables:
            open_ = (codes == 0) & (width >= length) & ((digits == wanted) | (wanted == 0))
            rows = np.flatnonzero(open_)
            head = heads[rows] // _POW10[width[rows] - length]
            place = np.minimum(np.searchsorted(prefixes, head), prefixes.size - 1)
            fits = prefixes[place] == head
            codes[rows[fits]] = prefix_codes[place[fits]]
        return codes

    def _by_shape(self, code_of: Mapping[str, int]) -> list[tuple[int, int, Keys, NDArray[np.int16]]]:
        """Sorted prefix keys by prefix length and number length, the longest and most particular first."""
        shapes: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for (prefix, digits), name in self._entries.items():
            shapes.setdefault((len(prefix), digits), []).append((int("1" + prefix), code_of[name]))
        tables = []
        for (length, digits), pairs in sorted(shapes.items(), reverse=True):
            pairs.sort()
            prefixes = np.array([prefix for prefix, _ in pairs], np.int64)
            tables.append((length, digits, prefixes, np.array([code for _, code in pairs], np.int16)))
        return tables


def _checked(entries: Iterable[Entry]) -> dict[tuple[str, int], str]:
    known: dict[tuple[str, int], str] = {}
    for prefix, digits, name in entries:
        if not (prefix.isascii() and prefix.isdigit() and len(prefix) <= 15 and 0 <= digits <= 18):
            raise SettingsError(f"numbering plan: {prefix!r} is no prefix of digits")
        if known.setdefault((prefix, digits), name) != name:
            raise SettingsError(f"numbering plan: prefix {prefix} has two operators")
    return known


def _without_trunk(entries: dict[tuple[str, int], str], trunk: str) -> dict[tuple[str, int], str]:
    """Add to the entries what they say of numbers whose trunk prefix was taken off.

    No national number begins with 0; one may with any other trunk prefix, as Russia's 848 2 does with 8.
    """
    if not trunk.startswith("0"):
        return entries
    bare = {
        (prefix.removeprefix(trunk), max(digits - len(trunk), 0)): name
        for (prefix, digits), name in entries.items()
        if prefix.startswith(trunk) and prefix != trunk
    }
    return {**bare, **entries}


def _distinct(values: Keys) -> tuple[Keys, NDArray[np.int64]]:
    """Distinct values and the place of each value among them; quick where they are sorted, as ids are."""
    step = np.diff(values)
    if (step < 0).any():
        shapes, inverse = np.unique(values, return_inverse=True)
        return shapes, inverse
    new = np.concatenate([[True], step > 0])
    return values[new], np.cumsum(new) - 1


def _rows(lines: list[str], place: str) -> list[Entry]:
    reader = csv.DictReader(line for line in lines if line.strip() and not line.startswith("#"))
    columns = [name.strip().lower() for name in reader.fieldnames or ()]
    if not {"prefix", "operator"} <= set(columns):
        raise InputError(f"{place}: a numbering plan needs the columns prefix and operator")
    reader.fieldnames = columns
    entries = []
    for row in reader:
        digits = (row.get("digits") or "").strip()
        if digits and not digits.isdigit():
            raise InputError(f"{place}: {digits!r} is no number of digits")
        entries.append(((row["prefix"] or "").strip(), int(digits or 0), (row["operator"] or "").strip()))
    return entries
