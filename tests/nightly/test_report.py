"""The page, the totals for outside, and drift."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import town

from circlegraph.nightly import charts
from circlegraph.nightly.calibration import by_level, losses, past_probabilities
from circlegraph.nightly.drift import drift_of
from circlegraph.nightly.floor import blanked
from circlegraph.nightly.stages import stages_here


def test_the_page_needs_nothing_from_outside(done: Path) -> None:
    page = (done / "results" / town.LAST / "report.html").read_text()
    assert not re.findall(r"https?:|//[a-z]|src=|url\(|<script|@import", page)
    for stage in stages_here():
        assert f"<td>{stage.name}</td>" in page
    assert "Work list" in page
    assert "<svg" in page
    assert "tonight's probabilities mean what they say" in page.replace("&#x27;", "'")
    assert page.count("<section") == page.count("</section>")


def test_a_page_that_is_gone_is_made_again(done: Path, city: Path, tmp_path: Path) -> None:
    work = Path(shutil.copytree(done, tmp_path / "work"))
    before = town.files(work)
    (work / "results" / town.LAST / "report.html").unlink()
    assert town.night(city, work).done == ()
    assert town.files(work) == before


def test_small_counts_do_not_leave_the_house(done: Path) -> None:
    outside = pd.read_csv(done / "results" / town.LAST / "figures" / "totals_for_outside.csv")
    labels = pd.read_parquet(done / "results" / town.LAST / "labels" / "labels.parquet")
    assert not ((outside["count"] > 0) & (outside["count"] < 15)).any()
    assert outside["count"].isna().any()
    for (label, tier), part in outside.groupby(["label", "value_tier"]):
        rows = labels if tier == "all" else labels[labels.value_tier == tier]
        hidden = rows[label].notna().sum() - part["count"].sum()
        assert part["count"].isna().sum() != 1 or len(part) == 1, "the total would tell it"
        assert (hidden > 0) == part["count"].isna().any()


def test_blanked_counts_cannot_be_worked_out() -> None:
    assert blanked({"a": 100, "b": 50, "c": 3}, 15) == {"a": 100, "b": None, "c": None}
    assert blanked({"a": 3}, 15) == {"a": None}
    assert blanked({"a": 100, "b": 50}, 15) == {"a": 100, "b": 50}


def figures(spread: list[int], count: int) -> dict[str, Any]:
    return {"spreads": {"p": spread}, "followed": {"n": count}}


def test_drift_alarms_on_shape_and_on_counts() -> None:
    before = [figures([80, 15, 5], 100 + i % 3) for i in range(8)]
    calm = drift_of(figures([78, 17, 5], 103), before, 7, 0.25, 4.0)
    assert [entry["alarm"] for entry in calm] == [False, False]
    assert [entry["nights"] for entry in calm] == [8, 8]
    other = drift_of(figures([30, 40, 30], 160), before, 7, 0.25, 4.0)
    assert [entry["alarm"] for entry in other] == [True, True]
    assert drift_of(figures([30, 40, 30], 160), before[:6], 7, 0.25, 4.0) == []


def test_drift_counts_the_nights_before(done: Path) -> None:
    drift = json.loads((done / "results" / town.LAST / "drift" / "drift.json").read_text())
    assert drift["drift"] == []
    assert [night["date"] for night in drift["trend"]] == [town.LAST]
    assert drift["trend"][0]["own numbers"] > 90


def test_without_the_extra_views_there_are_tables(
    done: Path, city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Path(shutil.copytree(done, tmp_path / "work"))
    monkeypatch.setattr(charts, "available", lambda: False)
    page = work / "results" / town.LAST / "report.html"
    spread = json.loads((page.parent / "figures" / "figures.json").read_text())["spreads"]["movement, points"]
    page.unlink()
    town.night(city, work)
    text = page.read_text()
    assert "<svg" not in text
    assert f"<td>movement, points</td><td>20 to 1000</td><td class=n>{spread[-1]:,}</td>" in text


def test_what_pairs_inside_a_family_rest_on(done: Path) -> None:
    folder = done / "results" / town.LAST
    evidence = pd.read_parquet(folder / "labels" / "evidence.parquet")
    pairs = pd.read_parquet(folder / "families" / "pairs.parquet")
    weights = pd.read_parquet(folder / "families" / "weights.parquet")
    family = pd.read_parquet(folder / "families" / "members.parquet").set_index("number").family_id
    of_families = evidence[(evidence.label == "family") & evidence.evidence.notna()]
    assert len(of_families)
    assert (of_families.number.map(family) == of_families.other.map(family)).all()
    one = pairs[pairs.number_a.map(family) == pairs.number_b.map(family)].iloc[0]
    wanted = weights[(weights.number_a == one.number_a) & (weights.number_b == one.number_b)]
    for here, there in ((one.number_a, one.number_b), (one.number_b, one.number_a)):
        shown = of_families[(of_families.number == here) & (of_families.other == there)]
        assert dict(zip(shown.evidence, shown.weight, strict=True)) == dict(
            zip(wanted.evidence, wanted.weight, strict=True)
        )


def claims(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["number", "other", "probability"])


def test_only_what_was_said_before_it_was_known_is_judged() -> None:
    truth = claims(("a", "x", 1), ("b", "x", 0), ("c", "x", 1), ("d", "x", 1))
    truth = truth.rename(columns={"probability": "right"})
    new = claims(("a", "x", 1.0), ("b", "x", 0.7), ("d", "x", 1.0)), truth[truth.number.isin(["a", "d"])]
    old = claims(("a", "x", 0.6), ("b", "x", 0.1), ("d", "x", 0.9)), truth[truth.number == "d"]
    table, left = past_probabilities(truth, [new, old])
    assert sorted(table.to_numpy().tolist()) == [[0.6, 1.0], [0.7, 0.0]]
    assert left == 2  # c was no candidate, d was known from the first night on


def test_losses_count_once_their_horizon_is_over() -> None:
    past = pd.DataFrame(
        {
            "number": ["a", "b", "c", "a"],
            "date": pd.to_datetime(["2025-08-01", "2025-08-01", "2025-08-01", "2025-10-01"]),
            "churn_propensity": [0.9, 0.2, 0.5, 0.9],
            "movement_level": ["high", "stable", "low", "high"],
        }
    )
    lost = pd.DataFrame(
        {"number": ["a", "c", "b"], "lost": pd.to_datetime(["2025-09-30", "2025-07-01", "2025-10-02"])}
    )
    found = losses(past, lost, "2025-10-20", 60)
    assert found.to_numpy().tolist() == [[0.9, "high", 1.0], [0.2, "stable", 0.0]]
    assert by_level(found, ["high", "low", "stable"])[1] == {"level": "stable", "count": 1, "lost": 0}
    assert losses(None, lost, "2025-10-20", 60).empty


def test_what_has_become_known_stands_in_the_page(city: Path, tmp_path: Path) -> None:
    """Twenty ties become known after a first night; the second night knows them, and so is not asked itself."""
    names = ("subscribers", "forwarding", "bills")
    tables = {name: str(city / f"{name}.parquet") for name in names}
    known = tmp_path / "known.csv"
    known.write_text("number_a,number_b,family\n")
    town.night(city, tmp_path, "2025-10-13", tables=tables | {"known_families": str(known)})
    pairs = pd.read_parquet(tmp_path / "results" / "2025-10-13" / "families" / "pairs.parquet")
    told = pairs.head(25)[["number_b", "number_a"]].set_axis(["number_a", "number_b"], axis=1)
    told.assign(family=[1, 0] * 12 + [1]).to_csv(known, index=False)
    town.night(city, tmp_path, tables=tables | {"known_families": str(known)})
    folder = tmp_path / "results" / town.LAST
    found = json.loads((folder / "calibration" / "calibration.json").read_text())
    sums = found["judged"]["ties of families"]
    assert (sums["count"], sums["right"]) == (25, 13)
    assert sums["expected"] == pytest.approx(pairs.head(25).probability.sum(), abs=1e-3)
    page = (folder / "report.html").read_text()
    assert "<h3>ties of families</h3>" in page
    assert "Brier score" in page
