"""Second numbers at any time of the window: the search is made week by week, each candidate judged at his own onset.

What is counted are days with contact: they are kept for every pair, whatever the split.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from circlegraph.circles.weights import StableRule
from circlegraph.contacts.windows import DAY, Windows
from circlegraph.detect.known import Known
from circlegraph.detect.second_numbers.candidates import Candidates, find_candidates
from circlegraph.detect.second_numbers.evidence import Evidence, gather_evidence
from circlegraph.detect.second_numbers.search import Decided, Tell, in_rounds
from circlegraph.detect.second_numbers.sightings import Sightings
from circlegraph.detect.second_numbers.ties import Ties
from circlegraph.errors import InputError
from circlegraph.graph.source import Contacts
from circlegraph.kernels.day_bits import days_and_weeks
from circlegraph.kernels.day_spans import days_within, first_within
from circlegraph.kernels.recognise import reverse_edges
from circlegraph.resources import Resources

Part = TypeVar("Part", Candidates, Evidence)

STEP = 7
"""Days between two splits."""
LEAST_BEFORE = 14
"""Days before the first split: stable peers are met in two weeks."""
LEAST_AFTER = 7
"""Days after the last split; a number seen for a few days only shows no circle yet."""
GROWN = 2.0
"""A number that is not new has at least twice the contact days that it had."""


def make_history(contacts: Contacts, resources: Resources, most_peers: int) -> Ties:
    """Collect the days of contact of all ties of one window; `contacts` is used up."""
    table, numbers = contacts.table, contacts.numbers
    columns: dict[str, list[NDArray[np.generic]]] = {"peers": [], "days": [], "contacts": []}
    for rows in table.rows(resources):
        resources.progress("circles", rows.high, len(numbers))
        columns["peers"].append(rows.peers)
        columns["days"].append(rows.of_pairs(rows.pairs.days))
        columns["contacts"].append(rows.of_pairs(rows.pairs.counts.sum(axis=1, dtype=np.int64)))
    whole = {name: np.concatenate(parts) for name, parts in columns.items()}
    indptr = np.concatenate([[0], np.cumsum(table.degree)]).astype(np.int64)
    peers = whole["peers"].astype(np.int64, copy=False)
    begin, end = table.windows.edges
    nothing = np.zeros(len(peers))
    return Ties(
        numbers=numbers,
        windows=Windows((begin, begin + DAY, end)),
        indptr=indptr,
        peers=peers,
        peer_indptr=indptr,
        members=peers,
        reverse=reverse_edges(indptr, peers),
        before=nothing,
        after=nothing,
        stable=nothing > 0,
        first_day=np.full(len(peers), -1, np.int32),
        days=whole["days"].astype(np.uint64, copy=False),
        contacts=whole["contacts"].astype(np.int64, copy=False),
        minutes=np.full((2, len(numbers)), np.nan),
        hubs=table.degree > most_peers,
        most_peers=most_peers,
    )


def ties_at(history: Ties, split: int, rule: StableRule) -> Ties:
    """Ties before and after a day of the window, the index being the share of days with contact."""
    begin, _, end = history.windows.edges
    windows = Windows((begin, (begin // DAY + split) * DAY, end))
    days, span = history.days, history.span
    on_days, in_weeks = days_and_weeks(days, 0, windows.week_masks(0))
    known = history.numbers.own & ~history.hubs
    return replace(
        history,
        windows=windows,
        before=days_within(days, 0, split) / split,
        after=days_within(days, split, span) / (span - split),
        stable=(on_days >= rule.days) & (in_weeks >= rule.weeks) & known[history.peers],
        first_day=first_within(days, split, span),
    )


def splits_of(history: Ties) -> range:
    """Days at which the window is split.

    Raises
    ------
    InputError
        If the window is too short for any.
    """
    splits = range(LEAST_BEFORE, history.span - LEAST_AFTER + 1, STEP)
    if not splits:
        raise InputError(
            f"the data hold {history.span} days, but to find second numbers at any time {LEAST_BEFORE + LEAST_AFTER} "
            "are needed; give a split time (--at, at) or more data"
        )
    return splits


def search_anytime(
    history: Ties,
    known: Known,
    seen: Sightings,
    tell: Tell,
    rule: StableRule,
    kept: int,
    resources: Resources,
) -> Decided:
    """Search for second numbers that came up on any day of the window."""
    splits = splits_of(history)
    born = _first_days(history)

    def gather(rows: Ties) -> tuple[Candidates, Evidence]:
        parts = []
        for done, split in enumerate(splits, 1):
            ties = ties_at(rows, split, rule)
            new = (born >= split) & (born < split + STEP)
            found = find_candidates(_among(ties, new | _grown(ties, born)), kept, resources)
            parts.append((found, gather_evidence(ties, found, known, seen, ties_at(history, split, rule))))
            resources.progress("splits", done, len(splits))
        return _best_of([found for found, _ in parts], [evidence for _, evidence in parts], history)

    return in_rounds(history, gather, tell)


def _first_days(history: Ties) -> NDArray[np.int64]:
    """First day on which each number had contact with anybody; the length of the window for none."""
    first = first_within(history.days, 0, history.span).astype(np.int64)
    born = np.full(len(history.numbers), history.span, np.int64)
    np.minimum.at(born, history.heads, first)
    return born


def _grown(ties: Ties, born: NDArray[np.int64]) -> NDArray[np.bool_]:
    known = born < ties.split_day
    return np.asarray(known & (ties.sums(ties.after) >= GROWN * ties.sums(ties.before)))


def _among(ties: Ties, chosen: NDArray[np.bool_]) -> Ties:
    """Ties in which only some numbers can be met as candidates."""
    edges = np.flatnonzero((ties.first_day >= 0) & chosen[ties.heads])
    edges = edges[np.argsort(ties.peers[edges], kind="stable")]
    met = np.bincount(ties.peers[edges], minlength=len(ties.numbers))
    return replace(
        ties,
        peer_indptr=np.concatenate([[0], np.cumsum(met)]).astype(np.int64),
        members=ties.heads[edges],
        reverse=edges,
    )


def _best_of(found: list[Candidates], evidence: list[Evidence], history: Ties) -> tuple[Candidates, Evidence]:
    """All pairs, each at the split at which the most contacts fell."""
    pairs = _joined(Candidates, found)
    told = _joined(Evidence, evidence)
    key = pairs.number * len(history.numbers) + pairs.other
    order = np.lexsort((-told.fall, key))
    first = np.append(True, key[order][1:] != key[order][:-1]) if len(order) else order
    kept = order[first]
    return pairs.take(kept), told.take(kept)


def _joined(kind: type[Part], parts: list[Part]) -> Part:
    return kind(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(kind)))
