"""Made-up events and CDRs for the tests."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from naive import DAY, Event

# Digits, short numbers, beyond 2**31, the largest digit key, and keys of tokens, which are negative.
NUMBERS = (1300, 110086, 113800138000, 113900139000, 2**31 + 5, 2 * 10**18, -7, -(2**40), -(2**63) + 1)
TIMES = (-69 * 366 * DAY, -DAY - 9, -DAY, -1, 9, 17_000 * DAY, 2**31 - 9, 2**31, 80_000 * DAY)


def events(
    low: int = -3 * DAY,
    high: int = 9 * DAY,
    numbers: Sequence[int] = NUMBERS,
    legs: Sequence[int] = (0,),
    kinds: Sequence[int] = (0, 0, 1, 2),
    durations: Any = None,
    most: int = 60,
) -> st.SearchStrategy[list[Event]]:
    """Lists of events with repetitions likely, starts in ``low <= start < high``."""
    start = st.integers(low, high - 1)
    near = start.map(lambda s: min(high - 1, s // 4 * 4 + s % 3))
    event = st.builds(
        Event,
        st.sampled_from(numbers),
        st.sampled_from(numbers),
        st.one_of(start, near),
        durations if durations is not None else st.integers(0, 2**22 - 1),
        st.sampled_from(kinds),
        st.sampled_from(legs),
    )
    return st.lists(event, max_size=most).map(lambda found: found + found[::7])


def zoo() -> dict[str, list[Event]]:
    """Odd sets of events, by name."""
    a, b, c = 113800138000, 113900139000, 1300
    return {
        "empty": [],
        "one": [Event(a, b, 5 * DAY, 60)],
        "self calls": [Event(a, a, 5 * DAY, 60), Event(a, b, 5 * DAY, 30), Event(-7, -7, DAY, 0, 1)],
        "hub": [Event(a, 10**9 + i, i * 977, i) for i in range(300)],
        "called hub": [Event(-(10**15) - i, a, i * 977, i, i % 2) for i in range(300)],
        "disconnected": [Event(2 * i + 1501, 2 * i + 1502, i * DAY // 3, 5) for i in range(50)],
        "repeated": [Event(a, b, 100, 7)] * 9 + [Event(b, a, 100, 7)] * 4 + [Event(a, b, 100, 7, 1)] * 2,
        "odd keys": [Event(x, y, DAY, 3) for x in NUMBERS for y in NUMBERS if x != y],
        "odd times": [Event(a, b, t, 2**22 - 1, k) for t in TIMES for k in (0, 1, 2)],
        "one pair": [
            Event((a, b)[i % 3 == 0], (b, a)[i % 3 == 0], i * 3571, i % 90, i % 2) for i in range(999)
        ],
        "only forwards": [Event(a, b, 100, 7, 2), Event(b, c, 100, 7, 2)],
    }


def frame(rows: Sequence[Event], names: dict[int, str] | None = None) -> pd.DataFrame:
    """Canonical CDR table of events; numbers are those of the keys, or by name."""

    def name(key: int) -> str:
        return names[key] if names else key_text(key)

    return pd.DataFrame(
        {
            "caller": [name(e.caller) for e in rows],
            "callee": [name(e.callee) for e in rows],
            "start": np.array([e.start for e in rows], "datetime64[s]"),
            "duration": [e.duration for e in rows],
            "kind": [("call", "sms", "forward")[e.kind] for e in rows],
        }
    )


def key_text(key: int) -> str:
    """Number of a digit key ("1" and the digits), a token for any other."""
    return str(key)[1:] if key > 0 and str(key)[0] == "1" else f"token{key}"


def town(
    seed: int = 0,
    people: int = 60,
    days: int = 28,
    events_a_day: int = 120,
    first: int = 19_723,
    tokens: bool = True,
) -> list[Event]:
    """Unique events of a small town whose people have a few favourites each; 19723 is 2024-01-01, a Monday.

    Keys are those of "1" and digits, and with `tokens` some negative; `names` gives their strings.
    """
    rng = np.random.default_rng(seed)
    friends = rng.integers(0, people, (people, 4))
    found: dict[Event, None] = {}
    while len(found) < days * events_a_day:
        x = int(rng.integers(people))
        y = int(friends[x, min(3, rng.geometric(0.5) - 1)] if rng.random() < 0.8 else rng.integers(people))
        if x == y:
            continue
        kind = int(rng.choice(3, p=(0.7, 0.28, 0.02)))
        start = first * DAY + int(rng.integers(days * DAY))
        found[Event(x + 1, y + 1, start, 0 if kind == 1 else int(rng.geometric(0.01)), kind)] = None
    return sorted(found, key=lambda e: e.start)


def town_names(people: int = 60, tokens: bool = True) -> dict[int, str]:
    """Strings of the numbers of a `town`: mobile numbers, every fifth a token."""
    return {
        x: f"user-{x * 7919 % 10007:x}" if tokens and x % 5 == 0 else f"138{x * 104729 % 10**8:08}"
        for x in range(1, people + 1)
    }
