"""Benchmarks: `python -m benchmarks`, or `--only` one suite; `--help` lists the options.

speed: against other engines. quality: against simple methods, on planted truth. growth: time and memory against
the number of subscribers. validity: the synthetic cities beside published figures and real data.

How to add a method that finds second numbers, families or account managers and compare it: ten lines in
`benchmarks/quality/__init__.py`.

How to add a contestant to the speed races:

1. Write `benchmarks/contestants/NAME.py` with `load()` (imports the engine), `run(job, clock)` (reads
   `job.file`, does the job, writes `job.result` as Parquet) and, where something is compiled or started
   first, `warm_up(job)`. End it with `raise SystemExit(main(load, run))`; copy the shape of a neighbour.
2. The job is written down in `benchmarks/task.py` (circles) and in `contestants/_*.py` (the other races). Any
   row order will do; values must agree to 1e-9.
3. Try it alone: `python -m benchmarks.contestants.NAME FILE.parquet --out /tmp/result.parquet`; the files of earlier
   races are kept in the folder that `--data` names.
4. Add an `Entry("Label", "NAME")` to its race in `benchmarks/races.py`.
5. Compare: `python -m benchmarks --only speed --races circles --contestants duckdb_sql,NAME`. The column "result"
   says whether it agrees with the first contestant; the exit status is 1 if not.

A new race is one more `Race` in `races.py`: its inputs, its entries, what is timed, the result's columns.
"""
