"""What each label rests on: one row per number, label and piece of evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING

from circlegraph.detect.weekly_movement.points import FIGURES as INDICATORS
from circlegraph.nightly.stage_movement import points_in_use
from circlegraph.spill import give_back

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from circlegraph.nightly.night import Night

FIGURES = ("value", "weight")
WEIGHT = ("evidence", *FIGURES)
PIECE_ROWS = 2_000_000
"""Rows of the weights of families to which the numbers are cut."""
RESTS_ON = "known_points"
"""Points that what is known could have given: what a level of movement rests on."""
COLUMNS = ("number", "label", "other", "evidence", *FIGURES, "reason")
"""`other` is the number that the evidence is about; `weight` is in bits, of movement in points."""


Filters = list[tuple[str, str, str]] | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the numbers, as they stand in the results: from the first on and before the last; None for no bound."""

    first: str | None = None
    last: str | None = None

    def rows(self, column: str) -> Filters:
        """Filter for the rows of these numbers."""
        bounds = ((">=", self.first), ("<", self.last))
        return [(column, sign, bound) for sign, bound in bounds if bound is not None] or None


def pieces(night: Night) -> list[Piece]:
    """Cut the numbers so that the ties of each piece fit into memory."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    home = night.folder / "families"
    if "families" not in night.stages or not (home / "weights.parquet").exists():
        return [Piece()]
    count = pq.read_metadata(home / "weights.parquet").num_rows // PIECE_ROWS
    numbers = pq.read_table(home / "members.parquet", columns=["number"])["number"]
    numbers = numbers.take(pc.sort_indices(numbers))
    bounds = [numbers[len(numbers) * i // (count + 1)].as_py() for i in range(1, count + 1) if len(numbers)]
    return [Piece(*edges) for edges in pairwise([None, *bounds, None])]


def write_evidence(night: Night, path: Path) -> int:
    """Write the evidence of all labels, label by label and by number within each, and return the count of rows."""
    import pyarrow as pa

    from circlegraph.tables import table_writer

    schema = pa.schema([(name, pa.float64() if name in FIGURES else pa.string()) for name in COLUMNS])
    rows = 0
    with table_writer(path, schema) as write:
        for label, piece in product((_second_numbers, _families, _managers, _movement), pieces(night)):
            table = _table(night, label(night, piece), schema)
            write(table)
            rows += len(table)
            del table
            give_back()  # what the piece needed
    return rows


def _table(night: Night, parts: Iterable[pd.DataFrame], schema: pa.Schema) -> pa.Table:
    """Rows of a label for some numbers, by number."""
    import pandas as pd
    import pyarrow as pa

    told = [part.reindex(columns=list(COLUMNS)) for part in parts]
    if not told:
        return schema.empty_table()
    frame = pd.concat(told, ignore_index=True)
    told.clear()
    frame = frame.sort_values(["number", "other", "evidence"], kind="stable", na_position="first")
    return pa.Table.from_pandas(night.mask.on(frame), schema=schema, preserve_index=False)


def _rows(
    night: Night, stage: str, name: str, piece: Piece, columns: tuple[str, ...], by: str = "number"
) -> pd.DataFrame | None:
    """Rows of a piece of a table of the night; None where there is no such table."""
    path = night.folder / stage / f"{name}.parquet"
    return night.read(path, columns, piece.rows(by)) if stage in night.stages and path.exists() else None


def _second_numbers(night: Night, piece: Piece) -> Iterator[pd.DataFrame]:
    told = ("number", "second_number", "rank", "accepted", "reason")
    pairs = _rows(night, "second_numbers", "pairs", piece, told)
    cannot_tell = _rows(night, "second_numbers", "cannot_tell", piece, ("number", "reason"))
    weights = _rows(night, "second_numbers", "weights", piece, ("number", "second_number", *WEIGHT))
    if pairs is None or cannot_tell is None:
        return
    names = {"second_number": "other"}
    best = pairs[(pairs["rank"] == 1) | pairs.accepted].rename(columns=names)
    yield best[["number", "other", "reason"]].assign(label="dual_sim")
    yield cannot_tell.assign(label="dual_sim")
    if weights is not None:
        shown = weights.rename(columns=names).merge(best[["number", "other"]])
        yield shown.assign(label="dual_sim")


def _families(night: Night, piece: Piece) -> Iterator[pd.DataFrame]:
    """Members, and the ties inside the families with what each piece of evidence adds, seen from both ends."""
    members = _rows(night, "families", "members", piece, ("number", "reason"))
    everybody = night.frame("families", "members", ("number", "family_id"))
    if members is None or everybody is None:
        return
    yield members.assign(label="family")
    family = everybody.set_index("number").family_id
    ends = ("number_a", "number_b")
    for table, columns in (("pairs", ("reason",)), ("weights", WEIGHT)):
        for number, other in (ends, ends[::-1]):
            rows = _rows(night, "families", table, piece, (*ends, *columns), number)
            if rows is not None:
                inside = family.reindex(rows.number_a).to_numpy() == family.reindex(rows.number_b).to_numpy()
                yield rows[inside].rename(columns={number: "number", other: "other"}).assign(label="family")


def _managers(night: Night, piece: Piece) -> Iterator[pd.DataFrame]:
    """Why those who approached a number are taken for account managers."""
    managers = night.frame("managers", "managers", ("number", "reason"))
    contacts = _rows(night, "managers", "contacts", piece, ("number", "manager"))
    if managers is None or contacts is None:
        return
    why = contacts.merge(managers.rename(columns={"number": "manager"}))
    yield why.rename(columns={"manager": "other"}).assign(label="manager")


def _movement(night: Night, piece: Piece) -> Iterator[pd.DataFrame]:
    """Indicators that fired, with figures and points."""
    told = ("number", "week", *INDICATORS, RESTS_ON, "fired", "reason")
    weeks = _rows(night, "movement", "weeks", piece, told)
    if weeks is None:
        return
    weeks = weeks[weeks.week == weeks.week.max()]
    yield weeks.loc[weeks.reason != "", ["number", "reason"]].assign(label="movement")
    known = weeks.loc[weeks.reason != "", ["number", RESTS_ON]].rename(columns={RESTS_ON: "value"})
    yield known.assign(label="movement", evidence=RESTS_ON)
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
