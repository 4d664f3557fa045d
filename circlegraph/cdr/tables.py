"""Parquet files and tables of Python: opened, and sampled for their times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from circlegraph.cdr.sniff import Sniffed
from circlegraph.cdr.timerule import from_magnitude
from circlegraph.errors import InputError


def time_sample(path: str, roles: Mapping[str, str], sniffed: Sniffed, holder: Any) -> list[str]:
    """First values of the column of times, or least and greatest where a Parquet file tells and they agree.

    Raises
    ------
    InputError
        If a Parquet file turns out to be damaged.
    """
    import pyarrow as pa

    name = roles.get("start", roles.get("date", ""))
    if sniffed.container == "csv":
        at = sniffed.header.index(name)
        return [row[at] for row in sniffed.sample if len(row) == len(sniffed.header)]
    if sniffed.container == "parquet":
        try:
            return _parquet_sample(holder, name)
        except (pa.ArrowInvalid, OSError) as error:
            raise _damaged(path) from error
    column = holder.column(name)
    return _texts_of((column.drop_null() if column.null_count else column).slice(0, 1000))


def _parquet_sample(parquet: Any, name: str) -> list[str]:
    import pyarrow as pa

    if not pa.types.is_integer(parquet.schema_arrow.field(name).type):
        batch = next(parquet.iter_batches(batch_size=1000, columns=[name], use_threads=False), None)
        return [] if batch is None else _texts_of(batch.column(0))
    metadata = parquet.metadata
    at = next((i for i in range(metadata.num_columns) if metadata.schema.column(i).path == name), None)
    limits: list[str] = []
    for group in range(metadata.num_row_groups if at is not None else 0):
        statistics = metadata.row_group(group).column(at).statistics
        if statistics is not None and statistics.has_min_max:
            limits += [str(int(statistics.min)), str(int(statistics.max))]
    if len({from_magnitude(abs(int(limit))) for limit in limits}) == 1:
        return limits
    batch = next(parquet.iter_batches(batch_size=1000, columns=[name], use_threads=False), None)
    return limits if batch is None or batch.column(0).null_count == len(batch) else _texts_of(batch.column(0))


def _texts_of(column: Any) -> list[str]:
    import pyarrow as pa

    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return []
    return ["" if value is None else str(value) for value in column.to_pylist()]


def as_table(source: Any) -> Any:
    """Turn a pandas, Polars or Arrow table into an Arrow table.

    Raises
    ------
    InputError
        It is none of them.
    """
    import pyarrow as pa

    if isinstance(source, pa.Table):
        return source
    if isinstance(source, pa.RecordBatch):
        return pa.Table.from_batches([source])
    if type(source).__module__.startswith("pandas") and hasattr(source, "columns"):
        return _from_pandas(source)
    if hasattr(source, "__arrow_c_stream__"):
        with suppress(pa.ArrowInvalid):  # a single column
            return pa.table(source)
    raise InputError(
        f"cannot read CDRs from a {type(source).__name__}; give a path or a pandas, Polars or Arrow table"
    )


def _from_pandas(frame: Any) -> Any:
    import pyarrow as pa

    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError):
        mixed = [name for name in frame.columns if frame[name].ndim > 1 or not _converts(frame[name])]
    # Raised outside the handler: Arrow's message quotes the value, which may be a number.
    raise InputError(
        f"a table of pandas: column {', '.join(map(repr, dict.fromkeys(mixed)))} holds values of several types or "
        "is there twice; make it one column of text with .astype(str)"
    )


def _converts(series: Any) -> bool:
    import pyarrow as pa

    try:
        pa.array(series, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError):
        return False
    return True


def parquet_file(path: str, labels: Sequence[str] = ()) -> Any:
    """Open a Parquet file, its footer parsed once per process.

    Parameters
    ----------
    path : str
    labels : sequence of str
        Columns of few distinct texts, to be read as codes.

    Raises
    ------
    InputError
        The file is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        status = Path(path).stat()
        metadata = _parquet_footer(path, status.st_mtime_ns, status.st_size)
        return pq.ParquetFile(path, metadata=metadata, memory_map=True, read_dictionary=list(labels))
    except (pa.ArrowInvalid, OSError) as error:
        raise _damaged(path) from error


def _damaged(path: str) -> InputError:
    return InputError(f"{path}: damaged or truncated Parquet file; write it again")


@lru_cache(maxsize=256)
def _parquet_footer(path: str, modified: int, size: int) -> Any:  # noqa: ARG001
    import pyarrow.parquet as pq

    return pq.read_metadata(path)
