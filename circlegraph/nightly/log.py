"""The run log: one line of JSON for each thing that was done; times and memory stand here alone."""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from circlegraph.spill import give_back

NAME = "log.jsonl"


def add_line(path: Path, **fields: Any) -> None:
    """Append a line to a log that only its owner can read; what a killed run left half written stays apart."""
    line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), **fields}, ensure_ascii=False)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, ("\n" * torn + line + "\n").encode())
    finally:
        os.close(handle)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Lines of a log, oldest first; torn ones are passed over."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as stream:
        for text in stream:
            with suppress(ValueError):
                line = json.loads(text)
                if isinstance(line, dict):
                    yield line


@dataclass
class Cost:
    """Time, time of all processors, and memory of a piece of work."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0

    def fields(self) -> dict[str, float]:
        """What the log tells of it."""
        return {
            "seconds": round(self.seconds, 3),
            "cpu_seconds": round(self.cpu_seconds, 3),
            "peak_mb": round(self.peak_mb),
        }


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure the time and the peak of the memory of a block.

    Examples
    --------
    >>> with measured() as cost:
    ...     sum(range(1000))
    499500
    >>> cost.seconds < 60, cost.peak_mb > 1
    (True, True)
    """
    cost = Cost()
    gc.collect()
    give_back()  # lest a stage begin with the peak of the one before
    began, worked = time.perf_counter(), time.process_time()
    _forget_peak()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - began
        cost.cpu_seconds = time.process_time() - worked
        cost.peak_mb = _peak_bytes() / 1e6


def _forget_peak() -> None:
    """Have Linux count the peak anew; elsewhere it is that of the process so far."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_bytes() -> int:
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
