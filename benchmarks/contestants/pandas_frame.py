"""The task in pandas, all in memory."""

from typing import Any

from benchmarks import task
from benchmarks.contestants._harness import Clock, Job, main

SENT = ["calls_made", "seconds_made", "sms_sent"]
RECEIVED = ["calls_received", "seconds_received", "sms_received"]
MEASURES = ["calls_made", "seconds_made", "calls_received", "seconds_received", "sms_sent"]


def load() -> None:
    """Import the engine and its Parquet reader."""
    import pandas
    import pyarrow.parquet  # noqa: F401

    # Strings as plain Arrow-backed strings; nothing else to set.
    pandas.set_option("mode.string_storage", "pyarrow")


def read(job: Job) -> Any:
    """Read the events."""
    import pandas as pd

    events = pd.read_parquet(job.file) if job.file.suffix == ".parquet" else pd.read_csv(job.file)
    return events.drop_duplicates() if job.distinct else events


def sent(events: Any) -> Any:
    """Sum per (caller, callee, window), then spread the windows into columns `(measure, after?)`."""
    call = (events["kind"] == "call").to_numpy()
    prepared = events[["caller", "callee"]].assign(
        after=(events["start"] >= task.SPLIT).to_numpy(),
        calls=call.astype("int64"),
        seconds=(events["duration"] * call).to_numpy("int64"),
        sms=(~call).astype("int64"),
        week=(events["start"] // task.DAY_SECONDS + task.MONDAY_SHIFT) // 7,
    )
    return prepared.groupby(["caller", "callee", "after"], sort=False).agg(
        calls=("calls", "sum"),
        seconds=("seconds", "sum"),
        sms=("sms", "sum"),
        first=("week", "min"),
        last=("week", "max"),
    )


def run(job: Job, clock: Clock) -> None:
    """Do the task."""
    import pandas as pd

    with clock.step("measures"):
        grouped = sent(read(job)).reset_index()
        made = grouped.set_axis(["number", "peer", "after", *SENT, "first", "last"], axis="columns")
        received = grouped.set_axis(["peer", "number", "after", *RECEIVED, "first", "last"], axis="columns")
        rows = (
            pd.concat([made, received.drop(columns="sms_received")], ignore_index=True)
            .groupby(["number", "peer", "after"], sort=False)
            .agg({**dict.fromkeys(MEASURES, "sum"), "first": "min", "last": "max"})
        )
    with clock.step("indices"):
        after = rows.index.get_level_values("after").to_numpy(bool)
        stable = rows[~after & (rows["first"] < rows["last"]).to_numpy()]
        totals = stable[MEASURES].sum()
        weights = (task.WEIGHT * len(stable) / totals).where(totals > 0, 0.0)
        index = (rows[MEASURES] * weights).sum(axis=1).unstack("after", fill_value=0.0)
        index = index.reindex(columns=[False, True], fill_value=0.0)
        index.columns = pd.Index(["before_index", "after_index"])
        index.reset_index().to_parquet(job.result, compression=None, index=False)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
