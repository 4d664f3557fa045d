"""How time and memory grow with the number of subscribers. `python -m benchmarks --only growth`."""
