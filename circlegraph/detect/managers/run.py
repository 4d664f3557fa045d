"""Account managers from CDRs or a store in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.contacts.windows import DAY, as_text
from circlegraph.detect.known import read_bills, read_subscribers
from circlegraph.detect.managers.aftermath import Aftermath, follow, read_second_numbers
from circlegraph.detect.managers.decide import LEAST_PROBABILITY, Verdict, decide
from circlegraph.detect.managers.profile import Profile, make_profile
from circlegraph.detect.managers.reasons import reasons_of, with_links
from circlegraph.detect.managers.result import Managers, contacts_schema, empty, managers_schema
from circlegraph.detect.managers.seeds import allowed_kinds
from circlegraph.detect.managers.spans import choose_windows, periods
from circlegraph.detect.managers.stages import STAGES, contacts_table, read_previous, stages_of
from circlegraph.detect.managers.teams import links_among, teams_of
from circlegraph.detect.managers.ties import Scene, make_scene
from circlegraph.detect.managers.value import Value, value_of
from circlegraph.detect.managers.weights import weights_table
from circlegraph.graph.network import Network
from circlegraph.graph.source import Contacts, contacts_of
from circlegraph.resources import Resources

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.cdr.quarantine import Quarantine

LEAST_TIES = 8
"""Contacts with own numbers that an off-net number needs to be judged."""
LEAST_TIES_UNTIMED = 2
LEAST_PERIODS = 4
"""Periods of seven days without which nothing can be told of what happened next."""


def managers(
    source: Any,
    *,
    subscribers: Any = None,
    bills: Any = None,
    second_numbers: Any = None,
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
        Table or file: number, month, arpu, mou; tells who is of value where the subscribers' table does not.
    second_numbers
        A `DualSim` or its pairs: who took a second number of whom, with probability and onset.
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
    known: Any,
    previous: Any,
    network: Network | None,
    country: str | None,
    resources: Resources,
    quarantine: Quarantine | None = None,
) -> tuple[Managers, Contacts]:
    """Account managers, and the contacts with the counts of the rows read; parameters as for `managers`."""
    listed = None if subscribers is None else read_subscribers(subscribers, country)
    billed = None if bills is None else read_bills(bills, country)
    carried = read_previous(previous)
    network = network or Network()
    if listed is not None and network.subscribers is None:
        keys = listed.keys["number"]
        network = replace(network, subscribers=np.unique(keys[keys != 0]))
    contacts = contacts_of(
        source,
        choose_windows,
        network=network,
        resources=resources,
        detail="habits",
        quarantine=quarantine,
    )
    timed = bool(getattr(contacts, "timed", True))
    nobody = bool(contacts.numbers.own.all())
    if nobody and timed:
        facts = {
            "off-net numbers": "none: every number is the own network's; give the subscribers or the own operators"
        }
        tables = (empty(managers_schema()), empty(contacts_schema()))
        return Managers(*tables, weights_table(None, None), None, facts), contacts
    scene = make_scene(contacts, LEAST_TIES if timed else LEAST_TIES_UNTIMED, timed, everybody=nobody)
    value = value_of(scene, listed, billed)
    profile = make_profile(scene, value)
    second = None if second_numbers is None else read_second_numbers(second_numbers, scene.numbers)
    after = follow(scene, profile.approach, value.good, second)
    figures = dict(profile.figures)
    weight = after.weight()
    if weight is not None:
        figures["aftermath"] = weight
    allowed = allowed_kinds(known, scene.numbers, scene.judged, country)
    verdict = decide(figures, profile.counts["approached"], allowed)
    links = links_among(scene, profile.approach, verdict.accepted, int(scene.numbers.own.sum()))
    stages = stages_of(scene, after)
    table = _managers_table(scene, profile, after, verdict, stages, links)
    shown = np.flatnonzero(profile.approach & verdict.accepted[scene.ties.caller])
    found = Managers(
        table,
        contacts_table(scene, after, shown, carried),
        weights_table(scene, verdict),
        verdict.model,
        _facts(scene, value, after, nobody),
    )
    return found, contacts


def _managers_table(
    scene: Scene,
    profile: Profile,
    after: Aftermath,
    verdict: Verdict,
    stages: np.ndarray[Any, Any],
    links: list[Any],
) -> pd.DataFrame:
    """Rows of the judged numbers, likeliest first."""
    import pandas as pd

    numbers, n = scene.numbers, len(scene.judged)
    operators = numbers.operators(scene.judged)
    operators[operators == ""] = None
    first = np.full(n, np.iinfo(np.int64).max)
    last = np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(first, scene.ties.caller, scene.ties.first)
    np.maximum.at(last, scene.ties.caller, scene.ties.last)
    taken = profile.approach & (stages == STAGES.index("taken"))
    team = teams_of(links, n)

    def dates(seconds: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        days = (seconds // DAY).astype("datetime64[D]").astype("datetime64[s]")
        return days if scene.timed else np.full(len(days), np.datetime64("NaT", "s"))

    table = pd.DataFrame(
        {
            "number": pd.Series(numbers.strings(scene.judged), dtype=object),
            "operator": pd.Series(operators, dtype=object),
            "rank": 0,
            "accepted": verdict.accepted,
            "probability": verdict.probability,
            "seems": pd.Series(verdict.seems, dtype=object),
            "contacted": profile.counts["approached"],
            "contacted_high_value": profile.counts["valued"],
            "converted": scene.total(taken).astype(np.int64),
            "first_seen": dates(first),
            "last_seen": dates(last),
            "team": pd.array(np.where(team > 0, team, 0), dtype="Int64"),
            "reason": pd.Series(with_links(scene, reasons_of(scene, profile, after), links), dtype=object),
        }
    )
    table["team"] = table["team"].mask(table["team"] == 0)
    order = np.lexsort((scene.judged, -verdict.weight, ~verdict.accepted))
    table = table.iloc[order].reset_index(drop=True)
    table["rank"] = np.arange(1, n + 1)
    return table


def _facts(scene: Scene, value: Value, after: Aftermath, nobody: bool) -> Mapping[str, str]:
    begin, end = scene.windows.edges[0], scene.windows.edges[-1]
    facts = {
        "judged": f"{len(scene.judged):,} off-net numbers",
        "accepted from": f"a probability of {LEAST_PROBABILITY:g}",
        "value by": value.source,
    }
    if nobody:
        facts["off-net numbers"] = "not told apart: all numbers are judged by all whom they call"
        facts["judged"] = f"{len(scene.judged):,} numbers"
    if scene.timed:
        facts = {"span": f"{as_text(begin)} to {as_text(end)} ({(end - begin) / DAY:g} days)", **facts}
    else:
        facts["times"] = "none: nothing is known of hours, first contacts, and what happened next"
    if scene.timed and not scene.timed_of_day:
        facts["times of day"] = "none: nothing is known of working hours"
    if not scene.lasting:
        facts["durations"] = "none: nothing is known of talk"
    if scene.timed:
        told = (
            "second numbers and falling traffic" if "second numbers" in after.observed else "falling traffic"
        )
        short = periods(scene.windows) < LEAST_PERIODS
        facts["what happened next"] = "not known: the data are too short" if short else told
    return facts
