"""Forms of CDR files: the canonical columns as Parquet or CSV, and the forms of other tools."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from circlegraph.synth.files import replacing, write_parquet


class Form(Protocol):
    """Writes days into a folder; `write` may be called from several threads, `finish` is called once."""

    def write(self, name: str, table: Any) -> None:
        """Write one table of records under a name such as ``2025-09-01``."""

    def finish(self) -> None:
        """Complete what needs all days."""


class Parquet:
    """Canonical columns, one Parquet file a day."""

    def __init__(self, folder: Path, own: Any) -> None:
        self.folder = folder
        self.own = own

    def write(self, name: str, table: Any) -> None:
        """Write one day."""
        write_parquet(self.folder / f"{name}.parquet", [table])

    def finish(self) -> None:
        """Nothing is left to do."""


class Csv(Parquet):
    """Canonical columns as CSV, one file a day, optionally compressed."""

    suffix = "csv"

    def write(self, name: str, table: Any) -> None:
        """Write one day."""
        write_csv(self.folder / f"{name}.{self.suffix}", table)


class CsvGz(Csv):
    """Canonical columns as compressed CSV."""

    suffix = "csv.gz"


def write_csv(path: Path, table: Any) -> None:
    """Write a table as CSV with a header; times as ``2025-09-01 13:05:59``."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    columns = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_timestamp(column.type):
            column = pc.strftime(column.cast(pa.timestamp("s")), format="%Y-%m-%d %H:%M:%S")
        elif pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        columns[name] = column
    options = csv.WriteOptions(quoting_style="needed")
    with replacing(path) as temporary:
        if path.suffix == ".gz":
            with pa.CompressedOutputStream(str(temporary), "gzip") as stream:
                csv.write_csv(pa.table(columns), stream, options)
        else:
            csv.write_csv(pa.table(columns), temporary, options)


FORMS: dict[str, Callable[[Path, Any], Form]] = {"parquet": Parquet, "csv": Csv, "csv.gz": CsvGz}
