"""Pseudonyms: no number anywhere in the results, the same labels behind them, and the way back for key holders."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import town

from circlegraph.errors import SettingsError, StoreError
from circlegraph.nightly.explain import explain
from circlegraph.nightly.privacy import Pseudonyms, mask_of
from circlegraph.nightly.stages import stages_here
from circlegraph.nightly.unmask import unmask

KEY = b"a key of more than sixteen bytes"


@pytest.fixture(scope="module")
def hidden(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("hidden")
    (work / "key").write_bytes(KEY + b"\n")
    town.night(city, work, privacy={"pseudonyms": True, "key_file": "key"})
    return work


def texts_of(path: Path) -> str:
    if path.suffix == ".parquet":
        return pd.read_parquet(path).to_csv()
    return path.read_text(encoding="utf-8")


def test_no_number_stands_in_the_results(hidden: Path, city: Path) -> None:
    numbers = set(pd.read_parquet(city / "subscribers.parquet").number)
    seen = 0
    for path in sorted((hidden / "results").rglob("*")):
        if path.is_file() and path.name != "lock":
            text = texts_of(path)
            assert KEY.decode() not in text
            found = [
                word
                for word in re.findall(r"(?<![0-9a-f])\d{7,}(?![0-9a-f])", text)
                if word in numbers or re.fullmatch(r"1\d{10}", word)
            ]
            assert not found, path.name
            seen += bool(re.search(r"\bx[0-9a-f]{24}\b", text))
    assert seen > 8


def test_the_labels_behind_the_pseudonyms_are_the_same(
    hidden: Path, done: Path, city: Path, tmp_path: Path
) -> None:
    masked = hidden / "results" / town.LAST / "labels" / "labels.parquet"
    pairs = pd.read_parquet(hidden / "results" / town.LAST / "second_numbers" / "pairs.parquet")
    known = tmp_path / "known.csv"
    numbers = pd.read_parquet(done / "results" / town.LAST / "managers" / "managers.parquet").number
    numbers = pd.concat(
        [numbers, pd.read_parquet(city / "subscribers.parquet").number, others(done)]
    ).drop_duplicates()
    numbers.to_frame("number").to_csv(known, index=False)
    replaced, left = unmask(masked, hidden / "key", known, tmp_path / "out.parquet")
    assert replaced >= len(pd.read_parquet(masked))
    assert left == 0
    plain = pd.read_parquet(done / "results" / town.LAST / "labels" / "labels.parquet")
    shown = pd.read_parquet(tmp_path / "out.parquet").sort_values("number", ignore_index=True)
    pd.testing.assert_frame_equal(shown, plain)
    assert (tmp_path / "out.parquet").stat().st_mode & 0o777 == 0o600
    assert len(pairs)


def others(done: Path) -> pd.Series:
    pairs = pd.read_parquet(done / "results" / town.LAST / "second_numbers" / "pairs.parquet")
    return pairs.second_number


def test_a_second_run_does_nothing_and_another_key_is_refused(
    hidden: Path, city: Path, tmp_path: Path
) -> None:
    work = Path(shutil.copytree(hidden, tmp_path / "work"))
    told = {"pseudonyms": True, "key_file": "key"}
    assert town.night(city, work, privacy=told).done == ()
    # The next night reads back what this one wrote.
    assert town.night(city, work, "2025-10-19", privacy=told).done
    before = town.files(work)
    with pytest.raises(
        SettingsError, match=r"made with pseudonyms \w{8}, and the config asks for plain numbers"
    ):
        town.night(city, work)
    (work / "key").write_bytes(b"another key, just as long")
    settings = town.settings_of(city, work, privacy=told)
    for act in (lambda: town.night(city, work, privacy=told), lambda: explain(settings, "13800138000")):
        with pytest.raises(
            SettingsError, match=r"another key \(pseudonyms \w{8}, not .*give that key, or name"
        ):
            act()
    (work / "key").write_bytes(KEY + b"\n")
    assert town.files(work) == before


def test_pseudonyms_over_plain_results_are_refused(done: Path, city: Path, tmp_path: Path) -> None:
    work = Path(shutil.copytree(done, tmp_path / "work"))
    (work / "key").write_bytes(KEY)
    with pytest.raises(SettingsError, match="made with plain numbers, and the config asks for pseudonyms"):
        town.night(city, work, privacy={"pseudonyms": True, "key_file": "key"})
    assert town.night(city, work).done == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"musk": 1}', "\xff"])
def test_a_damaged_note_of_the_key_is_told_in_one_line(
    done: Path, city: Path, tmp_path: Path, text: str
) -> None:
    work = Path(shutil.copytree(done, tmp_path / "work"))
    (work / "results" / "state" / "privacy.json").write_text(text, encoding="latin-1")
    with pytest.raises(
        StoreError, match=r'privacy\.json: .* is damaged; .* write \{"mask": "plain"\} into it'
    ):
        town.night(city, work)


def test_a_bad_key_is_told_before_anything_is_read(city: Path, tmp_path: Path) -> None:
    told = {"pseudonyms": True, "key_file": "key"}
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(SettingsError, match="has 5 bytes"):
        town.night(city, tmp_path, privacy=told)
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_explain_leaves_a_line_in_the_audit(hidden: Path, city: Path) -> None:
    settings = town.settings_of(city, hidden, privacy={"pseudonyms": True, "key_file": "key"})
    number = pd.read_parquet(city / "subscribers.parquet").number[3]
    night, labels, evidence = explain(settings, f"+86 {number[:3]}-{number[3:]}")
    assert night == town.LAST
    assert labels.number == Pseudonyms(KEY, list).of(number)
    assert set(evidence.number) <= {labels.number}
    line = json.loads((hidden / "results" / "audit.jsonl").read_text().splitlines()[-1])
    assert (line["action"], line["number"]) == ("explain", labels.number)


def test_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    from circlegraph.nightly.settings import Privacy

    monkeypatch.setenv("A_KEY", KEY.decode())
    frame = pd.DataFrame({"number": ["13800138000", None]})
    by_environment = mask_of(Privacy(pseudonyms=True, key_env="A_KEY"), list)
    assert by_environment.on(frame).number[0] == Pseudonyms(KEY, list).of("13800138000")
    monkeypatch.setenv("A_KEY", "short")
    with pytest.raises(SettingsError, match="has 5 bytes"):
        mask_of(Privacy(pseudonyms=True, key_env="A_KEY"), list)
    monkeypatch.delenv("A_KEY")
    with pytest.raises(SettingsError, match="A_KEY, which is not set"):
        mask_of(Privacy(pseudonyms=True, key_env="A_KEY"), list)


def test_explain_and_unmask_on_the_command_line(
    cli: Callable[..., Any], done: Path, city: Path, tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    config.write_text(
        f'[inputs]\ncdr = ["{city}/cdr"]\n[folders]\nstore = "{done}/store"\nresults = "{done}/results"\n'
    )
    labels = pd.read_parquet(done / "results" / town.LAST / "labels" / "labels.parquet")
    number = labels[labels.family_id.notna()].number.iloc[0]
    ran = cli("explain", number, "--config", config)
    assert (ran.code, ran.err) == (0, "")
    assert "family_id" in ran.out
    assert "family:" in ran.out
    assert cli("explain", "13000000000", "--config", config).code == 1
    (tmp_path / "key").write_bytes(KEY)
    table = tmp_path / "masked.csv"
    Pseudonyms(KEY, list).on(labels[["number"]]).to_csv(table, index=False)
    known = city / "subscribers.parquet"
    ran = cli(
        "unmask", table, "--key-file", tmp_path / "key", "--numbers", known, "--out", tmp_path / "o.csv"
    )
    assert (ran.code, ran.err) == (0, "")
    assert pd.read_csv(tmp_path / "o.csv", dtype=str).number.tolist() == labels.number.tolist()


def test_every_stage_is_there(hidden: Path) -> None:
    folder = hidden / "results" / town.LAST
    assert all((folder / stage.name / "manifest.json").exists() for stage in stages_here())


def test_hashed_numbers_are_hidden_as_well(city: Path, tmp_path: Path) -> None:
    """Tokens of an input that was hashed before are numbers, too, wherever they stand."""
    folder = tmp_path / "city"
    (folder / "cdr").mkdir(parents=True)
    columns = ["caller", "callee", "start", "duration", "kind"]
    calls = pd.concat([pd.read_parquet(path) for path in sorted((city / "cdr").iterdir())])[columns]
    for side in ("caller", "callee"):
        calls[side] = calls[side].map(token)
    for day, part in calls.groupby(calls.start.astype(str).str[:10]):
        part.to_csv(folder / "cdr" / f"{day}.csv", index=False)
    own = pd.read_parquet(city / "subscribers.parquet")[["number", "value_tier", "activated"]]
    own.assign(number=own.number.map(token)).to_csv(folder / "subscribers.csv", index=False)
    (tmp_path / "key").write_bytes(KEY)
    changes = {
        "inputs": {"cdr": [str(folder / "cdr")]},
        "tables": {"subscribers": str(folder / "subscribers.csv")},
        "privacy": {"pseudonyms": True, "key_file": "key"},
    }
    for date in ("2025-10-06", town.LAST):
        town.night(city, tmp_path, date, **changes)
    changed = pd.read_parquet(tmp_path / "results" / town.LAST / "labels" / "changes.parquet")
    assert changed.label.isin(["second_number", "last_manager", "number"]).any()
    for path in sorted((tmp_path / "results").rglob("*")):
        if path.is_file() and path.name != "lock":
            assert not re.findall(r"\bt[0-9a-f]{12}\b", texts_of(path)), path


def token(number: str) -> str:
    return "t" + hashlib.sha256(number.encode()).hexdigest()[:12]
