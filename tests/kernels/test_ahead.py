"""Kernels compiled by another process while the demo makes its city."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from circlegraph.cli.ahead import kernels_ahead
from circlegraph.kernels import _jit, ahead

SIGNATURE = "callers.add_at(int64[::1], float64[::1], float64[::1])"
COMPILE = f"from circlegraph.kernels.ahead import compile_signature; compile_signature({SIGNATURE!r})"
CALL = """
import numpy as np
from circlegraph.kernels.callers import add_at
add_at(np.zeros(1, np.int64), np.zeros(1), np.zeros(1))
assert len(add_at.stats.cache_hits) == 1, add_at.stats
"""


def test_another_process_finds_what_was_compiled(tmp_path: Path) -> None:
    assert SIGNATURE in ahead.signatures()
    for code in (COMPILE, CALL):
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
        subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_the_other_process_ends_with_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def popen(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(process(*arguments, **options))
        return started[0]

    process = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", popen)
    with kernels_ahead(threads=2):
        assert started[0].returncode is None
    assert started[0].returncode == 0


def test_it_passes_over_stale_entries_and_ends_by_itself() -> None:
    stale = ["gone.kernel(int64,)", "ids.gone(int64,)", "ids.index_table(nonsense[::1],)"]
    code = f"from circlegraph.kernels import ahead; ahead.signatures = lambda: {stale}; ahead.main()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        assert process.wait(60) == 0


def test_without_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any, **__: Any) -> None:
        raise OSError

    monkeypatch.setattr(subprocess, "Popen", none)
    for threads in (1, 2):
        with kernels_ahead(threads):
            pass


def test_kernels_do_without_files(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core import caching

    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])

    @_jit.jit
    def twice(value: int) -> int:
        return 2 * value

    assert twice(21) == 42
