"""Do the engines that race the detectors' kernels do the jobs as they are worded?"""

import importlib
import itertools
import math
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from benchmarks import inputs, task
from benchmarks.contestants._callers import BEGIN, LEAST_CALLEES
from benchmarks.contestants._harness import Clock, Job
from benchmarks.events import Feed
from benchmarks.races import RACES

Rows = dict[tuple[object, ...], float]


def circles(file: Path) -> dict[int, dict[int, int]]:
    """Contacts by number and peer."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in pq.read_table(file).to_pylist():
        found[row["number"]][row["peer"]] = row["contacts"]
    return found


def shared(file: Path) -> Rows:
    found = circles(file)
    sums = {
        (a, b): sum(1 / math.log(len(found[y])) for y in found[a].keys() & found[b].keys())
        for a in found
        for b in found[a]
        if a < b
    }
    return {pair: value for pair, value in sums.items() if value}


def ranks(file: Path) -> Rows:
    return {
        (x, y): sum(other > mine for other in row.values()) + (1 + sum(o == mine for o in row.values())) / 2
        for x, row in circles(file).items()
        for y, mine in row.items()
    }


def links(file: Path) -> Rows:
    found = circles(file)
    return {
        (x,): sum(b in found[a] for a, b in itertools.combinations(row, 2)) / math.comb(len(row), 2)
        for x, row in found.items()
        if len(row) > 1
    }


def callers(file: Path) -> Rows:
    events = sorted(pq.read_table(file).to_pylist(), key=lambda event: (event["start"], event["duration"]))
    callees, opened, loads = defaultdict(set), defaultdict(dict), defaultdict(set)
    for event in events:
        out, back = (event["caller"], event["callee"]), (event["callee"], event["caller"])
        callees[out[0]].add(out[1])
        day = (event["start"] - BEGIN) // task.DAY_SECONDS
        for (x, y), made in ((out, True), (back, False)):
            opened[x].setdefault(y, made)
            if day >= 0:
                loads[x, f"week {day // 7}"].add((y, day))
    chosen = {x for x, others in callees.items() if len(others) >= LEAST_CALLEES}
    return {
        **{(x, "callees"): len(callees[x]) for x in chosen},
        **{(x, "first_contacts"): sum(opened[x].values()) / len(opened[x]) for x in chosen},
        **{(x, week): len(days) for (x, week), days in loads.items() if x in chosen},
    }


JOBS: dict[str, Callable[[Path], Rows]] = {
    "shared": shared,
    "ranks": ranks,
    "links": links,
    "callers": callers,
}
ENTRIES = [(race, entry.module) for race in RACES if race.name in JOBS for entry in race.entries]


@pytest.mark.parametrize(
    ("race", "module"), ENTRIES, ids=[f"{race.name}-{module}" for race, module in ENTRIES]
)
def test_engine_agrees_with_the_definition(race, module: str, feed_folder: Path, tmp_path: Path) -> None:
    pytest.importorskip(module.split("_")[0])
    file = race.prepare(feed_folder, 3_000).file
    contestant = importlib.import_module(f"benchmarks.contestants.{module}")
    job, clock = Job(file, tmp_path / "result.parquet", None, 2, False, None), Clock()
    contestant.load()
    contestant.run(job, clock)
    expected = JOBS[race.name](file)
    table = pq.read_table(job.result)
    found = {tuple(row[key] for key in race.shape.keys): row for row in table.to_pylist()}
    assert len(expected) > 50
    assert len(table) == len(found)
    assert {key: row[race.shape.values[0]] for key, row in found.items()} == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("module", [module for _, module in ENTRIES if module.startswith("circlegraph_")])
def test_warm_up_on_the_job(module: str, feed_folder: Path) -> None:
    race = next(race for race, known in ENTRIES if known == module)
    job = Job(race.prepare(feed_folder, 3_000).file, None, None, 2, False, None)
    importlib.import_module(f"benchmarks.contestants.{module}").warm_up(job)


def test_hubs_are_left_out(feed_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = Feed(3_000).file(feed_folder)
    monkeypatch.setattr(inputs, "MOST_PEERS", 20)
    everybody = pq.read_table(inputs.ties_file(events)).to_pylist()
    degree = defaultdict(int)
    for row in everybody:
        degree[row["number"]] += 1
    assert max(degree.values()) > 20
    kept = {
        (r["number"], r["peer"]): r["before"] + r["after"]
        for r in everybody
        if degree[r["number"]] <= 20 and degree[r["peer"]] <= 20
    }
    found = pq.read_table(inputs.ties_without_hubs_file(events)).to_pylist()
    assert {(r["number"], r["peer"]): r["contacts"] for r in found} == kept
    assert found == sorted(found, key=lambda r: (r["number"], r["peer"]))
