"""Growth with the number of subscribers: fit, table, chart, and what happens when a step fails."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import __main__ as command
from benchmarks import measure, report_charts
from benchmarks.growth import suite
from benchmarks.growth.steps import STEPS


@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.floats(0.01, 1e6)),
        min_size=2,
        max_size=6,
        unique_by=lambda p: p[0],
    )
)
def test_exponents_as_numpy(points: list[tuple[int, float]]) -> None:
    points = sorted(points)
    x, y = np.log(np.array(points)).T
    found = suite.exponents(points)
    assert found is not None
    assert found["fitted"] == pytest.approx(np.polyfit(x, y, 1)[0], rel=1e-6, abs=1e-6)
    assert found["last"] == pytest.approx((y[-1] - y[-2]) / (x[-1] - x[-2]), rel=1e-6, abs=1e-6)


def test_one_size_has_no_exponent() -> None:
    assert suite.exponents([(10, 1.0)]) is None


def outcome(step: str, subscribers: int) -> measure.Outcome:
    """Seconds grow as N for the store and as N squared for families; managers are not there; circles break."""
    if step == "managers":
        return measure.Outcome(1.0, 1.0, 1, {"not_available": "not there yet"})
    if step == "circles" and subscribers > 1_000:
        return measure.Outcome(1.0, 1.0, 1, {}, "exit status 1: broken")
    power = 2 if step == "families" else 1
    answer: dict[str, Any] = {
        "phases": {"import": 9.0, "run": subscribers**power / 1000},
        "counts": {"rows": 3},
        "peak_memory": 5,
    }
    return measure.Outcome(10.0, 1.0, 2_000_000 + subscribers, answer)


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    asked: list[tuple[str, int]] = []

    def run(module: str, arguments: list[str], threads: int, **limits: float) -> measure.Outcome:
        assert limits["most_memory"] < 1e14
        assert limits["most_seconds"] > measure.TIME_LIMIT_SECONDS
        assert module == "benchmarks.growth.steps"
        assert Path(arguments[1]).is_dir()
        step, subscribers = arguments[0], int(arguments[3])
        asked.append((step, subscribers))
        folder = Path(arguments[1])
        if step == "synth":
            (folder / "city" / "cdr").mkdir(parents=True)
            about = {"counts": {"records": 7 * subscribers}}
            (folder / "city" / "city.json").write_text(json.dumps(about))
        elif step == "store":
            assert (folder / "city" / "cdr").is_dir()
            (folder / "store").mkdir()
        else:
            assert (folder / "store").is_dir()
        return outcome(step, subscribers)

    monkeypatch.setattr(measure, "run", run)
    return asked


def test_all_steps_on_all_sizes(ran: list[tuple[str, int]], tmp_path: Path) -> None:
    tables, content, good = suite.run(suite.Settings(tmp_path, sizes=(10_000, 1_000)))
    assert not good
    assert ran[: len(STEPS)] == [(step, suite.TINY[0]) for step in STEPS]
    # A step that broke, or is not there, is not tried again; the others go on.
    assert [step for step, size in ran if size == 10_000] == [step for step in STEPS if step != "managers"]
    assert set(content["troubles"]) == {"managers", "circles"}
    assert content["records"] == {1_000: 7_000, 10_000: 70_000}
    assert content["exponents"]["store"]["seconds"] == {"fitted": 1.0, "last": 1.0}
    assert content["exponents"]["families"]["seconds"] == {"fitted": 2.0, "last": 2.0}
    assert content["exponents"]["circles"]["seconds"] is None
    json.dumps(content)
    text = str(tables[0])
    assert re.search(
        r"store +\| +1\.00 \| +1\.00 \| +2 \| +10\.00 \| +1\.00 \| +2 \| +1\.00 \| +1\.00 \| +0\.00", text
    )
    assert "circles: FAILED at 10,000: exit status 1: broken" in text
    assert list(tmp_path.iterdir()) == []
    for chart in suite.make_charts(content):
        ElementTree.fromstring(chart)


def test_sizes_that_were_done_are_not_done_again(ran: list[tuple[str, int]], tmp_path: Path) -> None:
    settings = suite.Settings(
        tmp_path, sizes=(500, 1_000), steps=("synth", "store"), folder=tmp_path / "kept"
    )
    first = suite.run(settings)[1]
    done = len(ran)
    assert suite.run(settings)[1] == first
    assert len(ran) == done
    more = suite.run(replace(settings, sizes=(500, 1_000, 4_000)))[1]
    assert ran[done:] == [(step, size) for size in (suite.TINY[0], 4_000) for step in ("synth", "store")]
    assert set(more["points"]["store"]) == {500, 1_000, 4_000}


def test_one_step_at_a_time_on_a_store_that_stays(ran: list[tuple[str, int]], tmp_path: Path) -> None:
    first = suite.Settings(tmp_path, sizes=(500,), steps=("families",), folder=tmp_path / "kept")
    content = suite.run(first)[1]
    assert [step for step, size in ran if size == 500] == ["synth", "store", "families"]
    assert set(content["points"]) == {"synth", "store", "families"}
    done = len(ran)
    content = suite.run(replace(first, steps=("dual-sim at any time",)))[1]
    assert [step for step, size in ran[done:] if size == 500] == ["dual-sim at any time"]
    assert set(content["points"]) == {"dual-sim at any time"}
    assert content["records"] == {500: 3500}
    done = len(ran)
    everything = suite.run(replace(first, steps=("dual-sim at any time", "families")))[1]
    assert set(everything["points"]) == {"synth", "store", "families", "dual-sim at any time"}
    assert len(ran) == done
    suite.run(replace(first, steps=("store",)))
    assert [step for step, size in ran[done:] if size == 500] == ["synth", "store"]


def test_what_is_done_is_written_before_the_next_step(ran: list[tuple[str, int]], tmp_path: Path) -> None:
    seen: list[tuple[int, list[str]]] = []

    def write(content: dict[str, Any]) -> None:
        json.dumps(content)
        seen.append((len(ran), [step for step, found in content["points"].items() if found]))

    steps = ("synth", "store", "families", "dual-sim at any time")
    suite.run(suite.Settings(tmp_path, sizes=(500,), steps=steps), write)
    tiny = len(steps)
    assert seen == [
        (tiny + 2, ["synth", "store"]),
        (tiny + 3, ["synth", "store", "families"]),
        (tiny + 4, ["synth", "store", "families", "dual-sim at any time"]),
    ]


def test_without_a_store_nothing_else_is_tried(
    ran: list[tuple[str, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = measure.run

    def broken(module: str, arguments: list[str], threads: int, **limits: float) -> measure.Outcome:
        made = run(module, arguments, threads, **limits)
        return replace(made, failure="broken") if arguments[0] == "store" else made

    monkeypatch.setattr(measure, "run", broken)
    _, content, good = suite.run(suite.Settings(tmp_path, sizes=(500, 1_000)))
    assert not good
    assert set(content["troubles"]) == {"store"}
    assert [step for step, size in ran if size == 500] == ["synth", "store"]
    assert not [size for _, size in ran if size == 1_000]


def test_a_city_that_the_disk_cannot_hold_is_not_begun(ran: list[tuple[str, int]], tmp_path: Path) -> None:
    _, content, good = suite.run(suite.Settings(tmp_path, sizes=(10**12,)))
    assert not good
    assert not [size for _, size in ran if size == 10**12]
    assert all("GB free, needed are" in text for text in content["troubles"].values())


def test_a_step_is_ended_before_the_machine_is_out_of_memory_or_patience(tmp_path: Path) -> None:
    arguments = ["synth", str(tmp_path), "--subscribers", "50", "--days", "1"]
    for limits, why in (({"most_memory": 1e6}, "more than 0.0 GB"), ({"most_seconds": 0.1}, "too long")):
        found = measure.run("benchmarks.growth.steps", arguments, 1, **limits)
        assert not found.done
        assert why in str(found.failure)


def test_log_chart_by_hand() -> None:
    made = report_charts.log_chart("t", {"a": [(10.0, 1.0), (1000.0, 100.0)], "zero": [(0.0, 1.0)]})
    left, right = report_charts.LEFT, report_charts.LEFT + report_charts.WIDTH
    assert f'd="M{left:.1f} 260.0L{right:.1f} 0.0"' in made
    assert ">10<" in made
    assert ">1,000<" in made
    assert made.count("<circle") == 2
    ElementTree.fromstring(report_charts.log_chart("empty", {}))


def test_a_real_step_and_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "TINY", (40, 2))
    real = suite.Settings

    def short(**options: Any) -> suite.Settings:
        return real(**options, days=2)

    monkeypatch.setattr(suite, "Settings", short)
    arguments = ["--only", "growth", "--growth-sizes", "50,60", "--growth-steps", "synth"]
    places = ["--data", str(tmp_path / "data"), "--json", str(tmp_path / "benchmarks.json")]
    monkeypatch.setattr("sys.argv", ["benchmarks", *arguments, *places])
    assert command.main() == 0
    written = json.loads((tmp_path / "growth.json").read_text())["growth"]
    assert set(written["points"]["synth"]) == {"50", "60"}
    point = written["points"]["synth"]["60"]
    assert point["seconds"] > 0
    assert point["memory"] > 1e7
    assert written["records"]["60"] > 100
    assert "<svg" in (tmp_path / "growth.html").read_text()
