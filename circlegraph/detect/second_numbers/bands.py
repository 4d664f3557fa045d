"""The bands of the evidence, and the shares among pairs with one owner to start from.

Each line is evidence of its own: what says the same thing (overlap, containment, jaccard; balance, gain, residual)
stands in one band, so that it is not counted twice. The shares are guesses of a cautious analyst; the data correct
them, but for the evidence against: left to themselves, the data would take households on one document for one owner.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.second_numbers.evidence import Evidence
from circlegraph.evidence.bands import Band

BANDS = (
    Band("circle", (0.1, 0.2, 0.3, 0.4, 0.5, 0.65), (0.04, 0.12, 0.2, 0.24, 0.22, 0.18)),
    Band("gain", (-0.05, 0.0, 0.05, 0.15, 0.3), (0.05, 0.2, 0.25, 0.25, 0.25)),
    Band("newness", (0.25, 0.4, 0.5, 1.0), (0.01, 0.02, 0.12, 0.85), learned=False),
    Band("silence between the two", (-3.0, -1.0, 0.0), (0.002, 0.008, 0.99), learned=False),
    Band("drop of minutes", (-0.3, 0.0, 0.3, 0.6), (0.1, 0.25, 0.35, 0.3)),
    Band("document", (0.0, 1.0), (0.35, 0.65)),
    Band("handset", (0.0, 1.0), (0.35, 0.65)),
    Band("forwarding", (0.0, 1.0), (0.85, 0.15)),
)


def values_of(evidence: Evidence) -> dict[str, NDArray[np.float64]]:
    """Value of each band for each pair; NaN for what is not known."""
    return {
        "circle": evidence.circle,
        "gain": evidence.gain,
        "newness": evidence.newness,
        "silence between the two": -np.log2(1.0 + evidence.calls_between),
        "drop of minutes": evidence.mou_drop,
        "document": evidence.same_document,
        "handset": evidence.same_imei,
        "forwarding": evidence.forwards,
    }
