"""Ranks inside each circle by DuckDB's window functions."""

from benchmarks.contestants._harness import Clock, Job, main

RANKS = """
CREATE TEMP TABLE found AS
SELECT number, peer, rank() OVER (PARTITION BY number ORDER BY contacts DESC)
    + (count(*) OVER (PARTITION BY number, contacts) - 1) / 2 AS rank
FROM ties
"""


def load() -> None:
    """Import the engine."""
    import duckdb  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Read the ties into a table first, then rank."""
    import duckdb

    database = duckdb.connect(config={"threads": job.threads, "preserve_insertion_order": False})
    database.execute(f"CREATE TEMP TABLE ties AS FROM '{job.file}'")
    with clock.step("work"):
        database.execute(RANKS)
    clock.counts.update(rows=database.execute("SELECT count(*) FROM found").fetchall()[0][0])
    database.execute(f"COPY found TO '{job.result}' (FORMAT parquet, COMPRESSION uncompressed)")


if __name__ == "__main__":
    raise SystemExit(main(load, run))
