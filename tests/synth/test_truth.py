"""What the truth tables say is what the records show."""

import numpy as np
import pandas as pd
import pytest

from circlegraph.synth import City
from circlegraph.synth.meetings import ONE_OFF, POACHING, TRADE

DAYS = 70


@pytest.fixture(scope="module")
def city() -> City:
    return City(
        subscribers=1500,
        days=DAYS,
        seed=11,
        second_numbers={"taken": 0.6, "forwarding": 0.4, "number_changes": 0.1},
        managers={"per_10k": 40, "conversion": 0.4},
    )


@pytest.fixture(scope="module")
def records(city: City) -> pd.DataFrame:
    """Each record twice, seen from either end."""
    cdr = city.cdr()
    day = (cdr["start"] - pd.Timestamp(city.settings.start)).dt.days
    one = pd.DataFrame(
        {"number": cdr["caller"], "peer": cdr["callee"], "day": day, "out": True, "kind": cdr["kind"]}
    )
    two = pd.DataFrame(
        {"number": cdr["callee"], "peer": cdr["caller"], "day": day, "out": False, "kind": cdr["kind"]}
    )
    return pd.concat([one, two], ignore_index=True)


def _day(city: City, date: pd.Series) -> pd.Series:
    return (date - pd.Timestamp(city.settings.start)).dt.days


def test_every_mode_and_cause_is_planted(city: City) -> None:
    second = city.truth["second_numbers"]
    assert set(second["mode"]) == {"data_only", "by_contact", "by_direction", "random", "gradual", "full"}
    assert set(second["cause"]) == {"own_choice", "manager", "group", "number_change", "held"}


def test_data_only_numbers_are_never_seen(city: City, records: pd.DataFrame) -> None:
    second = city.truth["second_numbers"]
    hidden = second[second["mode"] == "data_only"]
    assert len(hidden) > 20
    assert not records["number"].isin(hidden["second_number"]).any()
    assert not hidden["visible"].any()


def test_second_numbers_are_silent_before_their_onset(city: City, records: pd.DataFrame) -> None:
    second = city.truth["second_numbers"]
    first_seen = records.groupby("number")["day"].min()
    seen = second["second_number"].map(first_seen)
    assert (seen.dropna() >= _day(city, second["onset"])[seen.notna()]).all()
    assert (seen.notna() == second["visible"]).all()


def test_a_replaced_number_is_silent_after_its_end(city: City, records: pd.DataFrame) -> None:
    second = city.truth["second_numbers"]
    ended = second[second["first_ends"].notna()]
    assert len(ended) > 20
    last_seen = records.groupby("number")["day"].max()
    last = ended["number"].map(last_seen).dropna()
    assert (last < _day(city, ended["first_ends"])[last.index]).all()


def test_contacts_move_as_the_mode_says(city: City, records: pd.DataFrame) -> None:
    second = city.truth["second_numbers"]
    second = second[(second["cause"] != "group") & (_day(city, second["onset"]) + 15 < DAYS)]
    moved = {}
    for mode, rows in second.groupby("mode"):
        part = records[records["number"].isin(rows["second_number"])]
        moved[mode] = part["out"].mean()
    assert moved["by_direction"] > 0.75
    assert 0.35 < moved["random"] < 0.65
    by_contact = second[(second["mode"] == "by_contact") & second["visible"]]
    owner = dict(zip(city.names.numbers.to_pylist(), city.world.sims.entity.tolist(), strict=True))
    rows_of = dict(list(records.groupby("number")))
    both = contacts = 0
    for row in by_contact.itertuples():
        settled = (row.onset - pd.Timestamp(city.settings.start)).days + row.ramp_days
        circles = []
        for number in (row.number, row.second_number):
            rows = rows_of.get(number, records[:0])
            circles.append({owner[peer] for peer in rows.loc[rows["day"] >= settled, "peer"]})
        both += len(circles[0] & circles[1])
        contacts += len(circles[0] | circles[1])
    assert contacts > 100
    # Slips, calls for an earlier owner and the owner's own trial call cross over; the other contacts do not.
    assert 0 < both < 0.4 * contacts


