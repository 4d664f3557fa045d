"""Kill an append over and over, at every step on the disk or at random moments, and look at what is left.

Run as a script: ``kills.py FOLDER steps``, ``kills.py FOLDER twins`` (an append that shows all stored rows to be
recorded twice, at every step) or ``kills.py FOLDER random COUNT SEED``. The kernels are compiled
once, then every append runs in a forked child that is killed with SIGKILL. Prints one line of JSON.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import made
import naive

from circlegraph.graph.make import contact_graph
from circlegraph.resources import Resources
from circlegraph.store.manifest import Manifest
from circlegraph.store.store import Store

ONE = Resources(threads=1)
NAMES = made.town_names()
ROWS = made.town(21, days=3, events_a_day=40)
DAY = 86_400
FIRST = ROWS[0].start // DAY
# Two stored days; then a new day with new tokens, and late rows of a stored day.
STORED = [e for e in ROWS if e.start // DAY < FIRST + (2 if e.caller % 10 else 1)]


def seen(rows: list[naive.Event]) -> Any:
    """CDRs of events with cells and handsets."""
    frame = made.frame(rows, NAMES)
    frame["caller_cell"] = [f"cell-{e.caller % 7}" for e in rows]
    frame["callee_imei"] = [None if e.callee % 3 else f"86{e.callee:013}" for e in rows]
    return frame


ADDED = seen([e for e in ROWS[::-1] if e.start // DAY > FIRST])


def files(store: Store) -> dict[str, str]:
    """Every data file of the present state with its hash."""
    return {
        f.name: hashlib.sha256((store.path / f.name).read_bytes()).hexdigest() for f in store.manifest.files()
    }


def leftovers(store: Store) -> list[str]:
    """Files that belong to no state."""
    manifest = store.manifest
    known = {f.name for f in manifest.files()} | set(manifest.former) | {"manifest.json", "lock"}
    there = {p.relative_to(store.path).as_posix() for p in store.path.rglob("*") if p.is_file()}
    return sorted(there - known)


def append(path: Path) -> None:
    Store(path).append(ADDED, resources=ONE)


def in_child(work: Callable[[], None]) -> int:
    """Process id of a forked child that does the work and leaves at once."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


class Steps:
    """Counts the calls that change the disk, and kills the process before one of them."""

    def __init__(self, fatal: int) -> None:
        self.count = 0
        self._fatal = fatal

    def watch(self) -> None:
        import tempfile

        import pyarrow.parquet as pq

        places = (
            (tempfile, "mkstemp"),
            (os, "fsync"),
            (Path, "replace"),
            (Path, "unlink"),
            (Path, "write_text"),
        )
        for owner, name in (*places, (pq.ParquetWriter, "close")):
            setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **options: Any) -> Any:
            self.count += 1
            if self.count == self._fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **options)

        return step


def count_steps(path: Path) -> int:
    """How many steps on the disk one append takes."""
    reading, writing = os.pipe()

    def work() -> None:
        steps = Steps(0)
        steps.watch()
        append(path)
        os.write(writing, str(steps.count).encode())

    os.waitpid(in_child(work), 0)
    return int(os.read(reading, 20))


def main(folder: Path, mode: str, count: int = 0, seed: int = 0) -> dict[str, Any]:
    global ADDED
    stored = STORED
    if mode == "twins":
        stored = [e for e in ROWS if e.start // DAY < FIRST + 2]
        ADDED = seen([e._replace(start=e.start + 2) for e in stored if e.start % DAY < DAY - 2])
    base = Store.create(folder / "base")
    base.append(seen(stored), resources=ONE)
    old = files(base)

    def copy(name: str) -> Path:
        return Path(shutil.copytree(base.path, folder / name))

    undisturbed = Store(copy("undisturbed"))
    append(undisturbed.path)
    new = files(undisturbed)
    numbers = {
        len(state): contact_graph(Store(store.path)).n_edges
        for state, store in ((old, base), (new, undisturbed))
    }
    began = time.perf_counter()
    os.waitpid(in_child(lambda: append(copy("timed"))), 0)
    duration = time.perf_counter() - began

    outcomes = {"old": 0, "new": 0, "not killed": 0}

    def check(store: Store, status: int) -> None:
        store = Store(store.path)
        store.verify()
        found = files(store)
        assert found in (old, new), "neither the old state nor the new one"
        assert contact_graph(store).n_edges == numbers[len(found)]
        outcomes["new" if found == new else "old"] += 1
        outcomes["not killed"] += not os.WIFSIGNALED(status)
        append(store.path)
        store.verify()
        assert files(store) == new, "another state than that of an undisturbed run"
        assert not leftovers(store), leftovers(store)
        assert Manifest.read(store.path).days == undisturbed.manifest.days
        shutil.rmtree(store.path)

    if mode != "random":
        steps = count_steps(copy("counted"))
        for fatal in range(1, steps + 1):
            store = Store(copy("killed"))

            def work(store: Store = store, fatal: int = fatal) -> None:
                Steps(fatal).watch()
                append(store.path)

            check(store, os.waitpid(in_child(work), 0)[1])
    else:
        rng = np.random.default_rng(seed)
        for i in range(count):
            store = Store(copy("killed"))
            child = in_child(lambda store=store: append(store.path))
            time.sleep(duration * (i + rng.random()) / count)
            os.kill(child, signal.SIGKILL)
            check(store, os.waitpid(child, 0)[1])
    return {"duration": round(duration, 3), **outcomes}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:]))))  # noqa: T201
