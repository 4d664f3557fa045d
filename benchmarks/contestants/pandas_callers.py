"""Profiles of callers in pandas, all in memory."""

from benchmarks import task
from benchmarks.contestants import _callers
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine and its Parquet reader."""
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Sort the events of both sides by time, then group them by pair, and by pair and day."""
    import pandas as pd

    with clock.step("profiles"):
        events = pd.read_parquet(job.file, columns=["caller", "callee", "start", "duration"])
        out = events.set_axis(["number", "peer", "start", "duration"], axis="columns").assign(made=True)
        back = events.set_axis(["peer", "number", "start", "duration"], axis="columns").assign(made=False)
        sides = pd.concat([out, back], ignore_index=True).sort_values(["start", "duration"])
        pairs = (
            sides.groupby(["number", "peer"], sort=False)["made"].agg(["any", "first"]).reset_index("number")
        )
        profiles = pairs.groupby("number").agg(callees=("any", "sum"), first_contacts=("first", "mean"))
        profiles = profiles[profiles["callees"] >= _callers.LEAST_CALLEES].astype(float)
        days = sides.loc[sides["start"] >= _callers.BEGIN, ["number", "peer", "start"]]
        days = days[days["number"].isin(profiles.index)]
        days["day"] = (days["start"] - _callers.BEGIN) // task.DAY_SECONDS
        days = days[["number", "peer", "day"]].drop_duplicates()
        weeks = days.groupby(["number", days["day"] // 7]).size().astype(float).rename("value").reset_index()
        weeks["figure"] = "week " + weeks.pop("day").astype(str)
        plain = profiles.melt(var_name="figure", ignore_index=False).reset_index()
        pd.concat([plain, weeks]).to_parquet(job.result, compression=None, index=False)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
