"""What the contestants of the detectors' kernels share: the jobs on ties, reading them, writing the answer.

The input lists every tie from both sides, sorted: `number`, `peer` (ids from 0) and `contacts`; hubs are not in it.

The jobs, each with the step "work":

shared   for every tie (a < b) with a shared peer the sum of 1 / ln(peers of it) over the shared peers, which is the
         coefficient of Adamic and Adar; result: `a`, `b`, `weighted`
ranks    for every number the ranks of its peers by contacts, the most first, equals sharing the mean of their ranks;
         result: `number`, `peer`, `rank`
links    for every number with two peers the share of pairs of its peers that have a tie, which is the local clustering
         coefficient; result: `number`, `clustering`
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PIECE = 1 << 16
"""Ties or rows that are worked on at a time, where all at once take too much memory or several threads share them."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ties:
    """Symmetric rows with ascending peers."""

    size: int
    """How many ids there are; some have no ties."""
    number: Ints
    peer: Ints
    contacts: Ints

    @property
    def indptr(self) -> Ints:
        """Where each row begins."""
        return np.searchsorted(self.number, np.arange(self.size + 1)).astype(np.int64)

    @property
    def degree(self) -> Ints:
        """Peers of each number."""
        return np.bincount(self.number, minlength=self.size)

    @property
    def rarity(self) -> NDArray[np.float64]:
        """What each number counts as a shared peer; those with fewer than two peers never are one."""
        return np.asarray(1.0 / np.log(np.maximum(self.degree, 2)), np.float64)

    @property
    def pairs(self) -> Ints:
        """Each tie once, the smaller id first, int64[ties, 2]."""
        once = self.number < self.peer
        return np.column_stack([self.number[once], self.peer[once]])


def read_ties(path: Path) -> Ties:
    """Read the ties."""
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    number, peer, contacts = (table[name].to_numpy() for name in ("number", "peer", "contacts"))
    return Ties(int(number[-1]) + 1, number, peer, contacts)


def write(path: Path, **columns: Any) -> None:
    """Write the result."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), path)
