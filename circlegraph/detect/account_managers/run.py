"""Account managers from CDRs or a store in one go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.detect.account_managers.aftermath import follow, read_second_numbers
from circlegraph.detect.account_managers.bands import NETWORK, ONE_WAY
from circlegraph.detect.account_managers.company import company
from circlegraph.detect.account_managers.decide import decide
from circlegraph.detect.account_managers.describe import describe, profiles_table
from circlegraph.detect.account_managers.facts import facts_of, no_off_net
from circlegraph.detect.account_managers.profile import make_profile
from circlegraph.detect.account_managers.relatives import read_families
from circlegraph.detect.account_managers.result import Managers, nothing
from circlegraph.detect.account_managers.seeds import allowed_kinds
from circlegraph.detect.account_managers.spans import choose_windows
from circlegraph.detect.account_managers.stages import contacts_table, read_previous, stages_of
from circlegraph.detect.account_managers.table import managers_table
from circlegraph.detect.account_managers.teams import links_among
from circlegraph.detect.account_managers.ties import make_scene
from circlegraph.detect.account_managers.value import value_of
from circlegraph.detect.account_managers.weights import weights_table
from circlegraph.detect.known import Listed, read_bills, read_subscribers
from circlegraph.detect.occasions import occasions_of
from circlegraph.graph.network import Network
from circlegraph.graph.source import Contacts, contacts_of
from circlegraph.resources import Resources

if TYPE_CHECKING:
    from circlegraph.cdr.quarantine import Quarantine


def managers(
    source: Any,
    *,
    subscribers: Any = None,
    bills: Any = None,
    second_numbers: Any = None,
    families: Any = None,
    known: Any = None,
    previous: Any = None,
    network: Network | None = None,
    country: str | None = "86",
    threads: int | None = None,
) -> Managers:
    """Find the off-net numbers that phone subscribers to win them over, and whom they approached.

    Parameters
    ----------
    source
        A `Store`, or CDR files, folders or tables as for `open_cdr`, or its result.
    subscribers
        Table or file of the own network's numbers: number and, where present, value_tier.
    bills
        Table or file: number, month, arpu, mou; tells who is of value where the subscribers' table does not, and
        whose minutes fell where the records are too few or too short to tell.
    second_numbers
        A `DualSim` or its pairs: who took a second number of whom, with probability and onset. Only those of other
        networks count, and only the caller's own operator's where it is known: nobody is won over to a second number on
        the own network.
    families
        A `Families` or its members: ties within a family count like calls between them.
    known
        Table or file with number and kind: manager, courier, hotline, sales, private, or harmless.
    previous
        Contacts of an earlier run: since when each has been in his stage.
    network
        The own network; by default the subscribers.
    country
        Home calling code of the numbers in the tables, as `open_cdr` was told; None for none.
    threads
        By default all processors.

    Notes
    -----
    Of a table of counts (caller, callee, count) without times, all numbers are judged where nothing says which are
    off-net. Without times next to nothing is known of a network's callers, and hardly anybody is accepted where no
    value is known either. Where nobody is ever called back, as in a log of what comes in at some lines, the likeliest
    call many lines few times each; what for cannot be told, so that each counts as a manager.

    Examples
    --------
    Nobody is off-net where nothing says whose the numbers are:

    >>> import pandas as pd
    >>> calls = pd.DataFrame({"caller": ["a"], "callee": ["b"], "start": ["2024-05-02 10:00"], "duration": [60]})
    >>> found = managers(calls)
    >>> len(found.managers), found.facts["off-net numbers"]
    (0, "none: every number is the own network's; give the subscribers or the own operators")

    Raises
    ------
    InputError
        If the source or a table cannot be used.
    SettingsError
        If an argument makes no sense.
    """
    resources = Resources(threads=threads) if threads else Resources()
    return run_managers(
        source,
        subscribers=subscribers,
        bills=bills,
        second_numbers=second_numbers,
        families=families,
        known=known,
        previous=previous,
        network=network,
        country=country,
        resources=resources,
    )[0]


def run_managers(
    source: Any,
    *,
    subscribers: Any,
    bills: Any,
    second_numbers: Any,
    families: Any = None,
    known: Any,
    previous: Any,
    network: Network | None,
    country: str | None,
    resources: Resources,
    quarantine: Quarantine | None = None,
) -> tuple[Managers, Contacts]:
    """Account managers, and the contacts with the counts of the rows read; parameters as for `managers`."""
    listed = None if subscribers is None else read_subscribers(subscribers, country)
    billed = None if bills is None else _only(read_bills(bills, country), ("month", "arpu", "mou"))
    carried = read_previous(previous)
    network = network or Network()
    if listed is not None and network.subscribers is None:
        keys = listed.keys["number"]
        network = replace(network, subscribers=np.unique(keys[keys != 0]))
    listed = None if listed is None else _only(listed, ("value_tier",))
    contacts = contacts_of(
        source,
        choose_windows,
        network=network,
        resources=resources,
        detail="habits",
        quarantine=quarantine,
        digest=lambda seen, index, windows: occasions_of(seen, index, windows, resources, homes_only=True),
        untimed=True,
    )
    nobody = bool(contacts.numbers.own.all())
    if nobody and contacts.timed:
        return nothing(no_off_net(network)), contacts
    scene = make_scene(contacts, everybody=nobody)
    value = value_of(scene, listed, billed)
    family = None if families is None else read_families(families, scene.numbers)
    profile = make_profile(scene, value, family)
    second = None if second_numbers is None else read_second_numbers(second_numbers, scene.numbers)
    after = follow(scene, profile.at_work, value.good, second, billed)
    evidence = dict(profile.figures)
    weight = after.weight()
    if weight is not None:
        evidence["aftermath"] = weight
    figures = describe(scene, profile)
    scheme = ONE_WAY if scene.bare else NETWORK
    allowed = allowed_kinds(known, scheme, scene.numbers, scene.judged, country)
    verdict = decide(scheme, evidence, profile.counts["approached"], allowed)
    if scheme is ONE_WAY:
        evidence["company"] = company(scene, verdict.probability)
        verdict = decide(scheme, evidence, profile.counts["approached"], allowed)
    links = links_among(scene, profile.target, verdict.accepted)
    stages = stages_of(scene, after)
    table = managers_table(scene, profile, after, verdict, stages, links, figures)
    shown = np.flatnonzero(profile.target & verdict.accepted[scene.ties.caller])
    found = Managers(
        table,
        contacts_table(scene, after, shown, carried),
        weights_table(scene, verdict),
        profiles_table(scene, figures),
        verdict.model,
        facts_of(scene, value, after, nobody),
    )
    return found, contacts


def _only(listed: Listed, columns: tuple[str, ...]) -> Listed:
    """Keep some columns of a table, as far as it has them: the others take memory."""
    kept = [name for name in columns if name in listed.table.column_names]
    return Listed(listed.table.select(kept), listed.keys)
