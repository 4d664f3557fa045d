"""Windows of a store: pairs summed from stored days."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.exchange import Exchange
from circlegraph.cdr.intake import partition_bits
from circlegraph.cdr.stamps import packed
from circlegraph.contacts.pairs import DETAILS, MEASURES, Detail, Pairs, no_habits, no_times
from circlegraph.contacts.windows import DAY, Windows
from circlegraph.errors import InputError, SettingsError
from circlegraph.graph.build import PairTable, pair_table
from circlegraph.kernels.aggregate import group_pairs
from circlegraph.kernels.exchange import pair_partition
from circlegraph.kernels.stored_days import sum_day_times, sum_days
from circlegraph.parallel import mapped
from circlegraph.resources import Resources
from circlegraph.store.dates import day_number, iso_date
from circlegraph.store.day_files import SUMMED, TIMES, read_calls, read_contacts, read_events
from circlegraph.store.sighting_files import StoredSightings

if TYPE_CHECKING:
    from pathlib import Path

    from circlegraph.store.manifest import Manifest, StoredDay, StoredFile

# Bytes per stored row while a partition is summed.
ROW_BYTES = 250
BATCH_ROWS = 4_000_000
MOST_FILES = 100


def pairs_of_store(
    root: Path, manifest: Manifest, windows: Windows, resources: Resources, detail: Detail = "times"
) -> PairTable:
    """Sum the stored days of some windows by pair, as they are in one state of the store in the folder `root`.

    `detail` is sums or times, see `contacts.pairs.Detail`.

    Errors are those of `_stored_days`.
    """
    stored = _stored_days(root, manifest, windows)
    rows = sum(day.contacts.rows for _, day in stored)
    partitions = 1 << manifest.partition_bits
    most = BATCH_ROWS
    if resources.pair_room is not None:
        most = min(most, resources.pair_room // (ROW_BYTES * resources.threads))
    step = max(1, int(partitions * most / max(rows, 1)))
    batches = [range(p, min(p + step, partitions)) for p in range(0, partitions, step)]
    edges = np.array(windows.edges, np.int64)

    names = MEASURES if detail == "sums" else (*SUMMED, *TIMES)

    def summed(batch: range) -> Pairs:
        parts = [read_contacts(root, day.contacts, batch, names) for _, day in stored]
        start = np.repeat(
            [np.datetime64(date, "s").astype(np.int64) for date, _ in stored],
            [len(p["number"]) for p in parts],
        )
        columns = {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}
        number, peer = columns["number"], columns["peer"]
        pair, keys = group_pairs(np.stack([number, peer, packed(start)], axis=1), edges[0], edges[-1])
        measures = np.stack([columns.pop(name) for name in MEASURES])
        sums = sum_days(number, peer, start, measures, pair, len(keys), edges, windows.words)
        times = no_times(len(keys))
        if detail != "sums":
            details = np.stack([columns.pop(name) for name in DETAILS])
            first, last = columns.pop("first"), columns.pop("last")
            times = sum_day_times(start, details, first, last, pair, len(keys), edges)
        return Pairs(keys, *sums, *times, no_habits(len(keys)))

    return pair_table(batches, summed, rows // 2, windows, resources)


def habits_of_store(root: Path, manifest: Manifest, windows: Windows, resources: Resources) -> PairTable:
    """Sum the stored events of some windows by pair, habits too, which the daily contacts do not hold.

    Errors are those of `_stored_days`.
    """
    stored = [day.events for _, day in _stored_days(root, manifest, windows)]
    rows = sum(file.rows for file in stored)
    bits = partition_bits(rows)
    exchange = Exchange(resources.event_room)

    def cut(file: StoredFile) -> None:
        caller, callee, stamp = np.ascontiguousarray(read_events(root, file).T)
        exchange.add((caller, callee, stamp), pair_partition(caller, callee, bits), 0, 1 << bits)

    for done, _ in enumerate(mapped(cut, stored, resources.threads), 1):
        resources.progress("reading", done, len(stored))
    sizes = exchange.sizes()

    def summed(partition: int) -> Pairs:
        return Pairs.of_events(exchange.partition(partition, sizes[partition]), windows, "habits")

    table = pair_table(list(sizes), summed, rows, windows, resources)
    exchange.release()
    return table


def sightings_of_store(
    root: Path, manifest: Manifest, windows: Windows, resources: Resources
) -> StoredSightings:
    """Places, handsets and forwards of the stored days of some windows.

    Errors are those of `_stored_days`.
    """
    days = [day for _, day in _stored_days(root, manifest, windows)]
    return StoredSightings(root, days, manifest.partition_bits, resources)


class StoredEvents:
    """Events of the stored days of some windows, day by day."""

    def __init__(self, root: Path, manifest: Manifest, windows: Windows) -> None:
        self._root = root
        self._files = {day_number(date): day.events for date, day in _stored_days(root, manifest, windows)}

    @property
    def sizes(self) -> dict[int, int]:
        """Events by day, since 1970-01-01."""
        return {day: file.rows for day, file in self._files.items()}

    def rows(self, day: int) -> NDArray[np.int64]:
        """Events of a day, int64[n, 3] of caller, callee and stamp."""
        return read_calls(self._root, self._files[day])


def provenance_of_store(root: Path, manifest: Manifest, windows: Windows) -> dict[str, Any]:
    """Where the stored days of some windows come from: files, counts and span.

    Files and counts are those of every append whose span meets the days, counted whole; of many files the first
    `MOST_FILES` are named. A checksum of the days' contacts tells what is there now, as a day may have been replaced.

    Errors are those of `_stored_days`.
    """
    stored = _stored_days(root, manifest, windows)
    first, last = stored[0][0], stored[-1][0]
    notes = [
        note
        for note in manifest.appended
        if note["first"] and note["first"][:10] <= last and first <= note["last"][:10]
    ]
    files = [path for note in notes for path in note["files"]]
    counts: dict[str, Any] = {name: sum(note[name] for note in notes) for name in ("read", "accepted")}
    for name in ("duplicates", "rejected", "notes"):
        total: Counter[str] = Counter()
        for note in notes:
            total.update(note[name])
        counts[name] = dict(sorted(total.items()))
    digest = hashlib.sha256("".join(day.contacts.sha256 for _, day in stored).encode()).hexdigest()
    return {
        "store": str(root),
        "generation": manifest.generation,
        "days_sha256": digest,
        "files": files[:MOST_FILES],
        "n_files": len(files),
        **counts,
        "first": first,
        "last": last,
    }


def _stored_days(root: Path, manifest: Manifest, windows: Windows) -> list[tuple[str, StoredDay]]:
    """Date and files of every stored day of some windows.

    Raises
    ------
    SettingsError
        If an edge of a window is no midnight: the store keeps whole days.
    InputError
        If the store holds no day of a window.
    """
    if any(edge % DAY for edge in windows.edges):
        raise SettingsError("a store keeps whole days: windows must begin and end at midnight")
    stored = []
    for w in range(len(windows)):
        inside = [iso_date(day) for day in range(windows.first_day(w), windows.last_day(w) + 1)]
        found = [(date, manifest.days[date]) for date in inside if date in manifest.days]
        if not found:
            raise InputError(
                f"{root}: no stored day between {inside[0]} and {inside[-1]}; the store holds "
                + (f"{min(manifest.days)} to {max(manifest.days)}" if manifest.days else "no days")
            )
        stored += found
    return stored
