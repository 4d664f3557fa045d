"""The ties of the numbers that may be account managers, and what is needed of everybody else."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.pairs import HABITS, LENGTHS, PARTS_OF_WEEK, Pairs
from circlegraph.contacts.windows import DAY, Windows
from circlegraph.detect.account_managers.spans import period_masks, periods
from circlegraph.graph.numbering import Numbers
from circlegraph.graph.source import Contacts
from circlegraph.kernels.callers import add_at, add_loads
from circlegraph.kernels.rows import count_degrees, place, sort_rows

Ints = NDArray[np.int64]

LEAST_TIES = 8
"""Contacts that a number needs to be judged; in counts of one way one is enough."""
LEAST_MUTUAL = 0.01
"""Share of the pairs with contacts both ways below which a log is one-way; people's own calls come to over a tenth."""


@dataclass(frozen=True, slots=True)
class Ties:
    """Ties of the judged numbers with those they may approach, an array entry each; seen from the judged number.

    Attributes
    ----------
    caller
        Position among the judged numbers, ascending.
    callee
        Id of the peer.
    calls_out, calls_in, texts_out, texts_in, seconds
        Contacts each way, and the length of all calls.
    recent
        Calls and texts to the peer in the last 91 days.
    days
        uint64[ties, words]: one bit for each day with contact, window by window.
    opened
        1 where the judged number opened the contact.
    first, last
        Start of the first and of the last contact, wall-clock seconds.
    parts, lengths
        int64[ties, 4] and [ties, 6]: contacts by part of the week and calls by length, as in `contacts.pairs.HABITS`.
    """

    caller: Ints
    callee: Ints
    calls_out: Ints
    calls_in: Ints
    texts_out: Ints
    texts_in: Ints
    seconds: Ints
    recent: Ints
    days: NDArray[np.uint64]
    opened: Ints
    first: Ints
    last: Ints
    parts: Ints
    lengths: Ints

    def __len__(self) -> int:
        return len(self.caller)

    @property
    def out(self) -> Ints:
        """Contacts that the judged number made."""
        return self.calls_out + self.texts_out

    @property
    def back(self) -> Ints:
        """Contacts that the peer made."""
        return self.calls_in + self.texts_in

    def take(self, rows: NDArray[np.bool_] | Ints) -> Ties:
        """Only some of the ties."""
        return Ties(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the search knows of the contacts.

    Attributes
    ----------
    numbers, windows
        The numbers, and the windows as `spans.choose_windows` cuts them.
    judged
        int64: ids of the judged numbers, ascending.
    ties
        Their ties.
    indptr, peers
        int64: symmetric rows of the contacts among those that may be approached.
    loads
        int32[numbers, periods]: days of contact summed over the peers, by period of seven days.
    seconds
        float64[numbers]: seconds of calls in all.
    one_way
        Whether next to nobody is ever called back, as in a log of what comes in at some lines: then nobody can be said
        not to reply.
    timed, timed_of_day, lasting
        Whether the contacts have dates, times of day, and lengths.
    """

    numbers: Numbers
    windows: Windows
    judged: Ints
    ties: Ties
    indptr: Ints
    peers: Ints
    loads: NDArray[np.int32]
    seconds: NDArray[np.float64]
    one_way: bool
    timed: bool
    timed_of_day: bool
    lasting: bool

    @property
    def bare(self) -> bool:
        """Whether there are neither times nor replies."""
        return self.one_way and not self.timed

    def total(self, of_ties: NDArray[np.generic]) -> NDArray[np.float64]:
        """Sum a value per tie over the ties of each judged number, float64[judged]."""
        total = np.bincount(self.ties.caller, of_ties.astype(np.float64), minlength=len(self.judged))
        return np.asarray(total, np.float64)


def make_scene(contacts: Contacts, everybody: bool) -> Scene:
    """Collect the ties of all numbers with enough ties that the own network sees.

    Parameters
    ----------
    contacts
        Pairs with habits.
    everybody
        Judge all numbers that call by their ties with all others, else off-net numbers by their ties with own ones.
    """
    table, numbers, windows = contacts.table, contacts.numbers, contacts.table.windows
    n = len(numbers)
    may_call = np.ones(n, np.bool_) if everybody else ~numbers.own
    called = np.ones(n, np.bool_) if everybody else numbers.own
    degree, mutual, met = np.zeros(n), 0, 0
    for pairs in table.parts:
        two = _of_two(pairs)
        made = pairs.counts.reshape(len(two), -1, 2).sum(axis=1) > 0
        mutual, met = mutual + int((made.all(axis=1) & two).sum()), met + int(two.sum())
        for a, b in ((0, 1), (1, 0)):
            seen = may_call[pairs.ends[:, a]] & called[pairs.ends[:, b]] & two
            seen &= made[:, a] | (not everybody)
            add_at(pairs.ends[:, a].copy(), seen.astype(np.float64), degree)
    timed, one_way = contacts.timed, mutual < LEAST_MUTUAL * met
    judged = np.flatnonzero(degree >= (LEAST_TIES if timed or not one_way else 1))
    position = np.full(n, -1, np.int64)
    position[judged] = np.arange(len(judged))

    loads = np.zeros((n, periods(windows)), np.int32)
    seconds = np.zeros(n)
    midnight, among = True, [np.empty((0, 2), np.int64)]
    parts = [_ties(_none(windows), np.empty(0, np.int64), 0, position, windows)]
    for pairs in table.parts:
        for w in range(len(windows)):
            add_loads(pairs.ends, pairs.days, int(windows.words[w]), period_masks(windows, w), loads)
        spoken = pairs.seconds.sum(axis=1).astype(np.float64)
        for side in range(2):
            add_at(pairs.ends[:, side].copy(), spoken, seconds)
            rows = (position[pairs.ends[:, side]] >= 0) & called[pairs.ends[:, 1 - side]] & _of_two(pairs)
            parts.append(_ties(pairs, np.flatnonzero(rows), side, position, windows))
        among.append(pairs.ends[called[pairs.ends].all(axis=1)])
        midnight = midnight and not (pairs.seen % DAY).any()
    ties = _join(parts)
    order = np.lexsort((ties.callee, ties.caller))
    indptr, peers = _rows(np.concatenate(among), n)
    return Scene(
        numbers=numbers,
        windows=windows,
        judged=judged,
        ties=ties.take(order),
        indptr=indptr,
        peers=peers,
        loads=loads,
        seconds=seconds,
        one_way=one_way,
        timed=timed,
        timed_of_day=timed and not midnight,
        lasting=bool(seconds.any()),
    )


def _rows(ends: Ints, n: int) -> tuple[Ints, Ints]:
    """Symmetric rows with ascending peers."""
    degree = np.zeros(n, np.int64)
    count_degrees(ends, degree)
    indptr = np.concatenate([[0], np.cumsum(degree)]).astype(np.int64)
    peers, sources = np.empty(indptr[-1], np.int64), np.empty(indptr[-1], np.int64)
    place(ends, 0, n, indptr[:-1].copy(), peers, sources)
    sort_rows(indptr, 0, n, peers, sources)
    return indptr, peers


def _of_two(pairs: Pairs) -> NDArray[np.bool_]:
    """Pairs of two numbers; some call themselves."""
    return np.asarray(pairs.ends[:, 0] != pairs.ends[:, 1])


def _none(windows: Windows) -> Pairs:
    """No pairs, with the columns of habits."""
    return Pairs.of_events(np.empty((0, 3), np.int64), windows, "habits")


def _join(parts: list[Ties]) -> Ties:
    return Ties(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Ties)))


def _ties(pairs: Pairs, rows: Ints, side: int, position: Ints, windows: Windows) -> Ties:
    """Ties of the numbers on one side of some pairs."""
    w, k = len(windows), len(rows)
    ends: Ints = pairs.ends[rows]
    counts = pairs.counts[rows].reshape(k, w, 2, 2).astype(np.int64)  # calls and texts, out and in
    counts = counts[..., ::-1] if side else counts
    habits = pairs.habits[rows].reshape(k, w, len(HABITS)).astype(np.int64)
    met: NDArray[np.bool_] = np.asarray(counts.any(axis=(2, 3)))
    begun = met.argmax(axis=1)
    ended = w - 1 - met[:, ::-1].argmax(axis=1)
    at = np.arange(k)
    seen = pairs.seen[rows].reshape(k, w, 2)
    total = counts.sum(axis=1)
    opened = habits[at, begun, -1]
    return Ties(
        caller=position[ends[:, side]],
        callee=ends[:, 1 - side],
        calls_out=total[:, 0, 0],
        calls_in=total[:, 0, 1],
        texts_out=total[:, 1, 0],
        texts_in=total[:, 1, 1],
        seconds=pairs.seconds[rows].sum(axis=1),
        recent=counts[:, -1, :, 0].sum(axis=1),
        days=pairs.days[rows],
        opened=1 - opened if side else opened,
        first=seen[at, begun, 0],
        last=seen[at, ended, 1],
        parts=habits[:, :, : len(PARTS_OF_WEEK)].sum(axis=1),
        lengths=habits[:, :, len(PARTS_OF_WEEK) : len(PARTS_OF_WEEK) + len(LENGTHS)].sum(axis=1),
    )
