"""Families, account managers, movement: small tables by hand."""

import json

import pandas as pd
import pytest

import circlegraph as cg
from circlegraph.errors import InputError
from circlegraph.views import family_chart, manager_chart, movement_chart

MEMBERS = pd.DataFrame(
    {
        "number": ["13800000001", "13800000002", "13800000003", "13900000004"],
        "family_id": [1, 1, 1, 2],
        "family_size": [3, 3, 3, 1],
        "role": ["spouse", "parent", None, "child"],
        "is_key_person": [False, True, False, True],
        "probability": [0.9, 0.95, 0.6, 0.5],
    }
)
PAIRS = pd.DataFrame(
    {
        "number_a": ["13800000001", "13800000002", "13800000001"],
        "number_b": ["13800000002", "13800000003", "13900000004"],
        "probability": [0.97, 0.7, 0.2],
    }
)
OUTSIDE = [f"1990000{i:04d}" for i in range(30)]


@pytest.fixture(scope="module")
def graph():
    rows = [("13800000001", "13800000002")]
    rows += [(MEMBERS.number[i % 3], other) for i, other in enumerate(OUTSIDE) for _ in range(30 - i)]
    calls = pd.DataFrame(rows, columns=["caller", "callee"])
    calls["start"] = pd.Timestamp("2024-05-01") + pd.to_timedelta(range(len(calls)), unit="h")
    return cg.contact_graph(calls.assign(duration=60))


def rows_with(chart, column):
    return [row for rows in chart.spec["datasets"].values() for row in rows if column in row]


def test_family_and_the_circle_around_it(graph):
    chart = family_chart((MEMBERS, PAIRS), 1, graph, shown=10)
    inside = chart.records[chart.records.role != "outside"]
    assert inside.number.tolist() == ["13800000002", "13800000001", "13800000003"]  # the key person first
    assert inside.role.tolist() == ["parent", "spouse", "unknown"]
    outside = chart.records[chart.records.role == "outside"]
    assert outside.number.tolist() == OUTSIDE[:10]
    assert outside.contacts.tolist() == [30.0 - i for i in range(10)]
    assert {row["width"] for row in rows_with(chart, "width") if "family with" in row["hover"]} == {
        6 * 0.97,
        6 * 0.7,
    }
    assert "138****0002" in chart.title
    assert "13800000002" not in json.dumps(chart.spec)


def test_family_alone():
    chart = family_chart((MEMBERS, PAIRS), 1)
    assert len(chart.records) == 3
    assert chart.png()[:4] == b"\x89PNG"
    with pytest.raises(InputError, match="no family 7"):
        family_chart((MEMBERS, PAIRS), 7)


def contacts(count=40):
    first = pd.Timestamp("2024-05-01") + pd.to_timedelta(range(count), unit="D")
    stages = ["stable", "contacted", "reacting", "taken"]
    return pd.DataFrame(
        {
            "number": [f"138{i:08d}" for i in range(count)],
            "manager": "18600000001",
            "first_contact": first,
            "last_contact": first + pd.Timedelta(days=9),
            "calls_in": 3,
            "calls_out": 1,
            "stage": [stages[i % 4] for i in range(count)],
        }
    )


def test_star_of_a_manager_shows_all_targets_and_lists_the_most_alarming():
    chart = manager_chart(contacts(), "18600000001", shown=12)
    assert (
        chart.title == "186****0001 approached 40 subscribers: 10 taken, 10 reacting, 10 contacted, 10 stable"
    )
    assert chart.records.stage.tolist() == [
        s for s in ("taken", "reacting", "contacted", "stable") for _ in range(10)
    ]
    listed = rows_with(chart, "row")
    assert [row["stage"] for row in listed] == ["taken"] * 10 + ["reacting"] * 2
    star = rows_with(chart, "zero")
    assert len(star) == 40
    away = [row["x"] ** 2 + row["y"] ** 2 for row in sorted(star, key=lambda row: row["first_contact"])]
    assert away == sorted(away)  # later is farther out
    assert chart.png()[:4] == b"\x89PNG"


def test_manager_without_contacts():
    with pytest.raises(InputError, match="no manager with contacts"):
        manager_chart(contacts(), "1")
    with pytest.raises(InputError, match="lack the column 'stage'"):
        manager_chart(contacts().drop(columns="stage"), "18600000001")


def weeks():
    return pd.DataFrame(
        {
            "number": ["13800000001"] * 2 + ["13900000002"],
            "week": pd.to_datetime(["2024-05-12", "2024-05-05", "2024-05-05"]),
            "arpu_drop": [0.45, 0.1, 0.0],
            "arrears": [None, None, 2.0],
            "points": [4.0, 0.0, 3.0],
            "level": "stable",
            "known_points": [10.0, 10.0, 13.0],
            "fired": ["arpu_drop", "", "arrears"],
            "reason": ["the bill fell", "", ""],
        }
    )


def test_movement_of_one_subscriber():
    chart = movement_chart(weeks(), "13800000001")
    found = chart.records.set_index(["week", "indicator"]).state.to_dict()
    early, late = pd.Timestamp("2024-05-05"), pd.Timestamp("2024-05-12")
    assert found == {
        (early, "arpu_drop"): "quiet",
        (early, "arrears"): "unknown",
        (late, "arpu_drop"): "fired",
        (late, "arrears"): "unknown",
    }
    assert chart.title == "138****0001: stable in the last week, 4 points"
    assert chart.png()[:4] == b"\x89PNG"


def test_movement_of_somebody_else():
    with pytest.raises(InputError, match="has no week here"):
        movement_chart(weeks(), "13700000000")
    with pytest.raises(InputError, match="lack the column 'fired'"):
        movement_chart(weeks().drop(columns="fired"), "13800000001")
