"""What happened next: second numbers, falling traffic and silence among the approached, against everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.windows import DAY
from circlegraph.detect.account_managers.falls import Singles, add_minutes, of_traffic
from circlegraph.detect.account_managers.ties import Scene
from circlegraph.detect.known import Listed
from circlegraph.errors import InputError
from circlegraph.graph.numbering import Numbers

FOLLOWED_DAYS = 60
ACTIVITY_CLASSES = 5
LIFTS = {"second numbers": ((5.0, 1.0), (1.0, 4.0)), "falling traffic": ((2.0, 2.0), (1.0, 6.0))}
"""Mean and shape of the gamma distribution of the lift of account managers, and of that of all others: seen on the
tuning seeds of the synthetic cities."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What happened next; NaN for what is not known.

    Attributes
    ----------
    change
        float32[ties]: traffic, or else minutes billed, of the approached after the first contact over that before.
    taken
        float32[ties]: probability that he took a second number of the judged number's operator afterwards.
    observed, expected
        float64[judged] by name: cases among the approached, and how many the matched others would have.
    """

    change: Singles
    taken: Singles
    observed: dict[str, Floats]
    expected: dict[str, Floats]

    def lift(self, name: str) -> Floats:
        """Observed over expected, shrunk towards 1 where little is expected: mean of the lift's distribution."""
        shape = LIFTS[name][1][1]
        return np.asarray((self.observed[name] + shape) / (self.expected[name] + shape))

    def weight(self) -> Floats | None:
        """log2 of how much likelier an account manager makes what happened, float64[judged]; None if not known.

        The observed cases are Poisson, the lift has a gamma distribution: so few cases say little.
        """
        if not self.observed:
            return None
        parts = [
            _log2_chance(seen, self.expected[name], *LIFTS[name][0])
            - _log2_chance(seen, self.expected[name], *LIFTS[name][1])
            for name, seen in self.observed.items()
        ]
        return np.asarray(np.sum(parts, axis=0))


def _log2_chance(seen: Floats, expected: Floats, mean: float, shape: float) -> Floats:
    """log2 of the probability of so many cases, up to what does not depend on the lift."""
    from scipy.special import gammaln

    rate = np.maximum(expected, 1e-9) * mean / shape
    chance = (
        gammaln(seen + shape) - gammaln(shape) + seen * np.log(rate / (1 + rate)) - shape * np.log1p(rate)
    )
    return np.asarray(chance / np.log(2.0))


def follow(
    scene: Scene,
    approach: NDArray[np.bool_],
    good: Floats,
    second_numbers: SecondNumbers | None,
    bills: Listed | None = None,
) -> Aftermath:
    """Follow the approached for 60 days.

    Parameters
    ----------
    scene, approach
        The ties, and which of them look like an approach.
    good
        float64[numbers]: value, by which the approached are matched, together with their activity.
    second_numbers
        Second numbers as `read_second_numbers` gives them, or None.
    bills
        Whose minutes tell of a fall where the traffic does not: too little of it, or too short a time.
    """
    unknown = np.full(len(scene.ties), np.nan, np.float32)
    observed: dict[str, Floats] = {}
    expected: dict[str, Floats] = {}
    change, strata = unknown, _strata(scene, good)
    if scene.timed:
        falls = of_traffic(scene, strata)
        if bills is not None and "mou" in bills.table.column_names:
            add_minutes(falls, scene, strata, bills)
        change = falls.change
        observed["falling traffic"] = scene.total(approach & falls.fell)
        expected["falling traffic"] = scene.total(np.where(approach & falls.known, falls.usual, 0.0))
    taken = unknown
    if scene.timed and second_numbers is not None:
        taken, usual = _taken(scene, strata, second_numbers)
        known = approach & ~np.isnan(usual)
        observed["second numbers"] = scene.total(np.where(known, taken, 0.0))
        expected["second numbers"] = scene.total(np.where(known, usual, 0.0))
    return Aftermath(change, taken, observed, expected)


