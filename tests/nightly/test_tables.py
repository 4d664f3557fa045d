"""Rows of customer tables that make no sense are named and counted, and the others serve as if they were alone."""

import json
from pathlib import Path

import pandas as pd
import pytest
import town

from circlegraph.errors import InputError


def test_rows_that_make_no_sense(done: Path, city: Path, tmp_path: Path) -> None:
    bills = pd.read_parquet(city / "bills.parquet").astype(str)
    forwarding = pd.read_parquet(city / "forwarding.parquet").astype(str)
    one = bills.number[0]
    bad = pd.DataFrame(
        [
            (one, "2024-05", "-1", "5", "0"),
            (one, "2024-06", "1", "-5", "0"),
            (one, "2024-07", "much", "5", "0"),
            (one, "2024-13", "1", "5", "0"),
            ("", "2024-05", "1", "5", "0"),
        ],
        columns=bills.columns,
    )
    pd.concat([bills, bad]).assign(segment="b2c").to_csv(tmp_path / "bills.csv", index=False)
    away = pd.DataFrame(
        [(one, "", "2025-09-01"), (one, "13900000000", "soon"), (one, "13900000000", "2025-10-21")],
        columns=forwarding.columns,
    )
    pd.concat([away, forwarding]).assign(status=1).to_csv(tmp_path / "forwarding.csv", index=False)
    (tmp_path / "lost.csv").write_text("number,lost\n1,never\n")
    header = "number,date,reached,accepted,kept\n"
    (tmp_path / "calls.csv").write_text(f"{header}1,2025-10-01,yes,no,yes\n,2025-10-01,yes,,\n1,,yes,,\n")
    tables = {"subscribers": str(city / "subscribers.parquet"), "bills": "bills.csv"}
    tables |= {"forwarding": "forwarding.csv", "outcomes": "lost.csv", "feedback": "calls.csv"}
    outcome = town.night(city, tmp_path, tables=tables)
    folder = tmp_path / "results" / town.LAST
    counts = json.loads((folder / "tables" / "manifest.json").read_text())["counts"]["left out"]
    assert counts == {
        "bills": {
            "the number is empty": 1,
            "the month is no month": 1,
            "arpu is no amount": 1,
            "arpu is negative": 1,
            "mou is negative": 1,
        },
        "forwarding": {
            "forward_to is empty": 1,
            "since is no date": 1,
            "since lies after the night": 1,
        },
        "outcomes": {"lost is no date": 1},
        "feedback": {"the number is empty": 1, "date is empty": 1},
    }
    rejected = pd.read_csv(folder / "tables" / "rejected.csv")
    assert list(rejected.columns) == ["table", "row", "reason"]
    named = dict(zip(rejected.table + ": " + rejected.reason, rejected.row, strict=True))
    assert named["bills: mou is negative"] == len(bills) + 2
    assert named["forwarding: since lies after the night"] == 3
    assert f"5 of {len(bills) + 5:,} rows are left out" in outcome.warnings[0]
    assert f"1 because arpu is negative (first in row {len(bills) + 1:,})" in outcome.warnings[0]
    assert not any(one in warning for warning in outcome.warnings)
    assert "forwarding: left out because since is no date" in (folder / "report.html").read_text()
    names = ("movement/weeks.parquet", "managers/managers.parquet", "second_numbers/pairs.parquet")
    for name in names:
        clean = done / "results" / town.LAST / name
        pd.testing.assert_frame_equal(pd.read_parquet(folder / name), pd.read_parquet(clean))


def test_entries_of_subscribers_that_make_no_sense_are_unknown(city: Path, tmp_path: Path) -> None:
    listed = pd.read_parquet(city / "subscribers.parquet").astype({"age": str, "activated": str})
    numbers = set(listed["number"])
    listed.loc[0, "age"], listed.loc[1, "age"], listed.loc[2, "age"] = "old", "-3", "250"
    listed.loc[3, "activated"] = "in spring"
    listed.to_csv(tmp_path / "subscribers.csv", index=False)
    outcome = town.night(city, tmp_path, tables={"subscribers": "subscribers.csv"})
    folder = tmp_path / "results" / town.LAST
    counts = json.loads((folder / "tables" / "manifest.json").read_text())["counts"]["left out"]
    assert counts["subscribers"] == {"activated is no date": 1, "age is no age": 3}
    assert [line for line in outcome.warnings if "some entries do not count" in line] == list(
        outcome.warnings[:1]
    )
    assert "3 because age is no age (first in row 1)" in outcome.warnings[0]
    assert (
        set(listed["number"][:4])
        <= set(pd.read_parquet(folder / "labels" / "labels.parquet")["number"])
        <= numbers
    )


def test_a_number_with_two_bills_of_a_month_stops_the_night_before_its_work(
    city: Path, tmp_path: Path
) -> None:
    (tmp_path / "bills.csv").write_text("number,month,arpu\n1,2024-05,-1\n1,2024-05,2\n1,202405,3\n")
    with pytest.raises(
        InputError, match=r"bills\.csv: rows 2 and 3 list the same number for the same month;"
    ):
        town.night(city, tmp_path, tables={"bills": "bills.csv"})
    assert not (tmp_path / "results" / town.LAST / "circles").exists()
