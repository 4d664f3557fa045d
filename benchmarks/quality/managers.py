"""Account managers: what a method must give, what counts as right, and simple baselines.

Judged are off-net numbers with a record. *Wanted* are account managers who reached at least `LEAST_TARGETS` own
subscribers; other managers and managers' second numbers are neutral; everybody else is wrong, and the kinds of
lookalikes accepted are counted.

*Approached* are the own numbers that had a recorded call or text with a wanted manager for his work. Those whom
only neutral managers reached are neutral. They are compared with the contacts of the accepted numbers, each
subscriber once.

To add a method, write a function from a `World` to a `Found` and list it in `METHODS`. The thresholds of the
baselines are those of the best F1 on the tuning seeds; `python -m benchmarks.quality.managers` fits them anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.quality import cities, metrics, scored, views
from benchmarks.quality.manager_cities import make
from benchmarks.quality.methods import circlegraph_managers
from benchmarks.quality.world import Case, World

NAME = "Account managers"
KEY = "managers"
PRESETS = (*cities.PRESETS, cities.SPARSE)
SUBSCRIBERS = {"small": 4_500, "full": 10_000}
"""Larger cities than usual: a manager needs hundreds of people whom he does not phone."""

LEAST_TARGETS = 15

THRESHOLDS = {"distinct callees": 34.0, "out/in ratio": 5.06}
"""Fitted on the cities of the small size, all presets, the first two tuning seeds."""

SEEMS = {
    "courier": ("courier",),
    "hotline": ("hotline",),
    "bank": ("hotline",),
    "service_line": ("hotline",),
    "voicemail": ("hotline",),
    "insurer": ("sales",),
    "estate_agent": ("sales",),
    "taxi": ("courier", "private"),
    "recruiter": ("sales",),
    "consultant": ("sales",),
    "adviser": ("sales", "private"),
}
"""What each planted class may be called by a method that says what a number seems to be."""

PLAGUES = ("courier", "hotline", "bank", "service_line", "voicemail")
"""Couriers and hotlines: an embarrassment on the list."""


@dataclass(frozen=True)
class Found:
    """What a method says of the account managers of a world.

    Attributes
    ----------
    numbers : pandas.DataFrame
        number, probability (any score, more is surer); accepted if it decides; seems if it says what else a
        number is (courier, hotline, sales, private, ...).
    contacts : pandas.DataFrame
        number, manager: own numbers that the accepted ones approached.
    """

    numbers: pd.DataFrame
    contacts: pd.DataFrame


@dataclass(frozen=True)
class Part:
    """Figures of one case.

    Attributes
    ----------
    numbers : Scored
        The judged off-net numbers.
    lookalikes : dict of str to int
        How many of each class of lookalikes were accepted.
    approached : tuple of int
        Subscribers rightly said to be approached, all said to be, all that were.
    named : tuple of int
        Lookalikes that the method rightly names, and all that it lists.
    """

    numbers: scored.Scored
    lookalikes: dict[str, int]
    approached: tuple[int, int, int]
    named: tuple[int, int]


def judge_case(case: Case, found: Found) -> Part:
    """Compare with the planted account managers."""
    listed = found.numbers
    if listed["number"].duplicated().any():
        raise ValueError("the method lists a number twice")
    counts, managers = case.world.counts, case.tables["managers"]
    off_net = counts.numbers[~counts.own]
    wanted = managers.loc[managers["targets"] >= LEAST_TARGETS, "number"]
    wanted = wanted[wanted.isin(off_net)]
    seconds = case.tables["second_numbers"]
    neutral = pd.concat(
        [managers["number"], seconds["second_number"][seconds["number"].isin(managers["number"])]]
    )
    right = listed["number"].isin(wanted)
    judged = listed["number"].isin(off_net) & (right | ~listed["number"].isin(neutral))
    accepted = listed["accepted"].astype(bool) if "accepted" in listed else judged & False
    classes = case.tables["lookalikes"].set_index("number")["class"]
    taken = classes.reindex(listed["number"][judged & accepted]).dropna().value_counts()
    kept = listed[judged]
    numbers = scored.Scored(
        kept["probability"].to_numpy(dtype=float),
        np.asarray(right[judged], dtype=np.float64),
        accepted[judged].to_numpy(dtype=bool),
        len(wanted),
    )
    return Part(
        numbers,
        {str(name): int(count) for name, count in taken.items()},
        _approached(case, found, set(wanted), set(listed["number"][accepted])),
        _named(listed, classes),
    )


def _approached(case: Case, found: Found, wanted: set[str], accepted: set[str]) -> tuple[int, int, int]:
    planted = case.tables["manager_contacts"]
    counts = case.world.counts
    own = set(counts.numbers[counts.own])
    of_wanted = planted["manager"].isin(wanted)
    were = set(planted.loc[of_wanted, "number"]) & own
    neutral = set(planted.loc[~of_wanted, "number"]) - were
    said = set(found.contacts.loc[found.contacts["manager"].isin(accepted), "number"]) - neutral
    return len(said & were), len(said), len(were)


def _named(listed: pd.DataFrame, classes: "pd.Series[str]") -> tuple[int, int]:
    if "seems" not in listed:
        return 0, 0
    known = listed[listed["number"].isin(classes.index)]
    planted = classes.loc[known["number"]]
    right = sum(seems in SEEMS[kind] for seems, kind in zip(known["seems"], planted, strict=True))
    return right, len(known)


def profile(world: World) -> tuple[NDArray[np.object_], dict[str, NDArray[np.float64]], pd.DataFrame]:
    """Off-net numbers, their scores by name, and whom they phoned.

    The scores are distinct own callees, and calls out over calls in: (out + 1) / (in + 1), so that few calls
    prove little.
    """
    counts = world.counts
    calls = world.events[world.events["kind"] == "call"]
    caller, callee = counts.ids(calls["caller"]), counts.ids(calls["callee"])
    n = len(counts.numbers)
    met = np.unique(caller[counts.own[callee]] * n + callee[counts.own[callee]])
    out, back = np.bincount(caller, minlength=n), np.bincount(callee, minlength=n)
    off_net = np.flatnonzero(~counts.own)
    scores = {
        "distinct callees": np.bincount(met // n, minlength=n).astype(float)[off_net],
        "out/in ratio": ((out + 1) / (back + 1))[off_net],
    }
    met = met[~counts.own[met // n]]
    phoned = pd.DataFrame({"number": counts.numbers[met % n], "manager": counts.numbers[met // n]})
    return counts.numbers[off_net], scores, phoned


def baseline(world: World, name: str) -> Found:
    """Rank by one figure of the profile, accept from its fitted threshold on, take all callees as approached."""
    numbers, scores, phoned = profile(world)
    score = scores[name]
    accepted = score >= THRESHOLDS[name]
    table = pd.DataFrame({"number": numbers, "probability": score, "accepted": accepted})
    return Found(table, phoned[phoned["manager"].isin(numbers[accepted])])


def circlegraph(world: World) -> Found:
    """Ask circlegraph, with all that the world holds."""
    return Found(*circlegraph_managers.find(world))


METHODS: dict[str, Callable[[World], Found]] = {
    "circlegraph": circlegraph,
    "circlegraph, calls alone": lambda world: circlegraph(views.calls(world)),
    "circlegraph, counts alone": lambda world: circlegraph(views.counts(world)),
    "most distinct callees": partial(baseline, name="distinct callees"),
    "out/in ratio": partial(baseline, name="out/in ratio"),
}
PROBABILITIES = ("circlegraph", "circlegraph, calls alone", "circlegraph, counts alone")


def measure(
    parts: Sequence[Part], *, is_probability: bool = False, resamples: int = scored.RESAMPLES
) -> dict[str, Any]:
    """Figures of a method over several cases."""
    made = scored.measure(
        scored.join([part.numbers for part in parts]), is_probability=is_probability, resamples=resamples
    )
    classes = sorted({name for part in parts for name in part.lookalikes})
    lookalikes = {name: sum(part.lookalikes.get(name, 0) for part in parts) for name in classes}
    hits, said, were = (sum(part.approached[place] for part in parts) for place in range(3))
    named, listed = (sum(part.named[place] for part in parts) for place in range(2))
    plagues = sum(count for name, count in lookalikes.items() if name in PLAGUES)
    return made | {
        "lookalikes": lookalikes,
        "couriers_and_hotlines": plagues,
        "plague_share": plagues / made["accepted"] if made["accepted"] else None,
        "approached_f1": 2 * hits / (said + were) if said else None,
        "approached_precision": hits / said if said else None,
        "approached_recall": hits / were if said and were else None,
        "seems_right": named / listed if listed else None,
    }


COLUMNS = {
    "PR-AUC": "pr_auc",
    "recall at 95 %": "recall_at_95",
    "precision at size": "precision_at_wanted",
    "accepted: precision": "precision",
    "recall": "recall",
    "F1": "f1",
    "couriers, hotlines": "couriers_and_hotlines",
    "approached: F1": "approached_f1",
    "lookalikes named": "seems_right",
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
    from benchmarks.quality import seeds

    worlds = [
        make(preset, seed, SUBSCRIBERS["small"]) for preset in PRESETS for seed in seeds.TUNING["city"][:2]
    ]
    print(fit(worlds))
