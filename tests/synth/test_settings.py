"""Settings: presets, and one error that names everything wrong."""

from pathlib import Path

import pytest

from circlegraph.errors import SettingsError
from circlegraph.synth import City, Settings, make_settings, write_city
from circlegraph.synth.presets import PRESETS


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_presets_make_cities(preset: str) -> None:
    city = City(subscribers=80, days=3, preset=preset)
    assert city.settings.preset == preset
    assert len(city.cdr()) > 50


def test_changes_go_on_top_of_a_preset_and_of_settings() -> None:
    made = make_settings(preset="hard", ties={"friends": 5})
    assert made.ties.friends == 5
    assert made.ties.closure == PRESETS["hard"]["ties"]["closure"]
    again = make_settings(made, days=9, ties={"closure": 0.1})
    assert (again.days, again.ties.friends, again.ties.closure) == (9, 5, 0.1)
    assert make_settings(Settings()) == Settings()


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        make_settings(
            subscribers=100,
            days=-4,
            populaton={},
            population={"households": 500, "employed": 1.5, "job_changes": -0.1},
            ties={"one_of": 1, "events_per_day": 0, "strength": {"spouse": -1}},
            rhythm={"weekly_holidays": [7], "holidays": [["2025-02-03", "2025-02-01"]]},
            second_numbers={"modes": {"by_contacts": 1}, "moved_low": 0.9, "moved_high": 0.2, "held": 0.9},
            operators={"networks": [{"name": "A", "market_share": 0.7, "prefixes": ["13"]}] * 2},
        )
    message = str(caught.value)
    for part in (
        "days = -4",
        "populaton: unknown setting (did you mean population?)",
        "population.employed = 1.5",
        "population.job_changes = -0.1",
        "ties.one_of: unknown setting (did you mean one_off?)",
        "ties.events_per_day = 0",
        "7 is no day of the week",
        "ends before it begins",
        "by_contacts: unknown (did you mean by_contact?)",
        "moved_low = 0.9: above moved_high",
        "market shares sum to 1.4",
        "prefixes 13 stand twice",
        "same name",
    ):
        assert part in message, part
    assert "\n" not in message


def _networks(*changes: dict[str, object]) -> dict[str, object]:
    usual = (
        {"name": "A", "market_share": 0.5, "prefixes": ["13"]},
        {"name": "B", "market_share": 0.5, "prefixes": ["14"]},
    )
    return {"networks": [{**network, **change} for network, change in zip(usual, changes, strict=True)]}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ties": {"friends": float("inf")}}, "ties.friends = inf"),
        ({"ties": {"friends": 1e9}}, "less than or equal to 500"),
        ({"ties": {"strength_sigma": 40}}, "less than or equal to 4"),
        ({"managers": {"lag_days": float("nan")}}, "managers.lag_days = nan"),
        ({"start": "9999-12-30"}, "2200-01-01"),
        ({"subscribers": 200_000, "operators": {"digits": 7}}, "too few numbers for 200,000 subscribers"),
        ({"operators": _networks({}, {"prefixes": ["137"]})}, "prefixes 13 begin other prefixes"),
        ({"operators": _networks({"service_line": "1x"}, {})}, "service_line = '1x'"),
        ({"operators": _networks({"service_line": "101"}, {"voicemail": "101"})}, "have the same number"),
    ],
)
def test_what_no_city_can_hold_is_an_error(changes: dict[str, object], why: str) -> None:
    with pytest.raises(SettingsError, match=r"^1 setting makes no sense") as caught:
        make_settings(**changes)
    assert why in str(caught.value)


def test_more_households_than_people_is_an_error() -> None:
    with pytest.raises(SettingsError, match=r"households = 900: more households than people \(172\)"):
        make_settings(subscribers=100, population={"households": 900})
    with pytest.raises(SettingsError, match="too few households"):
        make_settings(subscribers=100, population={"households": 2})


@pytest.mark.parametrize("households", [80, 130])
def test_the_number_of_households_is_met(households: int) -> None:
    city = City(subscribers=150, days=1, population={"households": households})
    made = len(city.world.people.households.first) - 1
    assert abs(made - households) < 0.2 * households


def test_every_rate_is_described() -> None:
    for name, group in Settings.model_fields.items():
        fields = getattr(group.annotation, "model_fields", {})
        for field, info in fields.items():
            assert info.description, f"{name}.{field}"


def test_an_unknown_form_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="form = 'xml': unknown"):
        write_city(tmp_path, subscribers=50, days=1, form="xml")
    with pytest.raises(SettingsError, match=r"days = 0: .*; form = 'xml': unknown"):
        write_city(tmp_path, days=0, form="xml")
    with pytest.raises(SettingsError, match="outside the window"):
        City(subscribers=50, days=2).events(2)


@pytest.mark.parametrize(
    "changes",
    [
        {"days": 1},
        {
            "population": {"gone": 50.0},
            "second_numbers": {"taken": 0, "held": 0, "number_changes": 0, "group_moves": 0},
            "managers": {"per_10k": 0},
        },
        {"second_numbers": {"taken": 0, "held": 0, "number_changes": 0}, "managers": {"per_10k": 0}},
        {"ties": {"friends": 0, "acquaintances": 0, "coworkers": 0, "one_off": 0}},
        {
            "population": {
                "employed": 0,
                "arrivals": 0,
                "first_phones": 0,
                "household_mix": {"elder_single": 1},
            }
        },
        {"lookalikes": dict.fromkeys(("couriers", "insurers", "hotlines", "banks", "taxis", "agents"), 0)},
        {"rhythm": {"text_share": 1.0, "weekly_holidays": ()}},
        {"rhythm": {"text_share": 0.0, "train": 0.0, "hour_shift": -3}},
    ],
)
def test_bare_cities_have_all_tables(changes: dict[str, object]) -> None:
    city = City(**{"subscribers": 60, "days": 10, **changes})
    city.cdr()
    assert set(city.truth) >= {"second_numbers", "families", "managers", "weekly", "lookalikes", "leavers"}
    assert len(city.subscribers)
    assert list(city.bills.columns) == ["number", "month", "arpu", "mou", "arrears"]
    assert list(city.forwarding.columns) == ["number", "forward_to", "since"]
