"""A pass over a source: weekly volumes, and pairs of two windows for the circles; one reading of CDRs serves both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.intake import Intake, take_in
from circlegraph.cdr.pipeline import Cdr, open_cdr
from circlegraph.contacts.pairs import MEASURES, Pairs
from circlegraph.contacts.windows import Windows
from circlegraph.detect.weekly_movement.totals import Forwards, Total, days_of
from circlegraph.detect.weekly_movement.volumes import Block, Watched, Weeks
from circlegraph.errors import InputError
from circlegraph.graph.build import PairTable, pair_table
from circlegraph.graph.from_store import pairs_of_store
from circlegraph.kernels.exchange import number_partition
from circlegraph.numbers import Tokens
from circlegraph.parallel import mapped
from circlegraph.resources import Resources
from circlegraph.store.dates import day_number, iso_date
from circlegraph.store.day_files import opened, read_events
from circlegraph.store.manifest import Manifest, StoredFile
from circlegraph.store.store import Store
from circlegraph.store.token_files import read_tokens

BATCH_ROWS = 1_000_000
"""Rows of one week and batch of partitions that are held at a time."""
BLOCK_NUMBERS = 100_000


class Pass(Protocol):
    """What movement needs of a source."""

    tokens: Tokens

    def days(self) -> list[int]:
        """Days with any event, counted from 1970-01-01."""

    def blocks(self, weeks: Weeks, watched: Watched, resources: Resources) -> Iterator[Block]:
        """Weekly volumes of the own numbers that did anything in the weeks, each number once."""

    def pairs(self, windows: Windows, resources: Resources) -> PairTable:
        """Pairs of two windows."""


def open_pass(source: Any, resources: Resources) -> Pass:
    """Open a store or take CDRs in.

    Raises
    ------
    InputError
        If the source holds no usable event.
    """
    if isinstance(source, Store):
        manifest = source.manifest
        if not manifest.days:
            raise InputError(f"{source.path}: the store holds no days yet; append CDRs first")
        return StorePass(source.path, manifest)
    intake = take_in(source if isinstance(source, Cdr) else open_cdr(source), resources)
    if intake.first is None:
        raise InputError(
            "the CDRs hold no usable event; `circlegraph inspect` shows why each row was rejected"
        )
    return EventPass(intake)


class StorePass:
    """Volumes from stored days, batch by batch of numbers and week by week, so that memory stays bounded."""

    def __init__(self, root: Path, manifest: Manifest) -> None:
        self._root = root
        self._manifest = manifest
        self.tokens = read_tokens(root, manifest.tokens).tokens()

    def days(self) -> list[int]:
        """Stored days."""
        return [day_number(date) for date in self._manifest.days]

    def blocks(self, weeks: Weeks, watched: Watched, resources: Resources) -> Iterator[Block]:
        """Weekly volumes, a block per batch of partitions."""
        first, last = weeks.first_day, weeks.last_day
        stored = {d: f for d in range(first, last + 1) if (f := self._manifest.days.get(iso_date(d)))}
        rows = sum(files.contacts.rows for files in stored.values())
        partitions = 1 << self._manifest.partition_bits
        step = max(1, int(partitions * BATCH_ROWS / max(rows / weeks.count, 1)))
        batches = [range(p, min(p + step, partitions)) for p in range(0, partitions, step)]
        forwards = self._forwards([files.events for files in stored.values()], resources)
        part_of = number_partition(forwards.number, self._manifest.partition_bits)

        def summed(batch: range) -> Block:
            total = Total(weeks, watched)
            for w in range(weeks.count):
                inside = range(first + 7 * w, first + 7 * w + 7)
                parts = [
                    (d - first - 7 * w, self._contacts(stored[d].contacts, batch))
                    for d in inside
                    if d in stored
                ]
                if parts:
                    total.add_contacts(w, parts)
            total.add_forwards(forwards.take((part_of >= batch.start) & (part_of < batch.stop)))
            return total.block()

        for done, block in enumerate(mapped(summed, batches, resources.threads), 1):
            resources.progress("weeks", done, len(batches))
            yield block

    def _contacts(self, file: StoredFile, batch: range) -> dict[str, NDArray[Any]]:
        """Numbers, peers and measures of some partitions of a stored day."""
        with opened(self._root, file) as parquet:
            table = parquet.read_row_groups(list(batch), columns=["number", "peer", *MEASURES])
            return {name: table[name].to_numpy() for name in table.column_names}

    def _forwards(self, files: list[StoredFile], resources: Resources) -> Forwards:
        def read(file: StoredFile) -> Forwards:
            return Forwards.of(read_events(self._root, file))

        return Forwards.concatenate(list(mapped(read, files, resources.threads)))

    def pairs(self, windows: Windows, resources: Resources) -> PairTable:
        """Pairs of two windows of stored days."""
        return pairs_of_store(self._root, self._manifest, windows, resources)


class EventPass:
    """Volumes from the events of an intake, which are cut by pair; the sums of all numbers are held at once."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._days: set[int] = set()
        self.tokens = intake.tokens

    def days(self) -> list[int]:
        """Days of the events."""
        if not self._days:
            for partition in self._intake.partitions():
                self._days.update(np.unique(days_of(self._intake.unique(partition))).tolist())
        return sorted(self._days)

    def blocks(self, weeks: Weeks, watched: Watched, resources: Resources) -> Iterator[Block]:
        """Weekly volumes, cut into blocks at the end."""
        total = Total(weeks, watched)

        def add(partition: int) -> None:
            events = self._intake.unique(partition)
            day = days_of(events)
            events = events[(day >= weeks.first_day) & (day <= weeks.last_day)]
            total.add_events(events)
            total.add_forwards(Forwards.of(events))

        names = self._intake.partitions()
        for done, _ in enumerate(mapped(add, names, resources.threads), 1):
            resources.progress("weeks", done, len(names))
        whole = total.block()
        for begin in range(0, len(whole.keys), BLOCK_NUMBERS):
            part = slice(begin, begin + BLOCK_NUMBERS)
            yield Block(whole.keys[part], whole.volumes[part])

    def pairs(self, windows: Windows, resources: Resources) -> PairTable:
        """Pairs of two windows."""

        def summed(partition: int) -> Pairs:
            return Pairs.of_events(self._intake.unique(partition), windows, "sums")

        return pair_table(self._intake.partitions(), summed, len(self._intake), windows, resources)
