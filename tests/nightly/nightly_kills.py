"""Kill a night over and over at random moments, run it again, and compare every byte with an undisturbed run.

Run as a script: ``nightly_kills.py FOLDER COUNT SEED``. The kernels are compiled once, then every night runs in a
forked child that is killed with SIGKILL. Charts are drawn by the children alone: their engine does not
outlive a fork. Victims start from the state after a first night, with a new day, a late file and a damaged file to take
in; every third one starts from nothing. Prints one line of JSON.
"""

import json
import os
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from unittest import mock

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import town

from circlegraph.nightly import charts
from circlegraph.nightly.stages import stages_here

DAYS, BEFORE, LAST, LATE = 30, "2025-09-29", "2025-09-30", "2025-09-14"
WINDOWS = {"before": 20, "after": 8}
FASTER = 0.95
"""By what a duration is cut where a night had ended before it was to be killed."""


def in_child(city: Path, work: Path, date: str = LAST) -> int:
    """Process id of a forked child that does the night and leaves at once."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            town.night(city, work, date, windows=WINDOWS)
            code = 0
        finally:
            os._exit(code)
    return child


def done(child: int) -> None:
    assert os.waitpid(child, 0)[1] == 0, "an undisturbed run failed"


def compile_kernels(city: Path, work: Path, date: str) -> None:
    with mock.patch.object(charts, "available", return_value=False):
        town.night(city, work, date, windows=WINDOWS)


def state_of(work: Path) -> str:
    """How far a killed night got: the stages of it whose results are in place."""
    plan = work / "store" / "intake-plan.json"
    if plan.exists():
        return "taking files in"
    there = [s.name for s in stages_here() if (work / "results" / LAST / s.name / "manifest.json").exists()]
    return there[-1] if there else "before the first stage"


def leftovers(work: Path) -> list[str]:
    """What no finished run leaves behind."""
    names = ("*.tmp", ".*.new", ".*.old", "run.json", "intake-plan.json")
    return sorted(path.name for name in names for path in work.rglob(name))


def main(folder: Path, count: int, seed: int) -> dict[str, object]:
    whole = town.make_city(folder / "whole", DAYS)
    city = town.link_city(whole, folder / "city", days=DAYS - 1)
    late = city / "cdr" / f"{LATE}.parquet"
    late.rename(folder / "late.parquet")
    base = folder / "base"
    compile_kernels(city, folder / "compiled", BEFORE)
    done(in_child(city, base, BEFORE))
    shutil.copy2(folder / "late.parquet", late)
    shutil.copy2(whole / "cdr" / f"{LAST}.parquet", city / "cdr")
    (city / "cdr" / "zz.parquet").write_bytes(b"no parquet at all")
    compile_kernels(city, folder / "compiled", LAST)
    nothing = folder / "nothing"
    nothing.mkdir()
    wanted: dict[Path, dict[str, str]] = {}
    duration: dict[Path, float] = {}
    for start in (base, nothing):
        undisturbed = Path(shutil.copytree(start, folder / "undisturbed"))
        done(in_child(city, undisturbed))
        wanted[start] = town.files(undisturbed)
        shutil.rmtree(undisturbed)
        for _ in range(2):
            timed = Path(shutil.copytree(start, folder / "timed"))
            began = time.perf_counter()
            done(in_child(city, timed))
            duration[start] = min(duration.get(start, 1e9), time.perf_counter() - began)
            assert town.files(timed) == wanted[start], "two undisturbed runs differ"
            shutil.rmtree(timed)
    rng = np.random.default_rng(seed)
    moments: Counter[str] = Counter()
    late_kills = killed = 0
    while killed < count:
        start = nothing if killed % 3 == 2 else base
        victim = Path(shutil.copytree(start, folder / "victim"))
        child = in_child(city, victim)
        time.sleep(duration[start] * (killed + rng.random()) / count)
        os.kill(child, signal.SIGKILL)
        if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):  # nights have become faster than they were measured
            duration[start] *= FASTER
            late_kills += 1
            shutil.rmtree(victim)
            continue
        moments[state_of(victim)] += 1
        killed += 1
        done(in_child(city, victim))
        found = town.files(victim)
        whole_run = wanted[start]
        differing = sorted(name for name in {*whole_run, *found} if whole_run.get(name) != found.get(name))
        assert not differing, differing
        assert not leftovers(victim), leftovers(victim)
        shutil.rmtree(victim)
    return {
        "kills": killed,
        "too late": late_kills,
        "durations": [round(seconds, 3) for seconds in duration.values()],
        "moments": dict(moments),
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), *map(int, sys.argv[2:]))))  # noqa: T201
