"""The task in DuckDB SQL.

One grouping per (caller, callee), which shrinks the events eightfold, then a full join of that with itself
for the two directions. Tried and no faster: grouping both directions of the sums again instead of the join;
one grouping per unordered pair with twice the sums; sums of CASE instead of FILTER.
"""

from benchmarks import task
from benchmarks.contestants._harness import Clock, Job, main

SENT = f"""
CREATE TEMP TABLE sent AS
SELECT caller, callee,
    count(*) FILTER (kind = 'call' AND start < {task.SPLIT}) AS calls_before,
    sum(duration) FILTER (kind = 'call' AND start < {task.SPLIT}) AS seconds_before,
    count(*) FILTER (kind = 'sms' AND start < {task.SPLIT}) AS sms_before,
    count(*) FILTER (kind = 'call' AND start >= {task.SPLIT}) AS calls_after,
    sum(duration) FILTER (kind = 'call' AND start >= {task.SPLIT}) AS seconds_after,
    count(*) FILTER (kind = 'sms' AND start >= {task.SPLIT}) AS sms_after,
    min(start) AS first_contact,
    max(start) FILTER (start < {task.SPLIT}) AS last_before
FROM events GROUP BY caller, callee
"""

MEASURES = f"""
CREATE TEMP TABLE measures AS
SELECT coalesce(made.caller, got.callee) AS number, coalesce(made.callee, got.caller) AS peer,
    coalesce(made.calls_before, 0)::DOUBLE AS calls_made_before,
    coalesce(made.seconds_before, 0)::DOUBLE AS seconds_made_before,
    coalesce(got.calls_before, 0)::DOUBLE AS calls_received_before,
    coalesce(got.seconds_before, 0)::DOUBLE AS seconds_received_before,
    coalesce(made.sms_before, 0)::DOUBLE AS sms_sent_before,
    coalesce(made.calls_after, 0)::DOUBLE AS calls_made_after,
    coalesce(made.seconds_after, 0)::DOUBLE AS seconds_made_after,
    coalesce(got.calls_after, 0)::DOUBLE AS calls_received_after,
    coalesce(got.seconds_after, 0)::DOUBLE AS seconds_received_after,
    coalesce(made.sms_after, 0)::DOUBLE AS sms_sent_after,
    (least(made.first_contact, got.first_contact) // {task.DAY_SECONDS} + {task.MONDAY_SHIFT}) // 7
        < (greatest(made.last_before, got.last_before) // {task.DAY_SECONDS} + {task.MONDAY_SHIFT}) // 7
        AS stable
FROM sent AS made FULL JOIN sent AS got ON made.caller = got.callee AND made.callee = got.caller
"""

INDICES = f"""
COPY (
    WITH scale AS (
        SELECT {task.WEIGHT} * count(*) / nullif(sum(calls_made_before), 0) AS calls_made,
            {task.WEIGHT} * count(*) / nullif(sum(seconds_made_before), 0) AS seconds_made,
            {task.WEIGHT} * count(*) / nullif(sum(calls_received_before), 0) AS calls_received,
            {task.WEIGHT} * count(*) / nullif(sum(seconds_received_before), 0) AS seconds_received,
            {task.WEIGHT} * count(*) / nullif(sum(sms_sent_before), 0) AS sms_sent
        FROM measures WHERE stable
    )
    SELECT number, peer,
        coalesce(calls_made_before * calls_made, 0)
            + coalesce(seconds_made_before * seconds_made, 0)
            + coalesce(calls_received_before * calls_received, 0)
            + coalesce(seconds_received_before * seconds_received, 0)
            + coalesce(sms_sent_before * sms_sent, 0) AS before_index,
        coalesce(calls_made_after * calls_made, 0)
            + coalesce(seconds_made_after * seconds_made, 0)
            + coalesce(calls_received_after * calls_received, 0)
            + coalesce(seconds_received_after * seconds_received, 0)
            + coalesce(sms_sent_after * sms_sent, 0) AS after_index
    FROM measures CROSS JOIN scale
) TO '{{result}}' (FORMAT parquet, COMPRESSION uncompressed)
"""


def load() -> None:
    """Import the engine."""
    import duckdb  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Do the task."""
    import duckdb

    database = duckdb.connect(config={"threads": job.threads, "preserve_insertion_order": False})
    if job.memory_limit:
        database.execute(f"SET memory_limit = '{job.memory_limit}'")
    columns = "DISTINCT *" if job.distinct else "*"
    database.execute(f"CREATE TEMP VIEW events AS SELECT {columns} FROM '{job.file}'")
    with clock.step("measures"):
        database.execute(SENT)
        database.execute(MEASURES)
    with clock.step("indices"):
        database.execute(INDICES.format(result=job.result))


if __name__ == "__main__":
    raise SystemExit(main(load, run))
