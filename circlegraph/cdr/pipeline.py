"""Open an input and run its chunks through a pool of threads, in order and with bounded look-ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from circlegraph.cdr.chunks import Chunk, chunks
from circlegraph.cdr.clean import CleanChunk, clean
from circlegraph.cdr.events import Events
from circlegraph.cdr.files import CdrFile, Settings, find
from circlegraph.cdr.settle import settled
from circlegraph.cdr.sightings import Sightings
from circlegraph.cdr.timerule import check_zone, parse_epoch
from circlegraph.dialling import country_code
from circlegraph.numbers import TokenTable
from circlegraph.parallel import mapped

NEXT = "cg.inspect_cdr(cdr), cg.contact_circles(cdr, at), cg.Store.create(folder).append(cdr)"


@dataclass(frozen=True, slots=True, repr=False)
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

    def summary(self) -> dict[str, str]:
        """Say what was recognised, in a few words and figures, and nothing of what the rows hold."""
        forms = Counter(file.form for file in self.files)
        mapped = {f"{role}={column}" for file in self.files for role, column in file.columns.items()}
        rows = sum(file.rows or 0 for file in self.files)
        return {
            "files": f"{len(self.files):,}, {sum(file.bytes for file in self.files) / 1e6:,.1f} MB",
            "rows": f"{rows:,}" if all(file.rows is not None for file in self.files) else "not counted yet",
            "form": ", ".join(f"{form} ({count})" for form, count in forms.items()),
            "columns": ", ".join(sorted(mapped)),
            "skipped": f"{len(self.skipped):,} files",
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(["CDRs, recognised", *lines, f"  next: {NEXT}"])

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card("CDRs, recognised", self.summary(), NEXT)

    @property
    def timed(self) -> bool:
        """Whether the events have times; a table of counts has none."""
        return all(file.timed for file in self.files)

    @property
    def durations(self) -> bool:
        """Whether any file says how long calls last."""
        return any("duration" in file.columns or "end" in file.columns for file in self.files)

    def with_sightings(self) -> Cdr:
        """The same input, of which cells, handsets and targets of forwards are to be read too."""
        return replace(self, settings=replace(self.settings, sightings=True))


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
    """Recognise CDR files by their headers and first rows; more is read only of dates that these leave open.

    Parameters
    ----------
    sources : path, glob, folder or table, or a sequence of them
        Tables are pandas, Polars or Arrow.
    form : str, optional
        Form of all sources, instead of recognising it.
    columns : mapping of role to column name, optional
        Such as ``{"caller": "From"}``; on top of what the form finds.
    epoch : date, optional
        When relative times start: counts of seconds below 10**8. Those from there on count since 1970-01-01.
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
    return Cdr(settled(found, settings), found.skipped, settings, found.tables)


def clean_chunks(
    cdr: Cdr, threads: int = 2, then: Callable[[Events, Sightings], None] | None = None
) -> Iterator[CleanChunk]:
    """Clean all chunks with a pool of threads.

    Parameters
    ----------
    cdr : Cdr
    threads : int, default 2
        Two chunks per thread are held at most.
    then : callable, optional
        Takes the events and sightings in the worker's thread, in no certain order; the chunks yielded then
        hold none.

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

    def cleaned(chunk: Chunk) -> tuple[Chunk, CleanChunk]:
        return chunk, clean(chunk, then, table)

    for chunk, result in mapped(cleaned, cdr.chunks(), threads):
        base = 0 if chunk.first_line else lines[chunk.index]
        lines[chunk.index] += result.lines
        rejected = (
            [replace(row, line=row.line + base) for row in result.rejected] if base else result.rejected
        )
        yield replace(result, rejected=rejected, tokens=table.add(result.tokens))
