"""Cities with enough account managers and lookalikes to count them.

A usual city of some thousand subscribers has a handful of managers, and most of its couriers are on the own
network, where nobody takes them for managers. Here both are `MORE` times as many, and four of five lookalikes are
off-net; all else is the preset's.
"""

from typing import Any

from benchmarks.quality.cities import city_case
from benchmarks.quality.world import Case

MORE = 4
"""Managers and lookalikes in units of the preset's: a quarter of the subscribers are approached by somebody."""
OWN_SHARE = 0.2
CLASSES = (
    "couriers",
    "insurers",
    "hotlines",
    "banks",
    "taxis",
    "agents",
    "recruiters",
    "advisers",
    "consultants",
)


def manager_settings(preset: str) -> dict[str, Any]:
    """Settings on top of a preset.

    Examples
    --------
    >>> manager_settings("standard")["managers"]
    {'per_10k': 24.0}
    """
    from circlegraph.synth import make_settings

    usual = make_settings(preset=preset)
    rates = {name: MORE * float(getattr(usual.lookalikes, name)) for name in CLASSES}
    return {
        "managers": {"per_10k": MORE * usual.managers.per_10k},
        "lookalikes": {**rates, "own_share": OWN_SHARE},
    }


def make(preset: str, seed: int, subscribers: int) -> Case:
    """Make a city and its truth."""
    return city_case(preset, seed, subscribers, **manager_settings(preset))
