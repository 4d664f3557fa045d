"""Semi-real truth: planted moves in the calls and texts of the Copenhagen Networks Study.

The data are split at day 14. Of the people with at least `LEAST_PEERS` peers in both halves 60 are drawn by
seed. Each contact of theirs moves with probability p: from the split on, all its calls and texts with the
person run over the person's fresh number. Missed calls are no contact and are left out. A fresh number that
no contact moved to does not exist, so its owner is not counted.

Equal scores share the ranks they take up, so that a coarse score gains nothing by ties. Plain Jaccard has many:
were each tie counted as found, its rank 1 among all numbers would be 0.43, 0.56, 0.65 and 0.73 for p = 0.3 to 1.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.quality.truth import make_truth
from benchmarks.quality.world import Case, NotAvailableError, World

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "copenhagen"
"""Beside the repository, as the data are not part of it."""

SHARES = (0.3, 0.5, 0.8, 1.0)
PEOPLE = 60
SPLIT_DAY = 14
START = pd.Timestamp("2024-01-01")
"""A Monday in place of the study's unknown first day."""

LEAST_PEERS = 3


def read(folder: Path = FOLDER) -> pd.DataFrame:
    """Read calls and texts in the canonical columns.

    Raises
    ------
    NotAvailableError
        If the data are not there.
    """
    if not (folder / "calls.csv").is_file():
        raise NotAvailableError("the Copenhagen data are not in ../shared/data/copenhagen")
    calls = pd.read_csv(folder / "calls.csv").assign(kind="call")
    texts = pd.read_csv(folder / "sms.csv").assign(kind="sms", duration=0)
    both = pd.concat([calls[calls["duration"] >= 0], texts], ignore_index=True)
    both = both.sort_values("timestamp", kind="stable", ignore_index=True)
    return pd.DataFrame(
        {
            "caller": both["from"].astype(str),
            "callee": both["to"].astype(str),
            "start": START + pd.to_timedelta(both["timestamp"], unit="s"),
            "duration": both["duration"].astype(np.int64),
            "kind": both["kind"],
        }
    )


def migrate(events: pd.DataFrame, share: float, seed: int) -> Case:
    """Plant 60 moves.

    Parameters
    ----------
    events : pandas.DataFrame
        What `read` returns.
    share : float
        Probability that a contact moves.
    seed : int
        Draws the people and the contacts.
    """
    rng = np.random.default_rng([seed, round(100 * share)])
    split = START + pd.Timedelta(days=SPLIT_DAY)
    later = (events["start"] >= split).to_numpy()
    both = pd.concat(
        [
            events[["caller", "callee"]],
            events[["callee", "caller"]].set_axis(["caller", "callee"], axis=1),
        ]
    ).assign(later=np.tile(later, 2))
    peers = both.drop_duplicates().groupby(["caller", "later"]).size().unstack(fill_value=0)
    able = sorted(peers.index[(peers >= LEAST_PEERS).all(axis=1)])
    people = [str(name) for name in rng.permutation(np.array(able, dtype=object))[:PEOPLE]]
    contacts = both[both["caller"].isin(people)].drop_duplicates(["caller", "callee"])
    contacts = contacts.sort_values(["caller", "callee"])
    chosen = contacts[rng.random(len(contacts)) < share]
    moved = pd.MultiIndex.from_frame(chosen[["caller", "callee"]])
    fresh = dict(zip(people, _fresh_numbers(events, len(people), rng), strict=True))
    changed = events.copy()
    for end, other in (("caller", "callee"), ("callee", "caller")):
        goes = later & pd.MultiIndex.from_frame(events[[end, other]]).isin(moved)
        changed[end] = events[end].where(~goes, events[end].map(fresh))
    world = World(f"Copenhagen, p = {share}, draw {seed}", changed, split)
    seen = pd.Index(changed["caller"]).union(pd.Index(changed["callee"]))
    truth = pd.DataFrame({"number": people, "second_number": [fresh[person] for person in people]})
    truth = truth.assign(onset=split, mode="by_contact", cause="planted", share_moved=share, network="own")
    truth = truth.assign(visible=truth["second_number"].isin(seen))
    made = make_truth(truth, world, least_stable=0)
    return Case(world, made, f"Copenhagen p = {share}", seed, frozenset(map(str, able)))


def _fresh_numbers(events: pd.DataFrame, wanted: int, rng: np.random.Generator) -> list[str]:
    """Draw names that nobody has and that look like the others, so that a name tells nothing."""
    taken = set(events["caller"]) | set(events["callee"])
    free = np.array([name for name in map(str, range(2 * len(taken))) if name not in taken], dtype=object)
    return [str(name) for name in rng.choice(free, wanted, replace=False)]
