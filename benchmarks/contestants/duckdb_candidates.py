"""Candidates in DuckDB SQL: steady ties joined with later ones at the peer, grouped by pair."""

from benchmarks.contestants import _candidates
from benchmarks.contestants._harness import Clock, Job, main

SEARCH = f"""
CREATE TEMP TABLE found AS
WITH judged AS (
    SELECT number FROM ties WHERE steady GROUP BY number HAVING count(*) >= {_candidates.LEAST_PEERS}
), circles AS (SELECT number, count(*) AS circle FROM ties WHERE after > 0 GROUP BY number
), rarities AS (SELECT number AS peer, round(1 / log2(2 + circle) * 1048576) / 1048576 AS rarity FROM circles
), sums AS (
    SELECT mine.number, theirs.number AS candidate, count(*)::DOUBLE AS shared, sum(theirs.after) AS volume,
        sum(theirs.before) AS known, sum(rarity) AS rarity
    FROM ties AS mine JOIN judged USING (number) JOIN rarities USING (peer)
    JOIN ties AS theirs ON mine.peer = theirs.peer
    WHERE mine.steady AND theirs.after > 0 AND theirs.number != mine.number GROUP BY ALL
)
SELECT sums.number, candidate, shared FROM sums JOIN circles ON candidate = circles.number
WHERE known <= {_candidates.MOST_KNOWN} * volume
QUALIFY row_number() OVER (PARTITION BY sums.number ORDER BY rarity / sqrt(1 + circle) DESC, candidate)
    <= {_candidates.KEPT}
"""


def load() -> None:
    """Import the engine."""
    import duckdb  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Read the ties into a table first, then search."""
    import duckdb

    database = duckdb.connect(config={"threads": job.threads, "preserve_insertion_order": False})
    database.execute(f"CREATE TEMP TABLE ties AS FROM '{job.file}'")
    with clock.step("candidates"):
        database.execute(SEARCH)
    counted = database.execute("SELECT (SELECT count(*) FROM ties), (SELECT count(*) FROM found)").fetchone()
    assert counted is not None
    clock.counts.update(ties=counted[0], pairs=counted[1])
    database.execute(f"COPY found TO '{job.result}' (FORMAT parquet, COMPRESSION uncompressed)")


if __name__ == "__main__":
    raise SystemExit(main(load, run))
