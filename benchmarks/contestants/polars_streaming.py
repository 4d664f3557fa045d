"""The task in Polars with its streaming engine: one grouping, then a full join for the two directions.

Tried and slower: conditions inside the aggregates instead of before the grouping, and a second grouping
instead of the join.
"""

from typing import Any

from benchmarks import task
from benchmarks.contestants._harness import Clock, Job, main

SENT = {"calls_made": "calls", "seconds_made": "seconds", "sms_sent": "sms"}
RECEIVED = {"calls_received": "calls", "seconds_received": "seconds"}
MEASURES = (*SENT, *RECEIVED)
WINDOWS = ("before", "after")


def load() -> None:
    """Import the engine; it reads its number of threads from the environment."""
    import polars  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Do the task."""
    with clock.step("measures"):
        sums = sent(scan(job)).collect(engine="streaming")
        rows = both_directions(sums.lazy()).collect(engine="streaming")
    with clock.step("indices"):
        indices(rows).sink_parquet(job.result, compression="uncompressed", engine="streaming")


def scan(job: Job) -> Any:
    """Open the events lazily."""
    import polars as pl

    events = pl.scan_parquet(job.file) if job.file.suffix == ".parquet" else pl.scan_csv(job.file)
    return events.unique() if job.distinct else events


def sent(events: Any) -> Any:
    """Sum per (caller, callee): the three measures of each window, first week and last week of before."""
    import polars as pl

    before, call = pl.col("before"), pl.col("call")
    week = (pl.col("start") // task.DAY_SECONDS + task.MONDAY_SHIFT) // 7
    return (
        events.select(
            "caller",
            "callee",
            pl.col("duration").cast(pl.Int64).alias("seconds"),
            (pl.col("kind") == "call").alias("call"),
            (pl.col("start") < task.SPLIT).alias("before"),
            week.cast(pl.Int16).alias("week"),
        )
        .select(
            "caller",
            "callee",
            pl.col("week").alias("first"),
            pl.when(before).then("week").alias("last"),
            *[
                column
                for window, inside in zip(WINDOWS, (before, ~before), strict=True)
                for column in (
                    (call & inside).cast(pl.Int64).alias(f"calls_{window}"),
                    pl.when(call & inside).then("seconds").otherwise(0).alias(f"seconds_{window}"),
                    (~call & inside).cast(pl.Int64).alias(f"sms_{window}"),
                )
            ],
        )
        .group_by("caller", "callee")
        .agg(
            pl.col("first").min(),
            pl.col("last").max(),
            pl.exclude("caller", "callee", "first", "last").sum(),
        )
    )


def both_directions(sums: Any) -> Any:
    """Join what a number sent a peer with what it got from it, and say which rows are stable."""
    import polars as pl

    def seen_from(number: str, peer: str, names: dict[str, str], mark: str) -> Any:
        return sums.select(
            pl.col(number).alias("number"),
            pl.col(peer).alias("peer"),
            pl.col("first").alias(f"first_{mark}"),
            pl.col("last").alias(f"last_{mark}"),
            *[pl.col(f"{names[m]}_{w}").alias(f"{m}_{w}") for w in WINDOWS for m in names],
        )

    made = seen_from("caller", "callee", SENT, "made")
    got = seen_from("callee", "caller", RECEIVED, "got")
    first = pl.min_horizontal("first_made", "first_got")
    last = pl.max_horizontal("last_made", "last_got")
    return made.join(got, on=["number", "peer"], how="full", coalesce=True).select(
        "number",
        "peer",
        (first < last).fill_null(value=False).alias("stable"),
        *[pl.col(f"{measure}_{window}").fill_null(0) for window in WINDOWS for measure in MEASURES],
    )


def indices(rows: Any) -> Any:
    """Scale the measures and add them up per window."""
    import polars as pl

    stable = rows.lazy().filter("stable")
    sums = stable.select(pl.len(), *[pl.col(f"{measure}_before").sum() for measure in MEASURES])
    count, *totals = sums.collect(engine="streaming").row(0)
    weights = {
        measure: task.WEIGHT * count / total for measure, total in zip(MEASURES, totals, strict=True) if total
    }
    columns = [
        pl.sum_horizontal(
            pl.col(f"{measure}_{window}") * weight for measure, weight in weights.items()
        ).alias(f"{window}_index")
        for window in WINDOWS
    ]
    return rows.lazy().select("number", "peer", *columns)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
