"""One step of the way from a city to its labels, as a process of its own: `python -m benchmarks.growth.steps`.

Prints one JSON line with the seconds of importing and of the step, and its peak memory. Steps work in one folder, in
their order: synth makes ``city``, store reads it, the others read the store.
"""

import argparse
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.contestants._harness import own_peak_memory

SEED = 5
MEMORY = 4 * 10**9
"""Limit of every step but the making of the city, in bytes."""
EVENTS = 1.25
"""Calls and texts a person and day: some 100 M records of 1 M subscribers in 120 days."""


@dataclass(frozen=True)
class Place:
    """Where a step works, and on how much."""

    folder: Path
    subscribers: int
    days: int
    threads: int

    @property
    def city(self) -> Path:
        """The city's folder."""
        return self.folder / "city"

    def table(self, name: str) -> Path:
        """Path of one of the operator's tables."""
        return self.city / f"{name}.parquet"

    @property
    def store(self) -> Any:
        """The contact store, opened."""
        from circlegraph.store.store import Store

        return Store(self.folder / "store")

    @property
    def resources(self) -> Any:
        """Threads, and the limit of memory."""
        from circlegraph.resources import Resources

        return Resources(self.threads, MEMORY)

    @property
    def split(self) -> str:
        """Middle of the window."""
        import datetime as dt

        settings = json.loads((self.city / "city.json").read_text())["settings"]
        middle = dt.date.fromisoformat(settings["start"]) + dt.timedelta(days=self.days // 2)
        return middle.isoformat()


def synth(place: Place) -> dict[str, int]:
    """Make the city and write it."""
    from circlegraph.synth import write_city

    made = write_city(
        place.city,
        subscribers=place.subscribers,
        days=place.days,
        seed=SEED,
        threads=place.threads,
        ties={"events_per_day": EVENTS},
    )
    return {"records": made["counts"]["records"]}


def store(place: Place) -> dict[str, int]:
    """Build the contact store from the city's records."""
    from circlegraph.store.store import Store

    unfinished = place.folder / "store.part"
    shutil.rmtree(unfinished, ignore_errors=True)
    made = Store.create(unfinished)
    made.append(place.city / "cdr", resources=place.resources)
    days = len(made.days)
    unfinished.rename(place.folder / "store")
    return {"days": days}


def circles(place: Place) -> dict[str, int]:
    """Work out everybody's circles before and after the middle of the window."""
    from circlegraph.circles.run import run_circles

    run = run_circles(place.store, place.split, resources=place.resources)
    return {"rows": sum(len(block.peers) for block in run.blocks)}


def dual_sim(place: Place) -> dict[str, int]:
    """Search second numbers after the middle of the window."""
    return _dual_sim(place, place.split)


def dual_sim_anytime(place: Place) -> dict[str, int]:
    """Search second numbers that came up at any time."""
    return _dual_sim(place, "auto")


def _dual_sim(place: Place, at: str) -> dict[str, int]:
    from circlegraph.detect.second_numbers.run import MOST_PEERS, run_dual_sim

    found, _ = run_dual_sim(
        place.store,
        at,
        subscribers=place.table("subscribers"),
        forwarding=place.table("forwarding"),
        method="probability",
        top_k=5,
        days_before=None,
        days_after=None,
        stable=None,
        network=None,
        country="86",
        most_peers=MOST_PEERS,
        resources=place.resources,
    )
    return {"rows": len(found.labels)}


def families(place: Place) -> dict[str, int]:
    """Search families."""
    from circlegraph.detect.family.run import run_families

    found, _ = run_families(place.store, subscribers=place.table("subscribers"), resources=place.resources)
    return {"rows": len(found.members)}


def managers(place: Place) -> dict[str, int]:
    """Search account managers, without the second numbers."""
    from circlegraph.detect.account_managers.run import run_managers

    found, _ = run_managers(
        place.store,
        subscribers=place.table("subscribers"),
        bills=place.table("bills"),
        second_numbers=None,
        known=None,
        previous=None,
        network=None,
        country="86",
        resources=place.resources,
    )
    return {"rows": len(found.managers)}


STEPS: dict[str, Callable[[Place], dict[str, int]]] = {
    "synth": synth,
    "store": store,
    "circles": circles,
    "dual-sim": dual_sim,
    "families": families,
    "managers": managers,
    "dual-sim at any time": dual_sim_anytime,
}


def main() -> int:
    """Run one step and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--subscribers", type=int, required=True)
    parser.add_argument("--days", type=int, required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = vars(parser.parse_args())
    step = STEPS[options.pop("step")]
    begin = time.perf_counter()
    import circlegraph.detect  # noqa: F401 - its time is that of importing
    from circlegraph._process import tune_memory

    tune_memory()
    loaded = time.perf_counter()
    counts = step(Place(**options))
    phases = {"import": loaded - begin, "run": time.perf_counter() - loaded}
    print(json.dumps({"phases": phases, "counts": counts, "peak_memory": own_peak_memory()}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
