"""What the table of subscribers says of two numbers: document, account, region, address, surname, ages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.known import Listed, codes_of
from circlegraph.graph.numbering import Numbers

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
        By column, int64[numbers]: equal codes for equal entries, -1 for none.
    age
        float64[numbers], NaN where it is not known.
    """

    codes: dict[str, NDArray[np.int64]]
    age: Floats

    def same(self, column: str, ends: NDArray[np.int32]) -> Singles:
        """Whether both have the same entry: 1, 0, or NaN where one has none; of all ties."""
        if column not in self.codes:
            return np.broadcast_to(np.float32(np.nan), len(ends))
        entry = self.codes[column][ends]
        alike = entry[:, 0] == entry[:, 1]
        unknown = (entry < 0).any(axis=1)
        if column == "plan":
            unknown |= self._tariffs(entry[alike, 0])[entry].any(axis=1)
        return np.where(unknown, np.float32(np.nan), alike.astype(np.float32))

    def _tariffs(self, tied: NDArray[np.int64]) -> NDArray[np.bool_]:
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

    def evidence(self, ends: NDArray[np.int32]) -> dict[str, Singles]:
        """Evidence of all ties, int32[ties, 2]: float32[ties] by name, NaN for what is not known."""
        years = self.years_apart(ends)
        generations = np.where((years >= GENERATION[0]) & (years <= GENERATION[1]), 2.0, years <= ALIKE_YEARS)
        return {
            **{name: self.same(column, ends) for name, column in SAME.items()},
            "generations": np.where(np.isnan(years), np.nan, generations).astype(np.float32),
        }


def household(numbers: Numbers, listed: Listed | None) -> Household:
    """Look the numbers up in the table of subscribers."""
    age = np.full(len(numbers), np.nan)
    if listed is None:
        return Household({}, age)
    codes = {}
    for column in SAME.values():
        if column in listed.table.column_names:
            codes[column] = codes_of(numbers, listed, column, MOST_ON_ONE if column in PERSONAL else None)
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
