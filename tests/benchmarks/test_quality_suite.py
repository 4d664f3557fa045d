"""The quality suite end to end: planted moves, tables, page, stored figures, exit status."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from benchmarks import __main__ as command
from benchmarks import kept, report_charts, report_html
from benchmarks.quality import baseline, charts, cities, copenhagen, suite, tables
from benchmarks.quality.methods import METHODS, Method, jaccard
from benchmarks.quality.world import Case, NotAvailableError, World
from benchmarks.report import Table

BASELINES = [method for method in METHODS if not method.is_probability]
SCORED = Method("scored", partial(jaccard.rank, new_only=True), is_probability=True)
TINY = suite.Settings(
    subscribers=200, presets=("easy",), shares=(), most_seeds=1, methods=[*BASELINES, SCORED]
)


@pytest.fixture(autouse=True, scope="module")
def baselines_only() -> Iterator[None]:
    """Leave circlegraph's own methods to their connectors' test: what is tested here is the suite."""
    with pytest.MonkeyPatch.context() as patch:
        for frame in suite.FRAMES:
            kept = {label: method for label, method in frame.METHODS.items() if "circlegraph" not in label}
            patch.setattr(frame, "METHODS", kept)
        yield


@pytest.fixture(scope="module")
def ran(baselines_only: None) -> tuple[list[Table], dict[str, Any]]:
    return suite.run(TINY)


def without_times(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: without_times(value) for key, value in content.items() if key != "seconds"}
    return content


def test_same_figures_each_time(ran: tuple[list[Table], dict[str, Any]]) -> None:
    again = suite.run(TINY)[1]
    written = [json.dumps(without_times(content), allow_nan=False) for content in (again, ran[1])]
    assert written[0] == written[1]


def test_tables_and_groups(ran: tuple[list[Table], dict[str, Any]]) -> None:
    tables, content = ran
    assert set(content["groups"]) == {"easy", "all cities"}
    assert not content["failed"]
    titles = " ".join(table.title for table in tables)
    assert all(word in titles for word in ("easy", "all cities", "by kind", "Families", "Account managers"))
    found = content["groups"]["easy"]
    assert list(found) == [method.label for method in TINY.methods]
    assert found["Jaccard, new only"]["wanted"] > 0
    assert found["scored"]["reliability"]
    assert "reliability" not in found["Jaccard, new only"]


def test_page_is_sound_and_asks_for_nothing(ran: tuple[list[Table], dict[str, Any]]) -> None:
    tables, content = ran
    drawn = charts.make_charts(content)
    assert len(drawn) >= 4
    for chart in drawn:
        ElementTree.fromstring(chart)
    page = report_html.page("<title>", "facts", tables, drawn, ["<alarm>"])
    assert "<alarm>" not in page
    assert "&lt;alarm&gt;" in page
    assert not any(
        word in page for word in ("http:", "https:", "src=", "href=", "@import", "url(", "<script")
    )


def test_charts_by_hand() -> None:
    bars = report_charts.bar_chart("a & b", [("one", 0.5, 0.4, 0.6)])
    assert f'width="{report_charts.WIDTH * 0.5:.1f}"' in bars
    lines = report_charts.line_chart("t", {"one": [(0.0, 0.0), (1.0, 1.0)]}, diagonal=True)
    assert lines.count("<circle") == 2
    assert "dasharray" in lines
    ElementTree.fromstring(bars)


def test_a_method_that_breaks_is_named_and_hides_nothing() -> None:
    def breaks(world: World) -> pd.DataFrame:
        raise RuntimeError("no")

    settings = suite.Settings(
        subscribers=100,
        presets=("easy",),
        shares=(),
        most_seeds=1,
        methods=(Method("bad", breaks), METHODS[3]),
    )
    _, content = suite.run(settings)
    assert list(content["failed"]) == ["bad"]
    assert list(content["groups"]["easy"]) == [METHODS[3].label]


def made_up(people: int = 30, days: int = 28) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    ends = np.array([rng.choice(people, 2, replace=False) for _ in range(2000)]).astype(str)
    start = copenhagen.START + pd.to_timedelta(np.sort(rng.integers(0, days * 86_400, 2000)), unit="s")
    return pd.DataFrame(
        {"caller": ends[:, 0], "callee": ends[:, 1], "start": start, "duration": 9, "kind": "call"}
    )


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_planted_moves(share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copenhagen, "PEOPLE", 10)
    events = made_up()
    case = copenhagen.migrate(events, share, seed=1)
    after, truth = case.world.events, case.truth
    pd.testing.assert_frame_equal(after, copenhagen.migrate(events, share, seed=1).world.events)
    later = events["start"] >= case.world.split
    pd.testing.assert_frame_equal(after[~later], events[~later])
    owner = dict(zip(truth["second_number"], truth["number"], strict=True))
    assert len(owner) == len(truth) == 10
    assert not set(owner) & set(events["caller"])
    # Every fresh number is where its owner was, and no contact uses both of his numbers.
    for end, other in (("caller", "callee"), ("callee", "caller")):
        assert after[end].replace(owner).equals(events[end])
        fresh = after.loc[later & after[end].isin(owner), [end, other]]
        old = after.loc[later & after[end].isin(owner.values()), [end, other]]
        moved = set(zip(fresh[end].map(owner), fresh[other].replace(owner), strict=True))
        assert not moved & set(zip(old[end], old[other].replace(owner), strict=True))
    moved_share = (
        after.loc[later, "caller"].isin(owner).sum() / events.loc[later, "caller"].isin(owner.values()).sum()
    )
    assert moved_share == pytest.approx(share, abs=0.1)


def test_copenhagen_is_skipped_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAvailableError, match="Copenhagen"):
        copenhagen.read(tmp_path)

    def absent() -> pd.DataFrame:
        raise NotAvailableError("not there")

    monkeypatch.setattr(copenhagen, "read", absent)
    tables, content = suite.run(suite.Settings(presets=(), methods=BASELINES))
    assert content["skipped"] == {"Copenhagen": "not there"}
    assert "skipped" in tables[-1].title


@pytest.mark.skipif(
    not copenhagen.FOLDER.is_dir(), reason="the Copenhagen data are not part of the repository"
)
def test_jaccard_on_copenhagen_is_as_published_here() -> None:
    settings = suite.Settings(
        presets=(), shares=(0.3, 1.0), methods=[m for m in METHODS if m.label == "Jaccard"]
    )
    groups = suite.run(settings)[1]["groups"]
    found = [groups[f"Copenhagen p = {share}"]["Jaccard"] for share in (0.3, 1.0)]
    assert [figures["rank1"] for figures in found] == pytest.approx([0.38, 0.70], abs=0.07)
    assert [figures["rank1_new"] for figures in found] == pytest.approx([0.60, 0.83], abs=0.07)


def content(value: float) -> dict[str, Any]:
    figures = {"pr_auc": value, "brier": 0.1}
    empty: dict[str, Any] = {"frames": {}, "not_available": {}, "failed": {}, "skipped": {}}
    return empty | {"size": "small", "seeds": "judging", "groups": {"easy": {"m": figures}}}


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setattr(baseline, "FILE", tmp_path / "baseline.json")

    def run(value: float, *options: str, made: dict[str, Any] | None = None) -> int:
        monkeypatch.setattr(suite, "run", lambda _: ([], made or content(value)))
        json_file = str(tmp_path / "benchmarks.json")
        monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "quality", "--json", json_file, *options])
        return command.main()

    return run


def test_a_fall_is_flagged(
    call: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(0.8) == 0
    assert call(0.8, "--update-baseline") == 0
    stored = json.loads((tmp_path / "baseline.json").read_text())
    assert stored == {"small": {"easy": {"m": {"pr_auc": 0.8, "brier": 0.1}}}}
    assert call(0.795) == 0
    assert call(0.9) == 0
    assert call(0.7) == 1
    assert "fell: easy, m: pr_auc 0.700, was 0.800" in capsys.readouterr().out
    assert "fell" in (tmp_path / "quality.html").read_text()
    assert json.loads((tmp_path / "quality.json").read_text())["alarms"]
    assert call(0.7, "--tuning") == 0
    assert call(0.7, "--update-baseline") == 0
    assert call(0.7) == 0


def test_other_worlds_are_not_compared_and_never_stored(
    call: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(0.8) == 0
    assert "nothing to compare with" in capsys.readouterr().err
    assert call(0.8, "--update-baseline") == 0
    for option in ("--seeds", "--subscribers"):
        assert call(0.7, option, "2") == 0
        assert "not compared" in capsys.readouterr().err
        with pytest.raises(SystemExit):
            call(0.7, "--update-baseline", option, "2")
    assert call(0.7) == 1


def test_all_cities_are_neither_stored_nor_compared_if_some_are_left_out(
    call: Callable[..., int], tmp_path: Path
) -> None:
    def groups() -> set[str]:
        return set(json.loads((tmp_path / "baseline.json").read_text())["small"])

    every = content(0.8)
    every["groups"]["all cities"] = every["groups"]["easy"]
    assert call(0.8, "--update-baseline", made=every) == 0
    assert groups() == {"easy", "all cities"}
    fewer = content(0.8)
    fewer["groups"]["all cities"] = {"m": {"pr_auc": 0.1, "brier": 0.9}}
    assert call(0.8, "--presets", "easy", made=fewer) == 0
    assert call(0.8, "--presets", "easy", "--update-baseline", made=fewer) == 0
    assert call(0.8, made=every) == 0


def test_a_run_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def rank(world: World) -> pd.DataFrame:
        calls.append(world.name)
        if len(calls) == 2:
            raise RuntimeError("stopped")
        return jaccard.rank(world, new_only=True)

    settings = replace(TINY, most_seeds=2, methods=[Method("m", rank)], questions=("second-numbers",))
    settings = replace(settings, folder=tmp_path)
    assert suite.run(settings)[1]["failed"]
    assert len(calls) == 2
    again = suite.run(settings)[1]
    # The world that broke is judged anew, the other one is not.
    assert len(calls) == 3
    assert not again["failed"]
    fresh = suite.run(replace(settings, folder=None))[1]
    assert without_times(fresh) == without_times(again)
    assert len(calls) == 5
    monkeypatch.setattr(kept, "code_hash", lambda: "changed")
    suite.run(settings)
    assert len(calls) == 7


def test_falls_of_other_kinds() -> None:
    stored = {"easy": {"m": {"brier": 0.1}, "gone": {"pr_auc": 0.5}}, "not run": {"m": {"pr_auc": 1.0}}}
    worse = baseline.falls(stored, {"easy": {"m": {"brier": 0.2}}})
    assert worse == ["easy, m: brier 0.200, was 0.100", "easy, gone: pr_auc missing, was 0.500"]
    shown = {"easy": {"m": {"precision": 0.9, "recall": 0.5}}}
    assert baseline.falls(shown, {"easy": {"m": {"precision": 0.7, "recall": 0.9}}}) == []
    assert baseline.falls(shown, {"easy": {"m": {"recall": 0.5}}}) == [
        "easy, m: precision missing, was 0.900"
    ]


def test_updating_keeps_what_was_not_run(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    baseline.update("small", {"a": {"m": {"pr_auc": 1.0}}}, file)
    baseline.update("full", {"a": {"m": {"pr_auc": 0.5}}}, file)
    baseline.update("small", {"b": {"m": {"pr_auc": 0.2}}}, file)
    assert set(baseline.load("small", file)) == {"a", "b"}
    assert set(baseline.load("full", file)) == {"a"}


def test_ranges_over_worlds() -> None:
    alone = [{"pr_auc": 0.5, "f1": None}, {"pr_auc": float("nan"), "f1": 0.1}, {"pr_auc": 0.7, "bins": []}]
    assert suite._range(alone) == {"pr_auc": [0.5, 0.7]}


def test_only_the_questions_asked_for_are_judged() -> None:
    settings = suite.Settings(
        subscribers=150, presets=("sparse",), shares=(), most_seeds=1, questions=("families",), tuning=True
    )
    tables, content = suite.run(settings)
    assert content["groups"] == {}
    # Sparse worlds are no part of all cities, and nothing can be taken away from them.
    assert list(content["frames"]) == ["Families, sparse"]
    found = content["frames"]["Families, sparse"]
    assert "call count" in found
    assert not any(label.endswith("alone") for label in found)
    assert content["seeds"] == "tuning"
    assert len(tables) == 1


def test_a_city_is_made_once_for_all_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, int]] = []
    real = cities.city_case

    def counted(preset: str, seed: int, subscribers: int) -> Case:
        made.append((preset, seed))
        return real(preset, seed, subscribers)

    monkeypatch.setattr(cities, "city_case", counted)
    cities.usual_case.cache_clear()
    settings = replace(TINY, subscribers=150, presets=("standard", "easy"), methods=[SCORED])
    content = suite.run(replace(settings, questions=("second-numbers", "families")))[1]
    assert sorted(made) == [("easy", 71), ("standard", 71)]
    # However the work was ordered, the tables come preset by preset.
    assert list(content["groups"]) == ["standard", "all cities", "easy"]
    assert [group.split(", ")[1] for group in content["frames"]] == ["standard", "all cities", "easy"]


def test_nothing_is_said_of_acceptance_where_nothing_is_accepted() -> None:
    figures = {"precision": None, "recall": 0.0, "f1": None, "wanted": 3, "seconds": 1.0, "pr_auc": 0.5}
    found = {
        "ranks": figures | {"accepted": 0},
        "decides": figures | {"accepted": 2, "range": {"recall": [0.0, 0.5]}},
    }
    content = {"size": "small", "seeds": "judging", "not_available": {"F: other": "not there"}, "failed": {}}
    table = tables.frame_table("F, easy", found, {"PR-AUC": "pr_auc", "recall": "recall"}, content)
    assert [row[1:3] for row in table.rows] == [["0.50", "-"], ["0.50", "0.00 (0.00-0.50)"]]
    assert "F: other: not available: not there" in table.notes
    drawn = charts.make_charts({"groups": {}, "frames": {"F, all cities": found}})
    assert [re.search("<figcaption>(.*?)<", chart).group(1) for chart in drawn] == ["PR-AUC, F, all cities"]
