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
