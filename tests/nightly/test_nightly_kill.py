"""A night that is killed at any moment is run again and ends with the same bytes.

CIRCLEGRAPH_KILLS sets the number of random kills, CIRCLEGRAPH_KILL_SEED their moments.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("nightly_kills.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its victims")
def test_killed_at_random_moments() -> None:
    count, seed = (os.environ.get(f"CIRCLEGRAPH_{name}", "10") for name in ("KILLS", "KILL_SEED"))
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        command = [sys.executable, "-W", "ignore::DeprecationWarning", str(SCRIPT), folder, count, seed]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert sum(found["moments"].values()) == int(count)
    assert len(found["moments"]) > 2, "the kills did not hit different moments"
