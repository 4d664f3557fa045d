"""How the search went, and what to beware of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.windows import as_text
from circlegraph.detect.family.belief import Belief
from circlegraph.detect.family.ties import FamilyTies

FEW_DAYS = 14
FEW_TIES = 50
UNSURE = (0.1, 0.9)
MOST_UNSURE = 0.5
LEAST_SURE = 0.1
KNOWN_BY = {
    "closeness": "contacts",
    "evenings": "hours",
    "short_calls": "durations",
    "same_home_cell": "cells",
    "same_document": "documents",
    "same_account": "plan accounts",
    "same_region": "regions",
    "generations": "ages",
    "same_address": "addresses",
    "same_surname": "surnames",
}


def facts_of(
    ties: FamilyTies, evidence: Mapping[str, NDArray[np.float32]], belief: Belief, family: NDArray[np.int64]
) -> Mapping[str, str]:
    """Facts and warnings, in words and figures; `evidence` is of all ties, `family` int64[numbers], -1 for none."""
    begin, end = ties.windows.edges
    floor = f"{ties.least_days} day{'s' if ties.least_days > 1 else ''}"
    known = [name for column, name in KNOWN_BY.items() if not np.isnan(evidence[column]).all()]
    facts = {
        "window": f"{as_text(begin)} to {as_text(end)} ({ties.windows.length(0):g} days)",
        "judged": f"{len(belief.chosen):,} ties with contact on at least {floor}",
        "hubs": f"{int(ties.hubs.sum()):,} numbers with more than {ties.most_peers:,} peers left out",
        "evidence": ", ".join(known) or "none",
    }
    warnings = "; ".join(_warnings(ties, belief, family))
    return {**facts, "warning": warnings} if warnings else facts


def _warnings(ties: FamilyTies, belief: Belief, family: NDArray[np.int64]) -> Iterator[str]:
    days = ties.windows.length(0)
    if not len(belief.chosen):
        yield "there is no tie to judge"
        return
    if days < FEW_DAYS:
        span = f"{days:g} day{'s' if days != 1 else ''} of data"
        yield f"{span} are few: relatives who talk once a week cannot be told from others"
    if len(belief.chosen) < FEW_TIES:
        yield "there are too few ties to tell how common relatives are"
    if not (ties.hours > 0).sum() > 1:
        yield "nearly all contacts fall into one part of the week, so that hours say nothing"
    low, high = UNSURE
    mass = belief.probability.sum()
    unsure = belief.probability[(belief.probability > low) & (belief.probability < high)].sum()
    if mass > 0 and unsure > MOST_UNSURE * mass:
        yield f"{unsure / mass:.0%} of what is believed to be relatives are guesses: ties are too much alike".replace(
            "%", " %"
        )
    if mass > 0 and belief.probability[belief.probability >= high].sum() < LEAST_SURE * mass:
        yield "hardly a tie is surely one of relatives, so that families rest on how many relatives are usual"
    if not (family >= 0).any():
        yield "no families could be told"
