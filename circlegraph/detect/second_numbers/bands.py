"""The bands of the evidence, and the shares among pairs with one owner to start from.

Each line is evidence of its own: what says the same thing stands in one band, so that it is not counted twice.
Overlap, containment and jaccard are in `circle`; balance, gain, residual and the drop of all minutes follow from
the fall of the contacts with the shared peers and from what the two numbers keep of them together.

The shares were set on synthetic cities of the tuning seeds; the data correct them, but for the evidence against: left
to themselves, the data would take households on one document for one owner.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.evidence import Evidence
from circlegraph.evidence.bands import Band

BANDS = (
    Band(
        "circle",
        (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.65),
        (0.05, 0.07, 0.07, 0.12, 0.1, 0.15, 0.2, 0.15, 0.09),
    ),
    Band(
        "fall of the shared contacts",
        (-0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0),
        (0.02, 0.05, 0.13, 0.13, 0.12, 0.21, 0.34),
    ),
    Band(
        "balance of the shared contacts",
        (-3.0, -2.0, -1.5, -1.0, -0.5, 0.0),
        (0.005, 0.01, 0.03, 0.15, 0.43, 0.375),
    ),
    Band("inside the circle", (0.2, 0.4, 0.6, 0.8, 0.9, 0.97), (0.01, 0.02, 0.07, 0.24, 0.29, 0.37)),
    Band("silence between the two", (-3.0, -1.0, 0.0), (0.003, 0.007, 0.99), learned=False),
    Band("document", (0.0, 1.0), (0.25, 0.75)),
    Band("handset", (0.0, 1.0), (0.7, 0.3)),
    Band(
        "cells",
        (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
        (0.01, 0.01, 0.01, 0.02, 0.03, 0.07, 0.15, 0.4, 0.3),
        trust=0.4,  # whoever shares a circle shares cells as well
    ),
    Band("forwarding", (0.0, 1.0), (0.85, 0.15)),
)
NEWNESS = Band("newness", (0.25, 0.4, 0.5, 1.0), (0.01, 0.01, 0.02, 0.96), learned=False)


RELATIVES = -3.0
"""Relatives are two people, however rarely they call each other: as if they had spoken seven times."""


def values_of(evidence: Evidence) -> dict[str, NDArray[np.float64]]:
    """Value of each band for each pair; NaN for what is not known."""
    return {
        "circle": evidence.circle,
        "fall of the shared contacts": evidence.fall,
        "balance of the shared contacts": evidence.kept,
        "inside the circle": evidence.inside,
        "silence between the two": _silence(evidence),
        "document": evidence.same_document,
        "handset": evidence.same_imei,
        "cells": evidence.cells,
        "forwarding": evidence.forwards,
        "newness": evidence.newness,
    }


def _silence(evidence: Evidence) -> NDArray[np.float64]:
    silence: NDArray[np.float64] = -np.log2(1.0 + evidence.calls_between)
    silence[evidence.related == 1] = np.minimum(silence[evidence.related == 1], RELATIVES)
    return silence
