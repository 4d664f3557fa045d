"""Rows, decimals, durations and labels against csv, decimal and plain Python."""

import csv
import io
from decimal import ROUND_FLOOR, Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlegraph.kernels.cleaning import judge
from circlegraph.kernels.fields import (
    BAD_VALUE,
    MISSED,
    NO_VALUE,
    decimals,
    durations,
    label_codes,
)
from circlegraph.kernels.lines import BAD_QUOTING, WRONG_WIDTH, split_rows
from circlegraph.numbers import text_bounds

Row = tuple[int, list[str]]


def split(
    text: bytes, columns: int, wanted: list[int], delimiter: str = ","
) -> tuple[list[Row], list[tuple[int, int]], int]:
    data = np.frombuffer(bytearray(text), np.uint8)
    slot = np.full(columns, -1, np.int32)
    for place, column in enumerate(wanted):
        slot[column] = place
    capacity = text.count(b"\n") + 1
    begin, end = np.zeros((len(wanted), capacity), np.int32), np.zeros((len(wanted), capacity), np.int32)
    line, row, bad_line, bad_row = (np.zeros(capacity, np.int32) for _ in range(4))
    reason = np.zeros(capacity, np.uint8)
    good, bad, lines = split_rows(
        data, ord(delimiter), columns, slot, begin, end, line, row, bad_line, bad_row, reason
    )
    rows = [
        (int(line[i]), [text[a:b].decode() for a, b in zip(begin[:, i], end[:, i], strict=True)])
        for i in range(good)
    ]
    starts = [0, *(i + 1 for i, byte in enumerate(text) if byte == 10)]
    assert [starts[k] for k in line[:good]] == row[:good].tolist()
    assert [starts[k] for k in bad_line[:bad]] == bad_row[:bad].tolist()
    return rows, list(zip(bad_line[:bad].tolist(), reason[:bad].tolist(), strict=True)), lines


fields = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters='"'), max_size=8)


@given(
    st.lists(st.lists(fields, min_size=3, max_size=3), max_size=10),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@settings(deadline=None)
def test_rows_as_csv_wrote_them(
    rows: list[list[str]], delimiter: str, quoting: int, line_end: str, last_end: bool
) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=line_end).writerows(rows)  # type: ignore[arg-type]
    text = stream.getvalue()
    if not last_end:
        text = text.removesuffix(line_end)
    cut, bad, lines = split(text.encode(), 3, [0, 2], delimiter)
    assert (cut, bad, lines) == ([(i, [row[0], row[2]]) for i, row in enumerate(rows)], [], len(rows))


@given(st.text(st.sampled_from('ab", \r\n'), max_size=60))
@settings(max_examples=500, deadline=None)
def test_every_line_is_a_row_a_bad_row_or_blank(text: str) -> None:
    cut, bad, lines = split(text.encode(), 2, [0, 1])
    pieces = text.split("\n")
    if pieces[-1] == "":
        pieces.pop()
    blank = [i for i, piece in enumerate(pieces) if piece.strip(" \r") == ""]
    assert lines == len(pieces)
    assert sorted([*(i for i, _ in cut), *(i for i, _ in bad), *blank]) == list(range(lines))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a,b,c", WRONG_WIDTH),
        (b"a", WRONG_WIDTH),
        (b"a,b,", WRONG_WIDTH),
        (b'"a,b', BAD_QUOTING),
        (b'"a"x,b', BAD_QUOTING),
        (b'a,"b""', BAD_QUOTING),
        (b'a,"b', BAD_QUOTING),
    ],
)
def test_bad_rows_spoil_no_other(line: bytes, reason: int) -> None:
    cut, bad, lines = split(b"1,2\n" + line + b'\n\n"3" , "4"\r\n', 2, [0, 1])
    assert cut == [(0, ["1", "2"]), (3, ["3", "4"])]
    assert (bad, lines) == ([(1, reason)], 4)


def bounds(texts: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return text_bounds(pa.array(texts, pa.string()))


numerals = st.one_of(
    st.integers(-(10**17), 10**17).map(str),
    st.decimals(-(10**9), 10**9, places=6, allow_nan=False).map(str),
    st.from_regex(r"[+-]?[0-9]{1,6}(\.[0-9]{0,6})?([eE][+-]?[0-9])?", fullmatch=True),
    st.from_regex(r"[+-]?\.[0-9]{1,6}", fullmatch=True),
)


@given(st.lists(numerals, max_size=20))
@settings(max_examples=300, deadline=None)
def test_decimals_are_floored(texts: list[str]) -> None:
    out = np.empty(len(texts), np.int64)
    decimals(*bounds(texts), 1, out)
    assert out.tolist() == [int(Decimal(text).to_integral_value(ROUND_FLOOR)) for text in texts]


def slow_duration(text: str, unit: int) -> int:
    value = Decimal(text)
    milli = int((value * 1000 + Decimal("0.5")).to_integral_value(ROUND_FLOOR))
    if milli == -1000:
        return MISSED
    return (milli * unit + 500) // 1000 if milli >= 0 else min(milli * unit // 1000, -2)


@given(
    st.lists(numerals.filter(lambda text: abs(Decimal(text)) < 10**12), max_size=20), st.sampled_from([1, 60])
)
@settings(max_examples=300, deadline=None)
def test_durations_as_twin(texts: list[str], unit: int) -> None:
    out = np.empty(len(texts), np.int64)
    durations(*bounds(texts), unit, out)
    assert out.tolist() == [slow_duration(text, unit) for text in texts]


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
@settings(deadline=None)
def test_clock_durations(hours: int, minutes: int, seconds: int) -> None:
    out = np.empty(3, np.int64)
    durations(
        *bounds([f"{hours}:{minutes:02}:{seconds:02}", f"{hours}:{seconds:02}", f"0:0:{seconds}.9"]), 1, out
    )
    assert out.tolist() == [hours * 3600 + minutes * 60 + seconds, hours * 60 + seconds, seconds]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", NO_VALUE),
        ("NaN", NO_VALUE),
        ("-1", MISSED),
        ("-1.0", MISSED),
        ("-2", -2),
        ("0.0", 0),
        ("1e+05", 100_000),
        ("x", BAD_VALUE),
        ("1x", BAD_VALUE),
        ("1e", BAD_VALUE),
        ("1e999", BAD_VALUE),
        (".", BAD_VALUE),
        ("1:60", BAD_VALUE),
        ("1:60:00", BAD_VALUE),
        ("1::2", BAD_VALUE),
        (":2", BAD_VALUE),
        ("1:2:3:4", BAD_VALUE),
        ("9" * 30, BAD_VALUE),
        ("-1:00", BAD_VALUE),
    ],
)
def test_odd_durations(text: str, value: int) -> None:
    out = np.empty(1, np.int64)
    durations(*bounds([text]), 1, out)
    assert out[0] == value


