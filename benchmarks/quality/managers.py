"""Account managers: what a method must give, what counts as right, and simple baselines.

Judged are off-net numbers with a record. *Wanted* are account managers who reached at least `LEAST_TARGETS` own
subscribers; other managers and managers' second numbers are neutral; everybody else is wrong, and the kinds of
lookalikes accepted are counted.

To add a method, write a function from a `World` to a table with number, probability (any score, more is surer)
and, if it decides, accepted, and list it in `METHODS`. The thresholds of the baselines are those of the best F1 on
the tuning seeds; `python -m benchmarks.quality.managers` fits them anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.quality import metrics, scored
from benchmarks.quality.world import Case, World

NAME = "Account managers"
LEAST_TARGETS = 15

THRESHOLDS = {"distinct callees": 45.0, "out/in ratio": 4.29}
"""Fitted on cities of 10,000, all presets, the first two tuning seeds."""


@dataclass(frozen=True)
class Part:
    """Figures of one case: the scored numbers, and how many of each class of lookalikes were accepted."""

    numbers: scored.Scored
    lookalikes: dict[str, int]


def judge_case(case: Case, found: pd.DataFrame) -> Part:
    """Compare with the planted account managers."""
    counts, managers = case.world.counts, case.tables["managers"]
    off_net = counts.numbers[~counts.own]
    wanted = managers.loc[managers["targets"] >= LEAST_TARGETS, "number"]
    wanted = wanted[wanted.isin(off_net)]
    seconds = case.tables["second_numbers"]
    neutral = pd.concat(
        [managers["number"], seconds["second_number"][seconds["number"].isin(managers["number"])]]
    )
    right = found["number"].isin(wanted)
    judged = found["number"].isin(off_net) & (right | ~found["number"].isin(neutral))
    accepted = found["accepted"].astype(bool) if "accepted" in found else judged & False
    classes = case.tables["lookalikes"].set_index("number")["class"]
    taken = classes.reindex(found["number"][judged & accepted]).dropna().value_counts()
    kept = found[judged]
    listed = scored.Scored(
        kept["probability"].to_numpy(dtype=float),
        np.asarray(right[judged], dtype=np.float64),
        accepted[judged].to_numpy(dtype=bool),
        len(wanted),
    )
    return Part(listed, {str(name): int(count) for name, count in taken.items()})


def profile(world: World) -> tuple[NDArray[np.object_], dict[str, NDArray[np.float64]]]:
    """Off-net numbers and their scores by name: distinct own callees, and calls out over calls in.

    The ratio is (out + 1) / (in + 1), so that few calls prove little.
    """
    counts = world.counts
    calls = world.events[world.events["kind"] == "call"]
    caller, callee = counts.ids(calls["caller"]), counts.ids(calls["callee"])
    n = len(counts.numbers)
    met = np.unique(caller[counts.own[callee]] * n + callee[counts.own[callee]]) // n
    out, back = np.bincount(caller, minlength=n), np.bincount(callee, minlength=n)
    off_net = np.flatnonzero(~counts.own)
    scores = {
        "distinct callees": np.bincount(met, minlength=n).astype(float)[off_net],
        "out/in ratio": ((out + 1) / (back + 1))[off_net],
    }
    return counts.numbers[off_net], scores


def baseline(world: World, name: str) -> pd.DataFrame:
    """Rank by one figure of the profile and accept from its fitted threshold on."""
    numbers, scores = profile(world)
    score = scores[name]
    return pd.DataFrame({"number": numbers, "probability": score, "accepted": score >= THRESHOLDS[name]})


METHODS: dict[str, Callable[[World], pd.DataFrame]] = {
    "most distinct callees": partial(baseline, name="distinct callees"),
    "out/in ratio": partial(baseline, name="out/in ratio"),
}


def measure(parts: Sequence[Part]) -> dict[str, Any]:
    """Figures of a method over several cases."""
    made = scored.measure(scored.join([part.numbers for part in parts]))
    classes = sorted({name for part in parts for name in part.lookalikes})
    return made | {
        "lookalikes": {name: sum(part.lookalikes.get(name, 0) for part in parts) for name in classes}
    }


COLUMNS = {
    "PR-AUC": "pr_auc",
    "recall at 95 %": "recall_at_95",
    "precision at size": "precision_at_wanted",
    "accepted: precision": "precision",
    "recall": "recall",
    "F1": "f1",
}


def best_threshold(found: scored.Scored) -> float:
    """Score from which on accepting gives the best F1.

    Examples
    --------
    >>> listed = scored.Scored(np.array([9.0, 5.0, 1.0]), np.array([1.0, 1.0, 0.0]), np.zeros(3, dtype=bool), 2)
    >>> best_threshold(listed)
    5.0
    """
    values, claims, hits = metrics.steps(found.scores, found.right)
    return float(values[np.argmax(2 * hits / (claims + found.wanted))])


def fit(cases: Sequence[Case]) -> dict[str, float]:
    """Fit the thresholds on cases; see that they are of tuning seeds."""
    found = {
        name: scored.join([judge_case(case, baseline(case.world, name)).numbers for case in cases])
        for name in THRESHOLDS
    }
    return {name: best_threshold(listed) for name, listed in found.items()}


if __name__ == "__main__":
    from benchmarks.quality import cities, seeds

    worlds = [
        cities.city_case(preset, seed, cities.SUBSCRIBERS["full"])
        for preset in cities.PRESETS
        for seed in seeds.TUNING["city"][:2]
    ]
    print(fit(worlds))
