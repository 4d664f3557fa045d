"""What each label rests on: one row per number, label and piece of evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from circlegraph.nightly.stage_movement import points_in_use

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.nightly.night import Night

FIGURES = ("value", "weight")
RESTS_ON = "known_points"
"""Points that what is known could have given: what a level of movement rests on."""
COLUMNS = ("number", "label", "other", "evidence", *FIGURES, "reason")
"""`other` is the number that the evidence is about; `weight` is in bits, of movement in points."""


def write_evidence(night: Night, path: Path) -> int:
    """Write the evidence of all labels, label by label and by number within each, and return the count of rows."""
    import pandas as pd
    import pyarrow as pa

    from circlegraph.tables import table_writer

    schema = pa.schema([(name, pa.float64() if name in FIGURES else pa.string()) for name in COLUMNS])
    rows = 0
    with table_writer(path, schema) as write:
        for label in (_second_numbers, _families, _managers, _movement):
            parts = [part.reindex(columns=list(COLUMNS)) for part in label(night)]
            if parts:
                frame = pd.concat(parts, ignore_index=True)
                frame = frame.sort_values(["number", "other", "evidence"], kind="stable", na_position="first")
                write(pa.Table.from_pandas(night.mask.on(frame), schema=schema, preserve_index=False))
                rows += len(frame)
    return rows


def _second_numbers(night: Night) -> Iterator[pd.DataFrame]:
    pairs, weights = (night.frame("second_numbers", name) for name in ("pairs", "weights"))
    cannot_tell = night.frame("second_numbers", "cannot_tell")
    if pairs is None or cannot_tell is None:
        return
    names = {"second_number": "other"}
    best = pairs[(pairs["rank"] == 1) | pairs.accepted].rename(columns=names)
    yield best[["number", "other", "reason"]].assign(label="dual_sim")
    yield cannot_tell[["number", "reason"]].assign(label="dual_sim")
    if weights is not None:
        shown = weights.rename(columns=names).merge(best[["number", "other"]])
        yield shown.assign(label="dual_sim")


def _families(night: Night) -> Iterator[pd.DataFrame]:
    """Members, and the ties inside the families with what each piece of evidence adds, seen from both ends."""
    members, pairs, weights = (night.frame("families", name) for name in ("members", "pairs", "weights"))
    if members is None or pairs is None or weights is None:
        return
    yield members[["number", "reason"]].assign(label="family")
    family = members.set_index("number").family_id
    for rows in (pairs[["number_a", "number_b", "reason"]], weights):
        inside = rows[family.reindex(rows.number_a).to_numpy() == family.reindex(rows.number_b).to_numpy()]
        for number, other in (("number_a", "number_b"), ("number_b", "number_a")):
            yield inside.rename(columns={number: "number", other: "other"}).assign(label="family")


def _managers(night: Night) -> Iterator[pd.DataFrame]:
    """Why those who approached a number are taken for account managers."""
    managers, contacts = night.frame("managers", "managers"), night.frame("managers", "contacts")
    if managers is None or contacts is None:
        return
    why = contacts[["number", "manager"]].merge(
        managers[["number", "reason"]].rename(columns={"number": "manager"})
    )
    yield why.rename(columns={"manager": "other"}).assign(label="manager")


def _movement(night: Night) -> Iterator[pd.DataFrame]:
    """Indicators that fired, with figures and points."""
    weeks = night.frame("movement", "weeks")
    if weeks is None:
        return
    weeks = weeks[weeks.week == weeks.week.max()]
    yield weeks.loc[weeks.reason != "", ["number", "reason"]].assign(label="movement")
    told = weeks.loc[weeks.reason != "", ["number", "known_points"]].rename(columns={"known_points": "value"})
    yield told.assign(label="movement", evidence=RESTS_ON)
    points = points_in_use(night)
    weeks = weeks[weeks.fired != ""].reset_index(drop=True)
    each = weeks[["number"]].assign(label="movement", evidence=weeks.fired.str.split(",")).explode("evidence")
    for figure, part in each.groupby("evidence", sort=False):
        value = weeks.loc[part.index, figure].to_numpy()
        yield part.assign(value=value, weight=[points_of(points, str(figure), one) for one in value])


def points_of(points: object, figure: str, value: float) -> float:
    """Points that an indicator gave for its figure."""
    if figure == "approaches":
        figure = "approached_again" if value >= 2 else "approached_once"
    return float(getattr(points, figure))
