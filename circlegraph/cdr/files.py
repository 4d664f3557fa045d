"""The files and tables of an input: found, opened at the head only, recognised."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from circlegraph.cdr.clocks import ClockRule, decide_clock
from circlegraph.cdr.events import CALL, FORWARD, SMS
from circlegraph.cdr.odd_times import names_a_day
from circlegraph.cdr.paths import listed
from circlegraph.cdr.recognise import recognise
from circlegraph.cdr.sightings import ROLES as SIGHTINGS
from circlegraph.cdr.sniff import Sniffed, sniff
from circlegraph.cdr.tables import as_table, parquet_file, time_sample
from circlegraph.cdr.timerule import TimeRule, decide, parse_epoch
from circlegraph.cdr.words import DIRECTION_WORDS, KIND_MISSED, KIND_WORDS, Direction
from circlegraph.errors import InputError, SettingsError, UnknownFormError

_NAME_KINDS = {
    **dict.fromkeys(("sms", "text", "texts", "mms", "message", "messages"), SMS),
    **dict.fromkeys(("call", "calls", "voice"), CALL),
    **dict.fromkeys(("forward", "forwards", "forwarding"), FORWARD),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """How to read, the same for all files of an input.

    Attributes
    ----------
    epoch : int or None
        Seconds since 1970-01-01 at which relative times start.
    tz : str or None
        Zone that instants are moved to.
    country : (int, int)
        Home calling code and its digits; (0, 0) for no normalisation.
    block_size : int
        Bytes of CSV text in one chunk, about.
    sightings : bool
        Whether cells, handsets and targets of forwards are read too.
    """

    epoch: int | None = None
    tz: str | None = None
    country: tuple[int, int] = (86, 2)
    block_size: int = 1 << 24
    sightings: bool = False


@dataclass(frozen=True, slots=True)
class CdrFile:
    """One recognised file or table.

    Attributes
    ----------
    path : str
        Path as found, or "<table 1>" for a table of Python.
    form : str
        Name of the form.
    columns : mapping of role to column name
        Cells and handsets too, where the header has them.
    sniffed : Sniffed
        Container, compression, encoding, delimiter, header.
    bytes : int
    rows : int or None
        Known beforehand for Parquet and tables.
    time_rule : TimeRule
    clock_rule : ClockRule
    day : int or None
        Seconds since 1970-01-01 of the day that a folder's name tells, where no column does.
    kind : int or None
        Kind of every row where no column says it.
    owner : str or None
        The number whose file it is, in forms with one file per number.
    notes : tuple of str
        Decisions that the user should see.
    """

    path: str
    form: str
    columns: Mapping[str, str]
    sniffed: Sniffed
    bytes: int
    rows: int | None
    time_rule: TimeRule
    clock_rule: ClockRule
    day: int | None
    kind: int | None
    owner: str | None
    duration_unit: int
    kinds: Mapping[str, int]
    directions: Mapping[str, Direction]
    notes: tuple[str, ...] = ()

    @property
    def timed(self) -> bool:
        """Whether rows say when; those of a table of counts do not."""
        return "start" in self.columns or "date" in self.columns or self.day is not None

    def sha256(self) -> str:
        """Digest of the file's bytes, "" for a table; reads the file."""
        if not self.bytes:
            return ""
        with Path(self.path).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(slots=True)
class Found:
    """Files to read and files passed over, with the reason."""

    files: list[CdrFile] = field(default_factory=list)
    tables: dict[int, Any] = field(default_factory=dict)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def find(
    sources: Any, settings: Settings, form: str | None = None, columns: Mapping[str, str] | None = None
) -> Found:
    """Recognise paths, globs, folders and tables.

    Parameters
    ----------
    sources : path, table, or a sequence of them
    settings : Settings
    form, columns : see `circlegraph.cdr.recognise.recognise`

    Raises
    ------
    InputError
        A source is missing, empty or unreadable, or none holds CDRs.
    UnknownFormError
        A file that was named (not found in a folder) has no form.
    """
    found = Found()
    looked_into: set[int] = set()
    given = sources if isinstance(sources, Sequence) and not isinstance(sources, str | bytes) else [sources]
    seen: set[Path] = set()
    unknown: UnknownFormError | None = None
    for source in given:
        if not isinstance(source, str | Path):
            table = as_table(source)
            found.tables[len(found.files)] = table
            found.files.append(_table_file(table, len(found.tables), settings, form, columns))
            continue
        for path, named in listed(str(source)):
            real = path.resolve()
            if real in seen:
                found.skipped.append((str(path), "the same file is already listed"))
                continue
            seen.add(real)
            try:
                found.files.append(_path_file(path, settings, form, columns))
                if not named:
                    looked_into.add(len(found.files) - 1)
            except InputError as error:
                if named or not isinstance(error, UnknownFormError):
                    raise
                unknown = unknown or error
                found.skipped.append((str(path), "not a CDR file by its header"))
    if not found.files:
        names = ", ".join(str(source) for source in given) or "nothing"
        looked = f" (looked at {len(found.skipped)} files)" if found.skipped else ""
        why = unknown or "a header such as caller,callee,start,duration is needed"
        raise InputError(f"no CDR files in {names}{looked}; {why}")
    return _of_one_sort(found, looked_into)