@given(
    st.lists(
        st.sampled_from(["call", " call", "sms", "", "呼转", "a longer label than eight bytes"]), max_size=50
    )
)
@settings(deadline=None)
def test_labels_are_coded_in_order(texts: list[str]) -> None:
    codes, firsts = np.empty(len(texts), np.int16), np.empty(8, np.int64)
    count = label_codes(*bounds(texts), codes, firsts)
    distinct = list(dict.fromkeys(text.strip() for text in texts))
    assert [texts[i].strip() for i in firsts[:count]] == distinct
    assert [distinct[code] for code in codes] == [text.strip() for text in texts]


def test_too_many_labels_get_no_code() -> None:
    codes, firsts = np.empty(5, np.int16), np.empty(3, np.int64)
    assert label_codes(*bounds(["a", "b", "c", "d", "a"]), codes, firsts) == 3
    assert codes.tolist() == [0, 1, 2, -1, 0]


def slow_judge(
    caller: int, callee: int, start: int, duration: int, kind: int, leg: int
) -> tuple[int, int, int]:
    """Reason, duration and kind of one row."""
    if 0 in (caller, callee):
        return 3, 0, kind
    if 1 in (caller, callee):
        return 4, 0, kind
    if caller == callee:
        return 5, 0, kind
    if start in (NO_VALUE, BAD_VALUE):
        return (6 if start == NO_VALUE else 7), 0, kind
    if not np.datetime64("1900", "s") <= np.datetime64(start, "s") < np.datetime64("2200", "s"):
        return 8, 0, kind
    if kind < 0 or leg < 0:
        return (9 if kind < 0 else 10), 0, kind
    if kind in (1, 3):
        return 0, 0, kind % 3
    if duration in (MISSED, NO_VALUE):
        return 0, 0, kind
    if duration == BAD_VALUE:
        return 11, 0, kind
    if not 0 <= duration <= 7 * 86400:
        return (12 if duration < 0 else 13), 0, kind
    return 0, duration, kind


rows = st.tuples(
    st.sampled_from([0, 1, 17, -9, 113800138000]),
    st.sampled_from([0, 1, 17, -8, 113800138000]),
    st.sampled_from([NO_VALUE, BAD_VALUE, 0, -1, 2**31, -2208988800, -2208988801, 7258118399, 7258118400]),
    st.sampled_from([NO_VALUE, BAD_VALUE, MISSED, -2, 0, 7, 604800, 604801, 2**40]),
    st.sampled_from([-1, 0, 1, 2, 3]),
    st.sampled_from([-1, 0, 1, 2]),
)


@given(st.lists(rows, max_size=30))
@settings(max_examples=300, deadline=None)
def test_judge_as_twin(rows: list[tuple[int, int, int, int, int, int]]) -> None:
    columns = [np.array([row[i] for row in rows], np.int64 if i < 4 else np.int8) for i in range(6)]
    size = len(rows)
    out_duration, out_kind, reasons = (
        np.empty(size, np.int32),
        np.empty(size, np.int8),
        np.empty(size, np.uint8),
    )
    notes, span = np.zeros(2, np.int64), np.array([2**62, -(2**62)])
    bad = judge(*columns, out_duration, out_kind, reasons, notes, span)
    want = [slow_judge(*row) for row in rows]
    good = [row for row, (reason, _, _) in zip(rows, want, strict=True) if reason == 0]
    assert reasons.tolist() == [reason for reason, _, _ in want]
    assert bad == size - len(good)
    for i, (reason, seconds, kind) in enumerate(want):
        if reason == 0:
            assert (out_duration[i], out_kind[i]) == (seconds, kind)
    missed = [row for row in good if row[4] == 3 or (row[4] in (0, 2) and row[3] == MISSED)]
    unknown = [row for row in good if row[4] in (0, 2) and row[3] == NO_VALUE]
    assert notes.tolist() == [len(missed), len(unknown)]
    starts = [row[2] for row in good]
    assert span.tolist() == [min(starts, default=2**62), max(starts, default=-(2**62))]


@given(st.integers(0, 10**6))
def test_minutes_as_programs_print_them(seconds: int) -> None:
    out = np.empty(1, np.int64)
    durations(*bounds([repr(seconds / 60)]), 60, out)
    assert out[0] == seconds
