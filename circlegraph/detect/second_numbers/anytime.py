"""Second numbers at any time of the window: the search is made week by week, each candidate judged at his own onset.

What is counted are days with contact: they are kept for every pair, whatever the split.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.circles.weights import StableRule
from circlegraph.contacts.windows import DAY, Windows
from circlegraph.detect.known import Known
from circlegraph.detect.second_numbers.candidates import extents, find_candidates, judged_numbers
from circlegraph.detect.second_numbers.evidence import Evidence, joined
from circlegraph.detect.second_numbers.gather import Alone, Gatherer
from circlegraph.detect.second_numbers.learn import LEVEL_ANYTIME
from circlegraph.detect.second_numbers.rounds import Earlier
from circlegraph.detect.second_numbers.search import Decided, Tell, in_rounds
from circlegraph.detect.second_numbers.sightings import Sightings
from circlegraph.detect.second_numbers.ties import Ties, row_ends
from circlegraph.errors import InputError
from circlegraph.graph.source import Contacts
from circlegraph.kernels.day_spans import days_of_rows, days_within, first_within, grown_since, steady_since
from circlegraph.resources import Resources
from circlegraph.spill import Shelf, give_back

STEP = 7
"""Days between two splits."""
LEAST_BEFORE = 14
"""Days before the first split: stable peers are met in two weeks."""
LEAST_AFTER = 7
"""Days after the last split; a number seen for a few days only shows no circle yet."""
FRESH = 1000.0
"""Far more than contacts can fall, as a power of 2."""
GROWN = 2.0
"""A number that is not new has at least twice the contact days that it had."""


def make_history(contacts: Contacts, resources: Resources, most_peers: int) -> Ties:
    """Collect the days of contact of all ties of one window; `contacts` is used up."""
    table, numbers = contacts.table, contacts.numbers
    begin, end = table.windows.edges
    windows = Windows((begin, begin + DAY, end))
    indptr = row_ends(table.degree)
    edges = int(indptr[-1])
    shelf = Shelf(on_disk=resources.memory_limit is not None)
    peers, counted = shelf.empty(edges, np.int32), shelf.empty(edges, np.int32)
    days = shelf.empty((edges, int(table.windows.words[-1])), np.uint64)
    for rows in table.rows(resources):
        resources.progress("circles", rows.high, len(numbers))
        at = slice(indptr[rows.low], indptr[rows.high])
        peers[at] = rows.peers
        days[at] = rows.of_pairs(rows.pairs.days)
        counted[at] = rows.of_pairs(rows.pairs.counts.sum(axis=1, dtype=np.int32))
        shelf.release()
    table.parts.release()
    give_back()
    nothing = np.empty(0)  # there is one of every split only
    return Ties(
        numbers=numbers,
        windows=windows,
        indptr=indptr,
        peers=peers,
        before=nothing.astype(np.float32),
        after=nothing.astype(np.float32),
        stable=nothing.astype(np.bool_),
        first_day=nothing.astype(np.int32),
        days=days,
        contacts=counted,
        minutes=np.full((2, len(numbers)), np.nan),
        hubs=table.degree > most_peers,
        most_peers=most_peers,
        shelf=shelf,
    )


def steady_at(history: Ties, split: int, rule: StableRule) -> Ties:
    """Tell the stable peers at a day of the window, and nothing else of it."""
    return replace(history, stable=_steady_since(history, rule) <= split)


def ties_at(history: Ties, split: int, rule: StableRule) -> Ties:
    """Ties before and after a day of the window, the index being the share of days with contact."""
    return _split(history, split, _steady_since(history, rule))


def _steady_since(history: Ties, rule: StableRule) -> NDArray[np.int32]:
    """int32[edges]: the first split at which the peer is a stable one."""
    begin, _, end = history.windows.edges
    weeks = Windows.single(begin, end).week_masks(0)
    since = steady_since(history.days, weeks, rule.days, rule.weeks)
    since[~history.telling[history.peers]] = np.iinfo(np.int32).max
    return since


def _split(history: Ties, split: int, since: NDArray[np.int32]) -> Ties:
    begin, _, end = history.windows.edges
    days, span = history.days, history.span
    return replace(
        history,
        windows=Windows((begin, (begin // DAY + split) * DAY, end)),
        before=days_within(days, 0, split).astype(np.float32) / np.float32(split),
        after=days_within(days, split, span).astype(np.float32) / np.float32(span - split),
        stable=since <= split,
        first_day=first_within(days, split, span),
    )


def splits_of(history: Ties) -> list[int]:
    """Days at which the window is split, but for those with no contact in the week before and after.

    A single wrong date may lie decades away from all others: the weeks between are passed over.

    Raises
    ------
    InputError
        If the window is too short for any.
    """
    words = np.bitwise_or.reduce(history.days, axis=0, initial=np.uint64(0))
    met = np.unpackbits(words.astype("<u8").view(np.uint8), bitorder="little")
    splits = range(LEAST_BEFORE, history.span - LEAST_AFTER + 1, STEP)
    found = [split for split in splits if met[split - STEP : split + STEP].any()]
    if not found:
        raise InputError(
            f"the data hold {history.span} days, but to find second numbers at any time {LEAST_BEFORE + LEAST_AFTER} "
            "are needed; give a split time (--at, at) or more data"
        )
    return found


def search_anytime(
    history: Ties,
    splits: list[int],
    known: Known,
    seen: Sightings,
    tell: Tell,
    rule: StableRule,
    kept: int,
    resources: Resources,
) -> Decided:
    """Search for second numbers that came up on any day of the window.

    Only those are judged whose own circle is large enough at the last of the splits. A peer may be a stable one only
    with both his numbers taken together; whoever has too few others is among those of whom it cannot be told.
    """
    span = history.span
    in_use = days_of_rows(history.indptr, history.days)
    first = first_within(in_use, 0, span)
    born = np.where(first < 0, span, first)

    known_extents: list[NDArray[np.float32]] = []  # of each split, as the numbers by themselves have them
    weeks = np.array(splits, np.int64)
    grown = grown_since(history.indptr, history.days, weeks, span, GROWN)
    able = np.zeros(len(history.numbers), np.bool_)
    able[judged_numbers(steady_at(history, splits[-1], rule))] = True
    history.shelf.release()

    def of_split(rows: Ties, since: NDArray[np.int32], place: int, earlier: Earlier | None) -> Evidence:
        changed = able if earlier is None else able & earlier.changed
        split = splits[place]
        ties = _split(rows, split, since)
        if earlier is None:
            known_extents.append(extents(ties).astype(np.float32))
        alone = Alone.at(in_use, split, span)
        gatherer = Gatherer(ties, known, seen, alone, resources.threads)
        others = np.where(born < split, grown[place], born < split + STEP)
        extent = known_extents[place].astype(np.float64)
        give_back()  # what it took to split the rows
        parts = find_candidates(
            ties, kept, gatherer.evidence, resources, gatherer.rarity, extent, changed, others
        )
        found = joined(parts, kept * int(changed[judged_numbers(ties)].sum()), history.shelf)
        if earlier is not None:
            earlier.renew(gatherer, split, resources.threads, history.shelf)
        return found

    def gather(rows: Ties, earlier: Earlier | None) -> Evidence:
        since = _steady_since(rows, rule)
        best = Best(len(history.numbers), history.shelf)
        for place in range(len(splits)):
            found = of_split(rows, since, place, earlier)
            give_back()  # what the split needed
            best.add(found)
            resources.progress("splits", place + 1, len(splits))
        return best.finish()

    return in_rounds(history, gather, tell, seen, resources, LEVEL_ANYTIME)


class Best:
    """Collects pairs, of each the one at the split at which the most contacts fell; of equals the first.

    Where x' is new at one of the splits, that one counts: a new number is dated by its first day.

    Parameters
    ----------
    numbers
        How many numbers there are.
    shelf
        Where the pairs are put aside.
    """

    def __init__(self, numbers: int, shelf: Shelf) -> None:
        self._numbers, self._shelf = numbers, shelf
        self._parts: list[list[NDArray[Any]]] = []  # columns of evidence, and how much each pair is worth
        self._keys = np.empty(0, np.int64)  # of all pairs, ascending
        self._place = np.empty(0, np.int32)  # where each of them stands in the parts one after the other

    def add(self, evidence: Evidence) -> None:
        """Add the pairs of one split, each once."""
        key = evidence.number.astype(np.int64) * self._numbers + evidence.other
        order = np.argsort(key)
        key = key[order]
        at = np.searchsorted(self._keys, key)
        there = np.append(self._keys, -1)[at] == key
        fresh = order[~there]
        worth = evidence.fall + FRESH * (evidence.newness == 1.0)
        replaced = list(self._replaced(self._place[at[there]], order[there], worth))
        added: list[NDArray[Any]] = []
        for place, column in enumerate([*evidence.columns(), worth]):
            for part, (rows, by) in zip(self._parts, replaced, strict=True):
                part[place][rows] = column[by]
            added.append(self._shelf.keep(column[fresh]))
            self._shelf.release()
        self._parts.append(added)
        self._place = np.insert(self._place, at[~there], len(self._keys) + np.arange(len(fresh)))
        self._keys = np.insert(self._keys, at[~there], key[~there])

    def _replaced(
        self, rows: NDArray[np.int32], by: NDArray[np.int64], worth: NDArray[np.float64]
    ) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int64]]]:
        """Of each part the rows of pairs that are worth less than they are now, and which pairs come in their place."""
        begin = 0
        for part in self._parts:
            here = np.flatnonzero((rows >= begin) & (rows < begin + len(part[0])))
            here = here[worth[by[here]] > part[-1][rows[here] - begin]]
            yield rows[here] - begin, by[here]
            begin += len(part[0])

    def finish(self) -> Evidence:
        """All pairs, in the order of their numbers; the parts are used up."""
        columns = list(map(list, zip(*self._parts, strict=True)))[:-1]
        self._parts.clear()
        self._keys = np.empty(0, np.int64)
        give_back()  # what it took to merge the last split
        whole = []
        while columns:
            whole.append(self._shelf.keep(np.concatenate(columns.pop(0))[self._place]))
            self._shelf.release()
        return Evidence(*whole)
