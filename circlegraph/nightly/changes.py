"""What is different from the night before, for those who feed another system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

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
    for rows, side in ((gone, "before"), (new, "after")):
        part = pd.DataFrame({"number": both.number[rows], "label": "number"})
        parts.append(part.assign(**{"before": None, "after": None, side: part.number}))
    stayed = both[both._merge == "both"]
    for label in WATCHED:
        before, after = (_as_text(stayed[f"{label}_{side}"]) for side in ("before", "after"))
        different = np.array([b != a for b, a in zip(before, after, strict=True)], np.bool_)
        both_sides = {"number": stayed.number, "label": label, "before": before, "after": after}
        parts.append(pd.DataFrame(both_sides, index=stayed.index)[different])
    changes = pd.concat(parts).astype(object)
    return changes.sort_values(["number", "label"], ignore_index=True)[columns]


def _as_text(column: pd.Series[Any]) -> list[str | None]:
    """Values as text, None for null."""
    null = column.isna().tolist()
    return [None if missing else str(value) for value, missing in zip(column.tolist(), null, strict=True)]
