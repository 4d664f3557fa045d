"""A town whose subscribers are called by one account manager, a courier, an insurer and many friends off-net."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

MANAGER, COURIER, INSURER, SERVICE = "18600000001", "18900000001", "18600000002", "10010"
OWN = [f"138{i:08d}" for i in range(300)]
GOOD = OWN[:90]
FRIENDS = [f"186{i:08d}" for i in range(100, 180)]
START = pd.Timestamp("2024-01-01")  # a Monday
DAYS = 84


@dataclass
class Town:
    calls: pd.DataFrame
    subscribers: pd.DataFrame
    bills: pd.DataFrame
    approached: list[str]


class _Log:
    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.rows: list[tuple[str, str, pd.Timestamp, int]] = []

    def at(self, day: int, first: int, last: int) -> pd.Timestamp:
        return START + pd.Timedelta(days=day, seconds=int(self.rng.integers(first * 3600, last * 3600)))

    def workday(self) -> int:
        return int(self.rng.integers(0, DAYS // 7)) * 7 + int(self.rng.integers(0, 5))

    def call(self, a: str, b: str, when: pd.Timestamp, seconds: float) -> None:
        self.rows.append((a, b, when, max(1, int(self.rng.exponential(seconds)))))


def town(seed: int = 5, days: int = DAYS) -> Town:
    """Everybody's calls; the manager approaches 32 people of value, half of whom then call less."""
    log = _Log(seed)
    rng = log.rng
    for x, number in enumerate(OWN):
        ring = [OWN[(x + step) % len(OWN)] for step in (1, 2, 3, 5, 8)]
        friends = rng.choice(FRIENDS, 4, replace=False).tolist()
        for peer in ring + friends:
            for _ in range(int(rng.integers(6, 16))):
                a, b = (number, peer) if rng.random() < 0.5 else (peer, number)
                log.call(a, b, log.at(int(rng.integers(0, DAYS)), 9, 23), 90)
    approached = rng.choice(GOOD, 32, replace=False).tolist()
    for number in approached:
        first = log.workday()
        for again in range(int(rng.integers(1, 4))):
            day = first + 7 * again
            if day < DAYS:
                log.call(MANAGER, number, log.at(day, 9, 17), 70)
        if rng.random() < 0.2:
            log.call(number, MANAGER, log.at(min(first + 1, DAYS - 1), 9, 20), 60)
    for number in OWN:
        for _ in range(int(rng.integers(3, 7))):
            log.call(COURIER, number, log.at(int(rng.integers(0, DAYS)), 8, 20), 18)
        if rng.random() < 0.5:
            log.call(INSURER, number, log.at(log.workday(), 9, 17), 60)
        if rng.random() < 0.5:
            log.call(number, SERVICE, log.at(int(rng.integers(0, DAYS)), 8, 22), 100)
    calls = pd.DataFrame(log.rows, columns=["caller", "callee", "start", "duration"]).assign(kind="call")
    calls = calls[calls["start"] < START + pd.Timedelta(days=days)].sort_values("start", ignore_index=True)
    subscribers = pd.DataFrame(
        {"number": OWN, "value_tier": ["high" if n in set(GOOD) else "low" for n in OWN]}
    )
    arpu = [150.0 if n in set(GOOD) else 40.0 for n in OWN]
    bills = pd.DataFrame({"number": OWN, "month": "2024-01", "arpu": arpu, "mou": 100.0})
    return Town(calls, subscribers, bills, approached)
