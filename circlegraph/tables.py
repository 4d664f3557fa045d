"""Read and write the tables beside the CDRs: subscribers, results; CSV or Parquet by the suffix."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.errors import InputError, SettingsError

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES = (".parquet", ".csv")


def read_table(path: str | Path, required: tuple[str, ...]) -> pa.Table:
    """Read a CSV (every column as text) or Parquet table.

    Raises
    ------
    InputError
        If the file is missing, empty or damaged, or lacks a required column.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    path = Path(path)
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            table = pyarrow.parquet.read_table(path)
        else:
            with pyarrow.csv.open_csv(path) as reader:
                text = {name: pa.string() for name in reader.schema.names}
            table = pyarrow.csv.read_csv(path, convert_options=pyarrow.csv.ConvertOptions(column_types=text))
    except FileNotFoundError as error:
        raise InputError(f"{path}: there is no such file") from error
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: cannot be read as a table ({_without_rows(error)})") from error
    for name in required:
        if name not in table.column_names:
            near = get_close_matches(name, table.column_names, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            shown = ["<digits>" if sum(map(str.isdigit, n)) > 4 else n for n in table.column_names[:20]]
            raise InputError(f"{path}: there is no column {name!r}, only {', '.join(shown)}{hint}")
    return table


def _without_rows(error: Exception) -> str:
    """First line of a message of Arrow's, without the row that it quotes: that may hold a number."""
    line = str(error).split("\n", 1)[0]
    return re.sub(r"(Expected \d+ columns, got \d+):.*", r"\1 in a row", line)[:120]


def check_suffix(path: str | Path) -> Path:
    """Path of a result table, or an error if its suffix says neither CSV nor Parquet."""
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise SettingsError(f"{path}: the name of a result must end in .parquet or .csv")
    return path


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Path of a temporary file that takes the name `path` when the block ends without an error.

    The file is readable by its owner only.

    Raises
    ------
    InputError
        If the folder cannot be written to, or the disk is full.
    """
    path = Path(path)
    try:
        handle, name = tempfile.mkstemp(".tmp", f".{path.name}.", path.parent)  # made 0600
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error
    temporary = Path(name)
    try:
        yield temporary
        os.fsync(handle)
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        os.close(handle)
        temporary.unlink(missing_ok=True)


@contextmanager
def table_writer(path: str | Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], Any]]:
    """Write a CSV or Parquet table piece by piece; it appears as a whole when the block ends."""
    import pyarrow.csv
    import pyarrow.parquet

    path = check_suffix(path)
    with atomic_path(path) as temporary:
        if path.suffix.lower() == ".parquet":
            with pyarrow.parquet.ParquetWriter(temporary, schema, compression="zstd") as parquet:
                yield parquet.write_table
        else:
            with pyarrow.csv.CSVWriter(temporary, schema) as csv:
                yield csv.write_table
