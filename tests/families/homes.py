"""A small town of families, colleagues and friends, for the tests of families."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

START = np.datetime64("2024-03-04", "s")  # a Monday
DAY = 86_400


@dataclass(frozen=True)
class Town:
    """Calls, and what is true of them: number by family, role and age."""

    calls: pd.DataFrame
    people: pd.DataFrame

    @property
    def subscribers(self) -> pd.DataFrame:
        """Everybody, with what an operator may know."""
        made = self.people[["number", "age"]].copy()
        made["id_document"] = self.people["document"]
        made["plan"] = [f"home-{family}" for family in self.people["family"]]
        made["region"] = [f"district {family % 3}" for family in self.people["family"]]
        return made

    def relatives(self) -> set[tuple[str, str]]:
        """Pairs of one family, the smaller string first."""
        by = self.people.groupby("family")["number"].agg(sorted)
        return {(a, b) for home in by for i, a in enumerate(home) for b in home[i + 1 :]}


def town(seed: int = 5, families: int = 24, days: int = 56) -> Town:
    """Make families of four (two adults, a child, an elder), teams of six adults, and four friends for everybody."""
    rng = np.random.default_rng(seed)
    n = 4 * families
    family, place = np.arange(n) // 4, np.arange(n) % 4
    age = np.array([41, 39, 12, 70])[place] + rng.integers(-3, 4, n)
    number = np.array([f"138{k:08d}" for k in rng.choice(10**8, n, replace=False)])
    chance: dict[tuple[int, int], tuple[float, str]] = {}
    adults = rng.permutation(np.flatnonzero(place < 2))
    for i in range(n):
        for j in rng.choice(n, 4, replace=False).tolist():
            if i != j:
                chance[min(i, j), max(i, j)] = (0.06, "any")
    for team in np.array_split(adults, max(1, len(adults) // 6)):
        for i in team:
            for j in team:
                if i < j:
                    chance[i, j] = (0.15, "work")
    for i in range(n):
        for j in range(i + 1, n):
            if family[i] == family[j]:
                chance[i, j] = (0.55 if place[i] + place[j] == 1 else 0.3, "home")
    rows = []
    for (i, j), (often, when) in chance.items():
        on = np.flatnonzero(rng.random(days) < often)
        if when == "work":
            on = on[on % 7 < 5]
        for day in np.repeat(on, 1 + rng.poisson(0.4, len(on))).tolist():
            hour = {"work": rng.integers(9, 18), "home": rng.choice([8, 12, 18, 19, 20, 21, 22])}.get(
                when, rng.integers(9, 22)
            )
            a, b = (i, j) if rng.random() < 0.5 else (j, i)
            length = int(rng.gamma(2, 15 if when == "home" else 60)) + 1
            rows.append((a, b, day * DAY + int(hour) * 3600 + int(rng.integers(3600)), length))
    table = np.array(rows)
    calls = pd.DataFrame(
        {
            "caller": number[table[:, 0]],
            "callee": number[table[:, 1]],
            "start": START + table[:, 2].astype("timedelta64[s]"),
            "duration": table[:, 3],
        }
    )
    documents = np.where(place == 2, 4 * family, np.arange(n))  # children are in the name of the first adult
    people = pd.DataFrame(
        {
            "number": number,
            "family": family,
            "place": place,
            "age": age,
            "document": [f"D{d}" for d in documents],
        }
    )
    return Town(calls.sort_values("start", ignore_index=True), people)


def firm(seed: int = 1, families: int = 25, days: int = 30, at_home: float = 10.0) -> Town:
    """Make one firm with the families of its people: a month of calls with strangers, nothing but who, whom and when.

    Families are of two to five, every tie of a household has `at_home` calls in the mean, every tie of a team of
    four to seven as many or more in work hours, and nobody's circle is seen but the one of these people.
    """
    rng = np.random.default_rng(seed)
    size = rng.choice([2, 3, 4, 5], families, p=[0.3, 0.3, 0.3, 0.1])
    family = np.repeat(np.arange(families), size)
    n = len(family)
    place = np.arange(n) - np.repeat(np.cumsum(size) - size, size)
    rate: dict[tuple[int, int], tuple[float, str]] = {}

    def tie(a: int, b: int, often: float, when: str) -> None:
        rate.setdefault((min(a, b), max(a, b)), (often * rng.lognormal(0, 0.7), when))

    for i in range(n):
        for j in range(i + 1, n):
            if family[i] == family[j]:
                tie(i, j, at_home * (2 if place[j] == 1 else 1), "home")
    staff = rng.permutation(np.flatnonzero(place == 0))
    for team in np.array_split(staff, max(1, families // 6)):
        for a, b in ((a, b) for a in team.tolist() for b in team.tolist() if a < b):
            tie(a, b, 11.0, "work")
    seen, strangers = n, 12
    for i in range(n):
        for _ in range(strangers):
            tie(i, seen, rng.choice([1.0, 4.0], p=[0.7, 0.3]), "any")
            seen += 1
    hours = {
        "home": [7, 12, 13, 17, 18, 19, 20, 21, 22],
        "work": [9, 10, 11, 12, 14, 15, 16, 17, 19],
        "any": range(8, 22),
    }
    number = np.array([f"n{k:08x}" for k in rng.choice(10**8, seen, replace=False)])
    rows = []
    for (a, b), (often, when) in rate.items():
        for _ in range(rng.poisson(often)):
            day = int(rng.integers(days))
            while when == "work" and day % 7 >= 5:
                day = int(rng.integers(days))
            out = rng.random() < 0.5
            second = day * DAY + int(rng.choice(list(hours[when]))) * 3600 + int(rng.integers(3600))
            rows.append((a if out else b, b if out else a, second))
    table = np.array(rows)
    calls = pd.DataFrame(
        {
            "caller": number[table[:, 0]],
            "callee": number[table[:, 1]],
            "start": START + table[:, 2].astype("timedelta64[s]"),
        }
    )
    people = pd.DataFrame({"number": number[:n], "family": family, "place": place})
    return Town(calls.sort_values("start", ignore_index=True), people)


def right(found: pd.DataFrame, town: Town) -> tuple[float, float]:
    """Precision and recall of the pairs inside the families found."""
    home = found.groupby("family_id")["number"].agg(sorted)
    said = {(a, b) for numbers in home for i, a in enumerate(numbers) for b in numbers[i + 1 :]}
    true = town.relatives()
    return len(said & true) / max(len(said), 1), len(said & true) / len(true)
