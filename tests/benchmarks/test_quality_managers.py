"""Account managers: truth, baselines and judging on worlds worked by hand."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import circlegraph as cg
from benchmarks.quality import managers
from benchmarks.quality.manager_cities import MORE, make, manager_settings
from benchmarks.quality.world import Case, NotAvailableError, World
from tests.benchmarks.quality_worlds import case, planted, world

OWN = [f"own{place}" for place in range(20)]


def busy() -> Case:
    """m phones 16 own numbers, n 3, the courier k 20; h answers two; own1 and own2 phone own0."""
    rows = [("m", number) for number in OWN[:16]] + [("n", number) for number in OWN[15:18]]
    rows += [("k", number) for number in OWN] + [(number, "h") for number in OWN[:2]]
    rows += [("own1", "own0"), ("own2", "own0"), ("own0", "m")]
    start = pd.Timestamp("2024-05-01") + pd.to_timedelta(np.arange(len(rows)), unit="D")
    events = pd.DataFrame(rows, columns=["caller", "callee"]).assign(start=start, duration=9, kind="call")
    made = World("busy", events, pd.Timestamp("2024-05-20"), frozenset(OWN))
    contacts = pd.DataFrame(
        [(number, "m") for number in OWN[:16]] + [(number, "n") for number in OWN[15:18]],
        columns=["number", "manager"],
    )
    tables = {
        "managers": pd.DataFrame({"number": ["m", "n"], "targets": [16, 3]}),
        "manager_contacts": contacts,
        "second_numbers": planted(number="m", second_number="m2"),
        "lookalikes": pd.DataFrame({"number": ["k", "h"], "class": ["courier", "hotline"]}),
    }
    return replace(case(), world=made, tables=tables)


def listed(*rows: tuple[str, float, bool, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["number", "probability", "accepted", "seems"])


def test_managers_and_approached_by_hand() -> None:
    found = managers.Found(
        listed(
            ("m", 0.9, True, "manager"),  # right
            ("n", 0.95, True, "manager"),  # neutral: too few targets
            ("m2", 0.9, True, "manager"),  # neutral: a manager's second number
            ("k", 0.8, True, "manager"),  # a courier, wrongly accepted
            ("h", 0.1, False, "hotline"),  # rightly named
            ("own3", 1.0, True, "manager"),  # an own number is not judged
        ),
        # own18 was approached by nobody; own16 by a neutral manager alone; own19 by one who is not accepted.
        pd.DataFrame(
            [("own0", "m"), ("own1", "m"), ("own18", "k"), ("own16", "n"), ("own19", "h")],
            columns=["number", "manager"],
        ),
    )
    part = managers.judge_case(busy(), found)
    measured = managers.measure([part, part], is_probability=True)
    assert (measured["wanted"], measured["claims"], measured["accepted"]) == (2, 6, 4)
    assert (measured["pr_auc"], measured["precision"], measured["recall"]) == (1.0, 0.5, 1.0)
    assert measured["lookalikes"] == {"courier": 2}
    assert (measured["couriers_and_hotlines"], measured["plague_share"]) == (2, 0.5)
    assert part.approached == (2, 3, 16)
    assert measured["approached_f1"] == pytest.approx(2 * 2 / (3 + 16))
    assert (measured["approached_precision"], measured["approached_recall"]) == (2 / 3, 2 / 16)
    assert (part.named, measured["seems_right"]) == ((1, 2), 0.5)
    assert measured["brier"] == pytest.approx((0.1**2 + 0.8**2 + 0.1**2) / 3)
    with pytest.raises(ValueError, match="twice"):
        managers.judge_case(busy(), replace(found, numbers=pd.concat([found.numbers] * 2)))


def test_baselines_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    this = busy()
    numbers, found, phoned = managers.profile(this.world)
    by_number = dict(zip(numbers, zip(*found.values(), strict=True), strict=True))
    assert by_number == {"m": (16.0, 17 / 2), "n": (3.0, 4.0), "k": (20.0, 21.0), "h": (0.0, 1 / 3)}
    assert len(phoned) == 16 + 3 + 20
    monkeypatch.setitem(managers.THRESHOLDS, "distinct callees", 16.0)
    measured = managers.measure(
        [managers.judge_case(this, managers.baseline(this.world, "distinct callees"))]
    )
    assert (measured["precision"], measured["recall"], measured["lookalikes"]) == (0.5, 1, {"courier": 1})
    # Everybody the accepted two phoned: 20, less two whom a neutral manager alone approached.
    assert measured["approached_f1"] == pytest.approx(2 * 16 / (18 + 16))
    assert managers.fit([this]) == {"distinct callees": 16.0, "out/in ratio": 8.5}


def test_a_manager_with_few_targets_is_not_wanted() -> None:
    this = busy()
    this.tables["managers"]["targets"] = [14, 3]
    part = managers.judge_case(this, managers.baseline(this.world, "out/in ratio"))
    assert managers.measure([part])["wanted"] == 0
    assert part.approached[2] == 0


def test_cities_hold_enough_managers_and_lookalikes() -> None:
    settings = manager_settings("hard")
    assert settings["lookalikes"]["insurers"] == MORE * 12
    this = make("easy", 11, 1_000)
    assert len(this.tables["managers"]) == 2
    lookalikes = this.tables["lookalikes"]
    off_net = lookalikes[~lookalikes["own"]]["class"].value_counts()
    assert off_net["courier"] >= 3


def test_circlegraph_is_asked_with_second_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}

    def found(source: pd.DataFrame, **options: object) -> SimpleNamespace:
        given.update(options)
        return SimpleNamespace(
            managers=listed(("m", 0.5, True, "manager")),
            contacts=pd.DataFrame({"number": ["x"], "manager": ["m"], "calls_in": [1]}),
        )

    detectors = SimpleNamespace(managers=found, dual_sim=lambda *_, **__: "second numbers")
    monkeypatch.setattr(cg, "detect", detectors)
    bills = pd.DataFrame({"number": ["x"], "arpu": [3]})
    this = replace(world(), bills=bills, subscribers=bills)
    assert managers.METHODS["circlegraph"](this).contacts.shape == (1, 2)
    assert given["second_numbers"] == "second numbers"
    assert given["bills"] is bills
    managers.METHODS["circlegraph, calls alone"](this)
    assert given["bills"] is None
    monkeypatch.setattr(cg, "detect", SimpleNamespace())
    with pytest.raises(NotAvailableError, match="not there yet"):
        managers.METHODS["circlegraph"](this)
