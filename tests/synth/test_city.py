"""Cities are repeatable, quick when small, and obey the own network's view."""

import hashlib
import time
from pathlib import Path

import numpy as np
import pytest

from circlegraph.errors import InputError, SettingsError
from circlegraph.synth import City, write_city


@pytest.fixture(scope="module")
def city() -> City:
    return City(subscribers=600, days=60, seed=7)


def _digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


DIRT = {"late": 3, "duplicates": 4, "malformed": 12}


@pytest.mark.parametrize("preset", ["standard", "abroad", "sparse"])
def test_the_same_seed_gives_the_same_bytes_at_any_thread_count(tmp_path: Path, preset: str) -> None:
    for name, threads in (("one", 1), ("two", 2), ("again", 2)):
        write_city(
            tmp_path / name, subscribers=150, days=16, seed=3, threads=threads, dirt=DIRT, preset=preset
        )
    first = _digest(tmp_path / "one")
    assert len(first) > 30
    assert first == _digest(tmp_path / "two") == _digest(tmp_path / "again")


def test_another_seed_gives_another_city(tmp_path: Path) -> None:
    write_city(tmp_path / "a", subscribers=100, days=3, seed=3)
    write_city(tmp_path / "b", subscribers=100, days=3, seed=4)
    first, second = _digest(tmp_path / "a"), _digest(tmp_path / "b")
    assert first.keys() == second.keys()
    assert all(first[name] != second[name] for name in first if name.startswith("cdr/"))


def test_a_day_can_be_made_alone(city: City) -> None:
    alone = City(subscribers=600, days=60, seed=7).events(33)
    kept = city.cdr(33, 34)
    assert len(alone) == len(kept)
    assert kept["duration"].tolist() == alone.duration.tolist()


def test_files_hold_what_the_tables_hold(tmp_path: Path) -> None:
    import pandas as pd

    settings = {"subscribers": 100, "days": 5, "seed": 2}
    write_city(tmp_path, **settings)
    made = City(**settings)
    read = pd.concat([pd.read_parquet(path) for path in sorted((tmp_path / "cdr").iterdir())])
    assert read["caller"].tolist() == made.cdr()["caller"].tolist()
    assert read["start"].tolist() == made.cdr()["start"].tolist()
    assert pd.read_parquet(tmp_path / "bills.parquet")["arpu"].tolist() == made.bills["arpu"].tolist()


def test_a_small_city_takes_well_under_a_second(city: City) -> None:
    city.cdr()
    City(subscribers=50, days=1).cdr()
    begun = time.process_time()
    City(subscribers=300, days=60, seed=1).cdr()
    assert time.process_time() - begun < 1.0


def test_only_records_with_an_own_end_are_seen_and_only_own_ends_are_located(city: City) -> None:
    cdr = city.cdr()
    own = set(city.subscribers["number"])
    caller, callee = cdr["caller"].isin(own), cdr["callee"].isin(own)
    assert (caller | callee).all()
    assert not (caller & callee).all()
    assert (cdr["caller_imei"].notna() == caller).all()
    plain = cdr["kind"] != "forward"
    # Nobody is heard by a cell of ours while abroad.
    assert not cdr["callee_cell"].notna()[~callee].any()
    assert cdr["callee_cell"].notna()[plain & callee].mean() > 0.99
    assert cdr["callee_cell"][~plain].isna().all()
    assert (cdr["start"].dt.date.diff().dropna() >= np.timedelta64(0)).all()


@pytest.mark.parametrize("seed", range(6))
def test_the_city_has_as_many_subscribers_as_asked(seed: int) -> None:
    world = City(subscribers=90 + seed, days=20, seed=seed).world
    first = world.sims.own[: world.people.count] & (world.people.first_day <= 0)
    assert int(first.sum()) == 90 + seed


def test_nobody_talks_to_two_people_at_once(city: City) -> None:
    for day in (0, 10, 40):
        events = city.events(day)
        calls = events.kind != 1
        entity = city.world.sims.entity
        person = np.concatenate([entity[events.caller[calls]], entity[events.callee[calls]]])
        begin = np.concatenate([events.second[calls]] * 2)
        end = begin + np.concatenate([events.duration[calls]] * 2)
        order = np.lexsort((begin, person))
        order = order[person[order] < city.world.people.count]
        same = person[order][1:] == person[order][:-1]
        assert (begin[order][1:] >= end[order][:-1])[same].all()


def test_tokens_may_stand_for_numbers() -> None:
    made = City(subscribers=60, days=2, operators={"hashed": True})
    assert made.cdr()["caller"].str.fullmatch("[0-9a-f]{32}").all()
    assert made.subscribers["number"].isin(set(made.cdr()["caller"]) | set(made.cdr()["callee"])).mean() > 0.5


def test_an_earlier_city_makes_place_and_other_files_do_not(tmp_path: Path) -> None:
    write_city(tmp_path / "a", subscribers=50, days=4, form="csv")
    write_city(tmp_path / "a", subscribers=50, days=2)
    assert [path.name for path in sorted((tmp_path / "a" / "cdr").iterdir())] == [
        "2025-09-01.parquet",
        "2025-09-02.parquet",
    ]
    precious = tmp_path / "b" / "cdr" / "real.csv"
    precious.parent.mkdir(parents=True)
    precious.write_text("caller,callee")
    with pytest.raises(InputError, match="no synthetic city"):
        write_city(tmp_path / "b", subscribers=50, days=1)
    assert precious.read_text() == "caller,callee"
    with pytest.raises(InputError, match="cannot be written to"):
        write_city(precious, subscribers=50, days=1)


def test_days_outside_the_window_are_an_error(city: City) -> None:
    assert len(city.cdr(58)) + len(city.cdr(0, 58)) == len(city.cdr())
    with pytest.raises(SettingsError, match="outside the window of 60 days"):
        city.cdr(60)
    with pytest.raises(SettingsError, match="day = 60"):
        city.events(60)


def test_large_cities_are_made_anew_rather_than_kept(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from circlegraph.synth import city as module

    monkeypatch.setattr(module, "KEPT_EVENTS", 0)
    again = City(subscribers=600, days=60, seed=7)
    assert again.cdr(10, 12).equals(city.cdr(10, 12))
    assert not again._run[1]
    assert again.truth["weekly"].equals(city.truth["weekly"])
