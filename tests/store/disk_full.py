"""Append to a store while files may not grow beyond ever larger limits; prints what each attempt came to.

Run as a script: ``disk_full.py FOLDER``. The limit on file sizes stands for a full disk.
"""

import json
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import made

from circlegraph.circles.run import run_circles, write_circles
from circlegraph.errors import CirclegraphError
from circlegraph.resources import Resources
from circlegraph.store.store import Store

NAMES = made.town_names()
ROWS = made.town(31, days=2, events_a_day=300)
ONE = Resources(threads=1)


def limited(size: int | None) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if size is None else size, hard))


def main(folder: Path) -> list[dict[str, object]]:
    store = Store.create(folder / "store")
    store.append(made.frame(ROWS[:300], NAMES), resources=ONE)
    write_circles(
        run_circles(made.frame(ROWS, NAMES), "2024-01-02", resources=ONE), folder / "compiled.parquet"
    )
    before = store.manifest
    found: list[dict[str, object]] = []

    def attempt(name: str, size: int, work: object) -> None:
        limited(size)
        try:
            work()  # type: ignore[operator]
            outcome = "done"
        except CirclegraphError as error:
            outcome = f"{type(error).__name__}: {error}"
        finally:
            limited(None)
        store.verify()
        found.append({"name": name, "size": size, "outcome": outcome, "same": store.manifest == before})

    for size in (0, 100, 1000, 4000, 10_000):
        attempt("append", size, lambda: store.append(made.frame(ROWS, NAMES), resources=ONE))
    for suffix in ("csv", "parquet"):
        out = folder / f"circles.{suffix}"
        for size in (0, 1000, 5000):
            run = run_circles(made.frame(ROWS, NAMES), "2024-01-02", resources=ONE)
            attempt(suffix, size, lambda run=run, out=out: write_circles(run, out))
    spill = Resources.event_room
    Resources.event_room = property(lambda _self: 0)  # type: ignore[assignment, misc]
    attempt("spill", 1000, lambda: run_circles(made.frame(ROWS, NAMES), "2024-01-02", resources=ONE))
    Resources.event_room = spill  # type: ignore[method-assign]
    store.append(made.frame(ROWS, NAMES), resources=ONE)
    store.verify()
    left = sorted(path.name for path in folder.rglob("*") if ".tmp" in path.name or path.suffix in (".csv",))
    return [*found, {"left": left, "days": store.days}]


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))  # noqa: T201
