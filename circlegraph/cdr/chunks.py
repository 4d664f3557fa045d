"""Chunks: what one worker reads and cleans at a time, described so that any worker can do it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr import sightings
from circlegraph.cdr.columns import Column, Texts, from_arrow
from circlegraph.cdr.files import CdrFile, Settings
from circlegraph.cdr.sniff import LONGEST_LINE, blocks, line_start
from circlegraph.cdr.tables import parquet_file
from circlegraph.errors import InputError
from circlegraph.numbers import readable

_GROUP_ROWS = 1 << 20
_PIECE_ROWS = 1 << 18


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one file.

    Attributes
    ----------
    index : int
        Place of the file in the input.
    file : CdrFile
    settings : Settings
    payload : tuple
        ("span", offset, size) of a plain CSV file, ("text", bytes), ("groups", row group numbers) of a
        Parquet file, or ("rows", record batch).
    first_line : int
        Number of the first line or row for tables; 0 for CSV text, whose lines are counted in passing.
    """

    index: int
    file: CdrFile
    settings: Settings
    payload: tuple[Any, ...]
    first_line: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """The columns of a chunk by role, and the rows that could not be cut.

    Attributes
    ----------
    count : int
        Rows that were cut.
    columns : mapping of role to Column
    line : int32[count] or None
        Line of each row, from the first of the chunk; None where row i is line i.
    place : int32[count]
        First byte of each row in ``text``; empty for tables.
    bad_line, bad_place : int32[m], bad_reason : uint8[m]
    lines : int
        Lines passed.
    text : uint8[bytes]
    """

    count: int
    columns: Mapping[str, Column]
    line: NDArray[np.int32] | None
    place: NDArray[np.int32]
    bad_line: NDArray[np.int32]
    bad_place: NDArray[np.int32]
    bad_reason: NDArray[np.uint8]
    lines: int
    text: NDArray[np.uint8]


# Roles that become events; those that become sightings are read only where they are asked for.
EVENT_ROLES = (
    "caller",
    "callee",
    "owner",
    "peer",
    "direction",
    "start",
    "date",
    "clock",
    "end",
    "duration",
    "kind",
    "count",
)

_FIGURES = ("start", "date", "clock", "end", "duration", "count")  # there are no quotes within these


def chunks(index: int, file: CdrFile, settings: Settings, table: Any = None) -> Iterator[Chunk]:
    """Chunks of one file in its order; nothing is read before it is asked for."""
    container = file.sniffed.container
    if container == "parquet":
        yield from _parquet_chunks(index, file, settings)
    elif container == "table":
        row = 1
        for batch in table.select(_names(file, settings)).to_batches(max_chunksize=_GROUP_ROWS):
            yield Chunk(index, file, settings, ("rows", batch), row)
            row += batch.num_rows
    elif file.sniffed.compression or file.sniffed.encoding != "utf-8":
        for text in blocks(Path(file.path), file.sniffed, settings.block_size):
            yield Chunk(index, file, settings, ("text", text))
    else:
        offset = file.sniffed.data_offset
        with Path(file.path).open("rb") as stream:
            while offset < file.bytes:
                stop = line_start(stream, offset + settings.block_size, file.bytes, LONGEST_LINE)
                yield Chunk(index, file, settings, ("span", offset, stop - offset))
                offset = stop


def _roles(file: CdrFile, settings: Settings) -> list[str]:
    wanted = (*EVENT_ROLES, *sightings.ROLES) if settings.sightings else EVENT_ROLES
    return [role for role in wanted if role in file.columns]


def _names(file: CdrFile, settings: Settings) -> list[str]:
    return list(dict.fromkeys(file.columns[role] for role in _roles(file, settings)))


def _labels(file: CdrFile, settings: Settings) -> list[str]:
    """Columns of few distinct texts, which Parquet can give as codes."""
    few = {"kind", "direction", *(role for role in sightings.ROLES if role.endswith("_cell"))}
    return [file.columns[role] for role in _roles(file, settings) if role in few]


def _parquet_chunks(index: int, file: CdrFile, settings: Settings) -> Iterator[Chunk]:
    """Neighbouring row groups of about a million rows together; larger groups are decoded batch by batch."""
    parquet = parquet_file(file.path, _labels(file, settings))
    row = 1
    groups: list[int] = []
    rows = 0
    for group in range(parquet.metadata.num_row_groups):
        size = parquet.metadata.row_group(group).num_rows
        if groups and rows + size > _GROUP_ROWS:
            yield Chunk(index, file, settings, ("groups", tuple(groups)), row)
            row, groups, rows = row + rows, [], 0
        if size > 4 * _GROUP_ROWS:
            for batch in parquet.iter_batches(
                _GROUP_ROWS, [group], _names(file, settings), use_threads=False
            ):
                yield Chunk(index, file, settings, ("rows", batch), row)
                row += batch.num_rows
        else:
            groups.append(group)
            rows += size
    if groups:
        yield Chunk(index, file, settings, ("groups", tuple(groups)), row)