def _strata(scene: Scene, good: Floats) -> NDArray[np.int64]:
    """Class of each own number by value and activity, -1 for the others."""
    load = scene.loads.sum(axis=1)
    own = np.flatnonzero(scene.numbers.own & (load > 0))
    rank = np.argsort(np.argsort(load[own], kind="stable"))
    activity = rank * ACTIVITY_CLASSES // max(len(own), 1)
    value = np.where(np.isnan(good[own]), 2, good[own]).astype(np.int64)
    strata = np.full(len(scene.numbers), -1, np.int64)
    strata[own] = activity * 3 + value
    return strata


@dataclass(frozen=True, slots=True)
class SecondNumbers:
    """Second numbers of the own network's subscribers, an array entry each.

    Attributes
    ----------
    number
        int64: ids.
    operator
        Names.
    probability
        float64.
    onset
        int64: days since 1970.
    """

    number: NDArray[np.int64]
    operator: NDArray[np.object_]
    probability: Floats
    onset: NDArray[np.int64]


def read_second_numbers(found: Any, numbers: Numbers) -> SecondNumbers:
    """Second numbers from a `DualSim` or from a table with its columns; numbers that are not here are left out.

    Raises
    ------
    InputError
        If a column is missing.
    """
    import pandas as pd

    frame = getattr(found, "pairs", found)
    needed = ("number", "second_number", "second_operator", "probability", "onset")
    for name in needed:
        if name not in getattr(frame, "columns", ()):
            raise InputError(f"the second numbers have no column {name!r}; give a DualSim or its .pairs")
    ids = numbers.ids_of([str(number) for number in frame["number"]])
    probability = pd.to_numeric(frame["probability"]).to_numpy(dtype=float, na_value=np.nan)
    if "accepted" in frame.columns:
        accepted = frame["accepted"].astype(str).str.lower() == "true"
        probability = np.where(np.isnan(probability), accepted, probability)
    others = numbers.ids_of([str(number) for number in frame["second_number"]])
    operator = frame["second_operator"].astype(object).fillna("").to_numpy()  # none known: a column of floats
    ours = (others >= 0) & numbers.own[others]
    onset = pd.to_datetime(frame["onset"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    kept = (ids >= 0) & ~ours
    return SecondNumbers(ids[kept], operator[kept], np.nan_to_num(probability[kept]), onset[kept])


def _taken(scene: Scene, strata: NDArray[np.int64], second: SecondNumbers) -> tuple[Singles, Singles]:
    """Probability that the peer of each tie took a second number of the operator afterwards, and the usual one.

    Where a number's operator has no name, any other operator's second number counts.
    """
    ties, n = scene.ties, len(scene.numbers)
    codes, names = scene.numbers.operator_codes[scene.judged], scene.numbers.operator_names
    operators = codes[ties.caller]
    first = (ties.first // DAY).astype(np.int32)
    taken, usual = np.zeros(len(ties), np.float32), np.full(len(ties), np.nan, np.float32)
    if not len(second.number):
        return taken, usual
    begin, end = int(second.onset.min()), scene.windows.edges[-1] // DAY
    ours = strata >= 0
    people = np.bincount(strata[ours])
    watched = np.clip(np.minimum(first + FOLLOWED_DAYS, end) - np.maximum(first, begin), 0, None)
    for code in np.unique(codes).tolist():
        operator = names[code]
        of_it = np.flatnonzero(ours[second.number] & ((second.operator == operator) | (operator == "")))
        of_it = of_it[np.argsort(second.probability[of_it], kind="stable")]  # the surest is written last
        best, onset = np.zeros(n), np.full(n, begin - 1)
        best[second.number[of_it]] = second.probability[of_it]
        onset[second.number[of_it]] = second.onset[of_it]
        daily = np.bincount(strata[ours], best[ours]) / np.maximum(people, 1) / max(end - begin, 1)
        rows = np.flatnonzero((operators == code) & (watched > 0) & ours[ties.callee])
        peer = ties.callee[rows]
        late = onset[peer] - first[rows]
        taken[rows] = np.where((late >= 0) & (late <= FOLLOWED_DAYS), best[peer], 0.0)
        usual[rows] = daily[strata[peer]] * watched[rows]
    return taken, usual
