"""The files of what was seen on a stored day: places, handsets and forwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.sightings import FORWARDS, HANDSETS, PLACES, UNITS
from circlegraph.contacts.seen import distinct
from circlegraph.contacts.windows import DAY
from circlegraph.kernels.exchange import number_partition
from circlegraph.store.day_files import opened, write_table

if TYPE_CHECKING:
    from circlegraph.resources import Resources
    from circlegraph.store.manifest import StoredDay, StoredFile

Longs = NDArray[np.int64]

# Number, time in units of the kind since 1970-01-01, and what was seen: keys, like those of the numbers.
COLUMNS: Mapping[str, tuple[str, str, str]] = {
    PLACES: ("number", "hour", "cell"),
    HANDSETS: ("number", "day", "imei"),
    FORWARDS: ("number", "second", "target"),
}
# Bytes per stored row while a partition is read and sorted.
ROW_BYTES = 120
BATCH_ROWS = 4_000_000


def day_of(kind: str, time: Longs) -> Longs:
    """Days since 1970-01-01 of times of a kind.

    Examples
    --------
    >>> day_of("places", np.array([23, 24])).tolist()
    [0, 1]
    """
    return time // (DAY // UNITS[kind])


def write_sightings(root: Path, day: int, kind: str, rows: Longs, partition_bits: int) -> StoredFile:
    """Write a day's distinct sightings of a kind, one row group per partition of numbers.

    Parameters
    ----------
    root
        The store.
    day
        Counted from 1970-01-01.
    kind
        One of `circlegraph.cdr.sightings.UNITS`.
    rows
        int64[n, 3]: number, time, what; each once.
    partition_bits
        As for the contacts.
    """
    import pyarrow as pa

    number, time, what = np.ascontiguousarray(rows.T)
    partition = number_partition(number, partition_bits)
    order = np.lexsort((what, time, number, partition))
    columns = dict(zip(COLUMNS[kind], (number[order], time[order], what[order]), strict=True))
    ends = np.cumsum(np.bincount(partition, minlength=1 << partition_bits))
    return write_table(root, f"{np.datetime64(day, 'D')}.{kind}", pa.table(columns), ends)


def read_sightings(root: Path, file: StoredFile, kind: str, partitions: range | None = None) -> Longs:
    """Sightings of a stored day, int64[n, 3] of number, time and what; of some partitions or of all.

    Raises
    ------
    StoreError
        If the file is missing or damaged.
    """
    names = list(COLUMNS[kind])
    if partitions is None:
        file.verify(root)  # what is read whole is written again
    with opened(root, file) as parquet:
        if partitions is None:
            table = parquet.read(columns=names)
        else:
            table = parquet.read_row_groups(list(partitions), columns=names)
        return np.stack([table[name].to_numpy() for name in names], axis=1)


def merge_sightings(
    root: Path, day: int, kind: str, new: Longs, stored: StoredFile | None, partition_bits: int
) -> StoredFile | None:
    """File of a day's sightings with new ones added; the stored one if it holds them already."""
    old = np.empty((0, 3), np.int64) if stored is None else read_sightings(root, stored, kind)
    rows = np.stack(distinct(*np.concatenate([old, new]).T), axis=1)
    return stored if len(rows) == len(old) else write_sightings(root, day, kind, rows, partition_bits)


class StoredSightings:
    """Sightings of some stored days, partition by partition of the numbers.

    Parameters
    ----------
    root
        The store.
    days
        The days to read.
    partition_bits
        As for the contacts.
    resources
        Threads and memory, for how many partitions are read at a time.
    """

    def __init__(
        self, root: Path, days: Sequence[StoredDay], partition_bits: int, resources: Resources
    ) -> None:
        self._root = root
        self._files = {
            kind: [file for day in days if (file := day.sightings(kind)) is not None] for kind in UNITS
        }
        self._count = 1 << partition_bits
        self._most = BATCH_ROWS
        if resources.sighting_room is not None:
            self._most = min(self._most, resources.sighting_room // (ROW_BYTES * resources.threads))

    def _step(self, kind: str) -> int:
        rows = sum(file.rows for file in self._files[kind])
        return max(1, int(self._count * self._most / max(rows, 1)))

    def partitions(self, kind: str) -> list[int]:
        """First partitions of the batches to read."""
        return list(range(0, self._count, self._step(kind))) if self._files[kind] else []

    def rows(self, kind: str, partition: int) -> Longs:
        """Sightings of a batch of partitions: int64[n, 3]."""
        batch = range(partition, min(partition + self._step(kind), self._count))
        return np.concatenate([read_sightings(self._root, file, kind, batch) for file in self._files[kind]])
