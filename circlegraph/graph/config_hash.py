"""A hash of all settings that shape a graph, so that two graphs can be told to be made alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from circlegraph.contacts.windows import Windows
from circlegraph.graph.network import Network


def config_hash(windows: Windows, network: Network, reading: Mapping[str, Any]) -> str:
    """Sixteen hexadecimal digits that are equal for equal windows, own networks and ways to read.

    Parameters
    ----------
    windows
        The windows.
    network
        The own network; of a list of subscribers only a digest enters.
    reading
        How the CDRs were read; plain data.

    Examples
    --------
    >>> a, b = Windows((0, 86400)), Windows((0, 172800))
    >>> config_hash(a, Network(), {}) == config_hash(a, Network(), {})
    True
    >>> config_hash(a, Network(), {}) == config_hash(b, Network(), {})
    False
    """
    listed, plan = network.subscribers, network.plan
    settings = {
        "windows": windows.edges,
        "own_operators": sorted(network.own_operators),
        "subscribers": None if listed is None else hashlib.sha256(listed.tobytes()).hexdigest(),
        "plan": None if plan is None else plan.digest(),
        "reading": reading,
    }
    text = json.dumps(settings, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
