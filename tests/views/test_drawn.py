"""Every chart draws; from files that were read back as well as from objects."""

import numpy as np
import pandas as pd
import pytest

import circlegraph as cg
from circlegraph import views


@pytest.fixture(scope="module")
def families(demo):
    return cg.detect.families(demo.cdrs, subscribers=demo.subscribers, network=demo.network)


@pytest.fixture(scope="module")
def weeks(demo):
    found = cg.detect.movement(
        demo.cdrs, "2025-12-28", weeks=3, subscribers=demo.subscribers, bills=demo.bills, network=demo.network
    )
    return found.weeks


@pytest.fixture(scope="module")
def contacts(demo):
    return demo.truth["manager_contacts"].assign(stage="contacted")


def charts(demo, circles, mover, families, weeks, contacts):
    number, second = mover.number, mover.second
    members = families.members
    pair = families.pairs.iloc[0]
    weights = families.weights
    rows = weights[(weights["number_a"] == pair["number_a"]) & (weights["number_b"] == pair["number_b"])]
    weekly = views.weekly_contacts(demo.cdrs, [number, second], network=demo.network)
    graph = cg.contact_graph(demo.cdrs, network=demo.network)
    p, right = families.pairs["probability"], np.arange(len(families.pairs)) % 3 > 0
    return {
        "circle": views.circle_chart(circles, number, second),
        "balance": views.balance_chart(circles, number, second),
        "timeline": views.timeline_chart(weekly, number, second, at=demo.at),
        "waterfall": views.waterfall_chart(rows, prior=families.model.prior_weight),
        "reliability": views.reliability_chart(p, right),
        "precision_recall": views.precision_recall_chart({"probability": (p, right), "days": (-p, right)}),
        "family": views.family_chart(families, members["family_id"].iloc[0], graph),
        "manager": views.manager_chart(contacts, contacts["manager"].iloc[0]),
        "movement": views.movement_chart(weeks, weeks["number"].iloc[0]),
        "quality": views.quality_chart(cg.inspect_cdr(cg.open_cdr(demo.cdrs))),
    }


def test_every_chart_draws_what_it_has(demo, circles, mover, families, weeks, contacts):
    made = charts(demo, circles, mover, families, weeks, contacts)
    assert {f"{name}_chart" for name in made} == {name for name in views.__all__ if name.endswith("_chart")}
    for name, chart in made.items():
        drawn = chart.svg()
        assert not [word for word in ("NaN", "undefined", "Infinity", "null") if word in drawn], name
        assert drawn.count("<title>") >= 2, name
        assert len(chart.records), name
        assert chart.svg() == drawn, name
    waterfall = made["waterfall"].records
    assert waterfall.probability.iloc[-1] == pytest.approx(families.pairs["probability"].iloc[0])


def test_tables_that_were_read_back_from_csv(circles, mover, families, weeks, contacts, tmp_path):
    def back(frame):
        frame.to_csv(tmp_path / "a.csv", index=False)
        return pd.read_csv(tmp_path / "a.csv")

    own = circles.numbers.own[circles.numbers.ids_of(circles.to_pandas().peer.tolist())]
    table = back(circles.to_pandas()[own])
    assert pd.api.types.is_integer_dtype(table["number"])
    expected = views.circle_chart(circles, mover.number, mover.second)
    assert views.circle_chart(table, mover.number, mover.second).title == expected.title
    number = weeks["number"].iloc[0]
    assert views.movement_chart(back(weeks), number).title == views.movement_chart(weeks, number).title
    manager = contacts["manager"].iloc[0]
    assert views.manager_chart(back(contacts), manager).title == views.manager_chart(contacts, manager).title
    family = families.members["family_id"].iloc[0]
    frames = (back(families.members), back(families.pairs))
    assert views.family_chart(frames, family).title == views.family_chart(families, family).title