def _of_one_sort(found: Found, looked_into: set[int]) -> Found:
    """Pass over tables of counts that a folder holds beside CDRs with times; refuse those that were named."""
    counts = [i for i, file in enumerate(found.files) if not file.timed]
    if not counts or len(counts) == len(found.files):
        return found
    for i in counts:
        if i not in looked_into:
            raise InputError(
                f"{found.files[i].path}: a table of counts without times cannot be read together with CDRs that "
                "have times; read them one by one"
            )
        found.skipped.append((found.files[i].path, "a table of counts without times, beside CDRs with times"))
    kept = [i for i in range(len(found.files)) if i not in counts]
    tables = {new: found.tables[old] for new, old in enumerate(kept) if old in found.tables}
    return Found([found.files[i] for i in kept], tables, found.skipped)


def _path_file(
    path: Path, settings: Settings, form: str | None, columns: Mapping[str, str] | None
) -> CdrFile:
    sniffed = sniff(path)
    size = path.stat().st_size
    if sniffed.container == "csv":
        return _described(str(path), path.name, sniffed, size, None, settings, form, columns, None)
    parquet = parquet_file(str(path))
    schema = parquet.schema_arrow
    sniffed = Sniffed("parquet", header=tuple(schema.names))
    return _described(
        str(path), path.name, sniffed, size, parquet.metadata.num_rows, settings, form, columns, parquet
    )


def _table_file(
    table: Any, number: int, settings: Settings, form: str | None, columns: Mapping[str, str] | None
) -> CdrFile:
    name = f"<table {number}>"
    sniffed = Sniffed("table", header=tuple(table.column_names))
    return _described(name, name, sniffed, 0, table.num_rows, settings, form, columns, table)


def _described(
    path: str,
    name: str,
    sniffed: Sniffed,
    size: int,
    rows: int | None,
    settings: Settings,
    form: str | None,
    columns: Mapping[str, str] | None,
    holder: Any,
) -> CdrFile:
    recognised = recognise(
        sniffed.header,
        path,
        form=form,
        columns=columns,
        values=lambda column: time_sample(path, {"start": column}, sniffed, holder),
    )
    matched = recognised.form
    roles, notes = _without_unreadable(recognised.columns, holder)
    notes += recognised.notes
    if sniffed.preamble:
        notes.append(f"{sniffed.preamble} lines before the header are passed over")
    if matched.owner_in_name and "owner" not in roles:
        notes.append("whose records these are is told by the file's name")
    day = None
    if "start" in roles and _are_clocks(time_sample(path, roles, sniffed, holder)):
        day = _day_of_folder(Path(path))
    if day is not None:
        roles["clock"] = roles.pop("start")
        notes.append("the day is told by the folder's name")
    timed = matched.timed
    dated = timed and day is None
    rule = decide(time_sample(path, roles, sniffed, holder), settings.epoch) if dated else TimeRule()
    # Beside times of day these are no seconds of a study, but days that nobody can read.
    if "date" in roles and rule.relative:
        rule = TimeRule()
    if "end" in roles:
        if _alike(rule, time_sample(path, {"start": roles["end"]}, sniffed, holder), settings.epoch):
            notes.append(
                f"calls last from {roles['start']!r} to {roles['end']!r}, as no column has durations"
            )
        else:
            del roles["end"]
    clock = (
        decide_clock(time_sample(path, {"start": roles["clock"]}, sniffed, holder))
        if "clock" in roles
        else ClockRule()
    )
    notes += [note for note in (rule.note, clock.note) if note]
    if not timed:
        notes.append("no times: each row stands for a count of calls, at unknown times")
    if "owner" not in roles and "direction" not in roles:
        notes += [
            f"column {roles[role]!r} is not used, as nothing says which end it belongs to; "
            f"if it is the caller's, add --map {role.replace('owner', 'caller')}={roles[role]}"
            for role in ("owner_cell", "owner_imei")
            if role in roles
        ]
    kind = None
    if "kind" not in roles and not _direction_tells_kind(matched.directions, roles):
        kind, note = _kind_of_file(Path(path), roles)
        notes.append(note)
    return CdrFile(
        path=path,
        form=matched.name,
        columns=roles,
        sniffed=sniffed,
        bytes=size,
        rows=rows,
        time_rule=rule,
        clock_rule=clock,
        day=day,
        kind=kind,
        owner=_stem(name) if matched.owner_in_name and "owner" not in roles else None,
        duration_unit=recognised.duration_unit,
        kinds={**KIND_WORDS, **matched.kinds},
        directions={**DIRECTION_WORDS, **matched.directions},
        notes=tuple(notes),
    )


