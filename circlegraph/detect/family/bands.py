"""The bands of the evidence, and the shares among relatives to start from.

What says the same thing stands in one band: share and rank; shared peers, similarity and triads; evenings and days
off. The shares are guesses of a cautious analyst; the data correct them. Knots and factors were chosen on cities of the
tuning seeds, with all data and with one month without durations.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.bands import Band

Floats = NDArray[np.float64]

BANDS = (
    Band("closeness", (-10.0, -8.0, -6.0, -4.5, -3.0, -1.5), (0.02, 0.06, 0.17, 0.25, 0.3, 0.2)),
    Band("circle", (0.0, 1.0, 1.75, 2.5, 3.25, 4.0), (0.03, 0.07, 0.15, 0.25, 0.3, 0.2)),
    Band("hours", (-1.5, -0.5, 0.2, 0.8), (0.1, 0.2, 0.4, 0.3)),
    Band("short calls", (0.35, 0.5, 0.6, 0.7), (0.1, 0.2, 0.3, 0.4)),
    Band("home cell", (0.0, 0.2, 0.5, 0.75), (0.15, 0.1, 0.3, 0.45)),
    Band("no work cell", (-0.7, -0.4, -0.1, 0.0), (0.1, 0.2, 0.4, 0.3)),
    Band("document", (0.0, 1.0), (0.8, 0.2)),
    Band("account", (0.0, 1.0), (0.1, 0.9)),
    Band("region", (0.0, 1.0), (0.2, 0.8)),
    Band("ages", (0.0, 1.0, 2.0), (0.15, 0.35, 0.5)),
    Band("address", (0.0, 1.0), (0.4, 0.6)),
    Band("surname", (0.0, 1.0), (0.5, 0.5)),
)
RANK_WEIGHT = 0.8
TRIAD_WEIGHT = 0.8
MOST_TRIADS = 3.0
RELATIVE_WEIGHT = 1.5
MOST_RELATIVES = 2.0
DAYS_OFF_WEIGHT = 0.5
ELSEWHERE = 0.3
"""Who shares the cell at home less often than this may be a colleague, or a relative who lives elsewhere."""


def values_of(evidence: Mapping[str, Floats]) -> dict[str, Floats]:
    """Value of each band for each tie; NaN for what is not known.

    Triads are those of the strongest ties until it is known how many relatives are shared.
    """
    similarity = np.log2(25 * evidence["circle_similarity"] + 0.5)
    triads = TRIAD_WEIGHT * np.minimum(evidence["triads"], MOST_TRIADS)
    if "shared_relatives" in evidence:
        triads = RELATIVE_WEIGHT * np.minimum(evidence["shared_relatives"], MOST_RELATIVES)
    home = evidence["same_home_cell"]
    days_off = np.nan_to_num(evidence["days_off"])
    return {
        "closeness": np.log2(evidence["share"]) - RANK_WEIGHT * np.log2(evidence["rank"]),
        "circle": similarity + triads,
        "hours": evidence["evenings"] + DAYS_OFF_WEIGHT * days_off,
        "short calls": evidence["short_calls"],
        "home cell": home,
        "no work cell": np.where(home < ELSEWHERE, -evidence["same_work_cell"], np.nan),
        "document": evidence["same_document"],
        "account": evidence["same_account"],
        "region": np.where(np.isnan(home), evidence["same_region"], np.nan),  # cells say it better
        "ages": evidence["generations"],
        "address": evidence["same_address"],
        "surname": evidence["same_surname"],
    }
