"""From cleaned events to pairs, numbers and rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.graph.number_ids import NumberCollector, NumberIndex
from circlegraph.graph.pairs import PairParts, Pairs
from circlegraph.graph.rows import Rows, degrees, lay_out
from circlegraph.graph.windows import Windows
from circlegraph.parallel import mapped

if TYPE_CHECKING:
    from circlegraph.cdr.intake import Intake
    from circlegraph.progress import Progress
    from circlegraph.resources import Resources


@dataclass(slots=True)
class PairTable:
    """All pairs of some windows, and the numbers in them.

    Attributes
    ----------
    parts
        The pairs, partition by partition.
    index
        The numbers.
    degree
        int64[numbers]: pairs of each number.
    windows
        The windows that the pairs are summed over.
    """

    parts: PairParts
    index: NumberIndex
    degree: NDArray[np.int64]
    windows: Windows

    def rows(self, resources: Resources) -> Iterator[Rows]:
        """Lay the pairs out as rows, in blocks that the memory allows; they can be had once."""
        return lay_out(self.parts, self.degree, self.windows, resources.threads, resources.block_edges)


def pair_table(intake: Intake, windows: Windows, resources: Resources, *, detail: bool) -> PairTable:
    """Sum the events of an intake by pair and window.

    Each partition is cleared of repeated rows and second legs, which are counted in the intake's
    report, and summed; partitions are worked on side by side.

    Parameters
    ----------
    intake
        Cleaned events, cut by pair; used up.
    windows
        The windows to sum over.
    resources
        Threads, memory, progress.
    detail
        Whether night and weekend contacts and first and last times are summed too.
    """
    parts = PairParts(resources.pair_room)
    collector = NumberCollector()

    def summed(partition: int) -> Pairs:
        pairs = Pairs.of_events(intake.unique(partition), windows, detail)
        collector.add(pairs.ends)
        return pairs

    partitions = intake.partitions()
    for done, pairs in enumerate(mapped(summed, partitions, resources.threads), 1):
        parts.append(pairs)
        resources.progress("summing", done, len(partitions))
    intake.release()
    if not len(parts):
        parts.append(Pairs.of_events(np.empty((0, 3), np.int64), windows, detail))
    index = collector.index()
    parts.number(index, resources.threads)
    return PairTable(parts, index, degrees(parts, len(index)), windows)
