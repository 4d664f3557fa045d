"""Open an input and run its chunks through a pool of threads, in order and with bounded look-ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from circlegraph.cdr.chunks import Chunk, chunks
from circlegraph.cdr.clean import CleanChunk, clean
from circlegraph.cdr.files import CdrFile, Settings, find
from circlegraph.cdr.timerule import check_zone, parse_epoch
from circlegraph.numbers import TokenTable, country_code


@dataclass(frozen=True, slots=True)
class Cdr:
    """A recognised input, not read yet.

    Attributes
    ----------
    files : list of CdrFile
    skipped : list of (path, reason)
        Files of a folder that are no CDRs, and files listed twice.
    settings : Settings
    """

    files: list[CdrFile]
    skipped: list[tuple[str, str]]
    settings: Settings
    tables: Mapping[int, Any] = field(default_factory=dict)

    def chunks(self) -> Iterator[Chunk]:
        """All chunks, file by file, in the order of the rows; lazy."""
        for index, file in enumerate(self.files):
            yield from chunks(index, file, self.settings, self.tables.get(index))


def open_cdr(
    sources: Any,
    *,
    form: str | None = None,
    columns: Mapping[str, str] | None = None,
    epoch: object = None,
    tz: str | None = None,
    country: str | None = "86",
    block_size: int = 1 << 24,
) -> Cdr:
    """Recognise CDR files by their headers; nothing else is read yet.

    Parameters
    ----------
    sources : path, glob, folder or table, or a sequence of them
        Tables are pandas, Polars or Arrow.
    form : str, optional
        Form of all sources, instead of recognising it.
    columns : mapping of role to column name, optional
        Such as ``{"caller": "From"}``; on top of what the form finds.
    epoch : date, optional
        When relative times start; all times that are plain counts are then seconds since that date.
    tz : str, optional
        Zone to move instants to (times with an offset, counts since 1970-01-01).
    country : str, optional
        Home calling code for the normalisation of numbers; None leaves numbers as they are.
    block_size : int, default 16 MiB
        Bytes of CSV text that one chunk holds, about.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"caller": ["13800138000"], "callee": ["300"], "start": ["2024-01-31 08:00:00"]})
    >>> cdr = open_cdr(table)
    >>> cdr.files[0].form, [len(part.events) for part in clean_chunks(cdr)]
    ('canonical', [1])

    Raises
    ------
    InputError, UnknownFormError
        A source cannot be used.
    SettingsError
        An argument makes no sense.
    """
    settings = Settings(parse_epoch(epoch), check_zone(tz), country_code(country), block_size)
    found = find(sources, settings, form, columns)
    return Cdr(found.files, found.skipped, settings, found.tables)


def clean_chunks(cdr: Cdr, threads: int = 2) -> Iterator[CleanChunk]:
    """Clean all chunks with a pool of threads.

    Parameters
    ----------
    cdr : Cdr
    threads : int, default 2
        Two chunks per thread are held at most.

    Yields
    ------
    CleanChunk
        In the order of the input whatever the number of threads, with line numbers of the file and with
        tokens that no earlier chunk had.

    Raises
    ------
    InputError
        A file turns out to be damaged; what was read of it so far must not be used.
    """
    table = TokenTable()
    lines = {index: file.sniffed.first_line for index, file in enumerate(cdr.files)}
    for chunk, cleaned in _in_order(cdr.chunks(), threads):
        base = 0 if chunk.first_line else lines[chunk.index]
        lines[chunk.index] += cleaned.lines
        rejected = (
            [replace(row, line=row.line + base) for row in cleaned.rejected] if base else cleaned.rejected
        )
        yield replace(cleaned, rejected=rejected, tokens=table.add(cleaned.tokens))


def _in_order(source: Iterator[Chunk], threads: int) -> Iterator[tuple[Chunk, CleanChunk]]:
    if threads <= 1:
        for chunk in source:
            yield chunk, clean(chunk)
        return
    waiting: deque[tuple[Chunk, Future[CleanChunk]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for chunk in source:
                waiting.append((chunk, pool.submit(clean, chunk)))
                if len(waiting) >= 2 * threads:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()
