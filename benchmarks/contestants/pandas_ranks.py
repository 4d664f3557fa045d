"""Ranks inside each circle by pandas."""

from benchmarks.contestants import _ties
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import the engine."""
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401


def run(job: Job, clock: Clock) -> None:
    """Rank group by group."""
    import pandas as pd

    ties = _ties.read_ties(job.file)
    with clock.step("work"):
        contacts = pd.Series(ties.contacts).groupby(ties.number, sort=False)
        ranks = contacts.rank(method="average", ascending=False).to_numpy()
    clock.counts.update(rows=len(ranks))
    _ties.write(job.result, number=ties.number, peer=ties.peer, rank=ranks)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