def _are_clocks(sample: Sequence[str]) -> bool:
    """Tell whether most values are times of day alone."""
    return 2 * sum(":" in text and not names_a_day(text) for text in sample) > len(sample)


def _day_of_folder(path: Path) -> int | None:
    """Seconds of the day of a folder such as day=2024-01-31, or year=2024/month=1/day=31."""
    keys = dict(part.lower().split("=", 1) for part in path.parts[:-1] if "=" in part)
    parts = [keys.get(key, "").zfill(2) for key in ("year", "month", "day")]
    for text in ("".join(parts), *keys.values()):
        if re.fullmatch(r"\d{4}-?\d\d-?\d\d", text):
            with suppress(SettingsError):
                return parse_epoch(text)
    return None


def _alike(rule: TimeRule, ends: Sequence[str], epoch: int | None) -> bool:
    """Tell whether ends of calls are written as their starts are."""
    end = decide(ends, epoch)
    dated = end.layout != "odd" or 2 * sum(map(names_a_day, ends)) > sum(map(bool, ends))
    return dated and (end.layout, end.per_second, end.relative) == (
        rule.layout,
        rule.per_second,
        rule.relative,
    )


def _without_unreadable(roles: Mapping[str, str], holder: Any) -> tuple[dict[str, str], list[str]]:
    """Leave out columns of cells, handsets and targets whose type can hold none: they are not needed."""
    import pyarrow as pa

    if holder is None:
        return dict(roles), []
    schema = holder.schema if isinstance(holder, pa.Table) else holder.schema_arrow
    kinds = dict(zip(schema.names, schema.types, strict=True))
    types = {role: kinds[name] for role, name in roles.items() if role in SIGHTINGS}
    odd = [role for role, kind in types.items() if pa.types.is_nested(kind) or pa.types.is_temporal(kind)]
    notes = [f"column {roles[role]!r} is not used: a {types[role]} cannot be {role}" for role in odd]
    return {role: name for role, name in roles.items() if role not in odd}, notes


def _direction_tells_kind(directions: Mapping[str, Direction], roles: Mapping[str, str]) -> bool:
    return "direction" in roles and any(kind not in (None, KIND_MISSED) for _, kind in directions.values())


def _kind_of_file(path: Path, roles: Mapping[str, str]) -> tuple[int, str]:
    """Kind of all rows of a file without a column for it: by a name, else by what columns it has."""
    named = [*(folder.name for folder in path.parents if "=" in folder.name), path.parent.name]
    folders = [name.lower().split("=")[-1].split(".")[0] for name in named]  # others may lie there by chance
    for words, whose in (
        (re.findall(r"[a-z]+", path.name.lower()), "the file's name"),
        (["sms"] if "text" in roles and "duration" not in roles else [], "the texts in them"),
        (folders, "the folder's name"),  # such as sms.parquet/part-0.parquet and kind=sms/2024-01-31.csv
    ):
        for word in words:
            if word in _NAME_KINDS:
                kind = _NAME_KINDS[word]
                return (
                    kind,
                    f"no column of kinds: all rows are {('calls', 'texts', 'forwards')[kind]} by {whose}",
                )
    if "duration" in roles or "end" in roles:
        return CALL, "no column of kinds: all rows are calls, as durations are there"
    return (
        CALL,
        "no column of kinds or durations: all rows are calls of unknown length (a name with sms makes them texts)",
    )


def _stem(name: str) -> str:
    return name.split(".", 1)[0]