def test_forwarded_calls_go_from_the_old_number_to_the_new(city: City) -> None:
    cdr = city.cdr()
    forwarded = cdr[cdr["kind"] == "forward"]
    assert len(forwarded) > 20
    target = city.forwarding.set_index("number")["forward_to"]
    assert (forwarded["callee"].map(target) == forwarded["forwarded_to"]).all()
    assert cdr.loc[cdr["kind"] != "forward", "forwarded_to"].isna().all()


def test_every_event_has_a_reason(city: City) -> None:
    world = city.world
    people, entity, ties = world.people.count, world.sims.entity, world.ties
    for day in (0, 30, DAYS - 1):
        events = city.events(day)
        caller, callee = entity[events.caller], entity[events.callee]
        tied = events.source >= 0
        tie = events.source[tied]
        pair = np.sort(np.column_stack([caller, callee])[tied], axis=1)
        assert (pair == np.sort(np.column_stack([ties.a[tie], ties.b[tie]]), axis=1)).all()
        assert ((ties.begin[tie] <= day) & (day < ties.end[tie])).all()
        service = (caller >= people) | (callee >= people)
        assert service[events.source == TRADE].all()
        assert not service[tied | (events.source == ONE_OFF)].any()
        manager = set(world.managers.entity.tolist())
        poaching = np.flatnonzero(events.source == POACHING)
        assert all(caller[row] in manager or callee[row] in manager for row in poaching)


def test_manager_contacts_are_the_records(city: City) -> None:
    cdr, contacts = city.cdr(), city.truth["manager_contacts"]
    assert len(contacts) > 50
    between = set(zip(cdr["caller"], cdr["callee"], strict=True))
    for row in contacts.itertuples():
        assert not row.calls_in or (row.manager, row.number) in between
        assert not row.calls_out or (row.number, row.manager) in between
    assert (contacts["first_contact"] <= contacts["last_contact"]).all()
    managers = city.truth["managers"]
    assert set(contacts["manager"]) <= set(managers["number"])
    counted = contacts.groupby("manager")["number"].nunique()
    assert (managers.set_index("number")["targets"].loc[counted.index] == counted).all()


def test_conversions_follow_a_contact_and_lead_to_the_managers_network(city: City) -> None:
    made = city.truth["conversions"]
    assert len(made) > 10
    assert (made["first_contact"] < made["onset"]).all()
    operator = city.truth["managers"].set_index("number")["operator"]
    assert (made["manager"].map(operator).to_numpy() == made["operator"].to_numpy()).all()
    second = city.truth["second_numbers"].set_index("number")
    assert second.loc[made["number"], "by_manager"].all()
    assert (second.loc[made["number"], "second_number"].to_numpy() == made["second_number"].to_numpy()).all()


def test_managers_prefer_the_well_to_do(city: City) -> None:
    bill = city.bills.groupby("number")["arpu"].mean()
    approached = city.truth["manager_contacts"]["number"].map(bill).dropna()
    assert approached.median() > 1.4 * bill.median()


def test_families_have_one_key_person_and_a_role_for_everybody(city: City) -> None:
    families = city.truth["families"]
    assert families["number"].is_unique
    keys = families[families["is_key_person"]].groupby("family_id")["person"].nunique()
    assert (keys == 1).all()
    assert (families["is_key_person"] == (families["role"] == "key")).all()
    roles = set(families["role"])
    assert roles == {"key", "spouse", "parent", "child", "other"} or roles == {
        "key",
        "spouse",
        "parent",
        "child",
    }
    people = families.groupby("family_id")["person"].nunique()
    size = families.groupby("family_id")["family_size"].first()
    assert (people <= size).all()
    spouses = families[families["role"] == "spouse"].groupby("family_id")["person"].nunique()
    assert (spouses == 1).mean() > 0.85


def test_leavers_and_newcomers_keep_their_dates(city: City, records: pd.DataFrame) -> None:
    seen = records.groupby("number")["day"].agg(["min", "max"])
    left = city.truth["leavers"].set_index("number")
    both = left.index.intersection(seen.index)
    assert len(both) > 10
    assert (seen.loc[both, "max"] < _day(city, left.loc[both, "date"])).all()
    assert set(left["cause"]) >= {"gone", "replaced", "number_change"}
    came = city.truth["newcomers"].set_index("number")
    both = came.index.intersection(seen.index)
    assert (seen.loc[both, "min"] >= _day(city, came.loc[both, "first_day"])).all()
    assert set(came["kind"]) == {"first_phone", "new_spouse", "arrival"}


