"""The task in Polars with its streaming engine: the same two groupings as in SQL."""

import os
from typing import Any

from benchmarks import task
from benchmarks.contestants._harness import Clock, Job, main

MEASURES = ("calls_made", "seconds_made", "calls_received", "seconds_received", "sms_sent")
SENT = {"calls": "calls_made", "seconds": "seconds_made", "sms": "sms_sent"}
RECEIVED = {"calls": "calls_received", "seconds": "seconds_received"}
WINDOWS = ("before", "after")


def load() -> None:
    """Import the engine; it reads its number of threads at import."""
    import polars  # noqa: F401


def scan(job: Job) -> Any:
    """Open the events lazily."""
    import polars as pl

    events = pl.scan_parquet(job.file) if job.file.suffix == ".parquet" else pl.scan_csv(job.file)
    return events.unique() if job.distinct else events


def sent(events: Any) -> Any:
    """Sum per (caller, callee): the three measures of each window, first and last contact in before."""
    import polars as pl

    before = pl.col("start") < task.SPLIT
    call = pl.col("kind") == "call"
    return events.group_by("caller", "callee").agg(
        (call & before).sum().alias("calls_before"),
        pl.when(call & before).then("duration").otherwise(0).cast(pl.Int64).sum().alias("seconds_before"),
        (~call & before).sum().alias("sms_before"),
        (call & ~before).sum().alias("calls_after"),
        pl.when(call & ~before).then("duration").otherwise(0).cast(pl.Int64).sum().alias("seconds_after"),
        (~call & ~before).sum().alias("sms_after"),
        pl.col("start").min().alias("first"),
        pl.when(before).then("start").max().alias("last"),
    )


def direction(grouped: Any, number: str, peer: str, names: dict[str, str]) -> Any:
    """View the sums from one end: `names` says which measure each sum is for that end."""
    import polars as pl

    measures = {measure: source for source, measure in names.items()}
    columns = [
        (
            pl.col(f"{measures[measure]}_{window}").cast(pl.Int64)
            if measure in measures
            else pl.lit(0, pl.Int64)
        ).alias(f"{measure}_{window}")
        for window in WINDOWS
        for measure in MEASURES
    ]
    return grouped.select(
        pl.col(number).alias("number"), pl.col(peer).alias("peer"), "first", "last", *columns
    )


def run(job: Job, clock: Clock) -> None:
    """Do the task."""
    import polars as pl

    def week(column: str) -> Any:
        return (pl.col(column) // task.DAY_SECONDS + task.MONDAY_SHIFT) // 7

    with clock.step("measures"):
        grouped = sent(scan(job)).collect(engine="streaming").lazy()
        both = pl.concat(
            [direction(grouped, "caller", "callee", SENT), direction(grouped, "callee", "caller", RECEIVED)]
        )
        rows = (
            both.group_by("number", "peer")
            .agg(
                pl.col("first").min(),
                pl.col("last").max(),
                pl.exclude("number", "peer", "first", "last").sum(),
            )
            .with_columns((week("first") < week("last")).fill_null(value=False).alias("stable"))
            .collect(engine="streaming")
        )
    with clock.step("indices"):
        stable = rows.lazy().filter("stable")
        sums = stable.select(
            pl.len().alias("rows"), *[pl.col(f"{measure}_before").sum() for measure in MEASURES]
        ).collect(engine="streaming")
        count = sums["rows"][0]
        totals = {measure: sums[f"{measure}_before"][0] for measure in MEASURES}
        index = [
            pl.sum_horizontal(
                pl.col(f"{measure}_{window}") * (task.WEIGHT * count / total)
                for measure, total in totals.items()
                if total
            ).alias(f"{window}_index")
            for window in WINDOWS
        ]
        rows.lazy().select("number", "peer", *index).sink_parquet(
            job.result, compression="snappy", engine="streaming"
        )


if __name__ == "__main__":
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    raise SystemExit(main(load, run))
