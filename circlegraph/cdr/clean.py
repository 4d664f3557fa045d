r"""Rows to events, each row that is no event rejected for a stated reason.

The rules, in the order in which they are tried:

==========================  ====================================================================
reason                      rule
==========================  ====================================================================
wrong number of fields      the line has more or fewer fields than the header
bad quoting                 a quote is left open on the line, or text follows a closing quote;
                            a field cannot hold a line end
empty number                caller or callee empty, or null, none, nan, na, n/a, \N, -, -1, or withheld:
                            unknown, private, anonymous, restricted, withheld, unavailable, blocked, no caller
unreadable number           a number that is no valid UTF-8, holds control characters, or was rounded (1.38E+10,
                            and floats with a fraction or from 2**53 on)
self call                   caller and callee are the same number
empty time                  no time
unparsable time             a time that is no date-time of the file's layout
time out of range           before 1900 or after 2199
unknown kind                the kind is no word or code of the form
unknown direction           the direction is no word or code of the form
unparsable duration         neither a number nor hh:mm:ss nor mm:ss nor in words (3m12s)
negative duration           below 0, other than -1
duration out of range       above 7 days
unparsable count            of a table of counts: empty or no whole number
count out of range          below 1 or above 2147483647
==========================  ====================================================================

Accepted and noted: ``missed`` (duration -1 or a kind that says so: a call of 0 s), ``no duration`` (a call
whose duration is empty: 0 s). The duration of a text is not looked at. Blank lines are no rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.chunks import Chunk, Rows, load
from circlegraph.cdr.columns import (
    Column,
    clock_seconds,
    duration_seconds,
    labels,
    number_keys,
    start_seconds,
    union,
    whole_counts,
)
from circlegraph.cdr.events import CALLER_LEG, WHOLE, Events
from circlegraph.cdr.rejected import Rejected, rejected_rows
from circlegraph.cdr.report import Report
from circlegraph.cdr.roles import plain
from circlegraph.cdr.sightings import Sightings, find_sightings
from circlegraph.errors import InputError
from circlegraph.kernels.fields import BAD_VALUE, NO_VALUE
from circlegraph.numbers import Tokens, TokenTable, encode_with_tokens

REASONS = (
    "",
    "wrong number of fields",
    "bad quoting",
    "empty number",
    "unreadable number",
    "self call",
    "empty time",
    "unparsable time",
    "time out of range",
    "unknown kind",
    "unknown direction",
    "unparsable duration",
    "negative duration",
    "duration out of range",
    "unparsable count",
    "count out of range",
)
MOST_CALLS = np.iinfo(np.int32).max
NOTES = ("missed", "no duration")


@dataclass(frozen=True, slots=True)
class CleanChunk:
    """What became of a chunk.

    Attributes
    ----------
    index : int
        Place of the file in the input.
    events : Events
    report : Report
        Its counts; ``accepted`` equals ``len(events)``.
    rejected : list of Rejected
        In the order of their lines.
    lines : int
        Lines passed, for the line numbers of the chunks behind.
    tokens : Tokens
        Distinct tokens of the chunk; from `clean_chunks`, those not met before.
    sightings : Sightings
        Cells, handsets and forwards, if the settings ask for them.
    """

    index: int
    events: Events
    report: Report
    rejected: list[Rejected] = field(default_factory=list)
    lines: int = 0
    tokens: Tokens = field(default_factory=Tokens.empty)
    sightings: Sightings = field(default_factory=Sightings)


def clean(
    chunk: Chunk,
    then: Callable[[Events, Sightings], None] | None = None,
    known: TokenTable | None = None,
) -> CleanChunk:
    """Read one chunk and clean it; a pure function of the chunk, but for tokens that are known already.

    Lines of rejected rows count from the first line of the chunk where ``chunk.first_line`` is 0.

    Parameters
    ----------
    chunk
        What to read.
    then
        Takes the events and sightings piece by piece while they are in the cache; the result then holds none.
    known
        Tokens that the result need not hold.

    Raises
    ------
    InputError
        The chunk cannot be read at all.
    """
    parts = []
    lines = 0
    for rows in load(chunk):
        part = _clean_rows(chunk, rows, chunk.first_line + lines, known)
        lines += part.lines
        if then is not None:
            then(part.events, part.sightings)
            part = replace(part, events=Events.empty(), sightings=Sightings())
        parts.append(part)
    if len(parts) == 1:
        return parts[0]
    return CleanChunk(
        chunk.index,
        Events.concat([part.events for part in parts]),
        sum((part.report for part in parts), Report()),
        [row for part in parts for row in part.rejected],
        lines,
        union([part.tokens for part in parts]),
        Sightings.concat([part.sightings for part in parts]),
    )


def _clean_rows(chunk: Chunk, rows: Rows, first_line: int, known: TokenTable | None) -> CleanChunk:
    from circlegraph.kernels.cleaning import judge

    try:
        events, owner, duration, tokens = _events(chunk, rows, known)
    except InputError as error:
        raise InputError(
            f"{chunk.file.path}: {error}; name the right column with --map ROLE=COLUMN"
        ) from error
    reasons = np.empty(rows.count, np.uint8)
    notes = np.zeros(len(NOTES), np.int64)
    span = np.array([np.iinfo(np.int64).max, np.iinfo(np.int64).min])
    bad = judge(
        events.caller,
        events.callee,
        events.start,
        duration,
        events.kind,
        events.leg,
        events.duration,
        events.kind,
        reasons,
        notes,
        span,
    )
    timed = chunk.file.timed
    if not timed:
        bad += _take_counts(rows.columns["count"], events, reasons)
    seen = Sightings()
    if chunk.settings.sightings and timed:
        seen, more = find_sightings(rows, events, reasons, owner, chunk.settings.country, known)
        tokens = union([tokens, more])
    counts = Counter(
        {REASONS[code]: int(np.sum(rows.bad_reason == code)) for code in np.unique(rows.bad_reason)}
    )
    if bad:
        for code, count in enumerate(np.bincount(reasons, minlength=len(REASONS))[1:], 1):
            counts[REASONS[code]] += int(count)
        rejected = rejected_rows(rows, reasons, REASONS, first_line)
        events = events.take(reasons == 0)
    else:
        rejected = rejected_rows(rows, reasons, REASONS, first_line) if rows.bad_line.size else []
    report = Report(
        read=rows.count + rows.bad_line.size,
        accepted=len(events),
        rejected=+counts,
        notes=+Counter(dict(zip(NOTES, notes.tolist(), strict=True))),
        first=int(span[0]) if len(events) and timed else None,
        last=int(span[1]) if len(events) and timed else None,
    )
    return CleanChunk(chunk.index, events, report, rejected, rows.lines, tokens, seen)


def _events(
    chunk: Chunk, rows: Rows, known: TokenTable | None
) -> tuple[Events, NDArray[np.int64] | None, NDArray[np.int64], Tokens]:
    """Columns of events, unchecked, and the owners; durations still in int64 with their marks."""
    file, columns = chunk.file, rows.columns
    leg, kind = _legs_and_kinds(chunk, rows)
    caller, callee, owner, tokens = _parties(chunk, rows, leg, known)
    if not file.timed:
        start = np.zeros(rows.count, np.int64)
    elif "start" in columns:
        start = start_seconds(columns["start"], file.time_rule, chunk.settings.tz)
    elif "date" in columns:
        start = _joined(start_seconds(columns["date"], file.time_rule, None), columns["clock"], chunk)
    else:
        start = _joined(np.full(rows.count, file.day), columns["clock"], chunk)
    if "duration" in columns:
        duration = duration_seconds(columns["duration"], file.duration_unit)
    elif "end" in columns:
        duration = _lasted(start, start_seconds(columns["end"], file.time_rule, chunk.settings.tz))
    else:
        duration = np.zeros(rows.count, np.int64)
    events = Events(caller, callee, start, np.empty(rows.count, np.int32), kind, leg)
    return events, owner, duration, tokens


def _take_counts(column: Column, events: Events, reasons: NDArray[np.uint8]) -> int:
    """Put counts in the place of the times, and return how many more rows are bad."""
    counts = whole_counts(column)
    good = reasons == 0
    unparsable = good & (counts <= NO_VALUE)
    outside = good & ~unparsable & ((counts < 1) | (counts > MOST_CALLS))
    reasons[unparsable] = REASONS.index("unparsable count")
    reasons[outside] = REASONS.index("count out of range")
    events.start[:] = counts
    return int(unparsable.sum() + outside.sum())


def _joined(days: NDArray[np.int64], clock: Column, chunk: Chunk) -> NDArray[np.int64]:
    seconds = clock_seconds(clock, chunk.file.clock_rule.digits)
    special = (days <= NO_VALUE) | (seconds <= NO_VALUE)
    empty = (days == NO_VALUE) & (seconds == NO_VALUE)
    return np.where(special, np.where(empty, NO_VALUE, BAD_VALUE), days + seconds)


def _lasted(start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """Seconds from start to end; below -1, the mark of a missed call, where the end comes first."""
    spans = np.where(end < start, np.minimum(end - start, -2), end - start)
    return np.where((start <= NO_VALUE) | (end == NO_VALUE), NO_VALUE, np.where(end == BAD_VALUE, end, spans))


def _legs_and_kinds(chunk: Chunk, rows: Rows) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    file = chunk.file
    leg = np.zeros(rows.count, np.int8)
    kind = np.full(rows.count, -1 if file.kind is None else file.kind, np.int8)
    if "kind" in rows.columns:
        codes, names = labels(rows.columns["kind"])
        table = [file.kinds.get(plain(name), -1) for name in names]
        kind = np.array([*table, -1], np.int8).take(codes)  # faster than to index
    if "direction" in rows.columns:
        codes, names = labels(rows.columns["direction"])
        known = [file.directions.get(plain(name)) for name in names]
        leg = np.array([*(-1 if pair is None else pair[0] for pair in known), -1], np.int8)[codes]
        kinds = np.array(
            [*(-1 if pair is None or pair[1] is None else pair[1] for pair in known), -1], np.int8
        )[codes]
        kind = np.where(kinds >= 0, kinds, kind)
        if file.kind is None and "kind" not in rows.columns:
            kind[leg < 0] = 0  # the direction is what is wrong with such a row
    return leg, kind


def _parties(
    chunk: Chunk, rows: Rows, leg: NDArray[np.int8], known: TokenTable | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64] | None, Tokens]:
    """Caller and callee, from the two columns or from owner, peer and direction; and the owner, if told."""
    keys: dict[str, NDArray[np.int64]] = {}
    found = []
    for role in ("caller", "callee", "owner", "peer"):
        if role in rows.columns:
            keys[role], tokens = number_keys(rows.columns[role], chunk.settings.country, known)
            found.append(tokens)
    if "owner" not in keys and chunk.file.owner is not None:
        owner, tokens = _owner_keys(chunk, rows.count)
        keys["owner"] = owner
        found.append(tokens)
    tokens = union(found)
    outgoing = leg == CALLER_LEG
    if "caller" in keys and "callee" in keys:
        caller, callee = keys["caller"], keys["callee"]
        if "owner" in keys:
            caller = np.where((caller == 0) & outgoing, keys["owner"], caller)
            callee = np.where((callee == 0) & ~outgoing & (leg != WHOLE), keys["owner"], callee)
        return caller, callee, keys.get("owner"), tokens
    caller = np.where(outgoing, keys["owner"], keys["peer"])
    callee = np.where(outgoing, keys["peer"], keys["owner"])
    return caller, callee, keys["owner"], tokens


def _owner_keys(chunk: Chunk, count: int) -> tuple[NDArray[np.int64], Tokens]:
    code, _ = chunk.settings.country
    key, tokens = encode_with_tokens([chunk.file.owner], country=str(code) if code else None)
    return np.full(count, key[0]), tokens