def test_weekly_states_fit_the_records(city: City, records: pd.DataFrame) -> None:
    weekly = city.truth["weekly"]
    counted = records.groupby(["number", records["day"] // 7]).size()
    stated = weekly.set_index(["number", "week"])["events"]
    both = counted.index.intersection(stated.index)
    assert (stated.loc[both] == counted.loc[both]).all()
    assert stated.drop(both).eq(0).all()
    assert weekly.loc[weekly["state"] == "left", "events"].eq(0).all()
    assert set(weekly["state"].unique()) == {"steady", "new", "moving", "split", "away", "left"}
    away = weekly[weekly["state"] == "away"]["events"].mean()
    assert away < 0.6 * weekly[weekly["state"] == "steady"]["events"].mean()


def test_bills_follow_the_traffic(city: City) -> None:
    cdr, bills = city.cdr(), city.bills
    september = cdr[cdr["start"].dt.month == 9]
    minutes = pd.concat(
        [september.groupby("caller")["duration"].sum(), september.groupby("callee")["duration"].sum()]
    )
    minutes = minutes.groupby(level=0).sum() / 60.0
    billed = bills[bills["month"] == "2025-09-01"].set_index("number")["mou"]
    both = minutes.index.intersection(billed.index)
    assert np.allclose(minutes[both], billed[both], atol=0.06)
    assert sorted(bills["month"].dt.strftime("%m").unique()) == ["06", "07", "08", "09", "10"]


def test_lookalikes_call_many_and_know_few(city: City) -> None:
    lookalikes = city.truth["lookalikes"]
    assert set(lookalikes["class"]) == {
        "courier",
        "insurer",
        "hotline",
        "bank",
        "taxi",
        "estate_agent",
        "service_line",
        "voicemail",
    }
    called = city.cdr().groupby("caller")["callee"].nunique()
    couriers = lookalikes.loc[lookalikes["class"] == "courier", "number"]
    assert called.reindex(couriers).min() > 10 * called.median()


def test_hard_cities_hold_those_who_phone_the_well_to_do_for_other_ends() -> None:
    hard = City(
        subscribers=2000,
        days=60,
        seed=2,
        preset="hard",
        lookalikes={"recruiters": 30, "advisers": 30, "consultants": 30},
    )
    people = hard.world.people
    bill = dict(zip(hard.names.numbers.to_pylist(), people.arpu.tolist(), strict=False))
    cdr = hard.cdr()
    median = float(np.median(people.arpu))
    for name, least, most in (("recruiter", 120, 400), ("adviser", 30, 71), ("consultant", 40, 71)):
        numbers = hard.truth["lookalikes"].loc[lambda rows, name=name: rows["class"] == name, "number"]
        calls = cdr[cdr["caller"].isin(numbers)]
        reached = calls.groupby("caller")["callee"].nunique()
        assert len(reached) >= 5
        assert least <= reached.max() <= most
        assert calls["callee"].map(bill).median() > 1.2 * median


def test_documents_and_handsets_leave_traces_of_some_second_numbers(city: City) -> None:
    subscribers = city.subscribers.set_index("number")
    second = city.truth["second_numbers"]
    second = second[second["cause"] != "number_change"]
    inside = second[
        second["number"].isin(subscribers.index) & second["second_number"].isin(subscribers.index)
    ]
    first, other = subscribers.loc[inside["number"]], subscribers.loc[inside["second_number"]]
    same_document = (first["id_document"].to_numpy() == other["id_document"].to_numpy()).mean()
    same_handset = (first["imei"].to_numpy() == other["imei"].to_numpy()).mean()
    assert 0.5 < same_document < 0.88
    assert 0.1 < same_handset < 0.6
    checked = subscribers["imei"].map(_luhn)
    assert checked.all()


def _luhn(text: str) -> bool:
    digits = [int(sign) for sign in text]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)]
    return len(digits) == 15 and sum(doubled) % 10 == 0


