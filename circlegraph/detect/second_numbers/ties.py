"""Everything the search for second numbers needs to know of the ties of all numbers, in few bytes per tie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.circles.index import AnyWeights, circle_blocks
from circlegraph.circles.weights import StableRule
from circlegraph.contacts.windows import Windows
from circlegraph.graph.numbering import Numbers
from circlegraph.graph.source import Contacts
from circlegraph.kernels.day_spans import first_within, join_windows
from circlegraph.kernels.recognise import reverse_edges
from circlegraph.resources import Resources


@dataclass(frozen=True, slots=True)
class Ties:
    """Rows of all numbers, both windows.

    Attributes
    ----------
    numbers, windows
        The numbers, and the windows before and after the split.
    indptr, peers
        int64: rows of the numbers, with ascending peers.
    peer_indptr, members, reverse
        int64: the same edges by peer: in which numbers' rows each peer stands, and where.
    before, after
        float64[edges]: the linear communication index.
    stable
        bool[edges]: is the peer a stable one of the own network, and no hub?
    first_day
        int32[edges]: first day of contact in the window after, counted from its start; -1 for none.
    days
        uint64[edges, words]: days of contact from the first day of the window before on.
    contacts
        int64[edges]: calls and texts of the pair in both windows.
    minutes
        float64[2, numbers]: minutes of calls per day, before and after.
    hubs
        bool[numbers]: numbers with more than `most_peers` peers, which say nothing of those who share them.
    most_peers
        The cap.
    """

    numbers: Numbers
    windows: Windows
    indptr: NDArray[np.int64]
    peers: NDArray[np.int64]
    peer_indptr: NDArray[np.int64]
    members: NDArray[np.int64]
    reverse: NDArray[np.int64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    stable: NDArray[np.bool_]
    first_day: NDArray[np.int32]
    days: NDArray[np.uint64]
    contacts: NDArray[np.int64]
    minutes: NDArray[np.float64]
    hubs: NDArray[np.bool_]
    most_peers: int

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

    def sums(self, of_edges: NDArray[np.generic]) -> NDArray[np.float64]:
        """Sum of a value per edge over the row of each number, float64[numbers]."""
        total = np.bincount(self.heads, of_edges.astype(np.float64), minlength=len(self.numbers))
        return np.asarray(total, np.float64)

    def met_after(self) -> NDArray[np.int64]:
        """How many numbers each number is in contact with after the split, int64[numbers]."""
        met = np.bincount(self.peers[self.first_day >= 0], minlength=len(self.numbers))
        return np.asarray(met, np.int64)


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
    columns: dict[str, list[NDArray[np.generic]]] = {
        name: []
        for name in ("peers", "before", "after", "stable", "first_day", "days", "contacts", "seconds")
    }
    for circles in circle_blocks(table, numbers, resources, weights=weights, stable=stable, provenance={}):
        rows = circles.rows
        pairs = rows.pairs
        columns["peers"].append(rows.peers)
        columns["before"].append(circles.before_index)
        columns["after"].append(circles.after_index)
        columns["stable"].append(circles.stable)
        after = pairs.days[:, words[1] :]
        columns["first_day"].append(rows.of_pairs(first_within(after, 0, 64 * after.shape[1])))
        days = join_windows(pairs.days, int(words[1]), shift, span_words)
        columns["days"].append(rows.of_pairs(days))
        columns["contacts"].append(rows.of_pairs(pairs.counts.sum(axis=1, dtype=np.int64)))
        columns["seconds"].append(rows.of_pairs(pairs.seconds.reshape(-1, 2, 2).sum(axis=2)))
    whole = {name: np.concatenate(parts) for name, parts in columns.items()}
    indptr = np.concatenate([[0], np.cumsum(table.degree)]).astype(np.int64)
    peers = whole["peers"].astype(np.int64, copy=False)
    hubs = table.degree > most_peers
    heads = np.repeat(np.arange(len(numbers)), table.degree)
    minutes = np.array(
        [
            np.bincount(heads, whole["seconds"][:, w], minlength=len(numbers)) / 60 / windows.length(w)
            for w in range(2)
        ]
    )
    return Ties(
        numbers=numbers,
        windows=windows,
        indptr=indptr,
        peers=peers,
        peer_indptr=indptr,  # every pair stands in the rows of both: by peer the rows are the same
        members=peers,
        reverse=reverse_edges(indptr, peers),
        before=whole["before"].astype(np.float64, copy=False),
        after=whole["after"].astype(np.float64, copy=False),
        stable=whole["stable"] & numbers.own[peers] & ~hubs[peers],
        first_day=whole["first_day"].astype(np.int32, copy=False),
        days=whole["days"].astype(np.uint64, copy=False),
        contacts=whole["contacts"].astype(np.int64, copy=False),
        minutes=minutes,
        hubs=hubs,
        most_peers=most_peers,
    )
