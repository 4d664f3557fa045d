"""Everything the search for second numbers needs to know of the ties of all numbers, in few bytes per tie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.circles.circles import Circles
from circlegraph.circles.index import AnyWeights, circle_blocks
from circlegraph.circles.weights import StableRule
from circlegraph.contacts.windows import Windows
from circlegraph.graph.numbering import Numbers
from circlegraph.graph.source import Contacts
from circlegraph.kernels.candidates import count_met
from circlegraph.kernels.circle_sums import sum_rows
from circlegraph.kernels.day_spans import first_within, join_windows
from circlegraph.parallel import mapped
from circlegraph.resources import Resources
from circlegraph.spill import Shelf, give_back


@dataclass(frozen=True, slots=True)
class Ties:
    """Rows of all numbers, both windows.

    Attributes
    ----------
    numbers, windows
        The numbers, and the windows before and after the split.
    indptr
        int64[numbers + 1]: the row of number x is ``indptr[x]:indptr[x + 1]``.
    peers
        int32[edges], ascending in a row.
    before, after
        float32[edges]: the linear communication index.
    stable
        bool[edges]: is the peer a stable one of the own network, and no hub?
    first_day
        int32[edges]: first day of contact in the window after, counted from its start; -1 for none.
    days
        uint64[edges, words]: days of contact from the first day of the window before on.
    contacts
        int32[edges]: calls and texts of the pair in both windows.
    minutes
        float64[2, numbers]: minutes of calls per day, before and after.
    hubs
        bool[numbers]: numbers with more than `most_peers` peers, which say nothing of those who share them.
    most_peers
        The cap.
    shelf
        Where the rows of all numbers by themselves lie, and what else is needed now and then only.
    """

    numbers: Numbers
    windows: Windows
    indptr: NDArray[np.int64]
    peers: NDArray[np.int32]
    before: NDArray[np.float32]
    after: NDArray[np.float32]
    stable: NDArray[np.bool_]
    first_day: NDArray[np.int32]
    days: NDArray[np.uint64]
    contacts: NDArray[np.int32]
    minutes: NDArray[np.float64]
    hubs: NDArray[np.bool_]
    most_peers: int
    shelf: Shelf = field(default_factory=Shelf)

    @property
    def telling(self) -> NDArray[np.bool_]:
        """bool[numbers]: who says something of those who share him, an own number and no hub."""
        return np.asarray(self.numbers.own & ~self.hubs)

    @property
    def heads(self) -> NDArray[np.int64]:
        """int64[edges]: the id of the number whose row each edge stands in."""
        return np.repeat(np.arange(len(self.numbers), dtype=np.int64), np.diff(self.indptr))

    @property
    def split_day(self) -> int:
        """Day of the split, counted from the first day of the window before."""
        return self.windows.first_day(1) - self.windows.first_day(0)

    @property
    def span(self) -> int:
        """Days of both windows."""
        return self.windows.last_day(1) - self.windows.first_day(0) + 1

    def sums(self, of_edges: NDArray[Any]) -> NDArray[np.float64]:
        """Sum of a value per edge over the row of each number, float64[numbers]."""
        return sum_rows(self.indptr, of_edges)

    def met_after(self) -> NDArray[np.int64]:
        """How many numbers each number is in contact with after the split, int64[numbers]."""
        everybody = np.ones(len(self.numbers), np.bool_)
        return count_met(self.indptr, self.peers, self.first_day, everybody, everybody)


def make_ties(
    contacts: Contacts,
    resources: Resources,
    stable: StableRule,
    most_peers: int,
    weights: AnyWeights = None,
) -> Ties:
    """Collect the ties block by block; `contacts` is used up."""
    table, numbers = contacts.table, contacts.numbers
    windows = table.windows
    words = windows.words
    shift = windows.first_day(1) - windows.first_day(0)
    span_words = (windows.last_day(1) - windows.first_day(0)) // 64 + 1
    indptr = row_ends(table.degree)
    edges = int(indptr[-1])
    shelf = Shelf(on_disk=resources.memory_limit is not None)
    peers, first_day, counted = (shelf.empty(edges, np.int32) for _ in range(3))
    before, after = (shelf.empty(edges, np.float32) for _ in range(2))
    steady, days = shelf.empty(edges, np.bool_), shelf.empty((edges, span_words), np.uint64)
    minutes = np.empty((2, len(numbers)))
    hubs = table.degree > most_peers
    telling = numbers.own & ~hubs

    def fill(circles: Circles) -> None:
        rows, pairs = circles.rows, circles.rows.pairs
        at = slice(indptr[rows.low], indptr[rows.high])
        later, heads = pairs.days[:, words[1] :], circles.heads - rows.low

        def minutes_in(w: int) -> NDArray[np.float64]:
            seconds = rows.of_pairs(pairs.seconds[:, 2 * w] + pairs.seconds[:, 2 * w + 1])
            total = np.bincount(heads, seconds, minlength=rows.high - rows.low)
            return np.asarray(total / 60 / windows.length(w))

        work: list[tuple[NDArray[Any], slice, Callable[[], NDArray[Any]]]] = [
            (days, at, lambda: rows.of_pairs(join_windows(pairs.days, int(words[1]), shift, span_words))),
            (first_day, at, lambda: rows.of_pairs(first_within(later, 0, 64 * later.shape[1]))),
            (counted, at, lambda: rows.of_pairs(pairs.counts.sum(axis=1, dtype=np.int32))),
            (minutes[0], slice(rows.low, rows.high), lambda: minutes_in(0)),
            (minutes[1], slice(rows.low, rows.high), lambda: minutes_in(1)),
            (steady, at, lambda: circles.stable & telling[rows.peers]),
            (peers, at, lambda: rows.peers),
            (before, at, lambda: circles.before_index),
            (after, at, lambda: circles.after_index),
        ]

        def put(column: tuple[NDArray[Any], slice, Callable[[], NDArray[Any]]]) -> None:
            target, place, made = column
            target[place] = made()

        list(mapped(put, work, resources.threads))

    for circles in circle_blocks(table, numbers, resources, weights=weights, stable=stable, provenance={}):
        fill(circles)
        shelf.release()
    table.parts.release()
    give_back()
    return Ties(
        numbers=numbers,
        windows=windows,
        indptr=indptr,
        peers=peers,
        before=before,
        after=after,
        stable=steady,
        first_day=first_day,
        days=days,
        contacts=counted,
        minutes=minutes,
        hubs=hubs,
        most_peers=most_peers,
        shelf=shelf,
    )


def row_ends(sizes: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Where rows of some sizes begin and end, int64[rows + 1]."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
