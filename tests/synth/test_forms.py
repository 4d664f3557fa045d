"""Every form of CDR file says the same."""

import json
from pathlib import Path

import pandas as pd
import pytest

from circlegraph.errors import SettingsError
from circlegraph.synth import City, write_city

SETTINGS = {"subscribers": 120, "days": 3, "seed": 5, "second_numbers": {"held": 0.3, "forwarding": 0.8}}
TEXT = {"dtype": str, "keep_default_na": False}


def _written(folder: Path, form: str) -> pd.DataFrame:
    write_city(folder, form=form, **SETTINGS)
    return pd.concat(
        [pd.read_csv(path, **TEXT) for path in sorted((folder / "cdr").iterdir())], ignore_index=True
    )


@pytest.fixture(scope="module")
def city() -> City:
    return City(**SETTINGS)


@pytest.fixture(scope="module")
def lines(city: City) -> int:
    """Lines of a two-leg form: one for each own end."""
    own = city.subscribers["number"]
    return int(city.cdr()["caller"].isin(own).sum() + city.cdr()["callee"].isin(own).sum())


@pytest.mark.parametrize("form", ["csv", "csv.gz"])
def test_csv_holds_the_canonical_records(tmp_path: Path, city: City, form: str) -> None:
    read, made = _written(tmp_path, form), city.cdr()
    assert read.columns.tolist() == made.columns.tolist()
    assert read["caller"].tolist() == made["caller"].tolist()
    assert pd.to_datetime(read["start"]).tolist() == made["start"].tolist()
    assert read["forwarded_to"].tolist() == made["forwarded_to"].fillna("").tolist()
    assert (read["kind"] == "forward").any()


def test_flowkit_has_two_lines_a_call_and_minutes(tmp_path: Path, city: City, lines: int) -> None:
    read = _written(tmp_path, "flowkit")
    assert len(read) == lines
    assert set(read["outgoing"]) == {"true", "false"}
    out = read[(read["outgoing"] == "true") & (read["event_type"] == "calls")]
    own = city.subscribers["number"]
    calls = city.cdr()[lambda cdr: (cdr["kind"] != "sms") & cdr["caller"].isin(own)]
    assert abs(out["duration"].astype(float).sum() * 60 - calls["duration"].sum()) < 0.01 * len(calls) + 1


def test_cider_has_one_line_an_event(tmp_path: Path, city: City) -> None:
    read = _written(tmp_path, "cider")
    assert read["caller_id"].tolist() == city.cdr()["caller"].tolist()
    assert set(read["transaction_type"]) == {"call", "text"}


def test_bass_types_tell_calls_texts_and_forwards(tmp_path: Path, city: City, lines: int) -> None:
    read = _written(tmp_path, "bass")
    assert len(read) == lines
    count = read["calltype_id"].value_counts()
    own, cdr = city.subscribers["number"], city.cdr()
    assert count["0"] == ((cdr["kind"] != "sms") & cdr["caller"].isin(own)).sum()
    assert count["1"] == ((cdr["kind"] == "call") & cdr["callee"].isin(own)).sum()
    assert count["3"] == (cdr["kind"] == "forward").sum() > 0
    assert count["4"] == ((cdr["kind"] == "sms") & cdr["caller"].isin(own)).sum()
    assert set(count.index) == {"0", "1", "3", "4", "5"}


def test_3gpp_names_both_parties_and_the_served_one(tmp_path: Path, lines: int) -> None:
    read = _written(tmp_path, "3gpp")
    assert len(read) == lines
    outward = read["recordType"].isin(["moCallRecord", "moSMSRecord"])
    assert (read["servedMSISDN"] == read["callingNumber"])[outward].all()
    assert (read["servedMSISDN"] == read["calledNumber"])[~outward].all()


def test_bandicoot_has_one_file_a_number(tmp_path: Path, city: City, lines: int) -> None:
    write_city(tmp_path, form="bandicoot", **SETTINGS)
    files = sorted((tmp_path / "cdr").iterdir())
    own = set(city.subscribers["number"])
    assert {path.stem for path in files} <= own
    read = [pd.read_csv(path, **TEXT) for path in files]
    assert sum(map(len, read)) == lines
    one = pd.concat(read)
    assert set(one["interaction"]) == {"call", "text"}
    assert set(one["direction"]) == {"in", "out"}
    assert (one["call_duration"].eq("") == one["interaction"].eq("text")).all()


