"""Plain twins of the engine's kernels: dictionaries, sets and loops, and Python's own calendar."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log1p
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

DAY = 86_400
CALL, TEXT, FORWARD = 0, 1, 2
WORD = 2**64


class Event(NamedTuple):
    caller: int
    callee: int
    start: int
    duration: int = 0
    kind: int = CALL
    leg: int = 0

    @property
    def stamp(self) -> int:
        return self.start * 2**26 + self.duration * 16 + self.kind * 4 + self.leg

    @property
    def moment(self) -> datetime:
        return datetime(1970, 1, 1) + timedelta(seconds=self.start)


def packed(events: Iterable[Event]) -> NDArray[np.int64]:
    """int64[n, 3] as the kernels want it."""
    rows = [(e.caller, e.callee, e.stamp) for e in events]
    return np.array(rows, np.int64).reshape(len(rows), 3)


def unpacked(rows: NDArray[np.int64]) -> list[Event]:
    return [Event(a, b, s // 2**26, s // 16 % 2**22, s // 4 % 4, s % 4) for a, b, s in rows.tolist()]


def mix(a: int, b: int) -> int:
    """64 mixed bits of two signed 64-bit integers; stores on disk depend on them."""
    h = a % WORD * 0x9E3779B97F4A7C15 % WORD
    h ^= (b % WORD + 0x632BE59BD9B4E019) % WORD * 0xC2B2AE3D27D4EB4F % WORD
    h ^= h >> 32
    h = h * 0xD6E8FEB86659FD93 % WORD
    return h ^ (h >> 29)


def unique(events: Sequence[Event]) -> list[Event]:
    return list(dict.fromkeys(events))


def second_legs(events: Sequence[Event], start_tolerance: int, duration_tolerance: int) -> dict[int, int]:
    """Row of the callee's leg -> row of the caller's leg; both sides walked in time."""
    ties: dict[tuple[int, int, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for row, e in enumerate(events):
        if e.leg:
            ties[e.caller, e.callee, e.kind][e.leg - 1].append(row)
    found = {}
    for outs, backs in ties.values():
        outs.sort(key=lambda row: events[row].stamp)
        backs.sort(key=lambda row: events[row].stamp)
        while outs and backs:
            out, back = events[outs[0]], events[backs[0]]
            if (
                abs(back.start - out.start) <= start_tolerance
                and abs(back.duration - out.duration) <= duration_tolerance
            ):
                found[backs.pop(0)] = outs.pop(0)
            elif back.start < out.start:
                backs.pop(0)
            else:
                outs.pop(0)
    return found


def twins(
    events: Sequence[Event], start_tolerance: int, duration_tolerance: int, kinds: int = 63
) -> dict[int, int]:
    """Row of the later record -> row of the earlier; of `kinds`, the bits are those of the kernel."""
    ties: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for row, e in enumerate(events):
        ties[e.caller, e.callee, e.kind].append(row)
    found = {}
    for rows in ties.values():
        rows.sort(key=lambda row: events[row].stamp)
        while len(rows) > 1:
            earlier = rows.pop(0)
            first, other = events[earlier], events[rows[0]]
            without = max(first.duration, other.duration) == 0
            if (
                kinds >> (2 * first.kind + without) & 1
                and other.start - first.start <= start_tolerance
                and abs(other.duration - first.duration) <= duration_tolerance
            ):
                found[rows.pop(0)] = earlier
    return found


@dataclass
class Sums:
    """What a pair a < b has in one window; *out* is from a to b."""

    calls: list[int] = field(default_factory=lambda: [0, 0])
    seconds: list[int] = field(default_factory=lambda: [0, 0])
    texts: list[int] = field(default_factory=lambda: [0, 0])
    nights: list[int] = field(default_factory=lambda: [0, 0])
    weekends: list[int] = field(default_factory=lambda: [0, 0])
    days: set[int] = field(default_factory=set)
    starts: list[int] = field(default_factory=list)

    @property
    def first(self) -> int:
        return min(self.starts, default=0)

    @property
    def last(self) -> int:
        return max(self.starts, default=0)

    @property
    def weeks(self) -> set[tuple[int, int]]:
        """ISO years and weeks with contact."""
        dates = (datetime(1970, 1, 1) + timedelta(days=day) for day in self.days)
        return {date.isocalendar()[:2] for date in dates}

    def seen_by(self, side: int) -> list[int]:
        """Six measures as the first (0) or the second (1) number of the pair sees them."""
        back = 1 - side
        return [
            self.calls[side],
            self.seconds[side],
            self.calls[back],
            self.seconds[back],
            self.texts[side],
            self.texts[back],
        ]


PairSums = dict[tuple[int, int], list[Sums]]


def pair_sums(events: Iterable[Event], edges: Sequence[int]) -> PairSums:
    """Sums of every pair with contact, window by window."""
    pairs: PairSums = {}
    for e in events:
        if e.kind == FORWARD or not edges[0] <= e.start < edges[-1]:
            continue
        window = max(w for w in range(len(edges) - 1) if edges[w] <= e.start)
        key = (min(e.caller, e.callee), max(e.caller, e.callee))
        sums = pairs.setdefault(key, [Sums() for _ in edges[1:]])[window]
        way = int(e.caller > e.callee)
        if e.kind == TEXT:
            sums.texts[way] += 1
        else:
            sums.calls[way] += 1
            sums.seconds[way] += e.duration
        text = int(e.kind == TEXT)
        sums.nights[text] += e.moment.hour >= 19 or e.moment.hour < 7
        sums.weekends[text] += e.moment.isoweekday() >= 6
        sums.days.add((e.moment - datetime(1970, 1, 1)).days)
        sums.starts.append(e.start)
    return pairs


def columns(sums: PairSums, edges: Sequence[int]) -> dict[tuple[int, int], dict[str, Any]]:
    """The same as the columns of the kernels, pair by pair; days as sets of day numbers per window."""
    return {
        key: {
            "counts": [n for s in windows for n in (*s.calls, *s.texts)],
            "seconds": [n for s in windows for n in s.seconds],
            "days": [s.days for s in windows],
            "nights": [n for s in windows for n in (*s.nights, *s.weekends)],
            "seen": [n for s in windows for n in (s.first, s.last)],
        }
        for key, windows in sums.items()
    }


def index_of(
    measures: Sequence[int],
    weights: Sequence[float],
    scale: Sequence[float],
    days: float,
    sharpness: float | None = None,
) -> float:
    """Communication index, as it stands in the definition; of the log shape if a sharpness is given."""
    z = sum(a * m / (days * s) for a, m, s in zip(weights, measures[:5], scale, strict=True))
    return z if sharpness is None else log1p(sharpness * z) / log1p(sharpness)


def balance(before: Sequence[float], after: Sequence[float]) -> float:
    most = sum(map(max, before, after))
    return sum(map(min, before, after)) / most if most else float("nan")
