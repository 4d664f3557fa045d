"""The city is a world of people: its measures lie within wide bands of real data."""

from pathlib import Path

import numpy as np
import pytest

from circlegraph.synth import City
from circlegraph.synth.validity import (
    YARDSTICKS,
    Traffic,
    burstiness,
    circle_persistence,
    clustering,
    copenhagen_traffic,
    lopsidedness,
    mean_degree,
    tie_overlap,
    top_tie_share,
    validity,
)

COPENHAGEN = Path(__file__).parents[3] / "shared" / "data" / "copenhagen"


@pytest.fixture(scope="module")
def city() -> City:
    return City(subscribers=1000, days=126, seed=4)


def test_all_measures_lie_within_their_bands(city: City) -> None:
    table = validity(city)
    assert table["within"].all(), table.to_string()


@pytest.mark.parametrize("preset", ["easy", "hard", "abroad"])
def test_presets_stay_within_the_bands(preset: str) -> None:
    table = validity(City(subscribers=800, days=126, seed=4, preset=preset))
    assert table["within"].all(), table.to_string()


@pytest.mark.skipif(not COPENHAGEN.is_dir(), reason="the Copenhagen data is not there")
def test_stored_references_are_what_the_data_say() -> None:
    real = copenhagen_traffic(COPENHAGEN)
    for yardstick in YARDSTICKS:
        found = yardstick.measure(real)
        assert not yardstick.copenhagen or abs(found / yardstick.reference - 1) < 0.01, yardstick.name
        assert not yardstick.copenhagen or yardstick.low <= found <= yardstick.high, yardstick.name
    table = validity(City(subscribers=60, days=28), COPENHAGEN)
    assert np.allclose(table["reference"], [yardstick.reference for yardstick in YARDSTICKS], rtol=0.01)


@pytest.mark.skipif(not COPENHAGEN.is_dir(), reason="the Copenhagen data is not there")
def test_missed_calls_are_left_out() -> None:
    assert len(copenhagen_traffic(COPENHAGEN).time) < 3_600 + 24_333 - 300


def _traffic(rows: list[tuple[int, int, int]]) -> Traffic:
    table = np.array(rows, dtype=np.int64)
    return Traffic(table[:, 0], table[:, 1], table[:, 2])


def test_measures_on_a_world_that_fits_on_a_page() -> None:
    day = 86400
    rows = [(1, 2, 0), (2, 3, 10), (3, 1, 20), (1, 4, 30), (2, 1, 15 * day), (4, 5, 16 * day)]
    world = _traffic(rows)
    assert mean_degree(world) == pytest.approx(2 * 5 / 5)
    # One triangle; pairs of ties that meet: three at 1, one at 2, 3 and 4.
    assert clustering(world) == pytest.approx(3 / 6)
    assert tie_overlap(world) == pytest.approx(1 / 5)
    # 1: {2,3,4} then {2}; 2: {1,3} then {1}; 3 falls silent; 4 had one contact.
    assert circle_persistence(world) == pytest.approx((1 / 3 + 1 / 2) / 2)
    regular = _traffic([(1, 2, 100 * step) for step in range(20)])
    assert burstiness(regular) == pytest.approx(-1.0)
    assert lopsidedness(regular) == pytest.approx(1.0)
    fair = _traffic([(1 + step % 2, 2 - step % 2, 100 * step) for step in range(20)])
    assert lopsidedness(fair) == pytest.approx(0.0)
    circle = _traffic([(1, 2, step) for step in range(6)] + [(1, 3, 50), (1, 3, 51), (4, 1, 52), (4, 1, 53)])
    assert top_tie_share(circle) == pytest.approx(0.6)


def test_colleagues_rest_at_weekends_and_on_holidays() -> None:
    city = City(subscribers=600, days=42, seed=2)
    share: dict[int, list[float]] = {0: [], 1: [], 2: []}
    for number in range(42):
        events = city.events(number)
        kind = city.world.ties.kind[events.source[events.source >= 0]]
        share[events.day.kind].append(float((kind >= 6).mean()))
    assert [len(days) for days in share.values()] == [24, 10, 8]
    work, rest, holiday = (np.mean(days) for days in share.values())
    assert work > 2 * rest > 2.5 * holiday


def test_abroad_rests_on_other_days_and_texts_more() -> None:
    home = City(subscribers=300, days=28, seed=2)
    away = City(subscribers=300, days=28, seed=2, preset="abroad")
    texts = {name: (made.cdr()["kind"] == "sms").mean() for name, made in (("home", home), ("away", away))}
    assert texts["away"] > 2 * texts["home"]
    assert away.subscribers["number"].str.fullmatch(r"0\d{9}").all()
    work: dict[bool, list[float]] = {True: [], False: []}
    for day in range(28):
        events = away.events(day)
        kind = away.world.ties.kind[events.source[events.source >= 0]]
        work[events.day.date.weekday() in (4, 5)].append(float((kind >= 6).mean()))
    assert np.mean(work[True]) < 0.6 * np.mean(work[False])
