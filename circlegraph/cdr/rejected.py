"""Rejected rows: where they stand, why they are no events, and their raw text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.columns import Coded, Column, Texts
from circlegraph.kernels.fields import NO_VALUE

if TYPE_CHECKING:
    from circlegraph.cdr.chunks import Rows

_TEXT_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Rejected:
    """One rejected row: its line (a row number in tables), the reason, and the raw text, cut at 500 bytes."""

    line: int
    reason: str
    text: str


def rejected_rows(
    rows: Rows, reasons: NDArray[np.uint8], names: Sequence[str], first_line: int
) -> list[Rejected]:
    """Rejected rows in the order of their lines.

    Parameters
    ----------
    rows
        The rows, and those that could not be cut.
    reasons
        uint8[rows]: code of the reason, 0 for a good row.
    names
        The reasons by code.
    first_line
        Line of the first row.
    """
    bad = np.flatnonzero(reasons)
    if rows.line is None:
        listed = [(int(i), int(reasons[i]), int(i)) for i in bad]
    else:
        listed = [(int(rows.line[i]), int(reasons[i]), int(rows.place[i])) for i in bad]
    listed += [
        (int(line), int(reason), int(place))
        for line, place, reason in zip(
            rows.bad_line,
            rows.bad_place,
            rows.bad_reason,
            strict=True,
        )
    ]
    listed.sort()
    raw = _raw_text if rows.line is not None else _raw_row
    return [Rejected(first_line + line, names[reason], raw(rows, place)) for line, reason, place in listed]


def _raw_text(rows: Rows, place: int) -> str:
    piece = bytes(rows.text[place : place + _TEXT_LIMIT])
    return piece.split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "replace")


def _raw_row(rows: Rows, row: int) -> str:
    return ",".join(_raw_value(column, row) for column in rows.columns.values())[:_TEXT_LIMIT]


def _raw_value(column: Column, row: int) -> str:
    if isinstance(column, Coded):
        return "" if column.codes[row] < 0 else _raw_value(column.values, int(column.codes[row]))
    if isinstance(column, Texts):
        return bytes(column.data[column.begin[row] : column.end[row]]).decode("utf-8", "replace")
    value = column.values[row]
    return "" if value != value or value == NO_VALUE else str(value)
