"""Profiles of callers in DuckDB SQL: events of both sides grouped by pair, and once more by pair and day."""

from benchmarks import task
from benchmarks.contestants import _callers
from benchmarks.contestants._harness import Clock, Job, main

PROFILES = f"""
COPY (
    WITH events AS (SELECT caller, callee, start, duration FROM '{{file}}'
    ), sides AS (
        SELECT caller AS number, callee AS peer, start, duration, true AS made FROM events
        UNION ALL SELECT callee, caller, start, duration, false FROM events
    ), pairs AS (
        SELECT number, peer, bool_or(made) AS called, arg_min(made, (start, duration)) AS opened
        FROM sides GROUP BY ALL
    ), profiles AS (
        SELECT number, count(*) FILTER (called)::DOUBLE AS callees, avg(opened::DOUBLE) AS first_contacts
        FROM pairs GROUP BY number HAVING callees >= {_callers.LEAST_CALLEES}
    ), days AS (
        SELECT DISTINCT number, peer, start // {task.DAY_SECONDS} AS day
        FROM sides WHERE start >= {_callers.BEGIN}
    )
    SELECT number, 'callees' AS figure, callees AS value FROM profiles
    UNION ALL SELECT number, 'first_contacts', first_contacts FROM profiles
    UNION ALL SELECT number, 'week ' || ((day - {_callers.BEGIN // task.DAY_SECONDS}) // 7), count(*)::DOUBLE
        FROM days SEMI JOIN profiles USING (number) GROUP BY ALL
) TO '{{result}}' (FORMAT parquet, COMPRESSION uncompressed)
"""


def load() -> None:
    """Import the engine."""
    import duckdb  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Do the job in one query."""
    import duckdb

    database = duckdb.connect(config={"threads": job.threads, "preserve_insertion_order": False})
    with clock.step("profiles"):
        database.execute(PROFILES.format(file=job.file, result=job.result))


if __name__ == "__main__":
    raise SystemExit(main(load, run))
