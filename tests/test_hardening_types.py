"""Columns of unusual types: what pandas, Polars and Arrow make of CDRs."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from circlegraph.cdr import open_cdr
from circlegraph.cdr.pipeline import clean_chunks
from circlegraph.errors import InputError
from circlegraph.graph.inspection import inspect_cdr
from circlegraph.numbers import decode, encode

ROWS = {
    "caller": ["13800138001", "13800138002", "13800138003", "13800138004"],
    "callee": ["13900139000"] * 4,
    "start": pd.to_datetime(["2024-05-01 08:00", "2024-05-02 08:00", "2024-05-03 08:00", "2024-05-04 08:00"]),
    "duration": [61, 62, 63, 64],
    "kind": ["call"] * 4,
}
FRAME = pd.DataFrame(ROWS)


def durations(source: Any) -> list[int]:
    return [int(d) for chunk in clean_chunks(open_cdr(source), 1) for d in chunk.events.duration]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_durations_say_their_unit(unit: str) -> None:
    table = pa.Table.from_pandas(FRAME).set_column(
        3, "duration", pa.array([np.timedelta64(n, "s").astype(f"m8[{unit}]") for n in (61, 62, 63)] + [None])
    )
    assert durations(table) == [61, 62, 63, 0]
    assert durations(
        table.rename_columns(
            ["msisdn_counterpart", "msisdn", "datetime", "duration", "event_type"]
        ).append_column("outgoing", pa.array([True] * 4))
    ) == [61, 62, 63, 0]


def test_codes_without_a_sign_and_with_gaps() -> None:
    frame = pl.from_pandas(FRAME).with_columns(
        pl.Series("kind", ["call", None, "call", "call"]).cast(pl.Enum(["call", "sms"]))
    )
    found = inspect_cdr(open_cdr(frame)).total
    assert (found.accepted, dict(found.rejected)) == (3, {"unknown kind": 1})


@pytest.mark.parametrize("kind", ["list", "struct"])
def test_a_column_that_holds_no_numbers_is_named(tmp_path: Path, kind: str) -> None:
    odd = pa.array([["1"]] * 4) if kind == "list" else pa.array([{"a": 1}] * 4)
    path = tmp_path / "odd.parquet"
    pq.write_table(pa.Table.from_pandas(FRAME).set_column(1, "callee", odd), path)
    with pytest.raises(InputError, match=rf"^{re.escape(str(path))}: column 'callee' for callee: .*{kind}"):
        inspect_cdr(open_cdr(path))


def test_times_in_place_of_numbers_name_the_file() -> None:
    with pytest.raises(InputError, match=r"^<table 1>: a column of times cannot hold numbers"):
        inspect_cdr(open_cdr(FRAME.assign(callee=FRAME.start)))


def test_pandas_columns_of_several_types_are_named_without_their_values() -> None:
    mixed = FRAME.assign(caller=pd.Series([13800138001, *ROWS["caller"][1:]], dtype=object))
    with pytest.raises(InputError, match="column 'caller' holds values of several types") as caught:
        open_cdr(mixed)
    assert "1380013" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    twice = FRAME.set_axis(["caller", "callee", "start", "duration", "duration"], axis=1)
    with pytest.raises(InputError, match=r"column 'duration' .* is there twice"):
        open_cdr(twice)
    with pytest.raises(InputError, match="cannot read CDRs from a Series"):
        open_cdr(FRAME.caller)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([13800138000.0, None]),
        pa.array([13800138000, None]).cast(pa.decimal128(22, 2)),
        np.array([13800138000.0, np.nan]),
        pd.Series([13800138000.0, np.nan]),
    ],
)
def test_numbers_that_became_floats_stay_numbers(column: Any) -> None:
    assert encode(column).tolist() == [113800138000, 0]


@pytest.mark.parametrize("digits", [20, 60])
def test_whole_decimals_are_read_exactly(tmp_path: Path, digits: int) -> None:
    """What a database calls NUMBER(20, 0); a float keeps 15 digits of it."""

    def decimals(values: list[int | None]) -> pa.Array:
        make = pa.decimal128 if digits < 39 else pa.decimal256
        return pa.array([None if value is None else Decimal(value) for value in values], make(digits, 0))

    ids = [123456789012345678, 123456789012345679, 18446744073709551615, None]
    table = pa.table(
        {
            "caller": decimals(ids),
            "callee": decimals([1, 2, 3, 4]),
            "start": decimals([20240501080000, 20240501080001, 20240501080002, 20240501080003]),
            "duration": decimals([61, None, 604801, 1]),
        }
    )
    pq.write_table(table, tmp_path / "calls.parquet")
    for source in (table, tmp_path / "calls.parquet", table.slice(0, 2)):
        chunks = list(clean_chunks(open_cdr(source), 1))
        callers = [str(n) for chunk in chunks for n in decode(chunk.events.caller, chunk.tokens)]
        assert callers == ["123456789012345678", "123456789012345679"]
        assert [int(d) for chunk in chunks for d in chunk.events.duration] == [61, 0]
        assert [int(s) % 86400 for chunk in chunks for s in chunk.events.start] == [28800, 28801]
    reasons = dict(inspect_cdr(table).total.rejected)
    assert reasons == {"duration out of range": 1, "empty number": 1}
    assert len(set(encode(decimals(ids[:2])).tolist())) == 2


def test_floats_that_are_no_whole_numbers_are_not_empty() -> None:
    table = pa.Table.from_pandas(FRAME).set_column(0, "caller", pa.array([1.5, 2.0**60, float("inf"), None]))
    assert dict(inspect_cdr(table).total.rejected) == {"unreadable number": 3, "empty number": 1}
