"""What is different from the night before, for those who feed another system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

WATCHED = (
    "value_tier",
    "dual_sim",
    "second_number",
    "family_id",
    "family_role",
    "is_key_person",
    "last_manager",
    "stage",
    "movement_level",
)
"""Labels whose changes are told; figures change every night."""


def label_changes(now: pd.DataFrame, then: pd.DataFrame | None) -> pd.DataFrame:
    """Rows of number, label, before, after; a number that is new or gone has one row with the label ``number``.

    Examples
    --------
    >>> import pandas as pd
    >>> then = pd.DataFrame({"number": ["1", "2"], "stage": ["new", None]}).reindex(columns=["number", *WATCHED])
    >>> now = pd.DataFrame({"number": ["1", "3"], "stage": ["lost", None]}).reindex(columns=["number", *WATCHED])
    >>> label_changes(now, then)
      number   label before after
    0      1   stage    new  lost
    1      2  number      2  None
    2      3  number   None     3
    """
    import pandas as pd

    columns = ["number", "label", "before", "after"]
    if then is None:
        return pd.DataFrame({name: pd.Series([], dtype=object) for name in columns})
    both = now.merge(then, on="number", how="outer", suffixes=("_after", "_before"), indicator=True)
    parts = []
    new, gone = both._merge == "left_only", both._merge == "right_only"
    for chosen, side in ((gone, "before"), (new, "after")):
        part = pd.DataFrame({"number": both.number[chosen], "label": "number"})
        parts.append(part.assign(**{"before": None, "after": None, side: part.number}))
    stayed = both[both._merge == "both"]
    for label in WATCHED:
        sides = [stayed[f"{label}_{side}"] for side in ("before", "after")]
        rows = stayed[_different(*sides)]
        before, after = (_as_text(rows[f"{label}_{side}"]) for side in ("before", "after"))
        both_sides = {"number": rows.number, "label": label, "before": before, "after": after}
        parts.append(pd.DataFrame(both_sides, index=rows.index))
    changes = pd.concat(parts).astype(object)
    return changes.sort_values(["number", "label"], ignore_index=True)[columns]


def _different(before: pd.Series[Any], after: pd.Series[Any]) -> NDArray[np.bool_]:
    """Where two columns differ; null equals null."""
    missing = before.isna().to_numpy(), after.isna().to_numpy()
    unequal = (before != after).fillna(value=True).to_numpy(dtype=np.bool_)
    return np.where(missing[0] | missing[1], missing[0] != missing[1], unequal)


def _as_text(column: pd.Series[Any]) -> list[str | None]:
    """Values as text, None for null."""
    null = column.isna().tolist()
    return [None if missing else str(value) for value, missing in zip(column.tolist(), null, strict=True)]
