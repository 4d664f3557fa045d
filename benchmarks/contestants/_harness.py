"""What every contestant shares: its command line, its stopwatch and the one JSON line that it prints.

A contestant is a module with `load()`, `run(job, clock)` and, where it compiles or starts something first,
`warm_up(job)`; its last lines hand them to `main`. An engine that is not there raises `NotAvailableError` or
ImportError and is reported as such.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


class NotAvailableError(Exception):
    """The contestant cannot take part; the message says why."""


@dataclass(frozen=True)
class Job:
    """What a contestant is asked to do, as given on its command line."""

    file: Path
    """Input: events, or whatever the race is about."""
    out: Path | None
    """Where the result goes, as Parquet (a file or a folder); None if the race wants no result."""
    extra: Path | None
    """Second input, where the race has one."""
    threads: int
    distinct: bool
    """Count duplicate events once."""
    memory_limit: str | None

    @property
    def result(self) -> Path:
        """The path for the result; an error if none was given."""
        if self.out is None:
            raise SystemExit("this contestant writes a result: give it --out PATH")
        return self.out

    @property
    def second(self) -> Path:
        """The path of the second input; an error if none was given."""
        if self.extra is None:
            raise SystemExit("this contestant has a second input: give it --extra PATH")
        return self.extra


@dataclass
class Clock:
    """Seconds per named step of one run, and counts that the contestant reports."""

    steps: dict[str, float] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time the block as the step `name`."""
        begin = time.perf_counter()
        yield
        self.steps[name] = time.perf_counter() - begin


def _nothing(_: Job) -> None:
    """Stand in for the warm-up of an engine that has none."""


def main(
    load: Callable[[], object],
    run: Callable[[Job, Clock], None],
    warm_up: Callable[[Job], None] = _nothing,
) -> int:
    """Run one contestant in this process and print its answer as one JSON line.

    Parameters
    ----------
    load : function
        Imports the engine (timed as "import").
    run : function
        Does the job, from reading the input to writing the result (timed as "run").
    warm_up : function, optional
        Compiles or starts what has to be there before, on made-up or tiny input (timed as "compile").
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--extra", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--distinct", action="store_true")
    parser.add_argument("--memory-limit")
    job = Job(**vars(parser.parse_args()))
    clock, total = Clock(), Clock()
    try:
        with total.step("import"):
            load()
        with total.step("compile"):
            warm_up(job)
        with total.step("run"):
            run(job, clock)
    except (NotAvailableError, ImportError) as reason:
        answer: dict[str, object] = {"not_available": str(reason)}
    else:
        peak = own_peak_memory()
        answer = {"phases": total.steps, "steps": clock.steps, "counts": clock.counts, "peak_memory": peak}
    print(json.dumps(answer), flush=True)
    return 0


def own_peak_memory() -> int:
    """Peak resident memory of this process in bytes.

    Linux keeps it per memory map in /proc; `getrusage` there may still hold the figure of the parent from
    before the exec, so it is only for other systems.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
