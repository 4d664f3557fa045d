"""How like real people the synthetic cities are. `python -m benchmarks --only validity`."""
