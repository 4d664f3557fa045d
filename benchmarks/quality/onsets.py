"""Second numbers at any time of the window: found without a split, and dated.

The cities are the usual ones, whose second numbers begin on any day. A pair is *wanted* as in
`benchmarks.quality.truth`, with the planted onset in place of the split: the onset lies at least `BEFORE_DAYS` after
the first day and `AFTER_DAYS` before the last, and the number has three stable own peers before its onset. All other
second numbers are neutral, except that those of data-only owners must not be claimed.

The onset is judged where the number's best candidate is the right one: days between the stated and the planted
first day of use. A change that creeps in over weeks is dated by its first day as well, so its error holds
part of the creeping: see the errors by mode.

To add a method, write a function from a `World` to a table with number, second_number, probability, accepted and
onset, and kind (second card, move) if it tells them apart; list it in `METHODS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.quality import cities, judge
from benchmarks.quality.counts import DAY, MONDAY_SHIFT
from benchmarks.quality.methods import circlegraph_dual_sim, circlegraph_onsets, jaccard
from benchmarks.quality.methods._pairs import binary, ranked
from benchmarks.quality.truth import COLUMNS as TRUTH_COLUMNS
from benchmarks.quality.truth import LEAST_STABLE
from benchmarks.quality.world import Case, World

NAME = "Second numbers at any time"
KEY = "onsets"
PRESETS = cities.PRESETS
SUBSCRIBERS = cities.SUBSCRIBERS

BEFORE_DAYS, AFTER_DAYS = 28, 21
NEAR_DAYS = 7


def make(preset: str, seed: int, subscribers: int) -> Case:
    """Make a city; the split of its world only says from when on a number counts as new."""
    case = cities.usual_case(preset, seed, subscribers)
    first, last = (case.world.events["start"].agg(edge).normalize() for edge in ("min", "max"))
    world = replace(case.world, split=first + pd.Timedelta(days=BEFORE_DAYS))
    ends = last + pd.Timedelta(days=1 - AFTER_DAYS)
    truth = anytime_truth(case.tables["second_numbers"], world, ends)
    steady = stable_before(world, pd.Series(pd.NaT, index=pd.Index(world.counts.numbers[world.counts.own])))
    population = frozenset(steady.index[steady >= LEAST_STABLE])
    return replace(case, world=world, truth=truth, population=population)


def anytime_truth(planted: pd.DataFrame, world: World, ends: pd.Timestamp) -> pd.DataFrame:
    """Apply the rules; the columns are those of `benchmarks.quality.truth`, and kind."""
    own = set(world.counts.numbers[world.counts.own])
    is_own = planted["number"].isin(own)
    steady = stable_before(world, planted[is_own].drop_duplicates("number").set_index("number")["onset"])
    size = planted["number"].map(steady).fillna(0).astype(int)
    rules = {
        "off-net number": ~is_own,
        "data-only": planted["mode"] == "data_only",
        "early onset": planted["onset"] < world.split,
        "late onset": planted["onset"] >= ends,
        "not visible": ~planted["visible"].astype(bool),
        "small circle": size < LEAST_STABLE,
    }
    why_not = np.select([rule.to_numpy() for rule in rules.values()], list(rules), default="")
    second_is_own = planted["second_number"].isin(own)
    made = planted.assign(
        network=np.where(second_is_own, "own", "other"),
        circle_size=size,
        records_after=planted["second_events"],
        wanted=why_not == "",
        why_not=why_not,
        kind=np.where(planted["first_ends"].notna(), "move", "second card"),
    )
    return made[[*TRUTH_COLUMNS, "kind"]].reset_index(drop=True)


def stable_before(world: World, until: "pd.Series[Any]") -> "pd.Series[int]":
    """Stable own peers of each number before a time of its own.

    Parameters
    ----------
    world : World
        The records.
    until : pandas.Series
        Time by number; empty: the whole window counts.

    Returns
    -------
    pandas.Series of int
        Own peers met in two Monday-based weeks, by number.
    """
    used = world.events[world.events["kind"] != "forward"]
    sides = [
        used[[one, other, "start"]].set_axis(["number", "peer", "start"], axis=1)
        for one, other in (("caller", "callee"), ("callee", "caller"))
    ]
    own = set(world.counts.numbers[world.counts.own])
    rows = pd.concat(sides, ignore_index=True)
    rows = rows[rows["number"].isin(until.index) & rows["peer"].isin(own) & (rows["number"] != rows["peer"])]
    limit = until.reindex(rows["number"]).to_numpy()
    rows = rows[pd.isna(limit) | (rows["start"].to_numpy() < limit)]
    epoch_days = rows["start"].to_numpy().astype("datetime64[s]").astype(np.int64) // DAY
    weeks = rows.assign(week=(epoch_days + MONDAY_SHIFT) // 7).groupby(["number", "peer"])["week"].nunique()
    steady = weeks[weeks >= 2].groupby(level="number").size()
    return steady.reindex(until.index, fill_value=0)


@dataclass(frozen=True)
class Part:
    """Claims and ranks of one case, and the dates of the right claims: mode, error in days, kind planted and said."""

    judged: judge.Judged
    dates: pd.DataFrame


def judge_case(case: Case, found: pd.DataFrame) -> Part:
    """Compare pairs, onsets and kinds with the planted ones."""
    judged = judge.judge_case(case, found)
    right = judged.wanted.loc[
        judged.wanted["score"] >= 0, ["number", "second_number", "onset", "mode", "kind"]
    ]
    said = found[[name for name in ("number", "second_number", "onset", "kind") if name in found]]
    both = right.merge(said, on=["number", "second_number"], suffixes=("", "_said"))
    days = (pd.to_datetime(both["onset_said"]) - both["onset"]).dt.total_seconds() / DAY
    kind = both["kind_said"] if "kind_said" in both else pd.Series(None, index=both.index, dtype=object)
    dates = pd.DataFrame({"mode": both["mode"], "days": days, "kind": both["kind"], "kind_said": kind})
    return Part(judged, dates)


def whole_window_jaccard(world: World) -> pd.DataFrame:
    """Jaccard of the circles of the whole window, among numbers new after four weeks; onset: the first record."""
    counts = world.counts
    before = counts.own_columns(binary(counts.before + counts.after))
    after = counts.own_columns(binary(counts.after))
    found = ranked(
        counts,
        before,
        after,
        lambda shared, first, second: shared / (first + second - shared),
        new_only=True,
    )
    events = world.events
    ends = [events.groupby(end, observed=True)["start"].min() for end in ("caller", "callee")]
    first = pd.concat(ends).groupby(level=0).min()
    return found.assign(onset=found["second_number"].map(first).dt.normalize())


def _middle(world: World) -> World:
    edges = world.events["start"].agg(["min", "max"])
    return replace(world, split=(edges["min"] + (edges["max"] - edges["min"]) / 2).normalize())


def jaccard_in_the_middle(world: World) -> pd.DataFrame:
    """Jaccard of before against after one split in the middle, which is then the onset of all."""
    at = _middle(world)
    return jaccard.rank(at, new_only=False).assign(onset=at.split)


def circlegraph_in_the_middle(world: World) -> pd.DataFrame:
    """Let circlegraph use one split in the middle, which is then the onset of all."""
    at = _middle(world)
    return circlegraph_dual_sim.rank(at).assign(onset=at.split)


METHODS: dict[str, Callable[[World], pd.DataFrame]] = {
    "circlegraph, auto": circlegraph_onsets.rank,
    "circlegraph, split in the middle": circlegraph_in_the_middle,
    "Jaccard, whole window, new only": whole_window_jaccard,
    "Jaccard, split in the middle": jaccard_in_the_middle,
}
PROBABILITIES = ("circlegraph, auto", "circlegraph, split in the middle")


def measure(
    parts: Sequence[Part], *, is_probability: bool = False, resamples: int = judge.RESAMPLES
) -> dict[str, Any]:
    """Figures of a method over several cases: those of second numbers, and the errors of the onsets."""
    numbered = [
        replace(
            part.judged,
            claims=part.judged.claims.assign(case=index),
            wanted=part.judged.wanted.assign(case=index),
        )
        for index, part in enumerate(parts)
    ]
    made = judge.measure(judge.join(numbered), is_probability=is_probability, resamples=resamples)
    dates = pd.concat([part.dates for part in parts], ignore_index=True)
    dated = dates.dropna(subset=["days"])
    told = dates.dropna(subset=["kind_said"])
    return made | {
        "dated": len(dated),
        "onset_error_days": _median(dated["days"].abs()),
        "onset_bias_days": _median(dated["days"]),
        "onset_near": float((dated["days"].abs() <= NEAR_DAYS).mean()) if len(dated) else None,
        "onset_error_by_mode": {
            str(mode): _median(rows["days"].abs()) for mode, rows in dated.groupby("mode")
        },
        "kind_right": float((told["kind"] == told["kind_said"]).mean()) if len(told) else None,
    }


def _median(days: "pd.Series[float]") -> float | None:
    return float(days.median()) if len(days) else None


COLUMNS = {
    "PR-AUC": "pr_auc",
    "recall at 95 %": "recall_at_95",
    "precision at size": "precision_at_wanted",
    "accepted: precision": "precision",
    "recall": "recall",
    "rank 1": "rank1",
    "onset: median error, days": "onset_error_days",
    "bias": "onset_bias_days",
    f"within {NEAR_DAYS} days": "onset_near",
    "kind right": "kind_right",
}
