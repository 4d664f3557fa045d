"""Settle by more rows, and by the other files, what the first rows of a file leave open of its times.

First rows say little of a file sorted in time: its first days are all below 13, its first minutes all short.
So more rows are looked at where, and only where, they leave it open, until one decides: those of a plain file in
pieces spread from its end to its begin, and those of any other file from its begin on. What stays open is
decided as in the files that have the same columns, if all of these that can tell agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from circlegraph.cdr.chunks import Chunk, chunks, load
from circlegraph.cdr.clocks import ClockRule
from circlegraph.cdr.columns import Coded, Column, Texts, number_keys
from circlegraph.cdr.files import CdrFile, Found, Settings
from circlegraph.cdr.odd_times import MARKS
from circlegraph.cdr.timerule import TimeRule
from circlegraph.kernels.number_keys import BAD_TEXT, EMPTY
from circlegraph.numbers import decode

Rule = TimeRule | ClockRule

_PIECE = 1 << 18
_PIECES = 64
_WIDEST_DATE = 12  # with room for a quote or a space


def settled(found: Found, settings: Settings) -> list[CdrFile]:
    """Files of an input with rules for times that leave as little open as can be.

    Raises
    ------
    InputError
        A file that is read on turns out to be damaged.
    """
    files = list(found.files)
    for i, file in enumerate(files):
        for name, role in (("time_rule", "start"), ("time_rule", "date"), ("clock_rule", "clock")):
            rule: Rule = getattr(file, name)
            if rule.open and role in file.columns:
                values = _further(file, role, settings, found.tables.get(i))
                files[i] = file = _changed(file, name, _read_on(rule, values))
    return [_as_others(file, files) for file in files]


def _read_on(rule: Rule, pieces: Iterable[Counter[str]]) -> Rule:
    """Take in values piece by piece until they decide."""
    seen: Counter[str] = Counter()
    for values in pieces:
        seen += values
        rule = rule.reread(seen)
        if not rule.open:
            break
    return rule


def _as_others(file: CdrFile, files: Sequence[CdrFile]) -> CdrFile:
    """Decide what is still open of a file as all files that look like it do."""
    for name in ("time_rule", "clock_rule"):
        rule: Rule = getattr(file, name)
        if rule.open:
            alike = (other for other in files if other.sniffed.header == file.sniffed.header)
            told = {getattr(other, name).told for other in alike} - {0}
            if len(told) == 1:
                file = _changed(file, name, rule.as_told(told.pop()))
    return file


def _changed(file: CdrFile, name: str, rule: Rule) -> CdrFile:
    old: Rule = getattr(file, name)
    notes = tuple(note for note in file.notes if note != old.note) + ((rule.note,) if rule.note else ())
    changed: Any = {name: rule, "notes": notes}
    return replace(file, **changed)


def _further(file: CdrFile, role: str, settings: Settings, table: Any) -> Iterator[Counter[str]]:
    """Values of a column, and how often they stand there, by piece of the file."""
    alone = replace(file, columns={role: file.columns[role]})
    sniffed = file.sniffed
    listed: Iterable[Chunk]
    if sniffed.container == "csv" and not sniffed.compression and sniffed.encoding == "utf-8":
        settings = replace(settings, block_size=max(_PIECE, file.bytes // _PIECES))
        listed = [_begin(chunk) for chunk in chunks(0, alone, settings)][::-1]
    else:
        listed = chunks(0, alone, settings, table)
    for chunk in listed:
        for rows in load(chunk):
            yield (_counted if role == "clock" else _dates)(rows.columns[role])


def _begin(chunk: Chunk) -> Chunk:
    what, offset, size = chunk.payload
    return replace(chunk, payload=(what, offset, min(size, _PIECE)))


def _counted(column: Column) -> Counter[str]:
    """Texts of a column and their counts: numbers are found by the million, so let them pass for such."""
    keys, tokens = number_keys(column, (0, 0))
    keys, counts = np.unique(keys[(keys != EMPTY) & (keys != BAD_TEXT)], return_counts=True)
    return Counter(dict(zip(decode(keys, tokens).tolist(), counts.tolist(), strict=True)))


def _dates(column: Column) -> Counter[str]:
    """Dates of a column of date-times as texts, and their counts."""
    dates: Counter[str] = Counter()
    texts = column.values if isinstance(column, Coded) else column
    if isinstance(texts, Texts):
        cut = replace(texts, end=np.minimum(texts.end, texts.begin + _WIDEST_DATE))
        column = replace(column, values=cut) if isinstance(column, Coded) else cut
        for text, count in _counted(column).items():
            dates[text.strip(MARKS).split(" ")[0]] += count
    return dates
