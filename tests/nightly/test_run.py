"""A night from the config to the labels; again; with something changed; with something broken."""

import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
import town

from circlegraph.errors import InputError, StoreError
from circlegraph.nightly.label_schema import COLUMNS
from circlegraph.nightly.ledger import Ledger
from circlegraph.nightly.stages import stages_here
from circlegraph.store.store import Store

STAGES = tuple(stage.name for stage in stages_here())


def log_of(work: Path, date: str = town.LAST) -> list[dict[str, object]]:
    return [json.loads(line) for line in (work / "results" / date / "log.jsonl").read_text().splitlines()]


def copied(work: Path, to: Path) -> Path:
    return Path(shutil.copytree(work, to / "work"))


def test_every_stage_is_done_and_logged(done: Path) -> None:
    lines = [line for line in log_of(done) if line.get("stage") in STAGES]
    assert [line["stage"] for line in lines] == list(STAGES)
    assert all(line["state"] == "done" and float(str(line["peak_mb"])) > 10 for line in lines)
    first = (done / "results" / "audit.jsonl").read_text().splitlines()[0]
    assert (json.loads(first)["action"], json.loads(first)["night"]) == ("nightly", town.LAST)


def test_everything_is_for_its_owner_only(done: Path) -> None:
    kept = [*(done / "results").rglob("*"), *(done / "store").rglob("*")]
    assert {oct(path.stat().st_mode & 0o777) for path in kept if path.is_file()} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in kept if path.is_dir()} == {"0o700"}


def test_one_row_per_own_number(done: Path, city: Path) -> None:
    labels = pd.read_parquet(done / "results" / town.LAST / "labels" / "labels.parquet")
    assert list(labels.columns) == list(COLUMNS)
    subscribers = pd.read_parquet(city / "subscribers.parquet")
    active = subscribers[pd.to_datetime(subscribers.activated) <= town.LAST]
    assert sorted(labels.number) == sorted(active.number)
    tier = labels.set_index("number").value_tier
    assert tier.to_dict() == active.set_index("number").value_tier.to_dict()
    assert (labels.circle_size > 0).mean() > 0.8
    text = pd.read_csv(done / "results" / town.LAST / "labels" / "labels.csv", dtype={"number": str})
    assert text.number.tolist() == labels.number.tolist()


def test_a_second_run_does_nothing(done: Path, city: Path, tmp_path: Path) -> None:
    work = copied(done, tmp_path)
    before = town.files(work)
    assert town.night(city, work).done == ()
    assert town.files(work) == before
    assert log_of(work)[-1]["state"] == "nothing to do"
    assert town.night(city, work, None).night.date == town.LAST  # the last day stored


def test_what_a_kill_left_is_swept(done: Path, city: Path, tmp_path: Path) -> None:
    work = copied(done, tmp_path)
    before = town.files(work)
    (work / "results" / town.LAST / ".report.html.x1.tmp").write_text("half a report")
    (work / "results" / town.LAST / ".labels.new").mkdir()
    town.night(city, work)
    assert town.files(work) == before


def test_what_depends_on_a_changed_table_is_made_anew(done: Path, city: Path, tmp_path: Path) -> None:
    work, other = copied(done, tmp_path), town.link_city(city, tmp_path / "city")
    forwarding = pd.read_parquet(other / "forwarding.parquet")
    subscribers = pd.read_parquet(other / "subscribers.parquet")
    twice = pd.DataFrame({"number": subscribers.number[:1], "forward_to": subscribers.number[1:2].to_numpy()})
    both = pd.concat([forwarding, twice]).drop_duplicates("number", keep="last")
    both.to_parquet(other / "forwarding.parquet", index=False)
    tables = {name: str(other / f"{name}.parquet") for name in ("subscribers", "forwarding", "bills")}
    outcome = town.night(city, work, tables=tables)
    assert "second_numbers" in outcome.done
    assert not {"intake", "circles"} & set(outcome.done)


def test_what_depends_on_a_setting_is_made_anew(done: Path, city: Path, tmp_path: Path) -> None:
    work = copied(done, tmp_path)
    outcome = town.night(city, work, labels={"language": "zh", "own_name": "China Mobile"})
    assert outcome.done[0] == "labels"
    labels = pd.read_parquet(work / "results" / town.LAST / "labels" / "labels.parquet")
    assert {"非双卡", "无法判断"} <= set(labels.dual_sim)
    listed = pd.read_parquet(work / "results" / town.LAST / "worklist" / "worklist.parquet")
    assert len(listed)
    assert listed.say_first.str.match("[一-龥{0-9]").all()
    assert town.night(city, work, windows={"before": 30, "after": 14}).done == STAGES


def test_a_damaged_result_is_made_anew_with_the_same_bytes(done: Path, city: Path, tmp_path: Path) -> None:
    work = copied(done, tmp_path)
    before = town.files(work)
    (work / "results" / town.LAST / "circles" / "circles.parquet").write_bytes(b"damaged")
    assert town.night(city, work).done == (
        "circles",
    )  # the same bytes again: nothing else depends on the time
    assert town.files(work) == before


