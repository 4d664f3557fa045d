"""What the candidate contestants share: reading the ties, writing the answer.

The job: for every number with three steady peers, the other numbers that these are in contact with after the split, and
how many of the steady peers that are (`shared`). Those with at least twice the contacts with them that they had before
are candidates, and of each number the 20 are wanted that have the most of ``sum of rarities of the shared peers /
sqrt(1 + circle)``, equals by id; the rarity of a peer with k contacts after is ``1 / log2(2 + k)``, and the circle of a
candidate is the number of its contacts after.

The input lists every tie from both sides: `number`, `peer`, `before`, `after` (contacts) and `steady`, sorted; the
numbers are ids from 0.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST_PEERS = 3
MOST_KNOWN = 0.5
KEPT = 20


@dataclass(frozen=True)
class Ties:
    """Symmetric rows with ascending peers."""

    number: NDArray[np.int64]
    peer: NDArray[np.int64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    steady: NDArray[np.bool_]

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return int(self.number[-1]) + 1

    @property
    def indptr(self) -> NDArray[np.int64]:
        """Where each row begins."""
        return np.searchsorted(self.number, np.arange(self.size + 1)).astype(np.int64)

    @property
    def circle(self) -> NDArray[np.float64]:
        """How many numbers each one is in contact with after the split."""
        return np.bincount(self.number, self.after > 0, self.size).astype(np.float64)

    @property
    def rarity(self) -> NDArray[np.float64]:
        """Weight of each number as a shared peer, rounded so that equal sums are equal in every engine."""
        return np.asarray(np.round(1.0 / np.log2(2.0 + self.circle) * 2**20) / 2**20, np.float64)

    @property
    def chosen(self) -> NDArray[np.int64]:
        """Ids of the numbers with enough steady peers."""
        return np.flatnonzero(np.bincount(self.number, self.steady, self.size) >= LEAST_PEERS)


def read_ties(path: Path) -> Ties:
    """Read the ties."""
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    names = ("number", "peer", "before", "after", "steady")
    return Ties(*(table[name].to_numpy().copy() for name in names))


def write(path: Path, number: Any, candidate: Any, shared: Any) -> None:
    """Write the result."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {"number": number, "candidate": candidate, "shared": np.asarray(shared, np.float64)}
    pq.write_table(pa.table(columns), path)
