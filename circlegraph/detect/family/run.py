"""Families from CDRs or a store in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.contacts.windows import DAY, Windows, wall_clock
from circlegraph.detect.family.belief import believe, shared_out
from circlegraph.detect.family.cells import cell_evidence
from circlegraph.detect.family.clusters import find_families
from circlegraph.detect.family.evidence import gather_evidence
from circlegraph.detect.family.facts import facts_of
from circlegraph.detect.family.labels import read_labels
from circlegraph.detect.family.listed import household
from circlegraph.detect.family.result import Families
from circlegraph.detect.family.roles import inner_ties, tell_roles
from circlegraph.detect.family.stable import changes_table, family_names, read_members
from circlegraph.detect.family.tabled import Judged, listed_pairs, members_table, worth_telling
from circlegraph.detect.family.ties import make_ties
from circlegraph.detect.known import read_subscribers
from circlegraph.detect.occasions import occasions_of
from circlegraph.errors import SettingsError
from circlegraph.graph.network import Network
from circlegraph.graph.source import Contacts, contacts_of
from circlegraph.resources import Resources
from circlegraph.spill import give_back

if TYPE_CHECKING:
    from circlegraph.cdr.quarantine import Quarantine

MOST_PEERS = 1000


def families(
    source: Any,
    *,
    subscribers: Any = None,
    previous: Any = None,
    labels: Any = None,
    days: int | None = None,
    holidays: Iterable[object] = (),
    network: Network | None = None,
    country: str | None = "86",
    most_peers: int = MOST_PEERS,
    threads: int | None = None,
) -> Families:
    """Find out who belongs together, who is the key person, and what each one is to him.

    Parameters
    ----------
    source
        A `Store`, or CDR files, folders or tables as for `open_cdr`, or its result.
    subscribers
        Table or file of the own network's numbers: number and, where present, id_document, plan, region, age,
        address, surname.
    previous
        The members found the last time, a table or a file: a family keeps its id while most of its members stay.
    labels
        Pairs that are known, a table or a file: number_a, number_b, family (true or false).
    days
        How many of the last days to take; all by default.
    holidays
        Dates that are days off, beside Saturdays and Sundays.
    network
        The own network; by default the subscribers, else every number.
    country
        Home calling code of the numbers in the tables, as `open_cdr` was told; None for none.
    most_peers
        Numbers with more peers are no members of families, and nobody is recognised by them.
    threads
        By default all processors.

    Returns
    -------
    Families
        Members, pairs, changes, and what each piece of evidence weighs. Beside `facts` there is a ``warning`` where the
        data hardly allow to tell families.

    Examples
    --------
    Three people phone each other in the evenings of four weeks, two days of three; one of them phones a colleague every
    working day at ten, who phones another.

    >>> import pandas as pd
    >>> lines = []
    >>> for i, day in enumerate(pd.date_range("2024-05-01", periods=28)):
    ...     lines += [(*pair, day + pd.Timedelta(hours=20)) for k, pair in enumerate(("mf", "mc", "fc")) if (i + k) % 3]
    ...     if day.day_of_week < 5:
    ...         lines += [(*pair, day + pd.Timedelta(hours=10)) for pair in ("mw", "wv", "vu")]
    >>> calls = pd.DataFrame(lines, columns=["caller", "callee", "start"]).assign(duration=40)
    >>> found = families(calls)
    >>> found.members[["number", "family_id", "family_size", "is_key_person"]]
      number       family_id  family_size  is_key_person
    0      m  F240528-000001            3           True
    1      f  F240528-000001            3          False
    2      c  F240528-000001            3          False
    >>> for part in found.pairs.reason[0].split("; "):
    ...     print(part)
    19 calls and texts on 19 of 28 days, at most 2 running
    51 % of their contacts, rank 1.2 in their circles
    1 shared peer, 1 close to both
    close shared peers phoned mostly off work
    1.0 times as often in evenings and at weekends as with others
    95 % of the calls up to a minute

    Raises
    ------
    InputError
        If the source or a table cannot be used.
    SettingsError
        If `days` or `most_peers` is less than 1, or a holiday is no date.
    """
    return run_families(
        source,
        subscribers=subscribers,
        previous=previous,
        labels=labels,
        days=days,
        holidays=holidays,
        network=network,
        country=country,
        most_peers=most_peers,
        resources=Resources() if threads is None else Resources(threads=threads),
    )[0]


def run_families(
    source: Any,
    *,
    subscribers: Any = None,
    previous: Any = None,
    labels: Any = None,
    days: int | None = None,
    holidays: Iterable[object] = (),
    network: Network | None = None,
    country: str | None = "86",
    most_peers: int = MOST_PEERS,
    resources: Resources | None = None,
    quarantine: Quarantine | None = None,
) -> tuple[Families, Contacts]:
    """Find families as `families` does; return the contacts they were found in as well."""
    if days is not None and days < 1:
        raise SettingsError(f"days is {days}, but must be at least 1")
    if most_peers < 1:
        raise SettingsError(f"most_peers is {most_peers}, but must be at least 1")
    resources = resources or Resources()
    listed = None if subscribers is None else read_subscribers(subscribers, country)
    network = network or Network()
    if listed is not None and network.subscribers is None:
        keys = listed.keys["number"]
        network = replace(network, subscribers=np.unique(keys[keys != 0]))
    contacts = contacts_of(
        source,
        lambda first, last: _window(first, last, days),
        network=network,
        resources=resources,
        detail="habits",
        digest=lambda seen, index, windows: occasions_of(seen, index, windows, resources),
        quarantine=quarantine,
    )
    off = np.array([wall_clock(date) // DAY for date in holidays], np.int64)
    home = household(contacts.numbers, listed)
    del listed
    ties = make_ties(contacts, resources, off, most_peers)
    give_back()
    evidence = cell_evidence(contacts.digest, ties.ends, resources)
    contacts = replace(contacts, digest=None)
    evidence |= gather_evidence(ties, resources)
    ties = replace(ties, rhythm=ties.rhythm[:0].copy())  # what is needed no more makes room
    evidence |= home.evidence(ties.ends, resources)
    give_back()
    told = None if labels is None else read_labels(labels, ties.numbers, ties.ends)
    belief = believe(ties, evidence, told, resources)
    give_back()
    family = find_families(ties.ends, shared_out(ties, belief.of_ties(len(ties))), len(ties.numbers))
    facts = facts_of(ties, evidence, belief, family)
    ties, evidence, belief = worth_telling(ties, evidence, belief, family)
    give_back()
    inside = inner_ties(ties, belief, family)
    roles = tell_roles(ties, home, belief, family, inside, evidence["same_home_cell"])
    judged = Judged(ties, evidence, belief, family, roles, inside, home)
    before = None if previous is None else read_members(previous)
    names = family_names(judged, before)
    members = members_table(judged, names)
    found = Families(
        members=members,
        changes=changes_table(members, before),
        model=belief.model,
        listing=listed_pairs(judged, resources),
        facts=facts,
    )
    return found, contacts


def _window(first: int, last: int, days: int | None) -> Windows:
    end = (last // DAY + 1) * DAY
    return Windows.single(first // DAY * DAY if days is None else end - days * DAY, end)
