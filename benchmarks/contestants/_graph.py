"""What the graph contestants share: reading the edge list and the pairs, writing the answer.

The job: from an edge list (`a`, `b`, `weight`; int64 numbers) build the engine's undirected weighted graph,
step "build"; then for the given pairs of numbers the Jaccard coefficient of their circles (their sets of
neighbours), step "jaccard". Result: `a`, `b`, `jaccard`. The engines' ids run from 0, so mapping the numbers
to them is part of the build where an engine does not do it itself.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def read_edges(path: Path) -> tuple[Ints, Ints, Floats]:
    """Read both ends and the weight of every edge."""
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    return table["a"].to_numpy(), table["b"].to_numpy(), table["weight"].to_numpy()


def read_pairs(path: Path) -> tuple[Ints, Ints]:
    """Read the pairs to compare."""
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    return table["a"].to_numpy(), table["b"].to_numpy()


def dense_ids(a: Ints, b: Ints) -> tuple[Ints, Ints, Ints]:
    """Map the numbers to ids from 0; return the sorted numbers and the ids of both ends."""
    numbers, ids = np.unique(np.concatenate([a, b]), return_inverse=True)
    return numbers, ids[: len(a)], ids[len(a) :]


def write_jaccard(path: Path, a: Ints, b: Ints, jaccard: Any) -> None:
    """Write the result."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    values = np.asarray(jaccard, dtype=np.float64)
    pq.write_table(pa.table({"a": a, "b": b, "jaccard": values}), path)
