"""When numbers talk: the kernels against plain twins, pieces of time, and the same from CDRs and from a store."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.cdr.stamps import packed
from circlegraph.contacts import talks as talks_module
from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.contacts.talks import Talks, long_calls, talks_of
from circlegraph.contacts.windows import DAY, Windows
from circlegraph.detect.second_numbers import sightings
from circlegraph.detect.second_numbers.sightings import Sightings
from circlegraph.graph.network import Network
from circlegraph.graph.source import contacts_of
from circlegraph.kernels.talks import LEAST_STEPS, LENGTH_BITS, MOST_DAYS, SAME_END, STEP
from circlegraph.resources import Resources
from circlegraph.store.store import Store

ONE = Resources(threads=1)
N = 4
KEYS = np.arange(10, 10 + N, dtype=np.int64)
PAIRS = np.array([(a, b) for a in range(N) for b in range(N) if a != b], np.int64).T.copy()

Event = tuple[int, int, int, int]  # caller, callee, start, seconds


class Events:
    """Events by day, as a source of talks."""

    def __init__(self, events: list[Event]) -> None:
        rows = np.array(events, np.int64).reshape(-1, 4)
        self.events = np.stack([KEYS[rows[:, 0]], KEYS[rows[:, 1]], packed(rows[:, 2], rows[:, 3])], axis=1)
        self.day = rows[:, 2] // DAY
        self.sizes = set(self.day.tolist())

    def rows(self, day: int) -> Any:
        return self.events[self.day == day]


def talks(events: list[Event], days: int = 700, resources: Resources = ONE) -> Talks:
    return talks_of(Events(events), NumberIndex(KEYS), Windows((0, days * DAY)), resources)


def at_once(events: list[Event], **how: Any) -> dict[tuple[int, int], float]:
    counts = Sightings(N, talks=talks(events, **how)).at_once(*PAIRS, 1).tolist()
    return dict(zip(map(tuple, PAIRS.T.tolist()), counts, strict=True))


def twin(events: list[Event], a: int, b: int) -> int:
    """Every call of the one against every call of the other; right where nobody has two calls at a time."""
    calls = [
        {(start // 10, (start + s) // 10) for *ends, start, s in events if x in ends and s >= 40}
        for x in (a, b)
    ]
    return sum(
        min(end, stop) - max(begin, start) >= LEAST_STEPS and abs(end - stop) > SAME_END
        for begin, end in calls[0]
        for start, stop in calls[1]
    )


@st.composite
def one_call_at_a_time(draw: st.DrawFn) -> list[Event]:
    """Calls of which nobody has two at a time, on several days in any order."""
    events: list[Event] = []
    free = [0] * N
    for _ in range(draw(st.integers(0, 25))):
        a, b = draw(st.permutations(range(N)))[:2]
        start = max(free[a], free[b]) + draw(st.sampled_from([0, 3, 50, 400, DAY]))
        seconds = draw(st.integers(0, 200))
        # A gap of one step: what follows at once would begin in the step in which the other ends.
        free[a] = free[b] = start + seconds + 10
        events.append((a, b, start, seconds))
    return draw(st.permutations(events))


@given(one_call_at_a_time())
def test_talks_at_once_equal_twin(events: list[Event]) -> None:
    for (a, b), count in at_once(events).items():
        assert count == twin(events, a, b)


@given(one_call_at_a_time(), st.integers(1, 5))
def test_pieces_change_nothing(events: list[Event], calls: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(talks_module, "CALL_BYTES", Resources(memory_limit=10**9).sighting_room // calls)
        patch.setattr(sightings, "PAIRS_AT_A_TIME", 5)
        small = Resources(threads=2, memory_limit=10**9)
        assert at_once(events, resources=small) == at_once(events)


def test_what_counts_as_talking_at_once() -> None:
    def count(*events: Event) -> float:
        return at_once(list(events))[0, 1]

    assert count((0, 2, 0, 100), (1, 3, 60, 100)) == 1  # 40 s side by side
    assert count((0, 2, 0, 100), (3, 1, 80, 100)) == 0  # 20 s: the clocks may differ
    assert count((0, 2, 0, 35), (1, 3, 0, 90)) == 0  # too short to tell
    assert count((0, 2, 0, 0), (1, 3, 0, 90)) == 0  # a missed call is no talk
    assert count((0, 1, 0, 100)) == 0  # they talk to each other
    assert count((2, 0, 0, 100), (2, 1, 25, 75)) == 0  # forwarded: both legs end together
    assert count((0, 2, 0, 100_000), (1, 3, 60, 100)) == 1  # longer than a word can say
    assert count((0, 2, 86_300, 400), (1, 3, 86_450, 100)) == 1  # across midnight
    assert count((0, 2, 0, 300), (1, 3, 50, 60), (1, 3, 150, 60)) == 2
    far = (MOST_DAYS + 9) * DAY
    assert count((0, 2, 0, 100), (0, 2, far, 100), (1, 3, far + 10, 60)) == 1  # more days than a piece holds
    wrapped = STEP << 32 - LENGTH_BITS
    assert count((0, 2, 0, 100), (1, 3, wrapped + 10, 60)) == 0  # the steps of a piece begin anew there


def test_texts_and_forwards_are_no_talks() -> None:
    stamps = packed(np.zeros(3, np.int64), 60, np.arange(3))
    assert len(long_calls(np.stack([KEYS[:3], KEYS[1:], stamps], axis=1))) == 1


def test_windows_and_numbers_that_nobody_asked_for() -> None:
    events = [(0, 2, 2 * DAY, 100), (1, 3, 2 * DAY + 10, 60), (0, 2, 9 * DAY, 100)]
    assert len(talks(events, days=3)) == 4
    assert len(talks(events, days=1)) == 0
    found = talks_of(Events(events), NumberIndex(KEYS[:1]), Windows((0, 10 * DAY)), ONE)
    ((indptr, laid),) = found.pieces()
    assert (indptr.tolist(), len(laid)) == ([0, 2], 2)


def calls() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    ends = np.array([rng.permutation(8)[:2] for _ in range(900)])
    start = pd.Timestamp("2024-05-01") + pd.to_timedelta(rng.integers(0, 4 * DAY, 900), "s")
    return pd.DataFrame(
        {
            "caller": [f"1380000000{x}" for x in ends[:, 0]],
            "callee": [f"1380000000{x}" for x in ends[:, 1]],
            "start": start,
            "duration": rng.integers(0, 900, 900),
            "kind": rng.choice(["call", "sms"], 900, p=[0.9, 0.1]),
        }
    )


def counted(source: Any, resources: Resources = ONE) -> list[float]:
    def windows(*_: int) -> Windows:
        first = int(pd.Timestamp("2024-05-01").timestamp())
        return Windows((first, first + DAY, first + 3 * DAY))

    found = contacts_of(source, windows, network=Network(), resources=resources, detail="sums", talks=True)
    pairs = np.array([(a, b) for a in range(8) for b in range(8)]).T
    return Sightings(8, talks=found.talks).at_once(*pairs, resources.threads).tolist()


def test_a_store_says_the_same_as_the_cdrs(tmp_path: Path) -> None:
    frame = calls()
    from_cdrs = counted(frame)
    assert max(from_cdrs) > 3
    store = Store.create(tmp_path / "store")
    for late in (False, True):
        store.append(frame[frame.index % 3 == late * 2])
    store.append(frame)
    assert counted(store) == from_cdrs
    assert counted(frame, Resources(threads=2, memory_limit=10**9)) == from_cdrs


def test_who_does_not_say_how_long_says_nothing(tmp_path: Path) -> None:
    frame = calls().drop(columns="duration")
    store = Store.create(tmp_path / "store")
    store.append(frame)
    for source in (frame, store):
        assert np.isnan(counted(source)).all()
