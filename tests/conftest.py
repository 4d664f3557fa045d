"""What all tests share: the Hypothesis profile, and helpers that any test can import."""

import atexit
import gc
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile(
    "circlegraph", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("circlegraph")


def pytest_unconfigure() -> None:
    """Undo what `tune_memory` does for a process of its own: DuckDB takes what is left at the end for a leak."""
    atexit.unregister(gc.freeze)
