"""Families from night to night: a family keeps its id while most of its members stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.tables import as_table
from circlegraph.detect.family.tabled import Judged
from circlegraph.errors import InputError
from circlegraph.tables import read_table

if TYPE_CHECKING:
    import pandas as pd


def read_members(source: Any) -> pd.DataFrame:
    """Members found before: number and family_id as text.

    Raises
    ------
    InputError
        If a column is missing or a number is in two families.
    """
    from pathlib import Path

    import pandas as pd

    columns = ("number", "family_id")
    table = read_table(source, columns) if isinstance(source, str | Path) else as_table(source)
    for name in columns:
        if name not in table.column_names:
            raise InputError(f"the members found before have no column {name!r}")
    frame = pd.DataFrame({name: [str(word) for word in table[name].to_pylist()] for name in columns})
    if frame["number"].duplicated().any():
        raise InputError("the members found before list a number twice; leave each number once")
    return frame


def family_names(judged: Judged, before: pd.DataFrame | None) -> NDArray[np.object_]:
    """Id of each family, object[families]: that of before if most of its members stay, else a new one.

    A family of before hands its id to one family only: to the one that most of its members are in now. A new id is the
    last day of the window with a counter, so that the id of a family that has ended is not given again some other
    night.
    """
    count = int(judged.family.max(initial=-1)) + 1
    names = np.full(count, None, dtype=object)
    day = np.datetime64(judged.ties.windows.last_day(0), "D").astype(object)
    prefix = f"F{day:%y%m%d}-"
    used = 0
    if before is not None and len(before):
        old, homes = before["family_id"].factorize()
        now = _now(judged, before)
        size = np.bincount(old)
        together, stayed = np.unique(np.stack([old, now], axis=1)[now >= 0], axis=0, return_counts=True)
        for i in np.argsort(-stayed, kind="stable").tolist():
            family, home = int(together[i, 1]), int(together[i, 0])
            if 2 * stayed[i] > size[home] and names[family] is None:
                names[family] = homes[home]
        numbers = [re.fullmatch(rf"{prefix}(\d+)", name) for name in homes]
        used = max((int(match[1]) for match in numbers if match), default=0)
    for family in range(count):
        if names[family] is None:
            used += 1
            names[family] = f"{prefix}{used:06d}"
    return names


def _now(judged: Judged, before: pd.DataFrame) -> NDArray[np.int64]:
    """Family of now of each number of before, -1 for none."""
    ids = judged.ties.numbers.ids_of(before["number"].tolist())
    return np.where(ids >= 0, judged.family[ids], -1)


def changes_table(members: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """What changed: number, change, family_id, previous_family_id; no rows without families of before.

    Changes are *new* (a member of a new family), *joined* (of a known one), *left* (its family is still there), *gone*
    (its family is not). Who changes from one family into another has joined the one and is not listed as left.

    Examples
    --------
    >>> import pandas as pd
    >>> before = pd.DataFrame({"number": ["a", "b", "c", "x"], "family_id": ["F1", "F1", "F1", "F2"]})
    >>> now = pd.DataFrame({"number": ["a", "b", "d", "n"], "family_id": ["F1", "F1", "F1", "F3"]})
    >>> changes_table(now, before)
      number  change family_id previous_family_id
    0      c    left      None                 F1
    1      d  joined        F1               None
    2      n     new        F3               None
    3      x    gone      None                 F2
    """
    import pandas as pd

    columns = ["number", "change", "family_id", "previous_family_id"]
    if before is None:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    both = members[["number", "family_id"]].merge(
        before[["number", "family_id"]].rename(columns={"family_id": "previous_family_id"}),
        on="number",
        how="outer",
    )
    both = both.astype(object).where(both.notna(), None)
    changed = both[both["family_id"] != both["previous_family_id"]].copy()
    known, there = set(before["family_id"]), set(members["family_id"])
    changed["change"] = [
        ("joined" if now in known else "new") if now is not None else ("left" if then in there else "gone")
        for now, then in zip(changed["family_id"], changed["previous_family_id"], strict=True)
    ]
    return changed.sort_values("number")[columns].reset_index(drop=True)
