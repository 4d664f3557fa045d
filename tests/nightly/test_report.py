"""The page, the totals for outside, and drift."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import town

from circlegraph.nightly.drift import drift_of
from circlegraph.nightly.floor import blanked
from circlegraph.nightly.stages import stages_here


def test_the_page_needs_nothing_from_outside(done: Path) -> None:
    page = (done / "results" / town.LAST / "report.html").read_text()
    assert not re.findall(r"https?:|//[a-z]|src=|url\(|<script|@import", page)
    for stage in stages_here():
        assert f"<td>{stage.name}</td>" in page
    assert "Work list" in page
    assert page.count("<section") == page.count("</section>")


def test_a_page_that_is_gone_is_made_again(done: Path, city: Path, tmp_path: Path) -> None:
    import shutil

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
