"""Date-times against datetime."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlegraph.kernels.fields import BAD_VALUE, NO_VALUE
from circlegraph.kernels.times import (
    DAY_FIRST,
    MONTH_FIRST,
    NO_OFFSET,
    SHORT_YEAR,
    YEAR_FIRST,
    bare_clocks,
    compact_times,
    parse_clocks,
    parse_times,
)
from circlegraph.numbers import text_bounds

moments = st.datetimes(datetime(1600, 1, 1), datetime(2999, 12, 31, 23, 59, 59)).map(
    lambda t: t.replace(microsecond=0)
)


def parse(texts: list[str], order: int = YEAR_FIRST) -> tuple[list[int], list[int]]:
    data, begin, end = text_bounds(pa.array(texts, pa.string()))
    out, offsets = np.empty(len(texts), np.int64), np.empty(len(texts), np.int32)
    parse_times(data, begin, end, order, out, offsets)
    return out.tolist(), offsets.tolist()


def seconds(moment: datetime) -> int:
    return int((moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1))


LAYOUTS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y.%m.%d %H:%M:%S",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H%M%S",
    "%Y%m%dT%H:%M:%S",
    "%Y-%m-%d-%H.%M.%S",
    "%Y-%m-%d-%H.%M.%S.000000",
    "  %Y-%m-%d  %H:%M:%S.999 ",
    "%Y-%m-%d %H:%M:%S,5",
]


@given(moments, st.sampled_from(LAYOUTS))
@settings(max_examples=300, deadline=None)
def test_layouts_round_trip(moment: datetime, layout: str) -> None:
    assert parse([moment.strftime(layout)]) == ([seconds(moment)], [NO_OFFSET])


@given(
    moments, st.sampled_from([(DAY_FIRST, "%d/%m/%Y"), (MONTH_FIRST, "%m/%d/%Y"), (DAY_FIRST, "%d.%m.%Y")])
)
@settings(deadline=None)
def test_day_and_month_first(moment: datetime, order_and_layout: tuple[int, str]) -> None:
    order, layout = order_and_layout
    assert parse([moment.strftime(layout + " %H:%M:%S")], order)[0] == [seconds(moment)]
    assert parse([moment.strftime("%Y-%m-%d %H:%M:%S")], order)[0] == [seconds(moment)]


@given(moments, st.integers(-15 * 60, 15 * 60).filter(lambda m: m != 0), st.sampled_from(["", " "]))
@settings(deadline=None)
def test_offsets_keep_the_wall_clock(moment: datetime, minutes: int, gap: str) -> None:
    zone = timezone(timedelta(minutes=minutes))
    text = moment.replace(tzinfo=zone).isoformat(" ")
    assert parse([text[:19] + gap + text[19:]]) == ([seconds(moment)], [minutes * 60])
    assert parse([text.replace(":", "").replace("-", "", 2).replace(" ", "")]) == (
        [seconds(moment)],
        [minutes * 60],
    )


ZOO = [
    ("2024-01-05", "2024-01-05 00:00:00"),
    ("20240105", "2024-01-05 00:00:00"),
    ("2024-01-05 9:03", "2024-01-05 09:03:00"),
    ("2024/1/5 9:03:07", "2024-01-05 09:03:07"),
    ("2024-02-29 00:00:00Z", "2024-02-29 00:00:00"),
    ("2000-02-29 00:00:00 UTC", "2000-02-29 00:00:00"),
    ("240131080000+0800", "2024-01-31 08:00:00"),
    ("202401310800", "2024-01-31 08:00:00"),
    ("2024-01-05 10:11:12+05", "2024-01-05 10:11:12"),
]

RUBBISH = [
    "yesterday",
    "2024-02-30 00:00:00",
    "1900-02-29 00:00:00",
    "2024-13-01 00:00:00",
    "2024-00-01 00:00:00",
    "2024-01-00 00:00:00",
    "2024-04-31 00:00:00",
    "2024-01-01 24:00:00",
    "2024-01-01 00:60:00",
    "2024-01-01 00:00:60",
    "2024-01-01 00:00:00x",
    "2024-01-01 00:00:00+",
    "2024-01-01 00:00:00+5",
    "2024-01-01 00:00:00+16:00",
    "2024-01-01 00",
    "2024-01/01",
    "01/02/2024",
    "2024",
    "20240132",
    "2o24-01-01 00:00:00",
    "2024-01-01 0a:00:00",
    "-2024-01-01",
    "9" * 40,
]


@pytest.mark.parametrize(("text", "moment"), ZOO)
def test_zoo(text: str, moment: str) -> None:
    assert parse([text])[0] == [seconds(datetime.fromisoformat(moment))]


@pytest.mark.parametrize("text", RUBBISH)
def test_rubbish_is_no_time(text: str) -> None:
    assert parse([text]) == ([BAD_VALUE], [NO_OFFSET])


def test_empty_is_told_from_rubbish() -> None:
    assert parse(["", "  ", "null", "?"])[0] == [NO_VALUE, NO_VALUE, NO_VALUE, BAD_VALUE]


@given(
    st.text(st.sampled_from("0123456789-/.: TZ+年"), max_size=30),
    st.sampled_from([YEAR_FIRST, DAY_FIRST, MONTH_FIRST, SHORT_YEAR]),
)
@settings(max_examples=500, deadline=None)
def test_no_text_breaks_the_parser(text: str, order: int) -> None:
    (value,), _ = parse([text], order)
    assert value in (BAD_VALUE, NO_VALUE) or abs(value) < 10**12


@given(moments)
@settings(deadline=None)
def test_compact_integers(moment: datetime) -> None:
    out = np.empty(3, np.int64)
    compact_times(
        np.array([int(moment.strftime("%Y%m%d%H%M%S")), int(moment.strftime("%Y%m%d")), NO_VALUE]),
        YEAR_FIRST,
        out,
    )
    assert out.tolist() == [seconds(moment), seconds(moment.replace(hour=0, minute=0, second=0)), NO_VALUE]


def test_compact_integers_that_are_no_dates() -> None:
    out = np.empty(4, np.int64)
    compact_times(np.array([20240230, 99, -20240101, 20240101240000]), YEAR_FIRST, out)
    assert (out == BAD_VALUE).all()


def test_twelve_digits_begin_with_a_long_or_a_short_year() -> None:
    moment = datetime(2024, 1, 31, 8, 5)
    out = np.empty(1, np.int64)
    for order, layout in ((YEAR_FIRST, "%Y%m%d%H%M"), (SHORT_YEAR, "%y%m%d%H%M%S")):
        compact_times(np.array([int(moment.strftime(layout))]), order, out)
        assert out.tolist() == parse([moment.strftime(layout)], order)[0] == [seconds(moment)]


@given(st.times(), st.sampled_from(["%H:%M:%S", "%H%M%S", "%H:%M:%S.%f"]))
@settings(deadline=None)
def test_clocks(time: object, layout: str) -> None:
    text = time.strftime(layout)  # type: ignore[attr-defined]
    data, begin, end = text_bounds(pa.array([text, "", "25:00:00", "noon", "93000", "0", "805", "93000.0"]))
    out = np.empty(8, np.int64)
    parse_clocks(data, begin, end, 6, out)
    want = time.hour * 3600 + time.minute * 60 + time.second  # type: ignore[attr-defined]
    assert out.tolist() == [want, NO_VALUE, BAD_VALUE, BAD_VALUE, 34200, 0, 485, 34200]


@given(st.integers(-2, 10**7), st.sampled_from([0, 4, 6]))
@settings(deadline=None)
def test_bare_clocks_as_texts_and_as_integers(value: int, digits: int) -> None:
    clock = f"{value:0{digits}}"
    parts = (
        [int(clock[i : i + 2]) for i in range(0, len(clock), 2)] if len(clock) == digits and digits else []
    )
    good = value >= 0 and parts and parts[0] < 24 and max(parts[1:]) < 60
    want = sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False)) if good else BAD_VALUE
    out = np.empty(1, np.int64)
    bare_clocks(np.array([value]), digits, out)
    assert out.tolist() == [want]
    if value >= 0 and not (digits == 4 and 10**5 <= value < 10**6):
        parse_clocks(*text_bounds(pa.array([str(value)])), digits, out)
        assert out.tolist() == [want]


@pytest.mark.parametrize("digits", [4, 6])
def test_clocks_that_keep_their_zeros_say_what_they_are(digits: int) -> None:
    out = np.empty(5, np.int64)
    parse_clocks(*text_bounds(pa.array(["0805", "080500", "235959", "2359599", "0860"])), digits, out)
    assert out.tolist() == [29100, 29100, 86399, BAD_VALUE, BAD_VALUE]
