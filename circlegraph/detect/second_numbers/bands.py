"""The bands of the evidence, and the shares among pairs with one owner to start from.

Overlap, containment and jaccard are in `circle`; balance, gain and residual follow from the falls of the contacts and
from how each shared peer changes over. Bills that fall go with all contacts that fall: one band holds both.

Evidence that goes along with other evidence is trusted in part, lest the same thing be counted twice: whoever shares a
circle shares cells as well. The shares and the trust were set on synthetic cities of the tuning seeds, the trust as the
coefficients that a logistic regression on the weights would give them there. The data correct the shares, but for the
evidence against: left to themselves, the data would take households on one document for one owner. The shares of
newness were set by hand, on worlds of another generator.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.evidence import Evidence
from circlegraph.evidence.bands import Band

BANDS = (
    Band(
        "circle",
        (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.65),
        (0.03, 0.04, 0.07, 0.12, 0.14, 0.14, 0.23, 0.2, 0.03),
        trust=0.6,
    ),
    Band(
        "shared peers strange to each other",
        (0.0, 1.0, 2.0, 3.0, 4.0),
        (0.08, 0.09, 0.19, 0.27, 0.37),
        trust=0.5,
    ),
    Band(
        "handover peer by peer",
        (-4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 9.0, 13.0),
        (0.01, 0.02, 0.05, 0.08, 0.08, 0.11, 0.15, 0.5),
        trust=0.45,
    ),
    Band(
        "fall of all contacts",
        (-0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0),
        (0.01, 0.05, 0.18, 0.25, 0.22, 0.18, 0.11),
        trust=0.75,
    ),
    Band(
        "fall of the shared contacts",
        (-0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0),
        (0.02, 0.05, 0.13, 0.13, 0.12, 0.21, 0.34),
        trust=0.4,
    ),
    Band(
        "inside the circle", (0.2, 0.4, 0.6, 0.8, 0.9, 0.97), (0.02, 0.03, 0.12, 0.25, 0.32, 0.26), trust=0.4
    ),
    Band("silence between the two", (-5.0, -3.0, -1.0, 0.0), (0.0003, 0.001, 0.15, 0.8487), learned=False),
    Band("tried on its first day", (0.0, 1.0), (0.98, 0.02), trust=0.7),
    Band("never in calls at once", (-2.0, -1.0, 0.0), (0.001, 0.004, 0.995), learned=False),
    Band("document", (0.0, 1.0), (0.25, 0.75), trust=0.5),
    Band("handset", (0.0, 1.0), (0.7, 0.3)),
    Band(
        "cells",
        (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
        (0.01, 0.01, 0.01, 0.02, 0.03, 0.04, 0.08, 0.2, 0.6),
        trust=0.5,
    ),
    Band("never far apart", (-3.0, -1.0, 0.0), (0.01, 0.05, 0.94), learned=False),
    Band("forwarding", (0.0, 1.0), (0.87, 0.13)),
)
NEWNESS = Band("newness", (0.5, 0.7, 0.85, 0.95, 1.0), (0.003, 0.007, 0.015, 0.025, 0.95), learned=False)


LEAST_LEFT = 1 / 16
"""Bills never fall further, nor rise further than to 16 times: what is little has no ratio."""

RELATIVES = -3.0
"""Relatives are two people, however rarely they call each other: as if they had spoken seven times."""


def values_of(evidence: Evidence) -> dict[str, NDArray[np.float64]]:
    """Value of each band for each pair; NaN for what is not known."""
    values: dict[str, NDArray[Any]] = {
        "circle": evidence.circle,
        "shared peers strange to each other": np.log2(1.0 + evidence.strangers),
        "handover peer by peer": evidence.handed,
        "fall of all contacts": _volume_fall(evidence),
        "fall of the shared contacts": evidence.fall,
        "inside the circle": evidence.inside,
        "silence between the two": _silence(evidence),
        "tried on its first day": evidence.tried,
        "never in calls at once": -np.log2(1.0 + evidence.at_once),
        "document": evidence.same_document,
        "handset": evidence.same_imei,
        "cells": evidence.cells,
        "never far apart": -np.log2(1.0 + evidence.distant),
        "forwarding": evidence.forwards,
        "newness": evidence.newness,
    }
    return {name: value.astype(np.float64, copy=False) for name, value in values.items()}


def _volume_fall(evidence: Evidence) -> NDArray[np.float64]:
    """How far everything fell, as a power of 2: the contacts, and where bills are known the mean of both."""
    left = np.stack([1.0 - evidence.arpu_drop, 1.0 - evidence.mou_drop]).clip(LEAST_LEFT, 1.0 / LEAST_LEFT)
    by_bills = -np.log2(left).mean(axis=0)
    return np.where(np.isnan(by_bills), evidence.circle_fall, (evidence.circle_fall + by_bills) / 2)


def _silence(evidence: Evidence) -> NDArray[np.float64]:
    silence: NDArray[np.float64] = -np.log2(1.0 + evidence.calls_between)
    silence[evidence.tried == 1] = 0.0
    silence[evidence.related == 1] = np.minimum(silence[evidence.related == 1], RELATIVES)
    return silence
