"""One night's work: what its stages share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.nightly.customer_tables import CustomerTables
from circlegraph.nightly.days import Span, StoreWindow
from circlegraph.nightly.manifest import StageManifest
from circlegraph.nightly.settings import Settings
from circlegraph.operators import NumberingPlan
from circlegraph.resources import Resources

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.graph.network import Network
    from circlegraph.nightly.privacy import Mask


@dataclass(frozen=True)
class Night:
    """What the stages of a night read and where they write.

    Attributes
    ----------
    settings
        The config.
    span
        The windows.
    stages
        Names of the stages of this night, in their order.
    resources
        Threads, memory, progress.
    mask
        Puts pseudonyms in the place of numbers in whatever is written, and takes them away in what is read back.
    tell
        Called with what somebody should know.
    """

    settings: Settings
    span: Span
    stages: tuple[str, ...]
    resources: Resources
    mask: Mask
    tell: Callable[[str], None]

    @property
    def date(self) -> str:
        """ISO date of the night."""
        return self.span.date

    @property
    def folder(self) -> Path:
        """Where the results of the night go."""
        return self.settings.folders.results / self.date

    @property
    def country(self) -> str | None:
        """Home calling code."""
        return self.settings.inputs.country or None

    @property
    def holidays(self) -> tuple[str, ...]:
        """Days off beside the weekends."""
        from circlegraph.detect.weekly_movement.holidays import CHINA

        told = self.settings.calendar.holidays
        return told if told is not None else CHINA if self.country == "86" else ()

    @cached_property
    def store(self) -> StoreWindow:
        """The contact store, as far as the windows reach."""
        return StoreWindow(self.settings.folders.store, self.span.first, self.date)

    @cached_property
    def network(self) -> Network:
        """The own network."""
        from circlegraph.graph.network import Network
        from circlegraph.tables import read_table

        told = self.settings.network
        moved: dict[str, str] = {}
        if told.ported is not None:
            table = read_table(told.ported, ("number", "operator"))
            columns = (table[name].to_pylist() for name in ("number", "operator"))
            moved = {str(number): str(name) for number, name in zip(*columns, strict=True)}
        plan = NumberingPlan.of(told.plan, moved, self.country)
        return Network.of(self.settings.tables.subscribers, told.own_operators, plan, self.country)

    def frame(self, stage: str, name: str, columns: Collection[str] | None = None) -> pd.DataFrame | None:
        """A table that a stage of this night wrote; None if there is no such stage, or it wrote no such table."""
        path = self.folder / stage / f"{name}.parquet"
        return self.read(path, columns) if stage in self.stages and path.exists() else None

    def previous(
        self, stage: str, name: str, columns: Collection[str] | None = None, filters: Any = None
    ) -> pd.DataFrame | None:
        """The same table of the last night before that has results of the stage, or the rows of a filter."""
        night = previous_night(self.settings.folders.results, self.date, stage)
        if night is None:
            return None
        path = self.settings.folders.results / night / stage / f"{name}.parquet"
        return self.read(path, columns, filters) if path.exists() else None

    def read(self, path: Path, columns: Collection[str] | None = None, filters: Any = None) -> pd.DataFrame:
        """Read back a table that `write` wrote; of it, such of some columns as are there, and the rows of a filter."""
        import pandas as pd
        import pyarrow.parquet as pq

        there = pq.read_schema(path).names
        chosen = there if columns is None else [name for name in there if name in columns]
        return self.mask.off(pd.read_parquet(path, columns=chosen, filters=filters))

    @cached_property
    def tables(self) -> CustomerTables:
        """The customer tables, without the rows that make no sense."""
        return CustomerTables(self.settings.tables, self.date, self.country)

    def write(
        self, path: Path, frame: pd.DataFrame, schema: Any = None, metadata: Mapping[str, str] | None = None
    ) -> None:
        """Write a table as CSV or Parquet by the suffix, with pseudonyms where they are wanted."""
        import pyarrow as pa

        from circlegraph.tables import table_writer

        table = pa.Table.from_pandas(self.mask.on(frame), schema=schema, preserve_index=False)
        table = table.replace_schema_metadata(dict(metadata or {}))
        with table_writer(path, table.schema) as write:
            write(table)

    def write_pieces(self, path: Path, pieces: Iterable[pd.DataFrame]) -> None:
        """Write a table that is made piece by piece, as `write` does; it has the columns of its first piece."""
        import pyarrow as pa

        from circlegraph.tables import table_writer

        rest = iter(pieces)
        first = pa.Table.from_pandas(self.mask.on(next(rest)), preserve_index=False).replace_schema_metadata(
            {}
        )
        for place, field in enumerate(first.schema):
            if pa.types.is_null(field.type):  # a later piece may have a text there
                first = first.set_column(place, field.name, first[field.name].cast(pa.string()))
        with table_writer(path, first.schema) as write:
            write(first)
            for piece in rest:
                write(pa.Table.from_pandas(self.mask.on(piece), schema=first.schema, preserve_index=False))


def nights(results: Path) -> list[str]:
    """ISO dates of the nights that there are results of."""
    return sorted(path.name for path in results.glob("????-??-??") if path.is_dir())


def previous_night(results: Path, date: str, stage: str) -> str | None:
    """The last night before a date with results of a stage."""
    earlier = [night for night in nights(results) if night < date]
    done = (night for night in reversed(earlier) if StageManifest.read(results / night / stage) is not None)
    return next(done, None)
