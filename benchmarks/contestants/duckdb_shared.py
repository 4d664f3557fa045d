"""Shared peers of all ties in DuckDB SQL: two joins of the ties with themselves, grouped by tie."""

from benchmarks.contestants._harness import Clock, Job, main

SEARCH = """
CREATE TEMP TABLE found AS
WITH rarities AS (SELECT number AS peer, 1 / ln(count(*)) AS rarity FROM ties GROUP BY number HAVING count(*) > 1)
SELECT tie.number AS a, tie.peer AS b, sum(rarity) AS weighted
FROM ties AS tie JOIN ties AS mine ON mine.number = tie.number
JOIN ties AS theirs ON theirs.number = tie.peer AND theirs.peer = mine.peer JOIN rarities ON mine.peer = rarities.peer
WHERE tie.number < tie.peer GROUP BY ALL
"""


def load() -> None:
    """Import the engine."""
    import duckdb  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Read the ties into a table first, then search."""
    import duckdb

    database = duckdb.connect(config={"threads": job.threads, "preserve_insertion_order": False})
    database.execute(f"CREATE TEMP TABLE ties AS FROM '{job.file}'")
    with clock.step("work"):
        database.execute(SEARCH)
    counted = database.execute("SELECT (SELECT count(*) FROM ties), (SELECT count(*) FROM found)").fetchone()
    assert counted is not None
    clock.counts.update(ties=counted[0] // 2, pairs=counted[1])
    database.execute(f"COPY found TO '{job.result}' (FORMAT parquet, COMPRESSION uncompressed)")


if __name__ == "__main__":
    raise SystemExit(main(load, run))
