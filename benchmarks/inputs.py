"""Further inputs cut from a feed of events: a weighted edge list, pairs to compare, records of some people.

Each is made once with DuckDB and kept beside the feed.
"""

import os
from pathlib import Path

from benchmarks import task

PEOPLE = 200
"""How many numbers the indicators are worked out for."""
MOST_PEERS = 1000
"""A number with more is a hub."""


def edges_file(events: Path) -> Path:
    """Return the weighted edge list of a feed: columns `a`, `b` (a < b, int64) and `weight` (contacts)."""
    return _make(
        events,
        "edges.parquet",
        f"""SELECT least(caller, callee) AS a, greatest(caller, callee) AS b, count(*)::DOUBLE AS weight
        FROM '{events}' GROUP BY ALL ORDER BY a, b""",
    )


def pairs_file(events: Path, pairs: int) -> Path:
    """Return `pairs` distinct pairs of numbers that share a contact: columns `a`, `b` (a < b, int64).

    Two ends of a random contact's ties: each of a sample of numbers gives two of its contacts.
    """
    edges = edges_file(events)
    return _make(
        events,
        f"pairs-{pairs}.parquet",
        f"""WITH ends AS (
            SELECT a AS middle, b AS peer FROM '{edges}' UNION ALL SELECT b, a FROM '{edges}'
        ), drawn AS (
            SELECT middle, min_by(peer, hash(peer)) AS one, max_by(peer, hash(peer)) AS other
            FROM ends GROUP BY middle HAVING count(*) > 1
        )
        SELECT DISTINCT least(one, other) AS a, greatest(one, other) AS b
        FROM drawn ORDER BY hash(a, b) LIMIT {pairs}""",
    )


def ties_file(events: Path) -> Path:
    """Return the ties of a feed from both sides, with dense ids: number, peer, before, after (contacts), steady."""
    week = f"(start // {task.DAY_SECONDS} + {task.MONDAY_SHIFT}) // 7"
    return _make(
        events,
        "ties.parquet",
        f"""WITH sums AS (
            SELECT least(caller, callee) AS a, greatest(caller, callee) AS b,
                count(*) FILTER (start < {task.SPLIT})::DOUBLE AS before,
                count(*) FILTER (start >= {task.SPLIT})::DOUBLE AS after,
                coalesce(min({week}) FILTER (start < {task.SPLIT}) < max({week}) FILTER (start < {task.SPLIT}), false)
                    AS steady
            FROM '{events}' WHERE caller != callee GROUP BY ALL
        ), sides AS (
            FROM sums UNION ALL SELECT b, a, before, after, steady FROM sums
        ), numbered AS (SELECT a AS name, row_number() OVER (ORDER BY a) - 1 AS id FROM sides GROUP BY a)
        SELECT one.id AS number, other.id AS peer, before, after, steady
        FROM sides JOIN numbered AS one ON a = one.name JOIN numbered AS other ON b = other.name ORDER BY ALL""",
    )


def ties_without_hubs_file(events: Path) -> Path:
    """Return the ties of numbers that are no hubs, from both sides, ids as in `ties_file`: number, peer, contacts."""
    ties = ties_file(events)
    hubs = f"(SELECT number FROM '{ties}' GROUP BY number HAVING count(*) > {MOST_PEERS})"
    return _make(
        events,
        f"ties-{MOST_PEERS}.parquet",
        f"""SELECT number, peer, (before + after)::BIGINT AS contacts FROM '{ties}'
        WHERE number NOT IN {hubs} AND peer NOT IN {hubs} ORDER BY number, peer""",
    )


def people_file(events: Path) -> Path:
    """Return `PEOPLE` numbers with at least 50 events, as the one column `number`, evenly drawn by hash."""
    return _make(
        events,
        "people.parquet",
        f"""SELECT number FROM (
            SELECT caller AS number FROM '{events}' UNION ALL SELECT callee FROM '{events}'
        ) GROUP BY number HAVING count(*) BETWEEN 50 AND 5000 ORDER BY hash(number), number LIMIT {PEOPLE}""",
    )


def records_folder(events: Path) -> Path:
    """Return a folder with the records of each of these people as bandicoot reads them, NUMBER.csv each."""
    import duckdb

    folder = events.with_name(f"{events.stem}.records")
    if not folder.exists():
        unfinished = events.with_name(f"{folder.name}.{os.getpid()}.tmp")
        unfinished.mkdir()
        database = duckdb.connect()
        database.execute(
            f"""CREATE TABLE records AS
            SELECT number, start, callee AS peer, 'out' AS direction, kind, duration
            FROM '{events}' JOIN '{people_file(events)}' ON caller = number
            UNION ALL
            SELECT number, start, caller, 'in', kind, duration
            FROM '{events}' JOIN '{people_file(events)}' ON callee = number"""
        )
        for (number,) in database.execute("SELECT DISTINCT number FROM records").fetchall():
            database.execute(
                f"""COPY (
                    SELECT if(kind = 'sms', 'text', 'call') AS interaction, direction,
                        peer AS correspondent_id,
                        strftime(make_timestamp(start * 1000000), '%Y-%m-%d %H:%M:%S') AS datetime,
                        if(kind = 'sms', NULL, duration) AS call_duration, NULL AS antenna_id
                    FROM records WHERE number = {number} ORDER BY start, peer, direction
                ) TO '{unfinished / f"{number}.csv"}' (HEADER)"""
            )
        unfinished.rename(folder)
    return folder


def _make(events: Path, suffix: str, query: str) -> Path:
    """Write the answer of a query beside the feed, unless it is there."""
    import duckdb

    path = events.with_name(f"{events.stem}.{suffix}")
    if not path.exists():
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        duckdb.connect().execute(f"COPY ({query}) TO '{unfinished}' (FORMAT parquet)")
        unfinished.replace(path)
    return path
