"""The numbers of a graph: ids, strings, own network and operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.errors import InputError
from circlegraph.numbers import Tokens, TokenTable, decode, decode_arrow, encode

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Numbers:
    """Numbers by dense id.

    Attributes
    ----------
    index
        Sorted number keys; the id is the position.
    tokens
        Strings of the numbers that are not made of digits.
    own
        bool[numbers]: is it one of the own network's?
    operator_codes
        int16[numbers]: position in `operator_names`.
    operator_names
        Names, "" for unknown.
    country
        Home calling code, for finding numbers however they are dialled.
    """

    index: NumberIndex
    tokens: Tokens
    own: NDArray[np.bool_]
    operator_codes: NDArray[np.int16]
    operator_names: tuple[str, ...] = ("",)
    country: str = "86"

    def __len__(self) -> int:
        return len(self.index)

    @cached_property
    def text(self) -> pa.LargeStringArray:
        """Every number as a string, by id."""
        return decode_arrow(self.index.keys, self.tokens)

    def strings(self, ids: NDArray[np.int64]) -> NDArray[np.object_]:
        """Numbers as strings."""
        return decode(self.index.keys[ids], self.tokens)

    def ids_of(self, numbers: Sequence[str]) -> NDArray[np.int64]:
        """Ids of numbers, as they stand here or as they are dialled at home; -1 for those that are not here."""
        ids = self.index.ids(encode(numbers, country=None))
        missing = ids < 0
        ids[missing] = self.index.ids(encode(numbers, country=self.country))[missing]
        return ids

    def id_of(self, number: str) -> int:
        """Id of one number.

        Raises
        ------
        InputError
            If the number is not here.
        """
        x = int(self.ids_of([number])[0])
        if x < 0:
            raise InputError(f"{number} has no contacts here")
        return x

    def operators(self, ids: NDArray[np.int64]) -> NDArray[np.object_]:
        """Names of the operators of numbers."""
        return np.array(self.operator_names, dtype=object)[self.operator_codes[ids]]


def unite(a: Numbers, b: Numbers) -> tuple[Numbers, NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of two graphs together, and the new id of each old one of `a` and of `b`."""
    index = NumberIndex(np.union1d(a.index.keys, b.index.keys))
    ids_a, ids_b = index.ids(a.index.keys), index.ids(b.index.keys)
    own = np.zeros(len(index), np.bool_)
    own[ids_a] = a.own
    own[ids_b] |= b.own
    names = tuple(sorted({*a.operator_names, *b.operator_names}))
    codes = np.zeros(len(index), np.int16)
    for numbers, ids in ((a, ids_a), (b, ids_b)):
        codes[ids] = np.array([names.index(name) for name in numbers.operator_names], np.int16)[
            numbers.operator_codes
        ]
    table = TokenTable()
    table.add(a.tokens)
    table.add(b.tokens)
    return Numbers(index, table.tokens(), own, codes, names, a.country), ids_a, ids_b
