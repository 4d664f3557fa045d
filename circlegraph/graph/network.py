"""Which numbers are the own network's, and whose the others are."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.dialling import CHINA, country_code
from circlegraph.errors import CirclegraphWarning, NobodyListedWarning, SettingsError
from circlegraph.graph.numbering import Numbers
from circlegraph.numbers import Tokens, encode
from circlegraph.operators import NumberingPlan
from circlegraph.tables import read_table


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
        Numbering plan that names the operator of a number; China's by default, None for no names.

    Examples
    --------
    >>> network = Network.of(own_operators=["China Mobile"])
    >>> network.is_own(encode(["13800138000", "18600001111"])).tolist()
    [True, False]

    Raises
    ------
    SettingsError
        If an own operator is not in the plan.
    """

    subscribers: NDArray[np.int64] | None = None
    own_operators: tuple[str, ...] = ()
    plan: NumberingPlan | None = field(default_factory=NumberingPlan.china)

    def __post_init__(self) -> None:
        known = self.plan.operators[1:] if self.plan is not None else ()
        for name in self.own_operators:
            if name not in known:
                near = get_close_matches(name, known, 1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known) or 'none'}"
                raise SettingsError(f"the numbering plan knows no operator {name!r}{hint}")

    @classmethod
    def of(
        cls,
        subscribers: str | Path | Sequence[str] | None = None,
        own_operators: Sequence[str] = (),
        plan: NumberingPlan | None = None,
        country: str | None = "86",
    ) -> Network:
        """Make a network from a table of subscribers or from own operators.

        Parameters
        ----------
        subscribers
            CSV or Parquet file with the column number, or the numbers themselves.
        own_operators
            Names of own operators, where there is no list.
        plan
            Numbering plan; China's by default.
        country
            Home calling code, as for `open_cdr`.

        Raises
        ------
        InputError
            If the table cannot be read.
        """
        keys = None
        if subscribers is not None:
            listed = (
                read_table(subscribers, ("number",))["number"]
                if isinstance(subscribers, str | Path)
                else list(subscribers)
            )
            keys = encode(listed, country=country)
            keys = np.unique(keys[keys != 0])
        return cls(keys, tuple(own_operators), plan or NumberingPlan.china())

    def is_own(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool[n]: is the number the own network's?"""
        if self.subscribers is not None:
            return np.isin(keys, self.subscribers)
        if self.own_operators and self.plan is not None:
            own = [self.plan.operators.index(name) for name in self.own_operators]
            return np.isin(self.plan.codes(keys), own)
        return np.ones(len(keys), np.bool_)

    def expect_country(self, code: int) -> None:
        """Warn where numbers of a home country are read that the numbering plan does not speak of.

        Numbers that are left as they are (0), and China's plan, which is there where none is given, are passed over.

        Warns
        -----
        CirclegraphWarning
        """
        told, _ = country_code(self.plan.country) if self.plan is not None else (0, 0)
        if code and told not in (0, CHINA, code):
            warnings.warn(
                f"the numbering plan is for numbers of country {told}, but those of the CDRs are read with country "
                f"{code}, so that few operators are known; open the CDRs with country='{told}'",
                CirclegraphWarning,
                stacklevel=2,
            )

    def numbers(self, index: NumberIndex, tokens: Tokens, code: int = 0) -> Numbers:
        """Numbers of an index with their own-network mask and operators.

        Parameters
        ----------
        index
        tokens
        code
            Home calling code that the numbers were read with; the plan's where it is not known (0).

        Warns
        -----
        NobodyListedWarning
            If none of the listed subscribers is among them.
        """
        own = self.is_own(index.keys)
        if self.subscribers is not None and len(index) and not own.any():
            listed = f"none of the {len(self.subscribers):,} listed subscribers is in the data"
            if not len(self.subscribers):
                listed = "the table of subscribers lists nobody"
            warnings.warn(
                f"{listed}, so that no number counts as the own network's; check that it writes numbers as the CDRs "
                "do (country code, hash)",
                NobodyListedWarning,
                stacklevel=2,
            )
        if self.plan is None:
            return Numbers(index, tokens, own, np.zeros(len(index), np.int16), ("",), str(code or CHINA))
        country = str(code or self.plan.country or CHINA)
        return Numbers(index, tokens, own, self.plan.codes(index.keys), self.plan.operators, country)
