"""Which second numbers count, in plain rules.

A true pair is (number, second number) of one owner. It is *wanted*, and missing it costs recall, if

1. the number is an own number and has a record before the split;
2. the second number is visible: it has a record after the split (data-only second numbers have none);
3. its onset lies in the first `ONSET_DAYS` days from the split on, so that both sides have data;
4. the number has at least `LEAST_STABLE` stable own peers before the split (two days in two weeks).

Judged are the claims about the numbers that have a circle at all: the own numbers that fulfil rule 4, whether
they have a second number or not. What is claimed of other numbers is left aside, for every method alike.

Every other pair of two numbers of one owner, and every pair the wrong way round, is *neutral*: to claim it is
neither right nor wrong. All other claims are wrong; that holds for any number claimed for the owner of a
data-only second number, because what nobody can see must not be claimed. How many such owners are claimed
is reported on its own.
"""

import numpy as np
import pandas as pd

from benchmarks.quality.world import World

LEAST_STABLE = 3
ONSET_DAYS = 30

COLUMNS = (
    "number",
    "second_number",
    "onset",
    "mode",
    "cause",
    "network",
    "share_moved",
    "circle_size",
    "records_after",
    "wanted",
    "why_not",
)


def population(world: World, least_stable: int = LEAST_STABLE) -> frozenset[str]:
    """Own numbers with enough stable own peers."""
    counts = world.counts
    return frozenset(counts.numbers[counts.own & (np.diff(counts.stable.indptr) >= least_stable)])


def make_truth(planted: pd.DataFrame, world: World, least_stable: int = LEAST_STABLE) -> pd.DataFrame:
    """Apply the rules.

    Parameters
    ----------
    planted : pandas.DataFrame
        number, second_number, onset, mode, cause, network, share_moved, visible.
    world : World
        The records.
    least_stable : int
        Stable peers that a number needs.

    Returns
    -------
    pandas.DataFrame
        The columns of `COLUMNS`; ``why_not`` is the first rule that a pair breaks, empty if it is wanted.
    """
    counts = world.counts
    first, second = counts.ids(planted["number"]), counts.ids(planted["second_number"])
    stable = np.diff(counts.stable.indptr)[first] * (first >= 0)
    records = np.asarray(counts.after.sum(axis=1))[second] * (second >= 0)
    silent = np.diff(counts.before.indptr)[first] * (first >= 0) == 0
    onset = planted["onset"].to_numpy()
    early, late = onset < world.split, onset >= world.split + pd.Timedelta(days=ONSET_DAYS)
    rules = {
        "off-net number": (first >= 0) & ~counts.own[first],
        "no record before": silent,
        "data-only": planted["mode"].to_numpy() == "data_only",
        "early onset": early,
        "late onset": late,
        "not visible": ~planted["visible"].to_numpy(dtype=bool) | (records == 0),
        "small circle": stable < least_stable,
    }
    why_not = np.select(list(rules.values()), list(rules), default="")
    made = planted.assign(
        circle_size=stable, records_after=records.astype(np.int64), wanted=why_not == "", why_not=why_not
    )
    return made[list(COLUMNS)].reset_index(drop=True)
