"""Account managers of a planted town, and what is missing from the data."""

from pathlib import Path

import callers_town as planted
import pandas as pd
import pytest

import circlegraph as cg
from circlegraph.detect.account_managers.result import contacts_schema, managers_schema
from circlegraph.errors import InputError


@pytest.fixture(scope="module")
def town() -> planted.Town:
    return planted.town()


@pytest.fixture(scope="module")
def found(town: planted.Town):
    return cg.detect.managers(town.calls, subscribers=town.subscribers, bills=town.bills)


def test_the_manager_and_nobody_else(found) -> None:
    taken = found.managers[found.managers.accepted]
    assert taken.number.tolist() == [planted.MANAGER]
    row = taken.iloc[0]
    assert (row["rank"], row.seems, row.contacted, row.contacted_high_value) == (1, "manager", 32, 32)
    assert row.probability > 0.9
    assert "32 of 32 of mid or high value" in row.reason
    assert list(found.managers.columns) == managers_schema().names


def test_people_of_value_are_counted_among_all_who_are_contacted(town: planted.Town) -> None:
    """Of a number that does not work by day, those whom it calls in the evening are contacted too."""
    late = (town.calls.caller == planted.MANAGER) & town.calls.callee.isin(town.approached[:14])
    start = town.calls.start.mask(late, town.calls.start.dt.normalize() + pd.Timedelta(hours=21))
    found = cg.detect.managers(town.calls.assign(start=start), subscribers=town.subscribers)
    row = found.managers.set_index("number").loc[planted.MANAGER]
    assert (row.contacted, row.contacted_high_value) == (32, 32)
    assert "approached 32 of 32 people" in row.reason
    assert "32 of 32 of mid or high value (usual" in row.reason


def test_lookalikes_are_named(found) -> None:
    seems = found.managers.set_index("number").seems
    assert seems[planted.COURIER] == "courier"
    assert seems[planted.INSURER] == "sales"
    assert seems[planted.SERVICE] == "hotline"
    assert (seems[seems.index.isin(planted.FRIENDS)] == "private").mean() > 0.95


def test_the_approached(found, town: planted.Town) -> None:
    assert sorted(found.contacts.number) == sorted(town.approached)
    calls = town.calls[town.calls.caller == planted.MANAGER].groupby("callee").start
    table = found.contacts.set_index("number")
    assert (table.first_contact == calls.min().dt.normalize().reindex(table.index)).all()
    assert (table.calls_in == calls.size().reindex(table.index)).all()
    assert (table.times_3m == table.calls_in).all()
    back = town.calls[town.calls.callee == planted.MANAGER].groupby("caller").size()
    assert (table.calls_out == back.reindex(table.index).fillna(0)).all()
    assert list(found.contacts.columns) == contacts_schema().names


def test_weights_add_up_to_the_probability(found) -> None:
    total = found.weights.groupby("number").weight.sum()
    probability = found.managers.set_index("number").probability.reindex(total.index)
    assert (1 / (1 + 2**-total)).to_numpy() == pytest.approx(probability.to_numpy())


def test_written_files_hold_the_same(found, tmp_path: Path) -> None:
    found.write(tmp_path / "m.csv", tmp_path / "c.parquet")
    table = pd.read_csv(tmp_path / "m.csv", dtype={"number": str})
    assert table.number.tolist() == found.managers.number.tolist()
    assert len(pd.read_parquet(tmp_path / "c.parquet")) == len(found.contacts)
    assert (tmp_path / "m.csv").stat().st_mode & 0o777 == 0o600


def test_no_off_net_numbers(town: planted.Town) -> None:
    found = cg.detect.managers(town.calls)
    assert len(found.managers) == len(found.contacts) == len(found.weights) == 0
    assert "every number is the own network's" in found.facts["off-net numbers"]
    assert "none" in repr(found)


def test_what_is_missing_is_unknown(town: planted.Town) -> None:
    numbers = town.subscribers[["number"]]
    for calls in (town.calls, town.calls.drop(columns="duration"), town.calls[["caller", "callee", "start"]]):
        found = cg.detect.managers(calls, subscribers=numbers)
        assert found.managers.number[0] == planted.MANAGER
        assert "top third by" in found.facts["value by"]
        assert ("durations" in found.facts) == ("duration" not in calls)


def test_one_week(town: planted.Town) -> None:
    short = planted.town(days=7)
    found = cg.detect.managers(short.calls, subscribers=town.subscribers)
    assert "too short" in found.facts["what happened next"]


