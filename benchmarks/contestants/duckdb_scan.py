"""Bare DuckDB scan: read the five columns and sum each; the floor for whoever reads the same file."""

from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import duckdb  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Sum every column."""
    import duckdb

    database = duckdb.connect(config={"threads": job.threads})
    sums = database.execute(
        f"""SELECT sum(caller), sum(callee), sum(start), sum(duration), count(*) FILTER (kind = 'sms')
        FROM '{job.file}'"""
    ).fetchone()
    clock.counts["sms"] = sums[4]


if __name__ == "__main__":
    raise SystemExit(main(load, run))
