"""Which numbers are the own network's, and whose the others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.graph.numbering import Numbers
from circlegraph.numbers import Tokens, encode
from circlegraph.tables import read_table

if TYPE_CHECKING:
    from circlegraph.operators import NumberingPlan


@dataclass(frozen=True, slots=True)
class Network:
    """The own network: the listed subscribers; else the own operators' numbers; else every number.

    Attributes
    ----------
    subscribers
        Sorted int64 keys of the own network's numbers, or None if no list was given.
    own_operators
        Names of the operators that are the own network where there is no list.
    plan
        Numbering plan that names the operator of a number; None for no names.

    Examples
    --------
    >>> network = Network.of(subscribers=["13800138000"])
    >>> network.is_own(encode(["13800138000", "300"])).tolist()
    [True, False]
    """

    subscribers: NDArray[np.int64] | None = None
    own_operators: tuple[str, ...] = ()
    plan: NumberingPlan | None = None

    @classmethod
    def of(
        cls,
        subscribers: str | Path | Sequence[str] | None = None,
        own_operators: Sequence[str] = (),
        plan: NumberingPlan | None = None,
    ) -> Network:
        """Network from a table of subscribers (path, or the numbers themselves) or from own operators."""
        if subscribers is None:
            return cls(None, tuple(own_operators), plan)
        if isinstance(subscribers, str | Path):
            keys = encode(read_table(subscribers, ("number",))["number"])
        else:
            keys = encode(list(subscribers))
        return cls(np.unique(keys[keys != 0]), tuple(own_operators), plan)

    def is_own(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool[n]: is the number the own network's?"""
        if self.subscribers is not None:
            return np.isin(keys, self.subscribers)
        if self.own_operators and self.plan is not None:
            return np.isin(self.plan.names(keys).astype(str), self.own_operators)
        return np.ones(len(keys), np.bool_)

    def numbers(self, index: NumberIndex, tokens: Tokens) -> Numbers:
        """Numbers of an index with their own-network mask and operators."""
        own = self.is_own(index.keys)
        if self.plan is None:
            return Numbers(index, tokens, own, np.zeros(len(index), np.int16), ("",))
        return Numbers(index, tokens, own, self.plan.codes(index.keys), self.plan.operators)
