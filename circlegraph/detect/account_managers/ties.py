"""The ties of the numbers that may be account managers, and what is needed of everybody else."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.pairs import HABITS, LENGTHS, PARTS_OF_WEEK, Pairs
from circlegraph.contacts.windows import DAY, Windows
from circlegraph.detect.account_managers.spans import period_masks, periods
from circlegraph.graph.numbering import Numbers
from circlegraph.graph.source import Contacts
from circlegraph.kernels.callers import add_at, add_calls, add_loads, add_peers
from circlegraph.kernels.rows import count_degrees

Ints = NDArray[np.int64]

LEAST_TIES = 8
"""Contacts that a number needs to be judged; in counts of one way one is enough."""
WIDTHS: dict[str, Any] = {"seconds": np.int64, "first": np.int64, "last": np.int64, "opened": np.int8}
PIECE = 1 << 20
LEAST_MUTUAL = 0.01
"""Share of the pairs with contacts both ways below which a log is one-way; people's own calls come to over a tenth."""


@dataclass(frozen=True, slots=True)
class Ties:
    """Ties of the judged numbers with those they may approach, an array entry each; seen from the judged number.

    There may be millions: the columns are as narrow as they can be.

    Attributes
    ----------
    caller
        Position among the judged numbers, ascending.
    callee
        Id of the peer, ascending for a caller.
    out, back
        Contacts that the judged number made, and those that the peer made.
    texts
        Texts among the former.
    seconds
        Length of all calls.
    recent
        Calls and texts to the peer in the last 91 days.
    days
        Days with contact.
    opened
        1 where the judged number opened the contact.
    first, last
        Start of the first and of the last contact, wall-clock seconds.
    work, dated
        Contacts in working hours, and all whose hour is known.
    answered
        Calls that lasted.
    """

    caller: NDArray[np.int32]
    callee: NDArray[np.int32]
    out: NDArray[np.int32]
    back: NDArray[np.int32]
    texts: NDArray[np.int32]
    seconds: Ints
    recent: NDArray[np.int32]
    days: NDArray[np.int32]
    opened: NDArray[np.int8]
    first: Ints
    last: Ints
    work: NDArray[np.int32]
    dated: NDArray[np.int32]
    answered: NDArray[np.int32]

    @classmethod
    def room(cls, rows: int) -> Ties:
        """So many ties, still to be filled."""
        columns: list[Any] = [np.empty(rows, WIDTHS.get(f.name, np.int32)) for f in fields(cls)]
        return cls(*columns)

    def __len__(self) -> int:
        return len(self.caller)

    def sort(self) -> None:
        """Put the ties in the order of callers and callees, in place."""
        order = np.argsort((self.caller.astype(np.int64) << 32) | self.callee, kind="stable")
        for f in fields(self):
            column = getattr(self, f.name)
            column[:] = column[order]


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
    lengths
        int64[judged, 6]: calls by length, as in `contacts.pairs.LENGTHS`.
    active
        uint64[judged, words]: one bit for each day with contact, window by window.
    home
        int32[numbers]: cell where each number is at night, -1 for unknown; None without cells.
    indptr, peers
        int64 and int32: symmetric rows of the contacts among those that may be approached, in no certain order.
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
    lengths: Ints
    active: NDArray[np.uint64]
    home: NDArray[np.int32] | None
    indptr: Ints
    peers: NDArray[np.int32]
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
        total = np.zeros(len(self.judged))
        for begin in range(0, len(of_ties), PIECE):
            piece = slice(begin, begin + PIECE)
            add_at(self.ties.caller[piece].astype(np.int64), of_ties[piece].astype(np.float64), total)
        return total


