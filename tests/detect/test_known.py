"""Customer tables: what may stand in them, and one error for what may not."""

from pathlib import Path

import pandas as pd
import pytest

from circlegraph.detect.known import read_bills, read_forwarding, read_relatives, read_subscribers
from circlegraph.errors import InputError, UnknownEntriesWarning

ONE, OTHER = "13800000001", "13800000002"


def test_bills_list_a_number_once_a_month() -> None:
    bills = pd.DataFrame(
        {"number": [ONE, ONE, OTHER], "month": ["2024-01", "2024-02", "2024-01"], "arpu": 9.5}
    )
    listed = read_bills(bills)
    assert listed.table.column_names == ["number", "month", "arpu"]
    assert listed.keys["number"][0] == listed.keys["number"][1] != listed.keys["number"][2]
    words = "rows 2 and 4 list the same number for the same month; leave each number once for a month"
    with pytest.raises(InputError, match=words):
        read_bills(pd.concat([bills, bills.iloc[[1]].replace(ONE, f"0086{ONE}")]))


@pytest.mark.parametrize(
    ("read", "columns", "words"),
    [
        (read_bills, {"number": [ONE], "mounth": ["2024-01"]}, "'mounth' is not known; did you mean 'month'"),
        (read_bills, {"number": [ONE]}, "the table of bills: there is no column 'month'"),
        (read_bills, {"month": ["2024-01"]}, "the table of bills: there is no column 'number'"),
        (read_subscribers, {"number": [ONE, ONE]}, "rows 1 and 2 list the same number; leave each number once$"),
        (read_forwarding, {"number": [ONE]}, "there is no column 'forward_to'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(read, columns, words: str) -> None:
    with pytest.raises(InputError, match=words) as error:
        read(pd.DataFrame(columns))
    assert ONE not in str(error.value)


ORDINARY = (
    *("segment", "name", "city", "status", "area", "wage", "plan_name", "plans", "imsi", "tier", "months"),
    *("deactivated", "region2", "address_id", "forward", "price", "Unnamed: 0", "", "客户", "13800000003"),
)
"""Columns of an export that are no slips of known ones, however near they come."""


def test_further_columns_are_left_out() -> None:
    further = dict.fromkeys(ORDINARY, "x")
    listed = read_subscribers(pd.DataFrame({"segment": "a", "number": [ONE, OTHER], **further}))
    assert listed.table.column_names == ["number"]
    assert len(listed.keys["number"]) == 2
    bills = pd.DataFrame({"number": [ONE], "month": ["2024-01"], "arpu": 9.5, "Months": 1, **further})
    assert read_bills(bills).table.column_names == ["number", "month", "arpu"]
    forwards = pd.DataFrame({"number": [ONE], "forward_to": [OTHER], **further})
    assert read_forwarding(forwards).table.column_names == ["number", "forward_to"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("activatd", "activated"),
        ("id_documnet", "id_document"),
        ("adress", "address"),
        ("sirname", "surname"),
        ("regions", "region"),
        ("imie", "imei"),
        ("IMEI", "imei"),
        (" age ", "age"),
        ("Value Tier", "value_tier"),
        ("ID-Document", "id_document"),
    ],
)
def test_a_column_that_looks_like_one_that_is_missing_is_refused(name: str, meant: str) -> None:
    table = pd.DataFrame({"number": [ONE], "segment": ["a"], name: ["x"]})
    with pytest.raises(InputError, match=f"the column '{name}' is not known; did you mean '{meant}'"):
        read_subscribers(table)
    assert read_subscribers(table.assign(**{meant: ""})).table.column_names == ["number", meant]


def test_entries_of_subscribers_that_make_no_sense_are_told_and_the_numbers_stay() -> None:
    given = pd.DataFrame(
        {"number": [ONE, OTHER, ""], "age": ["-4", "31", "5"], "activated": ["", "31/31/2020", ""]}
    )
    words = (
        "the table of subscribers: some entries do not count: 1 because the number is empty .first in row 3.; "
        "1 because activated is no date .first in row 2.; 1 because age is no age .first in row 1."
    )
    with pytest.warns(UnknownEntriesWarning, match=words) as told:
        listed = read_subscribers(given)
    assert listed.table.num_rows == 3
    assert not any(ONE in str(one.message) for one in told)


def test_relatives_are_those_of_a_probability_that_counts(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(
        "number_a,number_b,probability\n13500000001,13500000002,0.5\n1,2,\n3,4,often\n5,6,0.49\n"
    )
    assert len(read_relatives(pairs)) == 1  # empty and odd ones do not