def test_numbers_are_unique_and_of_the_plan(city: City) -> None:
    plan = {network.name: network.prefixes for network in city.settings.operators.networks}
    numbers = city.subscribers["number"]
    assert numbers.is_unique
    assert numbers.str.fullmatch(r"\d{11}").all()
    assert numbers.str[:3].isin(plan["China Mobile"]).all()
    second = city.truth["second_numbers"]
    for operator, rows in second.groupby("second_operator"):
        assert rows["second_number"].str[:3].isin(plan[operator]).all()


def test_groups_move_in_one_week_to_one_network(city: City) -> None:
    moved = city.truth["second_numbers"][lambda rows: rows["cause"] == "group"]
    assert len(moved) >= 4
    for _, group in moved.groupby("group"):
        assert group["second_operator"].nunique() == 1
        assert (group["onset"].max() - group["onset"].min()).days < 7
    assert city.truth["second_numbers"].loc[lambda rows: rows["cause"] != "group", "group"].isna().all()


def test_takers_ask_the_other_networks_service_line(city: City, records: pd.DataFrame) -> None:
    second = city.truth["second_numbers"]
    taken = second[(second["second_operator"] == "China Unicom") & (second["operator"] == "China Mobile")]
    taken = taken[taken["onset"] >= pd.Timestamp(city.settings.start)]
    asked = records[(records["peer"] == "10010") & records["out"]]
    onset = _day(city, taken.set_index("number")["onset"])
    near = asked[asked["number"].isin(onset.index)]
    distance = (near["day"] - near["number"].map(onset)).abs()
    assert len(taken) > 20
    assert (distance <= 8).mean() > 0.9
    assert len(near) > 0.5 * len(taken)
    assert city.truth["lookalikes"].set_index("number").loc["10010", "operator"] == "China Unicom"
    assert "10086" not in set(city.subscribers["number"])


def test_some_managers_have_two_numbers() -> None:
    city = City(subscribers=2000, days=30, managers={"per_10k": 200, "two_numbers": 0.5, "private_life": 0.3})
    managers = city.truth["managers"]
    numbers = managers.groupby("person")["number"].nunique()
    assert 0.1 < (numbers > 1).mean() < 0.9
    assert (managers.groupby("person")["team"].nunique() == 1).all()
    assert (managers.groupby("team")["operator"].nunique() == 1).all()
    own = set(city.subscribers["number"])
    assert not managers["number"].isin(own).any()
    private = managers.loc[managers["private_life"], "number"]
    cdr = city.cdr()
    approached = city.truth["manager_contacts"].groupby("manager")["number"].agg(set)
    beyond = [
        set(cdr.loc[cdr["callee"] == number, "caller"]) - approached.get(number, set()) for number in private
    ]
    assert sum(map(len, beyond)) > len(private)


def test_ages_fit_the_family(city: City) -> None:
    people, homes = city.world.people, city.world.people.households
    first = homes.first[homes.household]
    child, parent = homes.position == 2, homes.position[first] == 0
    rows = np.flatnonzero(child & parent)
    assert (people.age[first[rows]] - people.age[rows] >= 20).all()
    grandparent = np.flatnonzero((homes.position == 3) & parent)
    assert (people.age[grandparent] - people.age[first[grandparent]] >= 15).all()
    elders, children = homes.first[homes.elders], homes.first[homes.children]
    assert (people.age[elders] - people.age[children] >= 15).all()


@pytest.fixture(scope="module")
def other_records() -> City:
    return City(
        subscribers=1500,
        days=70,
        seed=5,
        rhythm={"unanswered": 0.2},
        population={"arrears": 0.04, "roaming": 0.7, "trips": 8.0, "abroad": 0.5},
        operators={"ported": 0.3},
        second_numbers={"taken": 0.5},
    )


