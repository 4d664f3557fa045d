"""Do the engines of the speed suite do the same job, and would the suite notice if not?"""

import importlib
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks import measure, report_charts, results, speed, task
from benchmarks.contestants._harness import Clock, Job
from benchmarks.events import Feed
from benchmarks.races import CIRCLES, RACES

ENGINES = {"duckdb_sql": "duckdb", "polars_streaming": "polars", "pandas_frame": "pandas"}


def solve(engine: str, file: Path, out: Path, *, distinct: bool = False) -> Path:
    pytest.importorskip(ENGINES[engine], reason=f"{ENGINES[engine]} is not installed")
    module = importlib.import_module(f"benchmarks.contestants.{engine}")
    module.load()
    module.run(Job(file, out, None, 2, distinct, None), Clock())
    return out


def naive(file: Path) -> dict[tuple[int, int], tuple[float, float]]:
    """Solve the task as benchmarks.task words it, event by event."""
    measures: dict[tuple[int, int], list[list[int]]] = defaultdict(lambda: [[0] * 5, [0] * 5])
    days: dict[tuple[int, int], set[int]] = defaultdict(set)
    for event in pq.read_table(file).to_pylist():
        out, back = (event["caller"], event["callee"]), (event["callee"], event["caller"])
        after = int(event["start"] >= task.SPLIT)
        if not after:
            days[out].add(event["start"] // 86_400)
            days[back].add(event["start"] // 86_400)
        made, got = measures[out][after], measures[back][after]
        if event["kind"] == "sms":
            made[4] += 1
        else:
            made[0] += 1
            made[1] += event["duration"]
            got[2] += 1
            got[3] += event["duration"]
    stable = [row for row in measures if len(days[row]) >= 2 and len({(d + 3) // 7 for d in days[row]}) >= 2]
    per_day = [sum(measures[row][0][j] for row in stable) / (len(stable) * 60) for j in range(5)]
    return {
        row: tuple(
            sum(0.2 * m / (60 * s) for m, s in zip(window, per_day, strict=True)) for window in windows
        )
        for row, windows in measures.items()
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_engine_agrees_with_the_definition(engine: str, feed_folder: Path, tmp_path: Path) -> None:
    file = Feed(3_000).file(feed_folder)
    expected = naive(file)
    rows = pq.read_table(solve(engine, file, tmp_path / "result.parquet")).to_pylist()
    found = {(r["number"], r["peer"]): (r["before_index"], r["after_index"]) for r in rows}
    assert found.keys() == expected.keys()
    for row, values in expected.items():
        assert found[row] == pytest.approx(values, rel=1e-9)


@pytest.mark.parametrize("engine", ["duckdb_sql", "polars_streaming"])
def test_engines_agree_row_by_row(engine: str, feed_folder: Path, tmp_path: Path) -> None:
    file = Feed(20_000).file(feed_folder)
    reference = solve("pandas_frame", file, tmp_path / "reference.parquet")
    result = solve(engine, file, tmp_path / "result.parquet")
    found = results.compare_rows(result, reference, CIRCLES)
    assert results.rows_equal(found), found
    assert results.digests_equal(results.digest(result, CIRCLES), results.digest(reference, CIRCLES))


@pytest.mark.parametrize("engine", ENGINES)
def test_duplicates_are_removed_on_request(engine: str, feed_folder: Path, tmp_path: Path) -> None:
    file = Feed(3_000).file(feed_folder)
    table = pq.read_table(file)
    twice = tmp_path / "twice.parquet"
    pq.write_table(pa.concat_tables([table, table.slice(100, 500)]).sort_by("start"), twice)
    once = solve(engine, file, tmp_path / "once.parquet")
    removed = solve(engine, twice, tmp_path / "removed.parquet", distinct=True)
    kept = solve(engine, twice, tmp_path / "kept.parquet")
    assert results.rows_equal(results.compare_rows(removed, once, CIRCLES))
    assert not results.rows_equal(results.compare_rows(kept, once, CIRCLES))


def test_a_wrong_result_is_noticed(tmp_path: Path) -> None:
    right, wrong, short = (tmp_path / f"{name}.parquet" for name in ("right", "wrong", "short"))
    table = pa.table(
        {
            "number": [1, 1, 2],
            "peer": [2, 3, 1],
            "before_index": [0.5, 0.0, 2.0],
            "after_index": [1.0, 1.5, 0.0],
        }
    )
    swapped = table.set_column(2, "before_index", pc.take(table["before_index"], pa.array([2, 1, 0])))
    for path, content in ((right, table), (wrong, swapped), (short, table.slice(0, 2))):
        pq.write_table(content, path)
    digest = results.digest(right, CIRCLES)
    assert digest["rows"] == 3
    assert not results.digests_equal(results.digest(wrong, CIRCLES), digest)
    assert results.compare_rows(wrong, right, CIRCLES)["different"] == 2
    assert results.compare_rows(short, right, CIRCLES)["missing"] == 1
    assert results.compare_rows(right, short, CIRCLES)["surplus"] == 1
    assert results.rows_equal(results.compare_rows(right, right, CIRCLES))


def test_every_contestant_is_a_module() -> None:
    modules = {entry.module for race in RACES for entry in race.entries}
    for module in modules:
        assert importlib.util.find_spec(f"benchmarks.contestants.{module}"), module


def test_a_failing_contestant_is_measured_and_reported(tmp_path: Path) -> None:
    outcome = measure.run("benchmarks.contestants.pandas_frame", [str(tmp_path / "nothing.parquet")], 1)
    assert not outcome.done
    assert outcome.failure is not None
    assert "nothing.parquet" in outcome.failure
    assert outcome.wall > 0
    assert outcome.memory > 1e6


def test_figures_are_readable() -> None:
    assert speed.spread([0.0, 0.0]) == "-"
    assert speed.spread([1.23456]) == "1.23"
    assert speed.spread([1.0, 2.0, 12345.6]) == "2 (1-12,346)"


def test_one_command_prints_and_writes(
    feed_folder: Path, tmp_path: Path, in_repository: dict[str, str]
) -> None:
    pytest.importorskip("duckdb", reason="duckdb is not installed")
    command = "-m benchmarks --only speed --events 20000 --rounds 1 --races circles"
    command += " --contestants duckdb_scan,duckdb_sql"
    out = tmp_path / "benchmarks.json"
    done = subprocess.run(
        [sys.executable, *command.split(), "--data", str(feed_folder), "--json", str(out)],
        capture_output=True,
        text=True,
        env=in_repository,
        check=True,
    )
    assert "| DuckDB SQL" in done.stdout
    (race,) = json.loads(out.read_text())["speed"]
    assert [entry["entry"]["module"] for entry in race["entries"]] == ["duckdb_scan", "duckdb_sql"]
    run = race["entries"][1]["runs"][0]
    assert run["wall"] >= run["answer"]["phases"]["run"] > 0
    assert race["entries"][1]["times"]["whole process without compiling"][0] <= run["wall"]
    assert race["entries"][1]["equal"]["digest"]["rows"] > 1000
    page = out.with_suffix(".html").read_text()
    assert "DuckDB SQL" in page
    assert "<svg" in page


def test_nothing_to_run_is_said(tmp_path: Path, in_repository: dict[str, str]) -> None:
    command = "-m benchmarks --only speed --races circles --contestants igraph_graph"
    done = subprocess.run(
        [sys.executable, *command.split(), "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        env=in_repository,
        check=False,
    )
    assert done.returncode == 1
    assert "nothing ran" in done.stderr


def test_bars_end_at_the_axis() -> None:
    made = report_charts.bar_chart(
        "t", [("a", 2.0, 1.0, 4.0), ("b", 4.0, 4.0, 4.0), ("c", 0.0123, 0, 1)], most=4.0
    )
    assert f'width="{report_charts.WIDTH / 2:.1f}"' in made
    assert f'width="{report_charts.WIDTH:.1f}"' in made
    assert ">2.4<" in made
    assert ">0.0123<" in made
