"""The files of a stored day, written and read: contacts per number and peer, and events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.stamps import durations, kinds, legs, packed, starts
from circlegraph.contacts.pairs import DETAILS, MEASURES, Pairs
from circlegraph.contacts.windows import DAY, Windows
from circlegraph.errors import StoreError
from circlegraph.kernels.exchange import number_partition
from circlegraph.store.manifest import StoredFile, new_file

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

SUMMED = (*MEASURES, *DETAILS)
TIMES = ("first", "last")
EVENTS, SECOND_LEGS = "events", "second_legs"
KEYS = (
    "number, peer, caller, callee: a 1 and then the digits (113800138000 is 13800138000); 0 none, 1 unreadable text; "
    "negative where the number is a text, which stands under the same key in the files of tokens"
)
"""Told in every file, for whoever opens it with another program."""
EVENT_COLUMNS = ("caller", "callee", "start", "duration", "kind", "leg")


def write_contacts(root: Path, day: int, events: NDArray[np.int64], partition_bits: int) -> StoredFile:
    """Sum a day's unique events and write its contacts, one row group per partition of numbers.

    Parameters
    ----------
    root
        The store.
    day
        Counted from 1970-01-01.
    events
        int64[n, 3]: caller, callee and stamp, all of that day.
    partition_bits
        Row group p holds the numbers whose hash begins with p in that many bits.
    """
    import pyarrow as pa

    windows = Windows((day * DAY, (day + 1) * DAY))
    pairs = Pairs.of_events(events, windows, detail="times")
    number = np.concatenate([pairs.ends[:, 0], pairs.ends[:, 1]])
    peer = np.concatenate([pairs.ends[:, 1], pairs.ends[:, 0]])
    partition = number_partition(number, partition_bits)
    order = np.lexsort((peer, number, partition))
    columns: dict[str, Any] = {
        "day": pa.array(np.full(len(order), day, np.int32)).view(pa.date32()),
        "number": number[order],
        "peer": peer[order],
    }
    out, back = (0, 1, 2, 3), (1, 0, 3, 2)
    counts = np.concatenate([pairs.counts[:, out], pairs.counts[:, back]])[order]
    seconds = np.concatenate([pairs.seconds, pairs.seconds[:, ::-1]])[order].astype(np.int64)
    pair = order % max(len(pairs), 1)
    by_name = {
        "calls_out": counts[:, 0],
        "seconds_out": seconds[:, 0],
        "calls_in": counts[:, 1],
        "seconds_in": seconds[:, 1],
        "sms_out": counts[:, 2],
        "sms_in": counts[:, 3],
        **{name: pairs.nights[pair, j] for j, name in enumerate(DETAILS)},
    }
    columns |= {name: by_name[name] for name in SUMMED}
    for j, name in enumerate(TIMES):
        columns[name] = pa.array(pairs.seen[pair, j]).view(pa.timestamp("s"))
    ends = np.cumsum(np.bincount(partition, minlength=1 << partition_bits))
    return write_table(root, f"{np.datetime64(day, 'D')}.contacts", pa.table(columns), ends)


def write_events(root: Path, day: int, events: NDArray[np.int64], what: str = EVENTS) -> StoredFile:
    """Write a day's unique events, or their second records, in the order of caller, callee and start."""
    import pyarrow as pa

    rows = events[np.lexsort((events[:, 2], events[:, 1], events[:, 0]))]
    stamp = rows[:, 2]
    table = pa.table(
        {
            "caller": rows[:, 0],
            "callee": rows[:, 1],
            "start": pa.array(starts(stamp)).view(pa.timestamp("s")),
            "duration": durations(stamp).astype(np.int32),
            "kind": kinds(stamp).astype(np.int8),
            "leg": legs(stamp).astype(np.int8),
        }
    )
    return write_table(root, f"{np.datetime64(day, 'D')}.{what}", table, np.array([len(table)]))


def read_events(root: Path, file: StoredFile) -> NDArray[np.int64]:
    """Events of a stored day: int64[n, 3] of caller, callee and stamp.

    Raises
    ------
    StoreError
        If the file is missing or damaged.
    """
    file.verify(root)  # what is read here is written again
    with opened(root, file) as parquet:
        table = parquet.read()
        column = {name: table[name].to_numpy() for name in EVENT_COLUMNS}
        stamp = packed(_seconds(column["start"]), column["duration"], column["kind"], column["leg"])
        return np.stack([column["caller"], column["callee"], stamp], axis=1)


def read_calls(root: Path, file: StoredFile) -> NDArray[np.int64]:
    """Events of a stored day as `read_events` gives them, legs left out, for those who only look at them.

    Raises
    ------
    StoreError
        If the file is missing or damaged.
    """
    with opened(root, file) as parquet:
        table = parquet.read(columns=list(EVENT_COLUMNS[:-1]))
        column = {name: table[name].to_numpy() for name in table.column_names}
        stamp = packed(_seconds(column["start"]), column["duration"], column["kind"])
        return np.stack([column["caller"], column["callee"], stamp], axis=1)


def read_contacts(
    root: Path, file: StoredFile, partitions: range, names: Sequence[str]
) -> dict[str, NDArray[Any]]:
    """Contacts of some partitions of a stored day, some columns of them; times in seconds since 1970.

    A pair's day stands in the rows of both its numbers; only that of the smaller key is given.

    Raises
    ------
    StoreError
        If the file is missing or damaged.
    """
    with opened(root, file) as parquet:
        table = parquet.read_row_groups(list(partitions), columns=["number", "peer", *names])
        once = table["number"].to_numpy() < table["peer"].to_numpy()
        columns = {name: table[name].to_numpy()[once] for name in table.column_names}
        return {
            name: _seconds(column) if name in TIMES else column.astype(np.int64, copy=False)
            for name, column in columns.items()
        }


def _seconds(times: NDArray[Any]) -> NDArray[np.int64]:
    """Seconds since 1970; Parquet knows no unit longer than the millisecond."""
    return times.astype("datetime64[s]").astype(np.int64)


def write_table(root: Path, stem: str, table: pa.Table, ends: NDArray[np.int64]) -> StoredFile:
    """Write a table with a row group up to each end, under a name that tells its content."""
    import pyarrow.parquet

    table = table.replace_schema_metadata({"keys": KEYS})
    with (
        new_file(root / "days", stem) as new,
        pyarrow.parquet.ParquetWriter(
            new.temporary, table.schema, compression="zstd", write_page_checksum=True
        ) as writer,
    ):
        begin = 0
        for end in ends.tolist():
            writer.write_table(table.slice(begin, end - begin), row_group_size=max(end - begin, 1))
            begin = end
    return new.stored(root, len(table))


@contextmanager
def opened(root: Path, file: StoredFile) -> Iterator[pq.ParquetFile]:
    """Open a stored day; whatever goes wrong while it is read is the file's fault."""
    import pyarrow as pa
    import pyarrow.parquet

    path = root / file.name
    try:
        if path.stat().st_size != file.bytes:
            raise StoreError(f"{path}: the file has changed since the store wrote it; take its day in again")
        with pyarrow.parquet.ParquetFile(path, page_checksum_verification=True) as parquet:
            if parquet.metadata.num_rows != file.rows:
                raise ValueError("another number of rows")
            yield parquet
    except (OSError, LookupError, ValueError, pa.ArrowException) as error:
        raise StoreError(f"{path}: a stored day cannot be read; take it in again from the CDRs") from error