def test_counts_say_how_often_and_not_when(tmp_path: Path, city: City) -> None:
    read = _written(tmp_path, "counts")
    assert read.columns.tolist() == ["caller", "callee", "kind", "count"]
    cdr = city.cdr()
    kind = cdr["kind"].astype(str).replace("forward", "call")
    wanted = cdr.assign(kind=kind).groupby(["caller", "callee", "kind"]).size()
    found = read.astype({"count": int}).set_index(["caller", "callee", "kind"])["count"]
    assert found.index.is_monotonic_increasing
    assert found.to_dict() == wanted.to_dict()
    with pytest.raises(SettingsError, match="leave dirt out"):
        write_city(tmp_path, form="counts", dirt={"late": 1}, **SETTINGS)
    assert write_city(tmp_path, form="counts", preset="sparse", subscribers=60, days=2)["complete"]


def test_dirt_is_of_the_amount_that_is_stated(tmp_path: Path) -> None:
    dirt = {"late": 3, "duplicates": 5, "malformed": 8, "prefixed": 6}
    clean = {**SETTINGS, "seed": 6}
    write_city(tmp_path / "dirty", dirt=dirt, **clean)
    told = json.loads((tmp_path / "dirty" / "truth" / "dirt.json").read_text())
    total = told["total"]
    broken = {name: count for name, count in total.items() if name not in ("late", "duplicates", "prefixed")}
    assert (total["late"], total["duplicates"], sum(broken.values())) == (9, 15, 24)
    folder = tmp_path / "dirty" / "cdr"
    late = pd.concat([pd.read_parquet(path) for path in sorted(folder.glob("*-late.parquet"))])
    days = pd.concat([pd.read_parquet(path) for path in sorted(folder.glob("????-??-??.parquet"))])
    assert len(late) == 9
    made = City(**clean).cdr()
    assert len(days) == len(made) - 9 + 15 + 24
    assert (days["duration"] < 0).sum() == broken["negative_duration"]
    assert days["callee"].isna().sum() == broken["no_callee"]
    assert days["caller"].isna().sum() == broken["no_caller"]
    assert (days["caller"] == days["callee"]).sum() == broken["self_call"]
    assert days["start"].isna().sum() == broken["no_start"]
    sound = days[
        (days["duration"] >= 0) & days["caller"].notna() & days["callee"].notna() & days["kind"].notna()
    ]
    sound = sound[(sound["caller"] != sound["callee"]) & sound["start"].notna()]
    assert sound.duplicated().sum() >= 15


def test_city_json_says_how_it_was_made(tmp_path: Path) -> None:
    made = write_city(tmp_path, **SETTINGS)
    told = json.loads((tmp_path / "city.json").read_text())
    assert told == made
    assert told["settings"]["seed"] == 5
    again = tmp_path / "again"
    write_city(again, **told["settings"])
    day = "cdr/2025-09-02.parquet"
    assert (again / day).read_bytes() == (tmp_path / day).read_bytes()
    assert (tmp_path / day).stat().st_mode & 0o777 == 0o600
    steps: list[tuple[str, int, int]] = []
    write_city(tmp_path / "third", progress=lambda *step: steps.append(step), **SETTINGS)
    assert [step for step in steps if step[0] == "days"] == [("days", done, 3) for done in (1, 2, 3)]


def test_sparse_records_have_fewer_columns_and_fewer_forms(tmp_path: Path) -> None:
    sparse = {"subscribers": 120, "days": 3, "seed": 5, "preset": "sparse"}
    write_city(tmp_path / "csv", form="csv", **sparse)
    read = pd.concat([pd.read_csv(path, **TEXT) for path in sorted((tmp_path / "csv" / "cdr").iterdir())])
    assert list(read.columns) == ["caller", "callee", "start", "kind"]
    assert read["caller"].tolist() == City(**sparse).cdr()["caller"].tolist()
    with pytest.raises(SettingsError, match="form = 'bass': needs records with forwards, durations, cells"):
        write_city(tmp_path / "bass", form="bass", **sparse)
    write_city(tmp_path / "dirty", dirt={"malformed": 8}, **sparse)
    told = json.loads((tmp_path / "dirty" / "truth" / "dirt.json").read_text())["total"]
    assert told["negative_duration"] == 0
    assert sum(told.values()) == 24