def test_a_late_file_redoes_the_nights_that_it_belongs_to(city: Path, tmp_path: Path) -> None:
    part, work = town.link_city(city, tmp_path / "city", days=town.DAYS - 1), tmp_path / "work"
    late = part / "cdr" / "2025-10-01.parquet"
    kept = tmp_path / late.name
    late.rename(kept)
    first = town.night(part, work, "2025-10-19")
    assert any("2025-10-01" in warning and "missing" in warning for warning in first.warnings)
    shutil.move(kept, late)
    again = town.night(part, work, "2025-10-19")
    assert again.done == STAGES
    assert again.warnings == ()
    whole = tmp_path / "whole"
    town.night(part, whole, "2025-10-19")
    labels = "results/2025-10-19/labels/labels.parquet"
    assert town.files(work)[labels] == town.files(whole)[labels]


def test_days_after_the_night_change_nothing(city: Path, tmp_path: Path) -> None:
    part = town.link_city(city, tmp_path / "city", days=town.DAYS - 2)
    town.night(part, tmp_path / "then", "2025-10-18")
    town.night(city, tmp_path / "now", "2025-10-18")
    then, now = (
        {name: sha for name, sha in town.files(tmp_path / work).items() if "labels/labels" in name}
        for work in ("then", "now")
    )
    assert then == now
    assert len(then) == 2


def test_missing_days_are_refused_by_the_rule(city: Path, tmp_path: Path) -> None:
    part = town.link_city(city, tmp_path / "city")
    (part / "cdr" / "2025-10-05.parquet").unlink()
    with pytest.raises(InputError, match=r"1 of the days .* are missing: 2025-10-05"):
        town.night(part, tmp_path / "work", missing_days={"rule": "refuse"})
    assert not (tmp_path / "work" / "results" / town.LAST / "labels").exists()
    outcome = town.night(part, tmp_path / "work", missing_days={"rule": "run"})
    assert outcome.warnings == ()
    assert outcome.done == STAGES


def test_a_date_without_days_leaves_nothing_behind(done: Path, city: Path, tmp_path: Path) -> None:
    work = copied(done, tmp_path)
    before = town.files(work)
    with pytest.raises(
        InputError, match=rf"end with 2025-07-01: the store holds {town.FIRST} to {town.LAST}; give"
    ):
        town.night(city, work, date="2025-07-01")
    assert town.files(work) == before
    assert not (work / "results" / "2025-07-01").exists()


def test_bad_files_are_named_and_do_not_stop_the_night(city: Path, tmp_path: Path) -> None:
    part, work = town.link_city(city, tmp_path / "city"), tmp_path / "work"
    damaged = part / "cdr" / "2025-09-20.parquet"
    raw = damaged.read_bytes()
    damaged.write_bytes(raw[:1500] + bytes(2000) + raw[3500:])
    deeper = part / "cdr" / "2025-09-21.parquet"
    content = deeper.read_bytes()
    deeper.write_bytes(content[:40] + bytes(60) + content[100:])
    (part / "cdr" / "zz.parquet").write_bytes(b"no parquet at all")
    rows = "caller,callee,start,duration\n13800138000,13900139000,2025-10-20 08:00:00,5\n1,1,never,x\n"
    (part / "cdr" / "extra.csv").write_text(rows)
    outcome = town.night(part, work, inputs={"cdr": [str(part / "cdr")]})
    for name in ("2025-09-20.parquet", "2025-09-21.parquet", "zz.parquet"):
        assert sum(name in warning for warning in outcome.warnings) == 1, outcome.warnings
    assert outcome.done == STAGES
    folder = work / "results" / town.LAST / "intake"
    states = {
        Path(f["path"]).name: f["state"] for f in json.loads((folder / "files.json").read_text())["files"]
    }
    assert [name for name, state in states.items() if state == "refused"] == [
        "2025-09-20.parquet",
        "2025-09-21.parquet",
        "zz.parquet",
    ]
    assert states["extra.csv"] == "taken"
    rejected = pd.read_csv(folder / "quarantine.csv")
    assert rejected.file.str.endswith("extra.csv").all()
    assert len(rejected) == 1
    counts = json.loads((folder / "manifest.json").read_text())["counts"]
    assert counts["read"] == counts["accepted"] + sum(counts["rejected"].values())
    assert counts["refused files"] == 3
    # Mended, it is taken in; the others are not looked at again.
    damaged.write_bytes(raw)
    again = town.night(part, work, inputs={"cdr": [str(part / "cdr")]})
    assert "2025-09-20" in Store(work / "store").days
    assert not any("zz.parquet" in warning for warning in again.warnings)