def test_unanswered_calls_last_no_second_and_meet_strangers_more(other_records: City) -> None:
    silent: dict[bool, list[float]] = {True: [], False: []}
    for day in (3, 20, 50):
        events = other_records.events(day)
        calls = events.kind == 0
        strange = np.isin(events.source, (TRADE, POACHING))
        assert (events.duration[events.kind == 1] == 0).all()
        for kind in (True, False):
            silent[kind].append(float((events.duration[calls & (strange == kind)] == 0).mean()))
    assert 0.17 < np.mean(silent[False]) < 0.23
    assert 0.33 < np.mean(silent[True]) < 0.47
    assert not (City(subscribers=200, days=3).cdr().query("kind == 'call'")["duration"] == 0).any()


def test_who_is_abroad_is_in_no_cell_of_ours_and_phones_if_he_roams(other_records: City) -> None:
    def calls_abroad(made: City) -> int:
        total = 0
        for day in range(0, 70, 5):
            events, places = made.events(day), made.world.places
            entity = made.world.sims.entity[events.caller]
            person = entity < made.world.people.count
            entity = np.where(person, entity, 0)
            away = person & (places.trip_cell[entity] < 0)
            away &= (places.trip_begin[entity] <= day) & (day < places.trip_end[entity])
            assert (events.caller_cell[away] == -1).all()
            here = made.world.sims.own_on(day)[events.caller] & ~away
            assert (events.caller_cell[here] >= 0).all()
            total += int(away.sum())
        return total

    settings = other_records.settings
    silent = City(settings, population={**settings.population.model_dump(), "roaming": 0.0})
    assert calls_abroad(other_records) > 3 * calls_abroad(silent) > 0


def test_a_ported_number_goes_on_elsewhere(other_records: City) -> None:
    ported, cdr = other_records.truth["ported"], other_records.cdr()
    ours = other_records.settings.operators.networks[0].name
    went, came = ported[ported["operator"] == ours], ported[ported["new_operator"] == ours]
    assert len(went) > 20
    assert len(came) > 10
    assert (ported["operator"] != ported["new_operator"]).all()
    assert set(ported["number"]) <= set(other_records.subscribers["number"])
    both = pd.concat(
        [
            pd.DataFrame({"number": cdr[end], "start": cdr["start"], "located": cdr[f"{end}_imei"].notna()})
            for end in ("caller", "callee")
        ]
    ).merge(ported, on="number")
    later = both["start"] >= both["date"]
    is_ours = np.where(later, both["new_operator"] == ours, both["operator"] == ours)
    forwarded = len(cdr[cdr["kind"] == "forward"])
    assert (both["located"] == is_ours).sum() >= len(both) - forwarded
    assert later[both["operator"] == ours].any()
    weekly = other_records.truth["weekly"].merge(ported, on="number")
    over = (weekly["operator"] == ours) & (weekly["date"] <= weekly["first_date"])
    assert weekly.loc[over, "state"].eq("left").all()
    activated = other_records.subscribers.set_index("number")["activated"]
    assert (activated.loc[came["number"]].to_numpy() == came["date"].to_numpy()).all()


def test_those_who_leave_owe_more(other_records: City) -> None:
    bills = other_records.bills
    assert list(bills.columns) == ["number", "month", "arpu", "mou", "arrears"]
    assert bills["arrears"].between(0, 4).all()
    leaving = other_records.truth["leavers"]["number"]
    assert "arrears" not in City(subscribers=60, days=5, population={"arrears": 0}).bills
    owes = bills["arrears"] > 0
    assert owes[bills["number"].isin(leaving)].mean() > 1.5 * owes.mean() > 0.05
    before = bills.sort_values("month").groupby("number")["arrears"].shift(1)
    assert ((bills["arrears"] - before).dropna() <= 1).all()


def test_sparse_records_hold_calls_alone() -> None:
    sparse = City(subscribers=600, seed=3, preset="sparse")
    cdr = sparse.cdr()
    assert sparse.settings.days == 30
    assert list(cdr.columns) == ["caller", "callee", "start", "kind"]
    assert set(cdr["kind"]) == {"call"}
    usual = City(subscribers=600, seed=3, days=30)

    def work_share(city: City) -> float:
        events = city.events(8)
        return float((city.world.ties.kind[events.source[events.source >= 0]] >= 6).mean())

    assert work_share(sparse) > 1.4 * work_share(usual)
