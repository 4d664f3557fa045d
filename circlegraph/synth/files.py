"""Whole files or none: written beside their place, then moved there, readable by the owner alone."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PLAIN_COLUMNS = {"caller", "callee", "caller_imei", "callee_imei", "forwarded_to", "number", "second_number"}
"""Columns of mostly different texts, for which a Parquet dictionary costs more than it saves."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder that takes the place of ``path`` when all went well."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        yield temporary
        temporary.chmod(0o600)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_parquet(path: Path, tables: Iterable[Any]) -> None:
    """Write tables of one schema, one row group each."""
    import pyarrow.parquet as pq

    with replacing(path) as temporary:
        writer = None
        for table in tables:
            if writer is None:
                coded = [name for name in table.column_names if name not in PLAIN_COLUMNS]
                writer = pq.ParquetWriter(
                    temporary, table.schema, compression="zstd", compression_level=1, use_dictionary=coded
                )
            writer.write_table(table)
        if writer is not None:
            writer.close()


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write one JSON object."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_csv(path: Path, table: Any) -> None:
    """Write a table as CSV with a header, compressed if the name ends in ``.gz``."""
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
    options = csv.WriteOptions(quoting_style="none")
    with replacing(path) as temporary:
        if path.suffix == ".gz":
            with pa.CompressedOutputStream(str(temporary), "gzip") as stream:
                csv.write_csv(pa.table(columns), stream, options)
        else:
            csv.write_csv(pa.table(columns), temporary, options)
