"""What makes life hard for detectors, each setting by itself: without it nothing of the kind is there."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from circlegraph.synth import City
from circlegraph.synth.kinds import FULL, HOUSEHOLD, KIN, NEVER, OLD, SPOUSE
from circlegraph.synth.meetings import STRAY

PLAIN: dict[str, dict[str, Any]] = {
    "second_numbers": {"taken": 0.6, "slips": 0, "lost": 0, "fresh_starts": 0, "tries": 0, "idle": 0},
    "operators": {"recycled": 0, "diverted": 0, "company_documents": 0, "relative_document": 0},
    "population": {"shared_phones": 0},
    "ties": {"flatmates": 0, "messengers": 0},
}


def made(days: int = 50, **changes: dict[str, Any]) -> City:
    groups = {name: {**PLAIN.get(name, {}), **changes.get(name, {})} for name in {*PLAIN, *changes}}
    return City(subscribers=700, days=days, seed=5, **groups)


@pytest.fixture(scope="module")
def plain() -> City:
    return made()


def crossed(city: City) -> tuple[int, int]:
    """Contacts of settled owners by contact that are met on both numbers, and on any."""
    second, sims = city.world.second, city.world.sims
    settled = second.onset + second.ramp
    rows = np.flatnonzero((second.mode == 1) & (settled < city.settings.days - 10))
    start = dict(zip(second.person[rows].tolist(), settled[rows].tolist(), strict=True))
    met: dict[int, set[tuple[int, bool]]] = {person: set() for person in start}
    for day in range(city.settings.days):
        events = city.events(day)
        for one, other in ((events.caller, events.callee), (events.callee, events.caller)):
            mine = np.isin(sims.entity[one], second.person[rows])
            for number, peer in zip(one[mine].tolist(), other[mine].tolist(), strict=True):
                person = int(sims.entity[number])
                if day >= start[person]:
                    met[person].add((int(sims.entity[peer]), number >= sims.entities))
    contacts = sum(len({peer for peer, _ in seen}) for seen in met.values())
    return sum(map(len, met.values())) - contacts, contacts


def test_slips_alone_cross_contacts_over(plain: City) -> None:
    both, contacts = crossed(plain)
    assert both == 0
    assert contacts > 100
    both, contacts = crossed(made(second_numbers={"slips": 0.1}))
    assert 0.1 < both / contacts < 0.5


def test_a_complete_change_loses_friends_but_no_family() -> None:
    def kept(city: City) -> tuple[float, float]:
        second, ties = city.world.second, city.world.ties
        rows = np.flatnonzero((second.mode == FULL) & (second.first_ends < 25))
        assert len(rows) > 10
        owners = second.person[rows]
        mine = np.isin(ties.a, owners) | np.isin(ties.b, owners)
        alive = np.flatnonzero(mine & (ties.begin < 0) & (ties.end > 50) & (ties.strength > 0.05))
        met = set()
        for day in range(25, 50):
            met |= set(city.events(day).source.tolist())
        found = np.isin(alive, list(met))
        family = ties.kind[alive] <= KIN
        return float(found[family].mean()), float(found[~family].mean())

    everybody, few = (kept(made(second_numbers={"number_changes": 2.0, "lost": lost})) for lost in (0, 0.7))
    assert abs(everybody[0] - few[0]) < 0.1
    assert few[1] < 0.6 * everybody[1]


def test_owners_try_new_numbers_out_on_their_first_day(plain: City) -> None:
    def calls(city: City) -> list[tuple[int, int]]:
        entity, found = city.world.sims.entity, []
        for day in range(city.settings.days):
            events = city.events(day)
            own = entity[events.caller] == entity[events.callee]
            found += [(day, person) for person in entity[events.caller[own]].tolist()]
        return found

    assert calls(plain) == []
    city = made(second_numbers={"tries": 1.0})
    tried = calls(city)
    onset = dict(zip(city.world.second.person.tolist(), city.world.second.onset.tolist(), strict=True))
    assert len(tried) > 30
    assert all(onset[person] == day for day, person in tried)


def test_strays_call_new_numbers_alone(plain: City) -> None:
    def strays(city: City) -> list[tuple[int, int]]:
        found = []
        for day in range(city.settings.days):
            events = city.events(day)
            found += [(day, number) for number in events.callee[events.source == STRAY].tolist()]
        return found

    assert strays(plain) == []
    city = made(operators={"recycled": 1.0}, second_numbers={"held": 0.4})
    found = strays(city)
    sims, people = city.world.sims, city.world.people
    assert len({number for _, number in found}) > 20
    for day, number in found:
        if number >= sims.entities:
            assert 0 <= city.world.second.onset[number - sims.entities] <= day
        else:
            assert 0 < people.first_day[number] <= day


def test_cards_that_lay_idle_were_activated_long_before(plain: City) -> None:
    def waited(city: City) -> float:
        second, sims = city.world.second, city.world.sims
        return float((second.onset - sims.activated[sims.entities :] >= 30).mean())

    assert waited(plain) == 0
    assert 0.35 < waited(made(second_numbers={"idle": 0.5})) < 0.65


def test_forwarding_leads_to_relatives_and_voicemail_too(plain: City) -> None:
    second = set(plain.truth["second_numbers"]["second_number"])
    assert set(plain.forwarding["forward_to"]) <= second
    city = made(operators={"diverted": 0.3})
    diverted = city.truth["diverted"]
    assert set(diverted["kind"]) == {"relative", "voicemail"}
    assert set(diverted.loc[diverted["kind"] == "voicemail", "forward_to"]) == {"12580"}
    listed = city.forwarding.set_index("number")["forward_to"]
    assert (listed.loc[diverted["number"]].to_numpy() == diverted["forward_to"].to_numpy()).all()
    family = city.truth["families"].set_index("number")["family_id"]
    relatives = diverted[diverted["kind"] == "relative"]
    own = relatives[relatives["forward_to"].isin(family.index) & relatives["number"].isin(family.index)]
    assert len(own) > 20
    assert (family.loc[own["number"]].to_numpy() == family.loc[own["forward_to"]].to_numpy()).all()
    cdr = city.cdr()
    forwarded = cdr[cdr["kind"] == "forward"].merge(diverted, left_on="callee", right_on="number")
    assert len(forwarded) > 100
    assert (forwarded["forwarded_to"] == forwarded["forward_to"]).all()
    assert (forwarded["start"] >= forwarded["since"]).all()
    assert (forwarded["caller"] != forwarded["forwarded_to"]).all()


def test_employers_hold_documents_of_many(plain: City) -> None:
    assert plain.subscribers["id_document"].value_counts().max() <= 6
    held = made(operators={"company_documents": 0.4}).subscribers["id_document"].value_counts()
    assert held.max() > 8


def test_some_old_couples_share_a_phone(plain: City) -> None:
    people = plain.world.people
    assert (people.phone_of == np.arange(people.count)).all()
    city = made(population={"shared_phones": 1.0})
    people = city.world.people
    without = np.flatnonzero(people.phone_of != np.arange(people.count))
    home = people.households.household
    assert len(without) > 30
    assert (people.households.position[without] == OLD).all()
    assert (home[people.phone_of[without]] == home[without]).all()
    assert not people.is_key[without].any()
    assert len(city.subscribers[lambda rows: rows["activated"] < "2025-09-01"]) >= 700
    ties = city.world.ties
    assert not np.isin(without, np.concatenate([ties.a, ties.b])).any()
    holders = people.phone_of[without]

    def contacts(one: City) -> int:
        return int(np.isin(one.world.ties.a, holders).sum() + np.isin(one.world.ties.b, holders).sum())

    assert contacts(city) > 1.3 * contacts(plain)
    numbers = set(pd.Series(city.names.numbers.to_pylist()).iloc[without])
    families = city.truth["families"]
    assert not numbers & {*families["number"], *city.subscribers["number"], *city.cdr()["callee"]}
    persons = families.groupby("family_id").agg(seen=("person", "nunique"), size=("family_size", "first"))
    assert (persons["seen"] <= persons["size"]).all()


def test_flatmates_phone_like_a_household_and_are_no_family(plain: City) -> None:
    def strangers(city: City) -> int:
        ties, family = city.world.ties, city.world.people.households.family
        rows = ties.kind == HOUSEHOLD
        return int((family[ties.a[rows]] != family[ties.b[rows]]).sum())

    assert strangers(plain) == 0
    city = made(ties={"flatmates": 0.8})
    assert strangers(city) > 20
    ties, home = city.world.ties, city.world.places.home
    rows = ties.kind == HOUSEHOLD
    assert (home[ties.a[rows]] == home[ties.b[rows]]).mean() > 0.95


def test_families_in_messengers_hardly_phone(plain: City) -> None:
    def hardly(city: City) -> float:
        ties = city.world.ties
        couples = ties.strength[ties.kind == SPOUSE]
        return float((couples < 0.2 * np.quantile(couples, 0.75)).mean())

    assert hardly(made(ties={"messengers": 0.4})) > hardly(plain) + 0.25


def test_account_managers_phone_late_and_are_cut_short() -> None:
    def habits(**rules: float) -> tuple[float, float]:
        managers = City(subscribers=3000, days=60, managers={"per_10k": 40, **rules}).world.managers
        first = managers.event_out & ~managers.event_text
        evening = (managers.event_second >= 18 * 3600)[first].mean()
        return float(evening), float((managers.event_duration[first] <= 10).mean())

    strict, loose = habits(off_hours=0, hang_ups=0), habits(off_hours=0.5, hang_ups=0.8)
    assert strict[0] == 0
    assert 0.4 < loose[0] < 0.6
    assert loose[1] > strict[1] + 0.2


def test_nobody_waits_for_a_phone_for_ever() -> None:
    city = made(population={"shared_phones": 0.5})
    newcomers = city.truth["newcomers"]["number"]
    assert newcomers.isin({*city.cdr()["caller"], *city.cdr()["callee"]}).mean() > 0.5
    assert (city.world.people.first_day <= NEVER).all()


@pytest.mark.parametrize("banks", [1, 10])
def test_more_banks_do_not_phone_everybody_more_often(banks: int) -> None:
    city = made(days=10, lookalikes={"banks": banks * 1e4 / 700})
    lookalikes = city.truth["lookalikes"]
    lines = lookalikes.number[lookalikes["class"] == "bank"]
    callers = pd.concat([city.cdr(day).caller for day in range(10)])
    counts = callers[callers.isin(lines)].value_counts()
    assert banks * 0.7 <= len(lines) <= banks  # the smallest may call nobody
    assert 100 < counts.sum() < 240
    assert banks == 1 or counts.iloc[0] > 1.5 * counts.sum() / banks
