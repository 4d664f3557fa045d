"""Second numbers from CDRs or a store in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.circles.index import AnyWeights
from circlegraph.circles.weights import StableRule, Weights
from circlegraph.contacts.windows import DAY, Windows, as_text, wall_clock
from circlegraph.detect.known import know, read_bills, read_forwarding, read_relatives, read_subscribers
from circlegraph.detect.second_numbers.anytime import (
    LEAST_BEFORE,
    make_history,
    search_anytime,
    splits_of,
    steady_at,
    ties_at,
)
from circlegraph.detect.second_numbers.candidates import judged_numbers
from circlegraph.detect.second_numbers.evidence import Evidence
from circlegraph.detect.second_numbers.labels import labels_table
from circlegraph.detect.second_numbers.result import DualSim, untold
from circlegraph.detect.second_numbers.search import Decided, Method, search
from circlegraph.detect.second_numbers.sightings import Sightings
from circlegraph.detect.second_numbers.ties import Ties, make_ties
from circlegraph.detect.second_numbers.told import answers, read_labels
from circlegraph.errors import InputError, SettingsError
from circlegraph.graph.network import Network
from circlegraph.graph.source import Contacts, contacts_of
from circlegraph.resources import Resources
from circlegraph.spill import give_back

if TYPE_CHECKING:
    from circlegraph.cdr.quarantine import Quarantine

ANYTIME = "auto"
LONG_RUN = 50_000_000
"""Wedges, some ten seconds of work, from which on a search says so before."""
LARGEST = 3
"""Peers named in the outlook of a search."""
MOST_PEERS = 1000
LEAST_KEPT = 20
"""Candidates per number that are weighed against each other, however few are listed."""


def dual_sim(
    source: Any,
    at: object,
    *,
    subscribers: Any = None,
    forwarding: Any = None,
    bills: Any = None,
    labels: Any = None,
    families: Any = None,
    method: Method = "probability",
    top_k: int = 5,
    days_before: int | None = None,
    days_after: int | None = None,
    stable: StableRule | None = None,
    weights: AnyWeights = None,
    network: Network | None = None,
    country: str | None = "86",
    most_peers: int = MOST_PEERS,
    threads: int | None = None,
) -> DualSim:
    """Find the second numbers that took over part of a circle after a split time.

    Parameters
    ----------
    source
        A `Store`, or CDR files, folders or tables as for `open_cdr`, or its result.
    at
        The split time: a date or a time, as text or as any date object; or ``auto`` for second numbers that came up at
        any time, each judged at its own onset. Volumes are then days with contact.
    subscribers
        Table or file of the own network's numbers: number and, where present, id_document, imei and the like.
    forwarding
        Table or file: number, forward_to, since.
    bills
        Table or file: number, month, arpu, mou.
    labels
        Table or file of pairs that are known: number, second_number, true (1 or 0). They teach what the evidence
        weighs; without them it is learned from the data alone.
    families
        Families of an earlier night, or their pairs as a table or file: relatives in contact with each other are two
        people, not one with two numbers.
    method
        ``probability``, or ``rules`` for the operators' thresholds.
    top_k
        How many candidates to list for each number.
    days_before, days_after
        Length of the windows in days; by default all there is.
    stable
        What makes a peer a stable one.
    weights
        Coefficients of the communication index, of which the balance is made: a mapping by measure or five numbers that
        sum to 1; 0.2 each by default.
    network
        The own network; by default the subscribers, else every number.
    country
        Home calling code of the numbers in the tables, as `open_cdr` was told; None for none.
    most_peers
        Numbers with more peers are hubs: nobody is recognised by them, and they are not judged.
    threads
        By default all processors.

    Examples
    --------
    Somebody, ``x``, phones three people in both weeks of before. After the split two of them are phoned by ``new``,
    which nobody had seen before, and one still by ``x``: 2 of his 3 steady contacts are found again (overlap 0.67),
    and ``new`` has no other contacts (containment 1). Before lasts 13 days with 2 calls to each, after 8 days with
    one: his minutes fall from 6 / 13 to 1 / 8 a day, and of every tie (1 / 8) / (2 / 13) = 81 % is found again.

    >>> import pandas as pd
    >>> lines = [("x", peer, day) for peer in "abc" for day in ("2024-05-02", "2024-05-09")]
    >>> lines += [("x", "a", "2024-05-20"), ("new", "b", "2024-05-21"), ("new", "c", "2024-05-22")]
    >>> calls = pd.DataFrame(lines, columns=["caller", "callee", "start"]).assign(duration=60)
    >>> found = dual_sim(calls, at="2024-05-15", method="rules")
    >>> found.pairs.round({"overlap": 2})[["number", "second_number", "accepted", "shared_peers", "overlap", "onset"]]
      number second_number  accepted  shared_peers  overlap      onset
    0      x           new      True             2     0.67 2024-05-21
    >>> for part in found.pairs.reason[0].split("; "):
    ...     print(part)
    2 of his 3 steady contacts now call another number, first seen on 21 May 2024
    these contacts do not all know each other
    since they do, his own contacts with them fell by 100 %
    all his minutes fell by 73 %
    together the two numbers carry 81 % of the old circle
    they never call each other
    >>> len(found.cannot_tell)
    4

    Raises
    ------
    InputError
        If the source or a table cannot be used, or the split leaves one side without contacts.
    SettingsError
        If an argument makes no sense.
    """
    resources = Resources(threads=threads) if threads else Resources()
    return run_dual_sim(
        source,
        at,
        subscribers=subscribers,
        forwarding=forwarding,
        bills=bills,
        labels=labels,
        families=families,
        method=method,
        top_k=top_k,
        days_before=days_before,
        days_after=days_after,
        stable=stable,
        weights=weights,
        network=network,
        country=country,
        most_peers=most_peers,
        resources=resources,
    )[0]


def run_dual_sim(
    source: Any,
    at: object,
    *,
    subscribers: Any,
    forwarding: Any,
    method: Method,
    top_k: int,
    days_before: int | None,
    days_after: int | None,
    stable: StableRule | None,
    network: Network | None,
    country: str | None,
    most_peers: int,
    resources: Resources,
    weights: AnyWeights = None,
    bills: Any = None,
    labels: Any = None,
    families: Any = None,
    quarantine: Quarantine | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[DualSim, Contacts]:
    """Second numbers, and the contacts with the counts of the rows read; parameters as for `dual_sim`.

    What a long search will cost is told to `say` before it begins.
    """
    split = None if str(at) == ANYTIME else wall_clock(at)
    _check(split, method, top_k, most_peers, days_before, days_after)
    listed = None if subscribers is None else read_subscribers(subscribers, country)
    answered = None if labels is None else read_labels(labels, country)
    forwarded = None if forwarding is None else read_forwarding(forwarding, country)
    billed = None if bills is None else read_bills(bills, country)
    relatives = None if families is None else read_relatives(families, country)
    network = network or Network()
    if listed is not None and network.subscribers is None:
        keys = listed.keys["number"]
        network = replace(network, subscribers=np.unique(keys[keys != 0]))
    rule, chosen = stable or StableRule(), Weights.of(weights)
    contacts = contacts_of(
        source,
        lambda first, last: _windows(split, first, last, days_before, days_after),
        network=network,
        resources=resources,
        detail="sums",
        quarantine=quarantine,
        places=True,
        talks=True,
    )
    if not contacts.numbers.own.any():
        raise InputError(
            "no number with a contact is the own network's; check the list of subscribers or the own operators"
        )
    known = know(contacts.numbers, listed, forwarded, relatives, billed)
    del listed, forwarded, relatives, billed
    give_back()
    kept = max(LEAST_KEPT, top_k)
    seen = Sightings(
        len(contacts.numbers), contacts.places, contacts.handsets, contacts.forwards, contacts.talks
    )

    def tell(pairs: Evidence) -> NDArray[np.float64] | None:
        return None if answered is None else answers(answered, contacts.numbers, pairs.number, pairs.other)

    if split is None:
        history = make_history(contacts, resources, most_peers)
        splits = splits_of(history)
        decided = search_anytime(history, splits, known, seen, tell, rule, kept, resources)
        ties = steady_at(history, splits[-1], rule)
        facts = _facts_of_history(ties, splits, decided)
    else:
        ties = make_ties(contacts, resources, rule, most_peers, chosen)
        _check_windows(ties)
        wedges, expected = outlook(ties)
        if wedges >= LONG_RUN:
            say(expected)
        decided = search(ties, known, seen, tell, method, kept, resources)
        facts = _facts(ties, decided, expected)

    def at_split(day: int) -> Ties:
        return ties if split is not None else ties_at(history, day or LEAST_BEFORE, rule)

    ties.shelf.release()
    give_back()  # what the search needed
    cannot_tell = untold(ties)
    labelled = labels_table(ties, decided, cannot_tell)
    whole = ties if split is not None else history
    found = DualSim(cannot_tell, decided.model, facts, labelled, decided, top_k, whole, at_split)
    whole.shelf.release()
    return found, contacts


def _windows(split: int | None, first: int, last: int, before: int | None, after: int | None) -> Windows:
    """Two windows around a split, or one of all days."""
    if split is None:
        return Windows.single(first // DAY * DAY, (last // DAY + 1) * DAY)
    return Windows.around(split, first, last, before, after)


def _check(
    split: int | None,
    method: str,
    top_k: int,
    most_peers: int,
    days_before: int | None,
    days_after: int | None,
) -> None:
    if method not in ("probability", "rules"):
        raise SettingsError(f"there is no method {method!r}; choose probability or rules")
    if split is None and (method == "rules" or days_before or days_after):
        raise SettingsError(
            "a search at any time (at auto) knows no rules and no days before and after; give a split time for them"
        )
    if top_k < 1:
        raise SettingsError(f"top_k is {top_k}, but must be at least 1")
    if most_peers < 1:
        raise SettingsError(f"most_peers is {most_peers}, but must be at least 1")


def _check_windows(ties: Ties) -> None:
    for w, (name, index) in enumerate((("before", ties.before), ("after", ties.after))):
        if not (index > 0).any():
            begin, end = ties.windows.edges[w : w + 2]
            raise InputError(
                f"the window {name} the split, {as_text(begin)} to {as_text(end)}, holds no contact; "
                "choose another split or longer windows"
            )


def outlook(ties: Ties) -> tuple[int, str]:
    """Say what a search costs: the wedges number - peer - candidate, and the largest peers, by their size alone."""
    judged = np.zeros(len(ties.numbers), np.bool_)
    judged[judged_numbers(ties)] = True
    passed = ties.stable & np.repeat(judged, np.diff(ties.indptr))
    met = ties.met_after()
    counted = np.bincount(ties.peers[passed], minlength=len(ties.numbers)) * met
    largest = np.argsort(-counted, kind="stable")[:LARGEST]
    told = ", ".join(
        f"{count:,} by one with {size:,} contacts"
        for count, size in zip(counted[largest].tolist(), met[largest].tolist(), strict=True)
    )
    wedges = int(counted.sum())
    return wedges, f"{wedges:,} wedges to pass, of them {told}"


def _facts(ties: Ties, decided: Decided, expected: str) -> Mapping[str, str]:
    begin, split, end = ties.windows.edges
    facts = {
        "before": f"{as_text(begin)} to {as_text(split)} ({ties.windows.length(0):g} days)",
        "after": f"{as_text(split)} to {as_text(end)} ({ties.windows.length(1):g} days)",
        "judged": f"{len(judged_numbers(ties)):,} own numbers",
        "expected": expected,
    }
    return {**facts, **_told(ties, decided)}


def _facts_of_history(last: Ties, splits: list[int], decided: Decided) -> Mapping[str, str]:
    begin, _, end = last.windows.edges
    facts = {
        "window": f"{as_text(begin)} to {as_text(end)}, split on {len(splits)} days",
        "judged": f"{len(judged_numbers(last)):,} own numbers at the last of them",
    }
    return {**facts, **_told(last, decided)}


def _told(ties: Ties, decided: Decided) -> Mapping[str, str]:
    return {
        "searched": f"{len(decided.evidence):,} candidates kept",
        "rounds": f"{decided.rounds}, each with the pairs accepted before taken for one owner",
        "hubs": f"{int(ties.hubs.sum()):,} numbers with more than {ties.most_peers:,} peers left out",
    }
