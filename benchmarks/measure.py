"""Runs one contestant as a process of its own and measures that whole process and its children."""

import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAMPLE_SECONDS = 0.02
TIME_LIMIT_SECONDS = 1800.0
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Outcome:
    """One run of one contestant."""

    wall: float
    """Seconds from start to end of the process."""
    cpu: float
    """User and system seconds of the process and its children."""
    memory: int
    """Peak resident memory in bytes: the process's own peak or, if higher, the largest sampled sum over
    the process and its children (pages that they share are counted for each)."""
    answer: dict[str, Any] = field(default_factory=dict)
    """The JSON line of the contestant: phases, steps, counts, or why it is not available."""
    failure: str | None = None
    """The last line of its error output if it failed."""

    @property
    def not_available(self) -> str | None:
        """Why the contestant could not take part, if so."""
        reason = self.answer.get("not_available")
        return None if reason is None else str(reason)

    @property
    def done(self) -> bool:
        """Whether there is a time to show."""
        return self.failure is None and self.not_available is None


def run(
    module: str,
    arguments: Sequence[str],
    threads: int,
    *,
    most_seconds: float = TIME_LIMIT_SECONDS,
    most_memory: float = math.inf,
) -> Outcome:
    """Run `python -m module arguments` and measure it.

    Parameters
    ----------
    module : str
        Full name of the contestant's module.
    arguments : sequence of str
        Its command line.
    threads : int
        Also set in the environment for engines that only look there.
    most_seconds, most_memory : float
        Seconds and bytes after which it is ended, before the machine is out of them.
    """
    environment = os.environ | {"POLARS_MAX_THREADS": str(threads), "NUMBA_NUM_THREADS": str(threads)}
    environment["PYTHONPATH"] = str(Path(__file__).parent.parent)
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdout=output,
            stderr=errors,
            env=environment,
            start_new_session=True,
        )
        try:
            memory, child_cpu, status, usage, stopped = _watch(process, begin + most_seconds, most_memory)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        wall = time.perf_counter() - begin
        answer = _last_json(_text(output))
        failure = None
        if status != 0 or not answer:
            lines = _text(errors).strip().splitlines() or ["no output"]
            failure = stopped or f"exit status {status}: {lines[-1]}"
    cpu = usage.ru_utime + usage.ru_stime
    return Outcome(wall, max(cpu, child_cpu), max(memory, answer.get("peak_memory", 0)), answer, failure)


def _watch(
    process: subprocess.Popen[bytes], deadline: float, most_memory: float
) -> tuple[int, float, int, Any, str | None]:
    """Wait for the end; return the peak memory and CPU seen on the way, exit status, usage, and why it was ended."""
    memory, cpu, stopped = 0, 0.0, None
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return memory, cpu, process.returncode, usage, stopped
        now_memory, now_cpu = _tree(process.pid)
        memory, cpu = max(memory, now_memory), max(cpu, now_cpu)
        if time.perf_counter() > deadline:
            stopped = "ended: it took too long"
        elif now_memory > most_memory:
            stopped = f"ended: it needed more than {most_memory / 1e9:.1f} GB of memory"
        if stopped:
            os.killpg(process.pid, signal.SIGKILL)
        time.sleep(SAMPLE_SECONDS)


def _tree(pid: int) -> tuple[int, float]:
    """Sum resident memory and CPU seconds over a process and its children (Linux; zero elsewhere)."""
    memory, cpu = 0, 0.0
    waiting = [pid]
    while waiting:
        folder = Path("/proc") / str(waiting.pop())
        try:
            memory += int((folder / "statm").read_text().split()[1]) * PAGE
            # The name in field 2 may hold spaces: split behind its closing bracket.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            cpu += (int(fields[11]) + int(fields[12])) / TICKS
            for children in folder.glob("task/*/children"):
                waiting += [int(child) for child in children.read_text().split()]
        except OSError:
            continue
    return memory, cpu


def _text(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode(errors="replace"))


def _last_json(text: str) -> dict[str, Any]:
    """Return the last line that is a JSON object; engines may print other things before."""
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            answer: dict[str, Any] = json.loads(line)
            return answer
    return {}
