"""What the table of subscribers says of two numbers: document, account, region, address, surname, ages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.family.pieces import in_pieces
from circlegraph.detect.known import Listed, codes_of
from circlegraph.graph.numbering import Numbers
from circlegraph.resources import Resources

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

SAME = {
    "same_document": "id_document",
    "same_account": "plan",
    "same_region": "region",
    "same_address": "address",
    "same_surname": "surname",
}
MOST_ON_ONE = 12
"""A document, an account or an address of more numbers is a company's, or a tariff: it says nothing of families."""
LEAST_TIES = 0.75
"""Of the ties that would hold the numbers of a plan account together; fewer, and it is a tariff that few have."""
PERSONAL = ("id_document", "plan", "address")
ALIKE_YEARS = 12.0
GENERATION = (16.0, 45.0)


@dataclass(frozen=True, slots=True)
class Household:
    """What is listed of numbers, by id.

    Attributes
    ----------
    codes
        By column, int32[numbers]: equal codes for equal entries, -1 for none.
    age
        float64[numbers], NaN where it is not known.
    """

    codes: dict[str, NDArray[np.int32]]
    age: Floats

    def _tariffs(self, tied: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which plans are no accounts, as too few of their numbers have ties with each other, bool[codes].

        `tied` is the plan of each tie between two numbers of one plan.
        """
        codes = self.codes["plan"]
        members = np.bincount(codes[codes >= 0], minlength=1)
        ties = np.bincount(tied[tied >= 0], minlength=len(members))
        return np.asarray(ties < LEAST_TIES * (members - 1))

    def years_apart(self, ends: NDArray[np.int32]) -> Floats:
        """Difference of the ages of two, NaN where it is not known."""
        return np.asarray(np.abs(self.age[ends[:, 0]] - self.age[ends[:, 1]]))

    def evidence(self, ends: NDArray[np.int32], resources: Resources) -> dict[str, Singles]:
        """Evidence of all ties, int32[ties, 2]: float32[ties] by name, NaN for what is not known."""
        codes = dict(self.codes)
        if "plan" in codes:
            entry = codes["plan"][ends]
            tariffs = self._tariffs(entry[entry[:, 0] == entry[:, 1], 0])
            codes["plan"] = np.where(tariffs[codes["plan"]], np.int32(-1), codes["plan"])

        def same(entries: NDArray[np.int32]) -> Singles:
            return in_pieces(len(ends), lambda rows: _same(entries, ends[rows]), resources)

        unknown = np.broadcast_to(np.float32(np.nan), len(ends))
        return {
            **{name: same(codes[column]) if column in codes else unknown for name, column in SAME.items()},
            "generations": in_pieces(len(ends), lambda rows: self._generations(ends[rows]), resources),
        }

    def _generations(self, ends: NDArray[np.int32]) -> Floats:
        """2 for parent and child by their ages, 1 for those alike in age, 0 for others, NaN for unknown."""
        years = self.years_apart(ends)
        generations = np.where((years >= GENERATION[0]) & (years <= GENERATION[1]), 2.0, years <= ALIKE_YEARS)
        return np.where(np.isnan(years), np.nan, generations)


def _same(entries: NDArray[np.int32], ends: NDArray[np.int32]) -> Singles:
    """Whether both have the same entry: 1, 0, or NaN where one has none."""
    first, second = entries[ends[:, 0]], entries[ends[:, 1]]
    return np.where((first < 0) | (second < 0), np.float32(np.nan), (first == second).astype(np.float32))


def household(numbers: Numbers, listed: Listed | None) -> Household:
    """Look the numbers up in the table of subscribers."""
    age = np.full(len(numbers), np.nan)
    if listed is None:
        return Household({}, age)
    codes = {}
    for column in SAME.values():
        if column in listed.table.column_names:
            most = MOST_ON_ONE if column in PERSONAL else None
            codes[column] = codes_of(numbers, listed, column, most).astype(np.int32)
    if "age" in listed.table.column_names:
        at = numbers.index.ids(listed.keys["number"])
        age[at[at >= 0]] = _years(listed)[at >= 0]
    return Household(codes, age)


def _years(listed: Listed) -> Floats:
    """Ages, NaN for what is no age."""
    import pandas as pd

    column = pd.Series(listed.table["age"].to_pylist(), dtype=object)
    years = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return np.where((years >= 0) & (years < 120), years, np.nan)