def test_a_changed_file_is_named(city: Path, tmp_path: Path) -> None:
    part, work = town.link_city(city, tmp_path / "city"), tmp_path / "work"
    town.night(part, work)
    path = part / "cdr" / "2025-10-12.parquet"
    calls = pd.read_parquet(path)
    more = calls.iloc[:1].assign(duration=77)
    pd.concat([calls, more]).to_parquet(path, index=False)
    outcome = town.night(part, work)
    assert any(path.name in warning and "changed" in warning for warning in outcome.warnings)
    batch = Ledger.read(work / "store").batches[-1]
    assert (batch["accepted"], batch["read"]) == (1, len(calls) + 1)


def test_a_changed_file_that_is_refused_is_not_said_to_be_taken_in(city: Path, tmp_path: Path) -> None:
    part, work = town.link_city(city, tmp_path / "city", days=20), tmp_path / "work"
    town.night(part, work, None)
    path = part / "cdr" / "2025-09-12.parquet"
    good = path.read_bytes()
    path.write_bytes(b"no parquet at all")
    outcome = town.night(part, work, None)
    assert [path.name in warning for warning in outcome.warnings] == [True, True]
    assert "the file has changed since it was taken in; it is refused now" in outcome.warnings[1]
    assert not any("its new rows" in warning for warning in outcome.warnings)
    path.write_bytes(good)
    assert not any("changed" in warning for warning in town.night(part, work, None).warnings)


def test_one_run_at_a_time(done: Path, city: Path, tmp_path: Path) -> None:
    from circlegraph.nightly.lock import one_run

    work = copied(done, tmp_path)
    with (
        one_run(work / "results" / "state", print),
        pytest.raises(StoreError, match=rf"process {os.getpid()} since"),
    ):
        town.night(city, work)
    assert town.night(city, work).done == ()


def test_what_is_kept(done: Path, city: Path, tmp_path: Path) -> None:
    work = copied(done, tmp_path)
    for date in ("2025-10-17", "2025-10-18", "2025-10-19"):
        town.night(city, work, date)
    outcome = town.night(city, work, retention={"result_nights": 2, "store_days": 40})
    assert "results of 2025-10-17" in outcome.dropped
    assert sorted(p.name for p in (work / "results").glob("2025*")) == ["2025-10-19", "2025-10-20"]
    assert Store(work / "store").days[0] == "2025-09-02"  # the windows reach back 49 days


def test_a_killed_run_is_told_of(done: Path, city: Path, tmp_path: Path) -> None:
    work = copied(done, tmp_path)
    holder = work / "results" / "state" / "run.json"
    holder.write_text('{"pid": 4194305, "since": "2025-10-20T01:00:00+00:00"}')
    outcome = town.night(city, work)
    assert any("process 4194305" in warning and "did not end" in warning for warning in outcome.warnings)
    assert not holder.exists()


def test_an_error_is_logged_and_leaves_what_was_there(done: Path, city: Path, tmp_path: Path) -> None:
    work = copied(done, tmp_path)
    before = town.files(work)
    bad = tmp_path / "forwarding.csv"
    bad.write_text("number,forward_too\n300,301\n")
    tables = {"subscribers": str(city / "subscribers.parquet"), "forwarding": str(bad)}
    with pytest.raises(InputError, match=r"forwarding\.csv"):
        town.night(city, work, tables=tables)
    line = log_of(work)[-1]
    assert (line["state"], line["run"]) == ("failed", town.LAST)
    assert town.night(city, work).done == ()
    assert town.files(work) == before


def test_what_became_of_the_calls(city: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    town.night(city, work, "2025-10-17")
    listed = pd.read_parquet(work / "results" / "2025-10-17" / "worklist" / "worklist.parquet")
    assert len(listed)
    outcomes = listed[["number"]].assign(date="2025-10-19", reached="yes", accepted="no", kept="yes")
    outcomes.to_csv(tmp_path / "feedback.csv", index=False)
    gone = listed[["number"]].assign(lost="2025-10-19")
    gone.to_csv(tmp_path / "lost.csv", index=False)
    tables = {name: str(city / f"{name}.parquet") for name in ("subscribers", "forwarding", "bills")}
    tables |= {"feedback": str(tmp_path / "feedback.csv"), "outcomes": str(tmp_path / "lost.csv")}
    town.night(city, work, tables=tables, movement={"fit": True})
    folder = work / "results" / town.LAST
    rates = pd.read_parquet(folder / "feedback" / "rates.parquet").set_index("by")
    assert rates.loc["all", "reached"] == (listed["group"] == "call").sum()
    assert "What became of the calls" in (folder / "report.html").read_text()
    again = pd.read_parquet(folder / "worklist" / "worklist.parquet")
    assert not set(again.number) & set(listed.number), "nobody twice within the days of rest"
    # One week of past labels is too little to learn from; that is said, and the points of the config stay.
    assert pd.read_parquet(folder / "labels" / "labels.parquet").churn_propensity.isna().all()
    counts = json.loads((folder / "movement" / "manifest.json").read_text())["counts"]
    assert "a scorecard needs" in counts["points"]
