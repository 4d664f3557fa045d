"""The task in PySpark on one machine (local mode): the same two groupings as in SQL."""

import tempfile
from typing import Any

from benchmarks import task
from benchmarks.contestants._harness import Clock, Job, NotAvailableError, main

MEASURES = ("calls_made", "seconds_made", "calls_received", "seconds_received", "sms_sent")
SESSION: dict[str, Any] = {}


def load() -> None:
    """Import the engine."""
    import pyspark.sql  # noqa: F401


def warm_up(job: Job) -> None:
    """Start the Java machine and a session: small shuffles, no web page, temporary scratch files."""
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    scratch = tempfile.TemporaryDirectory(prefix="benchmark-spark-")
    builder = (
        SparkSession.builder.master(f"local[{job.threads}]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", 4 * job.threads)
        .config("spark.driver.memory", job.memory_limit or "6g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.local.dir", scratch.name)
        .config("spark.sql.session.timeZone", "UTC")
    )
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise NotAvailableError(f"PySpark does not start (is Java 17 or newer there?): {error}") from error
    session.sparkContext.setLogLevel("ERROR")
    SESSION.update(session=session, scratch=scratch)


def run(job: Job, clock: Clock) -> None:
    """Do the task and end the session."""
    session = SESSION["session"]
    if job.file.suffix == ".parquet":
        events = session.read.parquet(str(job.file))
    else:
        events = session.read.csv(str(job.file), header=True, inferSchema=True)
    with clock.step("measures"):
        rows = measures(events.distinct() if job.distinct else events).persist()
        totals = scale(rows)
    with clock.step("indices"):
        indices(rows, totals).write.option("compression", "uncompressed").parquet(str(job.result))
    session.stop()
    SESSION["scratch"].cleanup()


def measures(events: Any) -> Any:
    """Sum the measures of every (number, peer) in both windows and say which rows are stable."""
    from pyspark.sql import functions as f

    before, call = f.col("start") < task.SPLIT, f.col("kind") == "call"

    def total(condition: Any, value: Any) -> Any:
        return f.sum(f.when(condition, value).otherwise(0))

    sent = events.groupBy("caller", "callee").agg(
        *[
            column
            for window, inside in (("before", before), ("after", ~before))
            for column in (
                total(inside & call, 1).alias(f"calls_{window}"),
                total(inside & call, f.col("duration")).alias(f"seconds_{window}"),
                total(inside & ~call, 1).alias(f"sms_{window}"),
            )
        ],
        f.min("start").alias("first"),
        f.max(f.when(before, f.col("start"))).alias("last"),
    )

    def seen_from(number: str, peer: str, names: dict[str, str]) -> Any:
        return sent.select(
            f.col(number).alias("number"),
            f.col(peer).alias("peer"),
            "first",
            "last",
            *[
                (f.col(f"{names[measure]}_{window}") if measure in names else f.lit(0).cast("long")).alias(
                    f"{measure}_{window}"
                )
                for window in ("before", "after")
                for measure in MEASURES
            ],
        )

    made = seen_from(
        "caller", "callee", {"calls_made": "calls", "seconds_made": "seconds", "sms_sent": "sms"}
    )
    received = seen_from("callee", "caller", {"calls_received": "calls", "seconds_received": "seconds"})

    def week(column: Any) -> Any:
        return f.floor((f.floor(column / task.DAY_SECONDS) + task.MONDAY_SHIFT) / 7)

    return (
        made.unionAll(received)
        .groupBy("number", "peer")
        .agg(
            *[f.sum(name).alias(name) for name in made.columns[4:]],
            (week(f.min("first")) < week(f.max("last"))).alias("stable"),
        )
    )


def scale(rows: Any) -> dict[str, float]:
    """Work out weight / (days · s_j) of each measure; a measure that never occurs has none."""
    from pyspark.sql import functions as f

    sums = (
        rows.where("stable")
        .agg(f.count("*").alias("rows"), *[f.sum(f"{m}_before").alias(m) for m in MEASURES])
        .first()
    )
    return {m: task.WEIGHT * sums["rows"] / sums[m] for m in MEASURES if sums[m]}


def indices(rows: Any, totals: dict[str, float]) -> Any:
    """Combine the measures of each window into its index."""
    from pyspark.sql import functions as f

    columns = [
        sum((f.col(f"{m}_{window}") * weight for m, weight in totals.items()), f.lit(0.0)).alias(
            f"{window}_index"
        )
        for window in ("before", "after")
    ]
    return rows.select("number", "peer", *columns)


if __name__ == "__main__":
    raise SystemExit(main(load, run, warm_up))