def make_scene(contacts: Contacts, everybody: bool) -> Scene:
    """Collect the ties of all numbers with enough ties that the own network sees; the pairs are used up.

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
    degree, partners, inner = np.zeros(n), np.zeros(n), np.zeros(n, np.int64)
    mutual, met = 0, 0
    for pairs in table.parts:
        two = _of_two(pairs)
        made = pairs.counts.reshape(len(two), 2 * len(windows), 2).sum(axis=1) > 0
        mutual, met = mutual + int((made.all(axis=1) & two).sum()), met + int(two.sum())
        count_degrees(_among(pairs, called), inner)
        for a, b in ((0, 1), (1, 0)):
            seen = may_call[pairs.ends[:, a]] & called[pairs.ends[:, b]] & two
            ends = pairs.ends[:, a].copy()
            add_at(ends, seen.astype(np.float64), partners)
            add_at(ends, (seen & (made[:, a] | (not everybody))).astype(np.float64), degree)
    timed, one_way = contacts.timed, mutual < LEAST_MUTUAL * met
    judged = np.flatnonzero(degree >= (LEAST_TIES if timed or not one_way else 1))
    position = np.full(n, -1, np.int32)
    position[judged] = np.arange(len(judged))

    loads = np.zeros((n, periods(windows)), np.int32)
    seconds = np.zeros(n)
    lengths = np.zeros((len(judged), len(LENGTHS)), np.int64)
    active = np.zeros((len(judged), int(windows.words[-1])), np.uint64)
    indptr = np.concatenate([[0], np.cumsum(inner)]).astype(np.int64)
    peers, cursor = np.empty(indptr[-1], np.int32), indptr[:-1].copy()
    ties, filled, midnight = Ties.room(int(partners[judged].sum())), 0, True
    for pairs in table.parts:
        for w in range(len(windows)):
            add_loads(pairs.ends, pairs.days, int(windows.words[w]), period_masks(windows, w), loads)
        spoken = pairs.seconds.sum(axis=1).astype(np.float64)
        add_peers(_among(pairs, called), cursor, peers)
        midnight = midnight and not (pairs.seen % DAY).any()
        for side in range(2):
            add_at(pairs.ends[:, side].copy(), spoken, seconds)
            rows = (position[pairs.ends[:, side]] >= 0) & called[pairs.ends[:, 1 - side]] & _of_two(pairs)
            some = pairs.take(rows)
            caller = position[some.ends[:, side]]
            add_calls(caller, _calls(some), some.days, lengths, active)
            _fill(ties, filled, some, side, caller)
            filled += len(some)
    table.parts.release()
    ties.sort()
    return Scene(
        numbers=numbers,
        windows=windows,
        judged=judged,
        ties=ties,
        lengths=lengths,
        active=active,
        home=None if contacts.digest is None else contacts.digest.home,
        indptr=indptr,
        peers=peers,
        loads=loads,
        seconds=seconds,
        one_way=one_way,
        timed=timed,
        timed_of_day=timed and not midnight,
        lasting=bool(seconds.any()),
    )


def _of_two(pairs: Pairs) -> NDArray[np.bool_]:
    """Pairs of two numbers; some call themselves."""
    return np.asarray(pairs.ends[:, 0] != pairs.ends[:, 1])


def _among(pairs: Pairs, called: NDArray[np.bool_]) -> Ints:
    """Ends of the pairs that may both be approached."""
    return np.asarray(pairs.ends[called[pairs.ends].all(axis=1)])


def _habits(pairs: Pairs) -> NDArray[np.int32]:
    """Habits by window, int32[pairs, windows, habits]."""
    return pairs.habits.reshape(len(pairs), pairs.habits.shape[1] // len(HABITS), len(HABITS))


def _calls(pairs: Pairs) -> NDArray[np.int32]:
    """Calls by length, int32[pairs, lengths]."""
    lengths = _habits(pairs)[:, :, len(PARTS_OF_WEEK) : len(PARTS_OF_WEEK) + len(LENGTHS)]
    return np.asarray(lengths.sum(axis=1, dtype=np.int32))


def _fill(ties: Ties, begin: int, pairs: Pairs, side: int, caller: NDArray[np.int32]) -> None:
    """Write the ties of the numbers on one side of some pairs, from a row on."""
    k, habits = len(pairs), _habits(pairs)
    counts = pairs.counts.reshape(k, habits.shape[1], 2, 2)  # calls and texts, out and in
    counts = counts[..., ::-1] if side else counts
    met: NDArray[np.bool_] = np.asarray(counts.any(axis=(2, 3)))
    begun = met.argmax(axis=1)
    ended = met.shape[1] - 1 - met[:, ::-1].argmax(axis=1)
    at = np.arange(k)
    seen = pairs.seen.reshape(k, habits.shape[1], 2)
    total = counts.sum(axis=(1, 2))
    opened = habits[at, begun, -1]
    parts = habits[:, :, : len(PARTS_OF_WEEK)].sum(axis=1)
    columns = {
        "caller": caller,
        "callee": pairs.ends[:, 1 - side],
        "out": total[:, 0],
        "back": total[:, 1],
        "texts": counts[:, :, 1, 0].sum(axis=1),
        "seconds": pairs.seconds.sum(axis=1),
        "recent": counts[:, -1, :, 0].sum(axis=1),
        "days": np.bitwise_count(pairs.days).sum(axis=1),
        "opened": 1 - opened if side else opened,
        "first": seen[at, begun, 0],
        "last": seen[at, ended, 1],
        "work": parts[:, 0],
        "dated": parts.sum(axis=1),
        "answered": _calls(pairs)[:, 1:].sum(axis=1),
    }
    for name, column in columns.items():
        getattr(ties, name)[begin : begin + k] = column
