"""One contestant per module: `python -m benchmarks.contestants.NAME FILE --out RESULT` prints a JSON line."""
