"""How the search went, and what the data could not tell, in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from circlegraph.contacts.windows import DAY, as_text
from circlegraph.detect.account_managers.aftermath import Aftermath
from circlegraph.detect.account_managers.decide import LEAST_PROBABILITY
from circlegraph.detect.account_managers.ties import LEAST_TIES, Scene
from circlegraph.detect.account_managers.value import Value
from circlegraph.graph.network import Network


def no_off_net(network: Network) -> dict[str, str]:
    """Say that there is nobody to judge.

    Examples
    --------
    >>> no_off_net(Network())["off-net numbers"]
    "none: every number is the own network's; give the subscribers or the own operators"
    >>> no_off_net(Network(own_operators=("China Mobile",)))["off-net numbers"]
    "none: every number is the own network's"
    """
    told = network.subscribers is not None or network.own_operators
    words = "none: every number is the own network's"
    return {"off-net numbers": words if told else f"{words}; give the subscribers or the own operators"}


def facts_of(scene: Scene, value: Value, after: Aftermath, nobody: bool) -> Mapping[str, str]:
    """Span, who was judged, and what is not known; `nobody` is off-net where all numbers were judged."""
    begin, end = scene.windows.edges[0], scene.windows.edges[-1]
    least = "" if scene.bare else f" with at least {LEAST_TIES} contacts"
    facts = {
        "judged": f"{len(scene.judged):,} {'' if nobody else 'off-net '}numbers{least}",
        "accepted from": f"a probability of {LEAST_PROBABILITY:g}",
        "value by": value.source,
    }
    if nobody:
        facts["off-net numbers"] = "not told apart: all numbers are judged by all whom they call"
    if scene.timed:
        facts = {"span": f"{as_text(begin)} to {as_text(end)} ({(end - begin) / DAY:g} days)", **facts}
    else:
        facts["times"] = "none: neither hours, first contacts nor what happened next are known"
    if scene.bare:
        facts["kinds"] = "who calls many lines counts as a manager: there is no telling what for"
    if scene.one_way:
        facts["replies"] = "not known: next to nobody is ever called back"
    if scene.timed and not scene.timed_of_day:
        facts["times of day"] = "none: nothing is known of working hours"
    if not scene.lasting:
        facts["durations"] = "none: nothing is known of talk"
    if scene.timed:
        told = (
            "second numbers and falling traffic" if "second numbers" in after.observed else "falling traffic"
        )
        unknown = np.isnan(after.change).all()
        facts["what happened next"] = "not known: the data are too short" if unknown else told
    return facts
