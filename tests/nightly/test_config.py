"""The config: everything wrong is told at once, and the example names every setting."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from circlegraph.errors import SettingsError
from circlegraph.nightly.config import digest, make_settings, read_settings
from circlegraph.nightly.settings import Settings

GOOD: dict[str, Any] = {"inputs": {"cdr": ["a.csv"]}, "folders": {"store": "store", "results": "results"}}


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    config = tmp_path / "circlegraph.toml"
    config.write_text(
        """
        [inputs]
        cdr = []
        form = "canonicl"
        tz = "Asia/Shangai"
        [folders]
        store = "store"
        [tables]
        subscribes = "subscribers.csv"
        bills = "nowhere.csv"
        [network]
        own_operators = ["China Mobil"]
        [windows]
        before = 0
        [missing_days]
        rule = "stop"
        [movement]
        points = { mou_dorp = 4 }
        [worklist]
        cap = 0
        [privacy]
        pseudonyms = true
        [run]
        memory_limit = "much"
        [privcy]
        floor = 3
        """
    )
    with pytest.raises(SettingsError) as raised:
        read_settings(config)
    told = str(raised.value)
    assert "14 settings are wrong" in told
    for part in (
        "inputs.cdr",
        "did you mean 'canonical'?",
        "Asia/Shangai",
        "folders.results is missing",
        "did you mean 'subscribers'?",
        "nowhere.csv",
        "did you mean 'China Mobile'?",
        "windows.before is 0",
        "missing_days.rule is 'stop'",
        "did you mean 'mou_drop'?",
        "cap is 0",
        "pseudonyms need one key",
        "'much' is not a size",
        "did you mean 'privacy'?",
    ):
        assert part in told, part


@pytest.mark.parametrize("text", ["[inputs", "\udcff"])
def test_a_config_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    config = tmp_path / "circlegraph.toml"
    config.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError, match=r"circlegraph\.toml: the config"):
        read_settings(config)
    with pytest.raises(SettingsError, match=r"No such file"):
        read_settings(tmp_path / "none.toml")


def names_of(model: type[BaseModel]) -> list[str]:
    found = []
    for name, field in model.model_fields.items():
        found.append(name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += names_of(field.annotation)
    return found


def test_the_example_names_every_setting_with_its_default(tmp_path: Path) -> None:
    text = files("circlegraph.nightly").joinpath("example.toml").read_text("utf-8")
    for name in names_of(Settings):
        assert f"[{name}]" in text or f"{name} = " in text, name
    raw = tomllib.loads(text)
    settings = make_settings({**raw, "tables": {}})
    bare = make_settings({name: raw[name] for name in ("inputs", "folders")})
    assert settings == bare


def test_paths_are_relative_to_the_config(tmp_path: Path) -> None:
    (tmp_path / "bills.csv").write_text("number,month,arpu,mou\n")
    settings = make_settings({**GOOD, "tables": {"bills": "bills.csv"}}, tmp_path)
    assert settings.folders.store == tmp_path / "store"
    assert settings.inputs.cdr == (str(tmp_path / "a.csv"),)
    assert settings.tables.bills == tmp_path / "bills.csv"


def test_a_plan_of_a_region_tells_the_home_country() -> None:
    abroad = {"network": {"plan": "GB", "own_operators": ["EE"]}}
    assert make_settings(GOOD).inputs.country == "86"
    assert make_settings({**GOOD, **abroad}).inputs.country == "44"
    assert make_settings({**GOOD, **abroad, "inputs": {"cdr": ["a.csv"], "country": ""}}).inputs.country == ""
    with pytest.raises(
        SettingsError, match=r"network\.plan: the numbering plan GB is for .* country 44, not 33"
    ):
        make_settings({**GOOD, **abroad, "inputs": {"cdr": ["a.csv"], "country": "33"}})


def test_store_and_results_are_apart() -> None:
    with pytest.raises(SettingsError, match=r"folders\.results: the results need another folder"):
        make_settings({**GOOD, "folders": {"store": "one", "results": "one"}})


def test_a_digest_sees_only_its_parts() -> None:
    one, two = make_settings(GOOD), make_settings({**GOOD, "windows": {"after": 14}})
    assert digest(one, ["windows"]) != digest(two, ["windows"])
    assert digest(one, ["labels", "inputs.country"]) == digest(two, ["labels", "inputs.country"])