def test_bills_tell_what_three_weeks_do_not(town: planted.Town) -> None:
    """Minutes halve for half of the approached, and grow by a tenth for everybody else."""
    weeks = planted.town(days=21).calls
    hit = set(town.approached[:16])
    rows = [
        (number, f"{month}-01", 100.0 * (1 if month < "2024" else 0.5 if number in hit else 1.1))
        for number in planted.OWN
        for month in ("2023-11", "2023-12", "2024-01", "2024-02", "2024-03")
    ]
    bills = pd.DataFrame(rows, columns=["number", "month", "mou"])
    told, untold = (
        cg.detect.managers(weeks, subscribers=town.subscribers, bills=table) for table in (bills, None)
    )
    assert told.facts["what happened next"] == "falling traffic"
    assert "too short" in untold.facts["what happened next"]
    called = set(weeks.callee[weeks.caller == planted.INSURER])
    assert f"traffic of {len(called & hit)} fell" in told.managers.set_index("number").reason[planted.INSURER]


def test_dates_without_hours(town: planted.Town) -> None:
    calls = town.calls.assign(start=town.calls.start.dt.normalize() + pd.to_timedelta(0, "s"))
    found = cg.detect.managers(calls, subscribers=town.subscribers)
    assert "working hours" in found.facts["times of day"]
    assert found.managers.number[0] == planted.MANAGER


def test_hashed_numbers(town: planted.Town) -> None:
    calls, subscribers = town.calls.copy(), town.subscribers.copy()
    for frame in (calls[["caller", "callee"]], subscribers[["number"]]):
        for name in frame:
            target = calls if name in calls else subscribers
            target[name] = [f"x{number}f" for number in frame[name]]
    found = cg.detect.managers(calls, subscribers=subscribers)
    assert found.managers.number[found.managers.accepted].tolist() == [f"x{planted.MANAGER}f"]
    assert found.managers.operator.isna().all()


def test_known_numbers(town: planted.Town) -> None:
    known = pd.DataFrame(
        {
            "number": [planted.MANAGER, planted.INSURER, "13999999999"],
            "kind": ["harmless", "manager", "courier"],
        }
    )
    found = cg.detect.managers(town.calls, subscribers=town.subscribers, known=known)
    table = found.managers.set_index("number")
    assert not table.accepted[planted.MANAGER]
    assert table.probability[planted.MANAGER] == 0
    assert table.accepted[planted.INSURER]
    with pytest.raises(InputError, match="the kind 'nice'"):
        cg.detect.managers(town.calls, subscribers=town.subscribers, known=known.assign(kind="nice"))


def test_stages_go_on(found, town: planted.Town) -> None:
    earlier = found.contacts.assign(since=pd.Timestamp("2024-02-02"))
    earlier.loc[0, "stage"] = "elsewhere"
    again = cg.detect.managers(
        town.calls, subscribers=town.subscribers, bills=town.bills, previous=earlier
    ).contacts
    assert (again.since[1:] == pd.Timestamp("2024-02-02")).all()
    assert again.since[0] == found.contacts.since[0]


def test_two_who_share_targets_are_a_team(town: planted.Town) -> None:
    """Half of the manager's people are called by a second number as well, and some more of value."""
    second = "18600000003"
    again = town.calls[(town.calls.caller == planted.MANAGER) & town.calls.callee.isin(town.approached[:16])]
    others = town.calls[
        (town.calls.caller == planted.MANAGER) & ~town.calls.callee.isin(town.approached[:16])
    ]
    free = sorted(set(planted.GOOD) - set(town.approached))
    names = dict(zip(town.approached[16:], free, strict=False))
    rows = [again, others.assign(callee=others.callee.map(names))]
    calls = pd.concat(
        [
            town.calls,
            *(frame.assign(caller=second, start=frame.start + pd.Timedelta("45min")) for frame in rows),
        ]
    )
    found = cg.detect.managers(calls, subscribers=town.subscribers)
    team = found.managers[found.managers.accepted].set_index("number").team
    assert team.to_dict() == {planted.MANAGER: 1, second: 1}
    assert "shares 16 approached with" in found.managers.reason[0]
    assert found.managers.team[~found.managers.accepted].isna().all()


@pytest.mark.parametrize("known", ["nothing", "own numbers", "value"])
def test_counts_without_times(town: planted.Town, known: str) -> None:
    """Whose callees are of value is a manager; without it he cannot be told from an insurer, and nobody is one."""
    counts = town.calls.groupby(["caller", "callee"]).size().rename("count").reset_index()
    tables = {"nothing": None, "own numbers": town.subscribers[["number"]], "value": town.subscribers}
    found = cg.detect.managers(counts, subscribers=tables[known])
    table = found.managers
    assert "times" in found.facts
    assert ("off-net numbers" in found.facts) == (known == "nothing")
    assert table.number[table.accepted].tolist() == [planted.MANAGER] * (known == "value")
    assert {planted.MANAGER, planted.COURIER, planted.INSURER} <= set(table.number[:4])
    assert table.first_seen.isna().all()
    assert found.contacts[["first_contact", "stage", "since"]].isna().all(axis=None)
    assert table.number.nunique() == len(table)


