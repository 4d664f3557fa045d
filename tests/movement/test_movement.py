"""Movement end to end on small made-up data: each indicator, what is unknown, levels, words and robustness."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import circlegraph as cg
from circlegraph.detect.weekly_movement.context import Listing, bill_drops, family_left
from circlegraph.detect.weekly_movement.figures import HISTORY, median, robust_z, week_figures
from circlegraph.detect.weekly_movement.points import FIGURES, Points
from circlegraph.detect.weekly_movement.run import movement
from circlegraph.detect.weekly_movement.volumes import COLUMNS
from circlegraph.errors import CirclegraphWarning, InputError, SettingsError
from circlegraph.numbers import encode

DATE = "2024-07-28"
FIRST = pd.Timestamp("2024-03-04")  # a Monday; 21 weeks
OWN = [f"1380000{i:04d}" for i in range(6)]
OFF = [f"1860000{i:04d}" for i in range(3)]


def calls(
    caller: str, callees: list[str], a_day: int, first: int = 0, last: int = 146, hour: int = 0
) -> pd.DataFrame:
    """So many calls a day, to the callees in turn, on the days first <= day <= last."""
    rows = [
        (
            caller,
            callees[(day * a_day + i) % len(callees)],
            FIRST + pd.Timedelta(days=day, minutes=10 * i, hours=hour),
        )
        for day in range(first, last + 1)
        for i in range(a_day)
    ]
    return pd.DataFrame(rows, columns=["caller", "callee", "start"]).assign(duration=60, kind="call")


def town(*more: pd.DataFrame) -> pd.DataFrame:
    """Four people who call each other and two more every day; OWN[4] and OWN[5] call OWN[0] back."""
    steady = [
        calls(OWN[0], OWN[1:4], 3),
        calls(OWN[1], OWN[2:5], 3),
        calls(OWN[2], [OWN[0], OWN[4], OWN[5]], 3),
        *(calls(number, [OWN[0]], 2, hour=20) for number in OWN[3:]),
    ]
    return pd.concat([*steady, *more], ignore_index=True)


def row(found: Any, number: str) -> Any:
    return found.weeks.set_index("number").loc[number]


def judged(cdr: pd.DataFrame, **tables: Any) -> Any:
    return movement(cdr, DATE, subscribers=pd.DataFrame({"number": OWN}), **tables)


def fired(found: Any, number: str) -> set[str]:
    return set(filter(None, row(found, number).fired.split(",")))


def test_steady_people_are_stable() -> None:
    found = judged(town())
    assert set(found.weeks["level"]) == {"stable"}
    assert (found.weeks["points"] == 0).all()
    assert (found.weeks["reason"] == "").all()


def test_silence_and_volume() -> None:
    found = judged(town(calls("13800000005", OWN[:3], 6, last=138)))  # OWN[5] is still called by OWN[2]
    assert {"volume_z"} <= fired(found, OWN[5])
    only = judged(
        town(calls("13900000001", [OWN[0]], 4, last=139)), network=cg.Network.of([*OWN, "13900000001"])
    )
    assert {"silent_week", "volume_z"} <= fired(only, "13900000001")
    assert "a week without calls" in row(only, "13900000001").reason


def test_who_never_called_is_not_silent() -> None:
    found = judged(town(calls("13800000005", OWN[:3], 1, first=100, last=101)))
    assert row(found, OWN[5]).silent_week == 0


def test_off_net_share() -> None:
    found = judged(town(calls(OWN[3], OWN[:3], 4, last=118), calls(OWN[3], [OFF[0], OWN[0]], 4, first=119)))
    got = row(found, OWN[3])
    assert got.off_net_share == pytest.approx(1 / 3)
    assert got.off_net_usual == 0
    assert "off_net_share" in fired(found, OWN[3])
    assert "33 % of calls made in 4 weeks went to other networks, 0 % before" in got.reason


def test_unknown_without_own_network() -> None:
    found = movement(town(), DATE)
    assert found.weeks["off_net_share"].isna().all()


def test_what_is_not_given_is_unknown_and_does_not_count() -> None:
    found = judged(town())
    for name in (
        "arpu_drop",
        "mou_drop",
        "second_number",
        "approaches",
        "family_left",
        "arrears",
        "forwarded_share",
    ):
        assert found.weeks[name].isna().all(), name
    expected = {"silent_week", "volume_z", "outgoing_share", "off_net_share", "circle_residual"}
    assert row(found, OWN[0]).known_points == sum(getattr(Points(), name) for name in expected)


BILLS = pd.DataFrame(
    {
        "number": [OWN[0]] * 5 + [OWN[1]] * 2 + [OWN[2]] * 4,
        "month": [f"2024-0{month}" for month in (3, 4, 5, 6, 7, 6, 5, 6, 5, 4, 3)],
        "arpu": [100, 100, 100, 60, 1, 50, 100, 100, 100, 100, 100],
        "mou": [10, 10, 10, 10, 0, 5, 9, 3, 6, 7, 8],
        "arrears": [0, 0, 0, 2, 9, 0, 0, 0, 0, 0, 0],
    }
)


def test_bills() -> None:
    found = judged(town(), bills=BILLS)
    first = row(found, OWN[0])
    assert first.arpu_drop == pytest.approx(0.4)  # July is not over on the 28th
    assert first.mou_drop == pytest.approx(0)
    assert "the bill fell 40 % below the mean of the 3 months before" in first.reason
    assert np.isnan(row(found, OWN[1]).arpu_drop)  # one month of past is too little
    assert row(found, OWN[2]).mou_drop == pytest.approx(1 - 3 / 7)
    assert fired(found, OWN[2]) == {"mou_drop"}
    assert np.isnan(row(found, OWN[3]).arpu_drop)
    assert first.known_points == row(found, OWN[1]).known_points + 8
    assert first.arrears == 2
    assert first.points == Points().arpu_drop + Points().arrears
    assert "in arrears for 2 months" in first.reason
    assert row(found, OWN[1]).arrears == 0
    assert judged(town(), bills=BILLS.drop(columns="arrears")).weeks["arrears"].isna().all()


def test_old_bills_are_unknown() -> None:
    late = BILLS[BILLS["month"] < "2024-04"].drop(columns="arrears")
    assert judged(town(), bills=late).weeks["arpu_drop"].isna().all()


def test_month_is_over_on_its_last_day() -> None:
    keys = np.sort(encode(OWN))
    listing = Listing(keys, "86")
    from circlegraph.detect.known import read_bills

    bills = read_bills(BILLS.drop(columns="arrears"))
    july = bill_drops(bills, listing, np.datetime64("2024-07-31"))
    assert july["arpu_drop"][listing.rows([OWN[0]])[0]] == pytest.approx(1 - 1 / (260 / 3))


def second(probability: float, onset: str | None) -> pd.DataFrame:
    return pd.DataFrame({"number": [OWN[0]], "probability": [probability], "onset": [onset]})


@pytest.mark.parametrize(
    ("probability", "onset", "figure"),
    [
        (0.9, "2024-06-20", 0.9),
        (0.9, None, 0.9),
        (0.4, "2024-06-20", 0.4),
        (0.9, "2024-07-29", 0.0),  # after the week
        (0.9, "2024-01-20", 0.0),  # long ago: he did not become one now
    ],
)
def test_second_number(probability: float, onset: str | None, figure: float) -> None:
    found = judged(town(), second_numbers=second(probability, onset))
    assert row(found, OWN[0]).second_number == figure
    assert ("second_number" in fired(found, OWN[0])) == (figure >= 0.5)
    assert row(found, OWN[1]).second_number == 0


def test_who_cannot_be_told_is_unknown() -> None:
    labels = second(0.9, None).assign(number=OWN[1], probability=np.nan, dual_sim="cannot_tell")
    found = judged(town(), second_numbers=pd.concat([second(0.9, None).assign(dual_sim="own+x"), labels]))
    assert np.isnan(row(found, OWN[1]).second_number)
    assert [row(found, number).second_number for number in (OWN[0], OWN[2])] == [0.9, 0]
    pairs = SimpleNamespace(pairs=second(0.9, None), cannot_tell=pd.DataFrame({"number": OWN[3:4]}))
    assert np.isnan(row(judged(town(), second_numbers=pairs), OWN[3]).second_number)


def test_managers_and_levels() -> None:
    contacts = pd.DataFrame(
        {
            "number": [OWN[0], OWN[1], OWN[1], OWN[2], OWN[3]],
            "manager": [OFF[0], OFF[0], OFF[1], OFF[0], OFF[0]],
            "first_contact": ["2024-07-20", "2024-01-01", "2024-07-01", "2024-01-01", "2024-07-25"],
            "last_contact": ["2024-07-21", "2024-07-15", "2024-07-02", "2024-05-01", "2024-08-02"],
            "calls_in": [3, 5, 1, 2, 4],
        }
    )
    found = judged(town(), managers=contacts, second_numbers=second(0.9, "2024-07-01"))
    assert [row(found, number).approaches for number in OWN[:5]] == [3, 2, 0, 1, 0]
    assert row(found, OWN[0]).points == 11
    assert row(found, OWN[0]).level == "low"
    assert row(found, OWN[3]).points == 3
    assert "approached by an account manager 3 times in 30 days" in row(found, OWN[0]).reason
    assert "uses a second number (probability 0.90)" in row(found, OWN[0]).reason


def test_competitors_service_numbers_alone_make_high() -> None:
    call = calls(OWN[0], ["10010"], 1, first=143, last=144)
    assert row(judged(town(call)), OWN[0]).level == "high"
    assert row(judged(town(call[:1])), OWN[0]).level == "stable"
    got = row(judged(town(call)), OWN[0])
    assert got.competitor_calls == 2
    assert got.reason.endswith("called competitors' service numbers 2 times this week")
    assert row(judged(town(call), service_numbers=["10000"]), OWN[0]).level == "stable"
    own = calls(OWN[0], ["10086"], 1, first=143, last=144)
    assert row(judged(town(own)), OWN[0]).level == "stable"


def test_forwarding() -> None:
    table = pd.DataFrame({"number": OWN[:2], "forward_to": [OFF[0], OWN[3]], "since": ["2024-06-01"] * 2})
    found = judged(town(), forwarding=table)
    assert fired(found, OWN[0]) == {"forwarded_share"}
    assert fired(found, OWN[1]) == set()
    assert "forwards to a competitor's number" in row(found, OWN[0]).reason
    seen = calls(OFF[1], [OWN[4]], 3, first=119).assign(kind="forward")
    share = row(judged(town(seen)), OWN[4]).forwarded_share
    assert share == pytest.approx(84 / (84 + 112))
    assert "forwarded_share" in fired(judged(town(seen)), OWN[4])


def test_family_counts_those_who_moved_or_left() -> None:
    families = pd.DataFrame({"number": OWN[:4], "family_id": [1, 1, 2, 2]})
    found = judged(town(), families=families, second_numbers=second(0.9, "2024-07-01"))
    assert row(found, OWN[1]).family_left == 1
    assert row(found, OWN[0]).family_left == 0
    assert row(found, OWN[4]).family_left == 0
    listing = Listing(np.sort(encode(OWN)), "86")
    moved = np.zeros(len(OWN), np.bool_)
    moved[listing.rows([OWN[0], OWN[3]])] = True
    assert family_left(families, listing, moved)[listing.rows(OWN[:5])].tolist() == [0, 1, 1, 0, 0]


def test_circle_shrinks() -> None:
    circle = [f"1390000{i:04d}" for i in range(6)]
    before, after = calls(OWN[5], circle, 6, last=132), calls(OWN[5], circle[:2], 2, first=133)
    found = judged(town(before, after))
    got = row(found, OWN[5])
    assert got.circle_usual < 0.1
    assert got.circle_residual > 0.4
    assert "circle_residual" in fired(found, OWN[5])
    assert "the balance of his steady circle is" in got.reason
    assert "circle_residual" not in fired(judged(town(calls(OWN[5], circle, 6))), OWN[5])


def test_outgoing_share() -> None:
    callers = calls(OFF[0], [OWN[5]], 12)
    found = judged(town(callers, calls(OWN[5], [OWN[0]], 1)))
    assert row(found, OWN[5]).outgoing_share == pytest.approx(3 / 16)
    assert "outgoing_share" in fired(found, OWN[5])


def test_nothing_after_the_date_is_seen() -> None:
    later = calls(OWN[0], OFF, 50, first=147, last=150)
    pd.testing.assert_frame_equal(judged(town()).weeks, judged(town(later)).weeks)


def test_several_weeks_are_judged_as_each_alone() -> None:
    cdr = town(calls(OWN[5], OWN[:3], 6, last=138))
    both = movement(cdr, DATE, subscribers=pd.DataFrame({"number": OWN}), weeks=2).weeks
    alone = movement(cdr, "2024-07-21", subscribers=pd.DataFrame({"number": OWN})).weeks
    earlier = both[both["week"] == "2024-07-21"].reset_index(drop=True)
    pd.testing.assert_frame_equal(earlier, alone)


def test_short_history_is_unknown() -> None:
    found = judged(town()[lambda t: t["start"] >= "2024-07-15"])
    for name in ("volume_z", "outgoing_share", "circle_residual"):
        assert found.weeks[name].isna().all(), name
    assert found.weeks["known_points"].max() < 10


def test_newcomer_is_not_judged_by_weeks_before_he_came() -> None:
    new = "13900000009"
    cdr = town(calls(new, OWN[:3], 5, first=136))
    assert np.isnan(row(judged(cdr, network=cg.Network.of([*OWN, new])), new).volume_z)


def test_holidays_are_excused() -> None:
    cdr = town(calls(OWN[5], OWN[:3], 9, last=139))
    assert "volume_z" in fired(judged(cdr), OWN[5])
    week = [str(day) for day in pd.date_range("2024-07-22", "2024-07-26").date]
    assert np.isnan(row(judged(cdr, holidays=week), OWN[5]).volume_z)
    # A past week that was quiet by holiday is no measure of the usual.
    assert row(judged(cdr, holidays=()), OWN[5]).volume_z < -3


def test_hashed_numbers_calls_only_without_durations() -> None:
    names = {number: f"h{i:03x}" for i, number in enumerate([*OWN, *OFF])}
    cdr = town()[["caller", "callee", "start"]].replace(names)
    found = movement(cdr, DATE)
    assert set(found.weeks["number"]) <= set(names.values())
    assert set(found.weeks["level"]) == {"stable"}


def test_columns_and_files(tmp_path: Path) -> None:
    found = judged(town(), bills=BILLS.drop(columns="arrears"))
    assert list(found.weeks.columns[:2]) == ["number", "week"]
    assert set(FIGURES) < set(found.weeks.columns)
    for name in ("weeks.parquet", "weeks.csv"):
        found.write(tmp_path / name)
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    back = pd.read_parquet(tmp_path / "weeks.parquet")
    assert back["points"].tolist() == found.weeks["points"].tolist()
    assert "6 stable" in repr(found)
    assert "Movement" in found._repr_html_()


def test_errors() -> None:
    with pytest.raises(InputError, match="no event in the week up to 2025-01-01"):
        movement(town(), "2025-01-01")
    with pytest.raises(SettingsError, match="weeks is 0"):
        movement(town(), DATE, weeks=0)
    with pytest.raises(SettingsError, match=r"high is -1.*do not ascend"):
        Points(high=-1)
    with pytest.raises(InputError, match="no column 'probability'"):
        judged(town(), second_numbers=pd.DataFrame({"number": OWN}))
    with pytest.warns(CirclegraphWarning, match="1 because the month is no month"):
        judged(town(), bills=pd.DataFrame({"number": OWN[:1], "month": ["May"], "arpu": [1.0]}))


def test_median_and_z() -> None:
    values = np.array([[1, 5, np.nan, 3], [2, 2, 2, 100], [np.nan] * 4])
    assert median(values).tolist()[:2] == [3, 2]
    assert np.isnan(median(values)[2])
    past = np.array([[100.0, 110, 90, 100, 130, 70, 100]])
    assert robust_z(np.array([20.0]), past)[0] == pytest.approx(-80 / (1.4826 * 10))


def test_days_without_data_are_filled_up() -> None:
    volumes = np.zeros((1, HISTORY + 1, len(COLUMNS)), np.int64)
    volumes[0, :, COLUMNS.index("calls_out")] = 70
    volumes[0, :, COLUMNS.index("contacts")] = 5
    volumes[0, -1, COLUMNS.index("calls_out")] = 40
    days = np.full(HISTORY + 1, 7)
    none = np.zeros(HISTORY + 1, np.bool_)
    assert week_figures(volumes, days, none, knows_own=True)["volume_z"][0] < -3
    days[-1] = 4
    assert week_figures(volumes, days, none, knows_own=True)["volume_z"][0] == 0
    days[-1] = 3
    assert np.isnan(week_figures(volumes, days, none, knows_own=True)["volume_z"][0])


@pytest.mark.parametrize(
    "months",
    [
        ["2024-06", "2024-05", "2024-04"],
        ["202406", "202405", "202404"],
        list(pd.to_datetime(["2024-06-01", "2024-05-01", "2024-04-01"])),
        list(pd.to_datetime(["2024-06-01", "2024-05-01", "2024-04-01"]).date),
    ],
)
def test_months_of_bills_in_any_form(months: list[Any]) -> None:
    bills = pd.DataFrame({"number": OWN[0], "month": months, "arpu": [5, 10, None], "mou": ["4", "8", "8"]})
    got = row(judged(town(), bills=bills), OWN[0])
    assert np.isnan(got.arpu_drop)  # one bill before is no mean
    assert got.mou_drop == 0.5


def test_risk_weighs_what_is_told_and_passes_over_what_is_not() -> None:
    contacts = pd.DataFrame(
        {
            "number": OWN[:3],
            "manager": "13100000000",
            "first_contact": pd.Timestamp("2024-07-10"),
            "last_contact": pd.Timestamp("2024-07-12"),
            "calls_in": 1,
            "calls_out": [1, 0, 0],
        }
    )
    plain = judged(town()).weeks.set_index("number")["risk"]
    told = judged(town(), managers=contacts).weeks.set_index("number")["risk"]
    assert plain.between(0, 0.05).all()
    assert told[OWN[0]] > told[OWN[1]] > plain[OWN[1]]  # called back, approached, not known to be
    assert told[OWN[3]] == plain[OWN[3]]
    untold = judged(town(), managers=contacts.drop(columns="calls_out")).weeks.set_index("number")["risk"]
    assert untold[OWN[0]] < told[OWN[0]]


def test_risk_of_a_diversion_wears_off() -> None:
    away = pd.DataFrame(
        {"number": OWN[:2], "forward_to": "13100000000", "since": ["2024-07-20", "2024-03-01"]}
    )
    risk = judged(town(), forwarding=away).weeks.set_index("number")["risk"]
    plain = judged(town()).weeks.set_index("number")["risk"]
    assert risk[OWN[0]] / plain[OWN[0]] > risk[OWN[1]] / plain[OWN[1]] > 1
    seconds = pd.DataFrame({"number": OWN[:3], "probability": [0.99, 0.5, 0.05], "onset": "2024-07-10"})
    by = judged(town(), second_numbers=seconds).weeks.set_index("number")["risk"] / plain
    assert by[OWN[0]] > by[OWN[1]] > by[OWN[2]] > 1 == by[OWN[3]]
    old = judged(town(), second_numbers=seconds.assign(onset="2024-05-10")).weeks.set_index("number")["risk"]
    assert old[OWN[:3]].tolist() == pytest.approx(plain[OWN[:3]].tolist())
