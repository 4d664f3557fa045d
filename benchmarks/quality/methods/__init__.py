"""The methods that are judged, in the order of the tables."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from benchmarks.quality.methods import circlegraph_dual_sim, cosine, jaccard, operator_rule, signature
from benchmarks.quality.world import World


@dataclass(frozen=True)
class Method:
    """One method of finding second numbers.

    Attributes
    ----------
    label : str
        Name in the tables.
    rank : callable
        From a world to a table with one row per number and candidate: ``number``, ``second_number``,
        ``probability`` (or any score in [0, 1], more is surer), and ``accepted`` where the method decides
        for itself. Raises `NotAvailableError` if it cannot run.
    is_probability : bool
        Whether the score is meant as a probability, so that calibration is judged too.
    new_only : bool
        Whether it looks at numbers new since the split only.
    """

    label: str
    rank: Callable[[World], pd.DataFrame]
    is_probability: bool = False
    new_only: bool = False


def _both(label: str, rank: Callable[..., pd.DataFrame], **options: bool) -> list[Method]:
    """List a baseline over all numbers, and over those new since the split."""
    return [
        Method(f"{label}{suffix}", partial(rank, new_only=new_only, **options), new_only=new_only)
        for suffix, new_only in (("", False), (", new only", True))
    ]


METHODS = [
    Method("circlegraph", circlegraph_dual_sim.rank, is_probability=True),
    *_both("overlap >= 40 %", operator_rule.rank, drop=False),
    *_both("overlap >= 40 %, MOU drop", operator_rule.rank, drop=True),
    *_both("Jaccard", jaccard.rank),
    *_both("cosine", cosine.rank),
    *_both("top-9 signature", signature.rank),
]