def test_relatives_know_each_other(found, town: planted.Town) -> None:
    ring = [number for number in planted.OWN if number not in set(town.approached)]
    for members, more in ((town.approached, True), (ring, False)):
        family = pd.DataFrame({"number": members, "family_id": 7})
        again = cg.detect.managers(
            town.calls, subscribers=town.subscribers, bills=town.bills, families=family
        )
        values = [frame.weights.set_index(["number", "evidence"]).value for frame in (found, again)]
        before, after = (value[planted.MANAGER, "know each other"] for value in values)
        assert (after > before) == more
    with pytest.raises(InputError, match="family_id"):
        cg.detect.managers(town.calls, subscribers=town.subscribers, families=family[["number"]])


def test_second_numbers_are_evidence(found, town: planted.Town) -> None:
    """Ten of the approached take a number of the manager's operator a week later, and nobody else does."""
    taken = found.contacts.number[:10].tolist()
    onset = found.contacts.first_contact[:10] + pd.Timedelta("7D")
    pairs = pd.DataFrame(
        {"number": taken, "second_number": planted.FRIENDS[:10], "second_operator": "China Unicom"}
    )
    pairs = pairs.assign(probability=0.95, accepted=True, onset=onset.to_numpy())
    again = cg.detect.managers(
        town.calls, subscribers=town.subscribers, bills=town.bills, second_numbers=pairs
    )
    assert again.managers.number[again.managers.accepted].tolist() == [planted.MANAGER]
    assert again.managers.converted[0] == 10
    assert "took a second number of China Unicom within 60 days" in again.managers.reason[0]
    weight = [frame.weights.set_index(["number", "evidence"]).weight for frame in (found, again)]
    assert weight[1][planted.MANAGER, "aftermath"] > weight[0][planted.MANAGER, "aftermath"] + 1
    assert (again.contacts.stage == "taken").sum() == 10
    ours = [number for number in planted.OWN if number not in town.approached][:10]
    at_home = pairs.assign(second_number=ours)
    kept = cg.detect.managers(
        town.calls, subscribers=town.subscribers, bills=town.bills, second_numbers=at_home
    )
    assert kept.managers.converted[0] < 10
    assert "took a second number" not in kept.managers.reason[0]
    with pytest.raises(InputError, match="'second_number'"):
        cg.detect.managers(town.calls, subscribers=town.subscribers, second_numbers=pairs[["number"]])


@pytest.mark.parametrize("number", [planted.MANAGER, planted.SERVICE, planted.COURIER, planted.FRIENDS[0]])
def test_figures_of_both_directions(found, town: planted.Town, number: str) -> None:
    """Numbers that sort before and after the own ones, mostly calling and mostly called."""
    row = found.profiles.set_index("number").loc[number]
    mine = town.calls[(town.calls.caller == number) | (town.calls.callee == number)]
    made = mine.caller == number
    peer = mine.callee.where(made, mine.caller)
    assert row.initiated == pytest.approx(made.mean())
    assert row.callees == peer[made].nunique()
    assert row.opened == pytest.approx(made.groupby(peer).first().mean())
    assert row.talk_seconds == pytest.approx(mine.duration.mean())
    both = set(peer[made]) & set(peer[~made])
    if row.callees:
        assert row.replied == pytest.approx(len(both) / row.callees)


def test_a_round_is_a_neighbourhood(town: planted.Town) -> None:
    """Everybody stays in one of ten cells; somebody calls the people of two of them only."""
    cell = {number: f"460-00-1-{i // 30}" for i, number in enumerate(planted.OWN)}
    calls = town.calls.assign(
        caller_cell=town.calls.caller.map(cell), callee_cell=town.calls.callee.map(cell)
    )
    rounds = "18900000002"
    made = calls[(calls.caller == planted.COURIER) & calls.callee.isin(planted.OWN[60:120])]
    calls = pd.concat([calls, made.assign(caller=rounds)], ignore_index=True)
    found = cg.detect.managers(calls, subscribers=town.subscribers, bills=town.bills)
    share = found.profiles.set_index("number").neighbours
    assert share[rounds] == pytest.approx(0.5, abs=0.03)
    assert share[planted.MANAGER] < 0.35  # those of value live in three of the cells
    assert share[planted.INSURER] == pytest.approx(0.1, abs=0.02)
    assert found.managers.number[found.managers.accepted].tolist() == [planted.MANAGER]
    reason = found.managers.set_index("number").reason
    assert "% at home in one cell" in reason[rounds]
    bare = cg.detect.managers(town.calls, subscribers=town.subscribers, bills=town.bills)
    assert bare.profiles.neighbours.isna().all()
