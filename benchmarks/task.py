"""The task that every engine solves from the same file, and its constants.

Input
    Events with the columns `caller`, `callee`, `start` (epoch seconds, UTC), `duration` (seconds) and
    `kind` (`call` or `sms`), sorted by time, over `DAYS` days from `FIRST`. An event is in *before* if
    `start < SPLIT`, else in *after*; each window has `WINDOW_DAYS` days.

Rows
    Both directions: an event from x to y counts for the row (number x, peer y) as made or sent and for
    (number y, peer x) as received. There is one row for every (number, peer) with any event in either
    window, own-network or not.

Measures, per row and window
    1 calls made, 2 seconds made, 3 calls received, 4 seconds received, 5 SMS sent. An SMS received is
    no measure, but it is contact: it makes a row and counts for stability.

Stable rows
    A row is stable if it has contact, by any kind of event in any direction, on at least 2 distinct days
    that lie in at least 2 different Monday-based weeks of *before*. Days and weeks are cut in UTC. Two
    weeks imply two days, so "the first and the last contact in *before* lie in different weeks" says the
    same; every engine may use it.

Scale
    s_j = (sum of measure j over the stable rows in *before*) / (number of stable rows · WINDOW_DAYS).

Result
    number, peer, before_index, after_index with
    z_w = Σ_j 0.2 · m_j,w / (WINDOW_DAYS · s_j), for all rows in any order, as Parquet (one file or a
    folder of files, uncompressed). A measure with s_j = 0 contributes nothing.

Duplicates
    The task comes in two variants: events as they stand, and with duplicate events (equal in all five
    columns) counted once. The generated data hold no duplicates, so both have the same result, but in
    the second variant an engine has to make sure of it. circlegraph always does.

Measured
    Each engine runs in a process of its own with `--threads` threads and with the input in the file cache.
    The whole process counts: start, import, compilation, reading, work, writing the result.
"""

FIRST = 1_704_067_200
"""Start of the data: Monday 2024-01-01 00:00 UTC in epoch seconds."""

DAYS = 120
WINDOW_DAYS = 60
DAY_SECONDS = 86_400

SPLIT = FIRST + WINDOW_DAYS * DAY_SECONDS
"""The split time T: 2024-03-01 00:00 UTC in epoch seconds."""

MONDAY_SHIFT = 3
"""Day 0 of the epoch was a Thursday: (epoch day + 3) // 7 numbers Monday-based weeks."""

WEIGHT = 0.2
"""The coefficient a_j of each of the five measures."""
