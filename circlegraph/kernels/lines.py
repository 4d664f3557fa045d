"""Delimited text: rows to the bounds of their fields.

A row is a line, always: a quote left open spoils its own line and no other, and the line numbers of
rejected rows are exact.
"""

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64, U8, Int

WRONG_WIDTH = 1
BAD_QUOTING = 2

_NEWLINE = 10
_RETURN = 13
_QUOTE = 34


@jit
def _end_of_line(data: U8, i: Int) -> Int:
    while i < data.size and data[i] != _NEWLINE:
        i += 1
    return i


@jit
def _is_blank(data: U8, begin: Int, end: Int) -> bool:
    while begin < end and (data[begin] == 32 or data[begin] == _RETURN):
        begin += 1
    return bool(begin == end)


@jit
def _quoted_end(data: U8, i: Int) -> Int:
    """Place of the closing quote of a field whose text starts at ``i``; -1 if there is none on the line.

    Two quotes stand for one that belongs to the text; they stay two (see `doubled_quotes`).
    """
    while i < data.size and data[i] != _NEWLINE:
        if data[i] == _QUOTE:
            if i + 1 >= data.size or data[i + 1] != _QUOTE:
                return i
            i += 1
        i += 1
    return -1


@jit
def split_rows(
    data: U8,
    delimiter: Int,
    columns: Int,
    slot: I32,
    begin: I32,
    end: I32,
    line: I32,
    row: I32,
    bad_line: I32,
    bad_row: I32,
    bad_reason: U8,
) -> tuple[Int, Int, Int]:
    """Find the wanted fields of every row.

    Parameters
    ----------
    data : uint8[bytes]
        Whole lines; the last one may lack its newline.
    delimiter : int
        Byte between fields.
    columns : int
        Fields of a good row.
    slot : int32[columns]
        Output row of each column in ``begin`` and ``end``, -1 for a column nobody wants.
    begin, end : int32[wanted, n]
        Bounds of the fields, without their quotes.
    line, row : int32[n]
        Line number (from 0) and first byte of each good row.
    bad_line, bad_row : int32[n], bad_reason : uint8[n]
        The same for rows that cannot be cut; WRONG_WIDTH or BAD_QUOTING.

    Returns
    -------
    good, bad, lines : int
        Rows cut, rows not cut, lines passed (blank ones are lines but no rows).
    """
    good = 0
    bad = 0
    lines = 0
    i = 0
    size = data.size
    while i < size:
        first = i
        column = 0
        reason = 0
        while True:
            a = i
            while i < size and data[i] == 32:
                i += 1
            if i < size and data[i] == _QUOTE:
                a = i + 1
                b = _quoted_end(data, a)
                if b < 0:
                    reason = BAD_QUOTING
                    i = _end_of_line(data, a)
                else:
                    i = b + 1
                    while i < size and (data[i] == 32 or data[i] == _RETURN):
                        i += 1
                    if i < size and data[i] != delimiter and data[i] != _NEWLINE:
                        reason = BAD_QUOTING
                        i = _end_of_line(data, i)
            else:
                while i < size and data[i] != delimiter and data[i] != _NEWLINE:
                    i += 1
                b = i
                if b > a and data[b - 1] == _RETURN:
                    b -= 1
            if reason == 0 and column < columns:
                place = slot[column]
                if place >= 0:
                    begin[place, good] = a
                    end[place, good] = b
            column += 1
            if i >= size or data[i] == _NEWLINE:
                break
            i += 1
        if reason == 0 and column != columns:
            reason = WRONG_WIDTH
        if column == 1 and _is_blank(data, first, i):
            pass
        elif reason == 0:
            line[good] = lines
            row[good] = first
            good += 1
        else:
            bad_line[bad] = lines
            bad_row[bad] = first
            bad_reason[bad] = reason
            bad += 1
        lines += 1
        i += 1
    return good, bad, lines


@jit
def doubled_quotes(data: U8, begin: I32, end: I32, rows: I64) -> Int:
    """Find quoted fields of which two quotes in a row stand for one.

    Parameters
    ----------
    data : uint8[bytes]
    begin, end : int32[n]
        Bounds of fields, as `split_rows` gives them.
    rows : int64[n]
        Those fields, filled in.

    Returns
    -------
    int
        How many there are.
    """
    count = 0
    for i in range(begin.size):
        if begin[i] > 0 and data[begin[i] - 1] == _QUOTE:
            for j in range(begin[i], end[i]):
                if data[j] == _QUOTE:
                    rows[count] = i
                    count += 1
                    break
    return count
