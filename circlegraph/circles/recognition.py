"""How well circles tell numbers apart: persistence, uniqueness, and rank 1 from one period to the next.

The three measures are those by which signatures of communication graphs are judged (Cormode, Korn,
Muthukrishnan and Wu, "On signatures for communication graphs", ICDE 2008), with the balance as similarity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.circles.circles import Circles
from circlegraph.kernels.recognise import recognise, reverse_edges

MOST_PEERS = 1000
LEAST_PEERS = 2


@dataclass(frozen=True, slots=True)
class Recognition:
    """How well some numbers are recognised by their circles.

    Attributes
    ----------
    numbers
        How many were looked for.
    persistence
        Mean balance of a number's circle after with its own circle before.
    uniqueness
        1 minus the mean balance with the most similar circle of another number in the same period.
    rank1
        Share of the numbers that are more similar to themselves than any other number is; equals share.
    reciprocal_rank
        Mean of 1 / rank, equals in the middle.
    """

    numbers: int
    persistence: float
    uniqueness: float
    rank1: float
    reciprocal_rank: float


def recognisable(circles: Circles, least_peers: int = LEAST_PEERS) -> NDArray[np.int64]:
    """Ids of the own numbers with enough peers in both windows."""
    n = len(circles)
    enough = circles.numbers.own[circles.ids].copy()
    for index in (circles.before_index, circles.after_index):
        enough &= np.bincount(circles.heads[index > 0] - circles.rows.low, minlength=n) >= least_peers
    return np.flatnonzero(enough)


def recognition(circles: Circles, chosen: NDArray[np.int64] | None = None) -> Recognition:
    """Look for numbers by their circle before among all circles after.

    Parameters
    ----------
    circles
        Circles of all numbers.
    chosen
        int64[k]: which numbers to look for; by default every own number with two peers in both windows.

    Notes
    -----
    Peers with more than 1,000 peers of their own are passed over.

    Examples
    --------
    >>> import pandas as pd, circlegraph as cg
    >>> pairs = ["ab", "ac", "ad", "be", "bf", "bg"]
    >>> calls = pd.DataFrame([(*pair, day) for pair in pairs for day in ("2024-05-01", "2024-05-20")],
    ...                      columns=["caller", "callee", "start"]).assign(duration=60)
    >>> recognition(cg.contact_circles(calls, at="2024-05-15")).rank1
    1.0
    """
    if chosen is None:
        chosen = recognisable(circles)
    return recognised(
        circles.indptr,
        circles.peers,
        reverse_edges(circles.indptr, circles.peers),
        circles.before_index,
        circles.after_index,
        chosen,
    )


def recognised(
    indptr: NDArray[np.int64],
    peers: NDArray[np.int64],
    reverse: NDArray[np.int64],
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    chosen: NDArray[np.int64],
) -> Recognition:
    """Recognition by two arrays of indices over the same rows; see `recognition`."""
    if not len(chosen):
        return Recognition(0, float("nan"), float("nan"), float("nan"), float("nan"))
    better, equal, own, _ = recognise(indptr, peers, reverse, before, after, chosen, MOST_PEERS)
    _, _, _, nearest = recognise(indptr, peers, reverse, before, before, chosen, MOST_PEERS)
    found = own > 0
    return Recognition(
        numbers=len(chosen),
        persistence=float(own.mean()),
        uniqueness=float(1 - nearest.mean()),
        rank1=float(np.where(found & (better == 0), 1 / (1 + equal), 0).mean()),
        reciprocal_rank=float(np.where(found, 1 / (1 + better + equal / 2), 0).mean()),
    )
