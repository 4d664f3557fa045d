"""Make the small graphs, and the benchmarks' way to import bandicoot, importable by the tests of this folder."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "graph"), str(TESTS.parent)]
