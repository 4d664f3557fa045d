"""What is known of some numbers beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.tables import as_table
from circlegraph.detect.account_managers.bands import KINDS, MANAGER, Scheme
from circlegraph.errors import InputError
from circlegraph.graph.numbering import Numbers
from circlegraph.numbers import encode
from circlegraph.tables import read_table

HARMLESS = "harmless"


def allowed_kinds(
    known: Any, scheme: Scheme, numbers: Numbers, judged: NDArray[np.int64], country: str | None
) -> NDArray[np.bool_]:
    """What each judged number can be, bool[judged, kinds]: one kind only where it is known.

    Parameters
    ----------
    known
        None, or a table or file with number and kind: one of the kinds, or harmless for all but manager.
    scheme
        The kinds that are told apart; one that is not counts as harmless.

    Raises
    ------
    InputError
        If a column is missing or a kind is not known.
    """
    allowed = np.ones((len(judged), len(scheme.kinds)), np.bool_)
    if known is None:
        return allowed
    on_disk = isinstance(known, str | Path)
    table = read_table(known, ("number", "kind")) if on_disk else as_table(known)
    for name in ("number", "kind"):
        if name not in table.column_names:
            raise InputError(f"the known numbers have no column {name!r}; give number and kind")
    ids = numbers.index.ids(encode(table["number"], country=country))
    at = np.searchsorted(judged, ids)
    for place, x, kind in zip(at.tolist(), ids.tolist(), table["kind"].to_pylist(), strict=True):
        if kind != HARMLESS and kind not in KINDS:
            raise InputError(
                f"the known numbers have the kind {kind!r}; there are {HARMLESS}, {', '.join(KINDS)}"
            )
        if place < len(judged) and judged[place] == x:
            told = np.array(scheme.kinds) == kind
            allowed[place] = told if told.any() else np.arange(len(told)) != MANAGER
    return allowed
