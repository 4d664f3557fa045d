"""Options that several commands share."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from circlegraph.errors import InputError, NobodyListedWarning, SettingsError

if TYPE_CHECKING:
    from circlegraph.cdr.pipeline import Cdr
    from circlegraph.graph.network import Network
    from circlegraph.resources import Resources

READING = "How to read the CDRs"
RUNNING = "How to run"

Cdrs: TypeAlias = Annotated[
    list[str],
    typer.Argument(metavar="CDR...", help="CDR files, globs or folders: CSV (.gz, .zst) or Parquet."),
]
Form: TypeAlias = Annotated[
    str | None, typer.Option(help="Form of the files, instead of recognising it.", rich_help_panel=READING)
]
Map: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ROLE=COLUMN,...",
        help="Columns by role, e.g. caller=From,callee=To; may be repeated.",
        rich_help_panel=READING,
    ),
]
Epoch: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="Where relative times start: counts of seconds below 10**8; others count since 1970.",
        rich_help_panel=READING,
    ),
]
Zone: TypeAlias = Annotated[
    str | None,
    typer.Option("--tz", metavar="ZONE", help="Zone to show instants in.", rich_help_panel=READING),
]
Country: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="CODE",
        help="Home calling code: +44 20..., 004420..., 4420... and 020... are one number. By default that of the "
        "--plan's region, else 86; '' leaves numbers as they are.",
        rich_help_panel=READING,
    ),
]
Subscribers: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="F", help="Table of the own network's numbers (column number).", rich_help_panel=READING
    ),
]
Own: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="OPERATOR",
        help="Own operator by the numbering plan; may be repeated.",
        rich_help_panel=READING,
    ),
]
Plan: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="F|REGION",
        help="Numbering plan: CSV (prefix, operator) or two letters such as GB; China's by default for country 86.",
        rich_help_panel=READING,
    ),
]
Ported: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="F", help="Table of ported numbers (number, operator).", rich_help_panel=READING),
]
Rejects: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="F", help="CSV file for rejected rows, with file, line and reason.", rich_help_panel=READING
    ),
]
Threads: TypeAlias = Annotated[
    int | None, typer.Option(min=1, help="Threads; all processors by default.", rich_help_panel=RUNNING)
]
MemoryLimit: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE", help="Stay below this, e.g. 4GB, with temporary files.", rich_help_panel=RUNNING
    ),
]
Quiet: TypeAlias = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress.", rich_help_panel=RUNNING)
]
Debug: TypeAlias = Annotated[
    bool, typer.Option("--debug", help="Show where an error comes from.", rich_help_panel=RUNNING)
]


def open_cdrs(
    paths: list[str],
    form: str | None,
    columns: list[str] | None,
    epoch: str | None,
    tz: str | None,
    country: str,
) -> Cdr:
    """Recognise the CDR files named on the command line."""
    from circlegraph.cdr.pipeline import open_cdr

    return open_cdr(paths, form=form, columns=parse_map(columns), epoch=epoch, tz=tz, country=country or None)


def check_outputs(cdr: Cdr | None, *outputs: Path | None, tables: Sequence[Path | str | None] = ()) -> None:
    """Refuse results that cannot be written, or would replace the CDR files, the tables read, or each other."""
    taken = {Path(table).resolve(): "it is one of the tables read" for table in tables if table is not None}
    for file in cdr.files if cdr is not None else ():
        taken[Path(file.path).resolve()] = "it is one of the CDR files"
    for path in outputs:
        if path is None:
            continue
        reason = taken.setdefault(path.resolve(), "")
        if reason:
            raise SettingsError(f"{path}: not written, as {reason}; name another file")
        taken[path.resolve()] = "another result goes there"
        _check_place(path)


def _check_place(path: Path) -> None:
    """Say before the work begins that a result cannot be written."""
    folder = path.absolute().parent
    if path.is_dir():
        raise InputError(f"{path}: cannot be written, it is a folder; name a file in it")
    if not folder.is_dir():
        raise InputError(f"{path}: cannot be written, there is no folder {path.parent}; make it first")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"{path}: cannot be written, the folder {path.parent} is closed to you")


def need_own_numbers() -> None:
    """Let the command end with one line where none of the listed subscribers is in the data."""
    warnings.simplefilter("error", NobodyListedWarning)


def say_skipped(cdr: Cdr) -> None:
    """Name on the error stream the files that were passed over."""
    for path, reason in cdr.skipped:
        typer.echo(f"circlegraph: {path}: skipped, {reason}", err=True)


def parse_map(texts: list[str] | None) -> dict[str, str] | None:
    """Columns by role from texts such as ``role=column,role=column``.

    Examples
    --------
    >>> parse_map(["caller=From, callee=To", "start=When"])
    {'caller': 'From', 'callee': 'To', 'start': 'When'}
    """
    if not texts:
        return None
    text = ",".join(texts)
    columns: dict[str, str] = {}
    for pair in text.split(","):
        role, _, column = map(str.strip, pair.partition("="))
        if not role or not column:
            raise SettingsError(f"--map {text!r} is not of the form role=column,role=column")
        if role in columns:
            raise SettingsError(f"--map names {role} twice; give each role one column")
        columns[role] = column
    return columns


def own_network(
    subscribers: Path | None, own: list[str] | None, plan: str | None, ported: Path | None, country: str
) -> Network:
    """Own network from a table of subscribers or from operators of the numbering plan."""
    from circlegraph.graph.network import Network
    from circlegraph.operators import NumberingPlan
    from circlegraph.tables import read_table

    moved: dict[str, str] = {}
    if ported is not None:
        table = read_table(ported, ("number", "operator"))
        columns = (table[name].to_pylist() for name in ("number", "operator"))
        moved = {str(number): str(name) for number, name in zip(*columns, strict=True)}
    chosen = NumberingPlan.of(plan, moved, country or None)
    return Network.of(subscribers, own or (), chosen, country or None)


def run_resources(threads: int | None, memory_limit: str | None, quiet: bool) -> Resources:
    """Threads, memory and progress bars; bars only where the error stream is a terminal."""
    from circlegraph.cli.progress import progress_bar
    from circlegraph.parallel import default_threads
    from circlegraph.resources import Resources, parse_size

    given: dict[str, Any] = {}
    if not quiet:
        given["progress"] = progress_bar()
    limit = parse_size(memory_limit) if memory_limit else None
    return Resources(threads=threads or default_threads(), memory_limit=limit, **given)