def load(chunk: Chunk) -> Iterator[Rows]:
    """Read a chunk and cut it into columns, and tables into pieces whose columns fit the cache.

    Raises
    ------
    InputError
        The file changed, is damaged, or a column cannot hold what its role asks for.
    """
    what = chunk.payload[0]
    if what in ("groups", "rows"):
        table = _read_groups(chunk) if what == "groups" else chunk.payload[1]
        for begin in range(0, table.num_rows, _PIECE_ROWS):
            yield _table_rows(chunk, table.slice(begin, _PIECE_ROWS))
    elif what == "text":
        yield _text_rows(chunk, readable(np.frombuffer(chunk.payload[1], np.uint8)))
    else:
        _, offset, size = chunk.payload
        data = np.fromfile(chunk.file.path, np.uint8, size, offset=offset)
        if data.size != size:
            raise InputError(f"{chunk.file.path}: the file shrank while it was read")
        yield _text_rows(chunk, data)


def _read_groups(chunk: Chunk) -> Any:
    import pyarrow as pa

    try:
        return parquet_file(chunk.file.path, _labels(chunk.file, chunk.settings)).read_row_groups(
            list(chunk.payload[1]), columns=_names(chunk.file, chunk.settings), use_threads=False
        )
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{chunk.file.path}: damaged or truncated Parquet file; write it again") from error


def _table_rows(chunk: Chunk, table: Any) -> Rows:
    columns: dict[str, Column] = {}
    for role in _roles(chunk.file, chunk.settings):
        name = chunk.file.columns[role]
        try:
            columns[role] = from_arrow(table.column(name))
        except InputError as error:
            raise InputError(f"{chunk.file.path}: column {name!r} for {role}: {error}") from error
    none = np.empty(0, np.int32)
    return Rows(
        table.num_rows,
        columns,
        None,
        none,
        none,
        none,
        np.empty(0, np.uint8),
        table.num_rows,
        np.empty(0, np.uint8),
    )


def _text_rows(chunk: Chunk, data: NDArray[np.uint8]) -> Rows:
    from circlegraph.kernels.lines import split_rows

    header = chunk.file.sniffed.header
    names = _names(chunk.file, chunk.settings)
    slot = np.full(len(header), -1, np.int32)
    for place, name in enumerate(names):
        slot[header.index(name)] = place
    capacity = int(np.count_nonzero(data == 10)) + 1
    begin, end = np.empty((len(names), capacity), np.int32), np.empty((len(names), capacity), np.int32)
    line, place_of, bad_line, bad_place = (np.empty(capacity, np.int32) for _ in range(4))
    bad_reason = np.empty(capacity, np.uint8)
    delimiter = ord(chunk.file.sniffed.delimiter)
    good, bad, lines = split_rows(
        data, delimiter, len(header), slot, begin, end, line, place_of, bad_line, bad_place, bad_reason
    )
    columns: dict[str, Column] = {}
    for role in _roles(chunk.file, chunk.settings):
        at = names.index(chunk.file.columns[role])
        column = Texts(data, begin[at, :good], end[at, :good])
        columns[role] = column if role in _FIGURES else _with_quotes(column)
    return Rows(
        good,
        columns,
        line[:good],
        place_of[:good],
        bad_line[:bad],
        bad_place[:bad],
        bad_reason[:bad],
        lines,
        data,
    )


def _with_quotes(column: Texts) -> Texts:
    """The column with one quote where two stand for it; such fields are rare, and laid behind the others."""
    from circlegraph.kernels.lines import doubled_quotes

    rows = np.empty(column.begin.size, np.int64)
    rows = rows[: doubled_quotes(column.data, column.begin, column.end, rows)]
    if not rows.size:
        return column
    begin, end = column.begin.copy(), column.end.copy()
    fields = [bytes(column.data[begin[i] : end[i]]).replace(b'""', b'"') for i in rows]
    behind = column.data.size + np.cumsum([0, *map(len, fields)])
    begin[rows], end[rows] = behind[:-1], behind[1:]
    return Texts(np.concatenate((column.data, np.frombuffer(b"".join(fields), np.uint8))), begin, end)
