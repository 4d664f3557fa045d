"""A process killed at any moment leaves the old state or the new one, and the append can be done again.

CIRCLEGRAPH_KILLS sets the number of random kills, CIRCLEGRAPH_KILL_SEED their moments.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("kills.py")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its victims")


def run(*arguments: str) -> dict[str, float]:
    # In memory where there is such a folder: what a killed process leaves behind does not depend on the disk.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        command = [sys.executable, str(SCRIPT), folder, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, float] = json.loads(done.stdout)
    return found


def test_killed_at_random_moments() -> None:
    count = os.environ.get("CIRCLEGRAPH_KILLS", "12")
    found = run("random", count, os.environ.get("CIRCLEGRAPH_KILL_SEED", "1"))
    assert found["old"] + found["new"] == int(count)
    assert found["old"] > 0


@pytest.mark.parametrize("mode", ["steps", "twins"])
def test_killed_before_every_step_on_the_disk(mode: str) -> None:
    found = run(mode)
    assert found["not killed"] == 0
    assert found["old"] > 15
    assert found["new"] > 1
