"""Indicators against a plain twin that goes through the events, and against bandicoot itself."""

import datetime
import inspect
import logging
import math
from collections import Counter, defaultdict
from dataclasses import replace
from statistics import fmean, pstdev
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from window_graphs import CALL, FORWARD, NAMES, TEXT, ZOO, Event, event_lists, graph_of

from circlegraph import contact_graph
from circlegraph.circles.indicators import Indicators, indicators
from circlegraph.contacts.windows import DAY
from circlegraph.errors import InputError

NAN = math.nan
SUFFIXES = {"": (CALL, TEXT), "_call": (CALL,), "_text": (TEXT,)}


def plain_indicators(events: list[Event], number: str) -> dict[str, float]:
    """Twin: every indicator of one number, event by event."""
    mine = [e for e in events if number in (e.caller, e.callee) and e.kind != FORWARD]
    out: dict[str, float] = {"active_days": len({e.start // DAY for e in mine})}
    for suffix, kinds in SUFFIXES.items():
        chosen = [e for e in mine if e.kind in kinds]
        peers = Counter(e.callee if e.caller == number else e.caller for e in chosen)
        made = Counter(e.callee for e in chosen if e.caller == number)
        n, k = len(chosen), len(peers)
        hours = [e.start % DAY // 3600 for e in chosen]
        weekdays = [(e.start // DAY + 3) % 7 for e in chosen]
        found = {
            "number_of_contacts": k,
            "number_of_interactions": n,
            "number_of_interactions_in": n - made.total(),
            "number_of_interactions_out": made.total(),
            "percent_initiated_interactions": made.total() / n if n else NAN,
            "entropy_of_contacts": -sum(c / n * math.log(c / n) for c in peers.values()) if n else NAN,
            "balance_of_contacts_mean": fmean(made[c] / n for c in peers) if n else NAN,
            "balance_of_contacts_std": pstdev([made[c] / n for c in peers]) if n else NAN,
            "interactions_per_contact_mean": fmean(peers.values()) if n else NAN,
            "interactions_per_contact_std": pstdev(peers.values()) if n else NAN,
            "percent_pareto_interactions": fewest(list(peers.values())) / n if n else NAN,
            "percent_nocturnal": sum(h >= 19 or h < 7 for h in hours) / n if n else NAN,
            "percent_weekend": sum(d >= 5 for d in weekdays) / n if n else NAN,
        }
        out |= {name + suffix: value for name, value in found.items()}
    calls = [e for e in mine if e.kind == CALL]
    seconds: dict[str, int] = defaultdict(int)
    for e in calls:
        seconds[e.callee if e.caller == number else e.caller] += e.duration
    out["percent_pareto_durations"] = fewest(list(seconds.values())) / len(calls) if calls else NAN
    out["call_duration_mean"] = fmean(e.duration for e in calls) if calls else NAN
    return out


def fewest(amounts: list[int]) -> int:
    target = math.ceil(sum(amounts) * 0.8)
    ordered = sorted(amounts, reverse=True)
    return next(k for k in range(len(ordered) + 1) if sum(ordered[:k]) >= target)


def check(events: list[Event], found: Indicators) -> None:
    for number in found.numbers.text.to_pylist():
        want = plain_indicators(events, number)
        got = found.of(number).to_dict()
        assert got.keys() == want.keys()
        assert got == pytest.approx(want, rel=1e-12, abs=1e-12, nan_ok=True)


@given(event_lists())
@settings(deadline=None)
def test_twin(events: list[Event]) -> None:
    check(events, indicators(graph_of(events), threads=1))


@pytest.mark.parametrize("events", ZOO.values(), ids=ZOO)
def test_zoo(events: list[Event]) -> None:
    found = indicators(graph_of(events))
    check(events, found)
    table = found.to_pandas()
    assert len(table) == len(found)
    assert list(table) == ["number", *found.columns]


@given(event_lists(), st.permutations(NAMES))
@settings(deadline=None)
def test_renaming_numbers_changes_nothing(events: list[Event], other: list[str]) -> None:
    renamed = dict(zip(NAMES, other, strict=True))
    moved = [replace(e, caller=renamed[e.caller], callee=renamed[e.callee]) for e in events]
    before = indicators(graph_of(events), threads=1)
    after = indicators(graph_of(moved), threads=1)
    for number in before.numbers.text.to_pylist():
        want = before.of(number).to_dict()
        # The order of a row depends on the names, and with it the rounding of a sum of floats.
        assert after.of(renamed[number]).to_dict() == pytest.approx(want, rel=1e-12, abs=1e-12, nan_ok=True)


@given(event_lists(100))
@settings(deadline=None)
def test_bounds(events: list[Event]) -> None:
    found = indicators(graph_of(events), threads=1)
    for suffix in SUFFIXES:
        entropy, k = found["entropy_of_contacts" + suffix], found["number_of_contacts" + suffix]
        known = k > 0
        assert np.array_equal(np.isnan(entropy), ~known)
        assert (entropy[known] >= 0).all()
        assert (entropy[known] <= np.log(k[known]) + 1e-12).all()
        for name in ("percent_nocturnal", "percent_weekend", "percent_pareto_interactions"):
            share = found[name + suffix][known]
            assert ((share >= 0) & (share <= 1)).all()
        total = found["number_of_interactions_in" + suffix].sum()
        assert total == found["number_of_interactions_out" + suffix].sum()
    assert (found["number_of_interactions_call"] + found["number_of_interactions_text"]).tolist() == found[
        "number_of_interactions"
    ].tolist()


def test_threads_do_not_change_the_values() -> None:
    rng = np.random.default_rng(5)
    events = [
        Event(str(a), str(a + b), int(start), int(start) % 500, int(start) % 2)
        for a, b, start in zip(
            rng.integers(100, 150, 2000), rng.integers(1, 60, 2000), range(0, 2_000_000, 1000), strict=True
        )
    ]
    one = indicators(graph_of(events), threads=1)
    many = indicators(graph_of(events), threads=5)
    for name, column in one.columns.items():
        np.testing.assert_array_equal(column, many[name], strict=True)


def test_unknown_active_days_are_nan() -> None:
    graph = graph_of(ZOO["one pair"])
    graph.active_days[:] = -1
    assert np.isnan(indicators(graph)["active_days"]).all()


def test_a_misspelt_indicator_names_the_nearest() -> None:
    found = indicators(graph_of(ZOO["one pair"]))
    with pytest.raises(InputError, match="did you mean number_of_contacts "):
        found["numbers_of_contacts"]
    assert "1970-01-01 00:00:00 to 1970-01-29" in repr(found)
    assert ">active_days<" in found._repr_html_()


@pytest.fixture(scope="module")
def bandicoot() -> Any:
    """bandicoot, imported as the benchmarks do, the traces of that wiped away."""
    from benchmarks.contestants.bandicoot_indicators import load

    before = set(vars(inspect))
    try:
        load()
        import bandicoot
    except ImportError as error:
        pytest.skip(f"bandicoot cannot be imported: {error}")
    finally:
        logging.disable(logging.NOTSET)
        for name in set(vars(inspect)) - before:
            delattr(inspect, name)
    return bandicoot


def bandicoot_indicators(bandicoot: Any, events: list[Event], number: str) -> dict[str, float]:
    """Every indicator that bandicoot has, of one number over the whole time."""
    from bandicoot import individual as of
    from bandicoot.core import Position, Record

    person = bandicoot.User()
    person.records = [
        Record(
            "text" if e.kind == TEXT else "call",
            "out" if e.caller == number else "in",
            e.callee if e.caller == number else e.caller,
            datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=e.start),
            None if e.kind == TEXT else e.duration,
            Position(),
        )
        for e in events
        if number in (e.caller, e.callee)
    ]

    def value(function: Any, of_kind: str, statistic: str = "", **options: Any) -> float:
        nested = function(person, groupby=None, interaction=of_kind, **options)["allweek"]["allday"][of_kind]
        if statistic and nested is not None:
            nested = nested[statistic]
        return NAN if nested is None else float(nested)

    out = {"active_days": value(of.active_days, "callandtext")}
    for suffix, kind in (("", "callandtext"), ("_call", "call"), ("_text", "text")):
        counts = {
            "number_of_contacts": value(of.number_of_contacts, kind),
            "number_of_interactions": value(of.number_of_interactions, kind),
            "number_of_interactions_in": value(of.number_of_interactions, kind, direction="in"),
            "number_of_interactions_out": value(of.number_of_interactions, kind, direction="out"),
        }
        found = {name: 0 if math.isnan(count) else count for name, count in counts.items()} | {
            "percent_initiated_interactions": value(of.percent_initiated_interactions, kind),
            "entropy_of_contacts": value(of.entropy_of_contacts, kind),
            "percent_pareto_interactions": value(of.percent_pareto_interactions, kind),
            "percent_nocturnal": value(of.percent_nocturnal, kind),
        }
        for statistic in ("mean", "std"):
            found[f"balance_of_contacts_{statistic}"] = value(of.balance_of_contacts, kind, statistic)
            found[f"interactions_per_contact_{statistic}"] = value(
                of.interactions_per_contact, kind, statistic
            )
        out |= {name + suffix: number for name, number in found.items()}
    out["percent_pareto_durations"] = value(of.percent_pareto_durations, "call")
    out["call_duration_mean"] = value(of.call_duration, "call", "mean")
    return out


def test_values_equal_bandicoots(bandicoot: Any) -> None:
    rng = np.random.default_rng(11)
    people = [*NAMES, *(str(13_900_000_000 + i) for i in range(10))]
    events = []
    for start in np.sort(rng.choice(28 * DAY, 600, replace=False)).tolist():
        caller, callee = rng.choice(len(people), 2, replace=False)
        kind = int(rng.choice([CALL, TEXT]))
        if start % DAY == 7 * 3600 or caller == 0 == kind:
            continue  # bandicoot's night has one second more; the first person makes no calls
        events.append(
            Event(people[caller], people[callee], start, int(rng.integers(0, 900)) * (1 - kind), kind)
        )
    events += [Event("silent", "1", 8 * 3600 + 61 * i, 0, TEXT) for i in range(3)]
    frame = pd.DataFrame(
        {
            "caller": [e.caller for e in events],
            "callee": [e.callee for e in events],
            "start": pd.to_datetime([e.start for e in events], unit="s"),
            "duration": [e.duration for e in events],
            "kind": ["sms" if e.kind == TEXT else "call" for e in events],
        }
    )
    found = indicators(contact_graph(frame))
    shared = [name for name in found.columns if not name.startswith("percent_weekend")]
    for number in found.numbers.text.to_pylist():
        want = bandicoot_indicators(bandicoot, events, number)
        assert sorted(want) == sorted(shared)
        got = found.of(number)[shared].to_dict()
        assert got == pytest.approx(want, rel=1e-12, abs=1e-12, nan_ok=True)
