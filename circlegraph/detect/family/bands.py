"""The bands of the evidence: what calls weigh by themselves, and what tables, cells and durations start from.

What calls say weighs the same in all data. Weights that the data correct without labels follow whoever is closest of
all: where colleagues phone much, colleagues become the relatives. The weights were chosen so that they hold alike on
cities of the tuning seeds (four months, and one month without durations) and on small worlds of another make (one
company with its families, one month). How often documents, accounts, cells or lengths of calls agree differs from
operator to operator; there the shares are guesses of a cautious analyst that the data correct.

What says the same thing stands in one band: share and rank; shared peers and similarity; evenings and days off.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.bands import Band

Singles = NDArray[np.float32]

CALLS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "closeness": ((-10.0, -8.0, -6.5, -5.0, -3.5, -2.0, -1.0), (-2.9, -1.0, -0.4, 0.0, 0.9, 2.5, 4.6)),
    "circle": ((-2.0, -1.0, 0.0, 1.0, 2.0, 3.0), (-2.8, -1.7, 0.3, 2.3, 4.1, 4.6)),
    "company": ((-3.0, -1.5, -0.5, 0.5, 1.5), (-4.7, -4.1, -0.5, 1.2, 1.4)),
    "hours": ((-2.0, -1.0, -0.3, 0.3, 0.9), (-1.6, -0.5, -0.1, 0.2, 0.3)),
}
"""Knots, and the weight in bits at each."""

CALL_BANDS = tuple(Band(name, knots, (), learned=False) for name, (knots, _) in CALLS.items())
WHOLE_DAYS, BLUR, MOST_BLUR = 60.0, 0.1, 0.2
"""The weights are those of two months and more; of half as many days they are a tenth less, up to a fifth: on the
tuning seeds the probabilities of one month were too far from a half."""

CELL_TRUST = 0.65
LIST_TRUST = 0.8
"""Who is close is often near, and on one document: so much of the weight counts beside that of the calls."""
OTHER_BANDS = (
    Band("short calls", (0.35, 0.5, 0.6, 0.7), (0.1, 0.2, 0.3, 0.4)),
    Band("home cell", (0.0, 0.2, 0.5, 0.75), (0.15, 0.1, 0.3, 0.45), trust=CELL_TRUST),
    Band("no work cell", (-0.7, -0.4, -0.1, 0.0), (0.1, 0.2, 0.4, 0.3), trust=CELL_TRUST),
    Band("document", (0.0, 1.0), (0.8, 0.2), trust=LIST_TRUST),
    Band("account", (0.0, 1.0), (0.1, 0.9), trust=LIST_TRUST),
    Band("region", (0.0, 1.0), (0.2, 0.8), trust=LIST_TRUST),
    Band("ages", (0.0, 1.0, 2.0), (0.15, 0.35, 0.5), trust=LIST_TRUST),
    Band("address", (0.0, 1.0), (0.4, 0.6), trust=LIST_TRUST),
    Band("surname", (0.0, 1.0), (0.5, 0.5), trust=LIST_TRUST),
)
BANDS = CALL_BANDS + OTHER_BANDS
RELATIVE_WEIGHT = 2.5
"""A shared relative says as much as so many shared close peers."""
SIMILARITY_WEIGHT = 0.3
DAYS_OFF_WEIGHT = 0.5
ELSEWHERE = 0.3
"""Who shares the cell at home less often than this may be a colleague, or a relative who lives elsewhere."""


def call_weights(days: float) -> tuple[NDArray[np.float64], ...]:
    """Weight in bits of what calls say in so many days, at each knot of each band.

    Examples
    --------
    >>> [float(call_weights(days)[0][-1].round(2)) for days in (7, 30, 60, 120)]
    [3.68, 4.14, 4.6, 4.6]
    """
    sure = 1.0 + np.clip(BLUR * np.log2(days / WHOLE_DAYS), -MOST_BLUR, 0.0)
    return tuple(sure * np.array(weights) for _, weights in CALLS.values())


def values_of(evidence: Mapping[str, Singles]) -> dict[str, Singles]:
    """Value of each band for each tie; NaN for what is not known.

    Shared close peers stand for shared relatives until it is known how many these are.
    """
    shared = evidence["close_shared"]
    if "shared_relatives" in evidence:
        shared = RELATIVE_WEIGHT * evidence["shared_relatives"]
    similarity = np.log2(25 * evidence["circle_similarity"] + 0.5)
    home, unknown = evidence["same_home_cell"], np.float32(np.nan)
    days_off = np.nan_to_num(evidence["days_off"])
    return {
        "closeness": evidence["closeness"],
        "circle": np.log2(shared + 0.2) + SIMILARITY_WEIGHT * similarity,
        "company": evidence["company"],
        "hours": evidence["evenings"] + DAYS_OFF_WEIGHT * days_off,
        "short calls": evidence["short_calls"],
        "home cell": home,
        "no work cell": np.where(home < ELSEWHERE, -evidence["same_work_cell"], unknown),
        "document": evidence["same_document"],
        "account": evidence["same_account"],
        "region": np.where(np.isnan(home), evidence["same_region"], unknown),  # cells say it better
        "ages": evidence["generations"],
        "address": evidence["same_address"],
        "surname": evidence["same_surname"],
    }
