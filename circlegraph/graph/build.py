"""From cleaned events to pairs, numbers and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.once import ONE_LEG
from circlegraph.contacts.number_ids import NumberCollector, NumberIndex
from circlegraph.contacts.pairs import Detail, PairParts, Pairs
from circlegraph.contacts.windows import Windows
from circlegraph.graph.rows import Rows, blocks, degrees, lay_out
from circlegraph.parallel import mapped

if TYPE_CHECKING:
    from circlegraph.cdr.intake import Intake
    from circlegraph.resources import Resources

T = TypeVar("T")


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
    places
        int64[edges]: 2 x pair + side of each number's pairs, number by number; None where rows are laid out in blocks.
    """

    parts: PairParts
    index: NumberIndex
    degree: NDArray[np.int64]
    windows: Windows
    places: NDArray[np.int64] | None

    def rows(self, resources: Resources) -> Iterator[Rows]:
        """Lay the pairs out as rows, in blocks that the memory allows; they can be had once."""
        places, self.places = self.places, None
        return lay_out(
            self.parts, self.degree, self.windows, resources.threads, resources.block_edges, places
        )


def pair_table(
    partitions: Iterable[T],
    summed: Callable[[T], Pairs],
    rows: int,
    windows: Windows,
    resources: Resources,
    then: Callable[[], None] = lambda: None,
    straight: Callable[[T, PairParts], bool] = lambda *_: False,
) -> PairTable:
    """Sum partitions side by side into pairs, and give their numbers dense ids.

    Parameters
    ----------
    partitions
        Names of the partitions.
    summed
        Returns the pairs of a partition; a pair belongs to one partition only.
    rows
        How many rows there are to sum; a quarter of it is taken for the number of pairs at first.
    windows
        The windows that are summed over.
    resources
        Threads, memory, progress.
    then
        Called when all partitions are summed, before their numbers are gone through.
    straight
        Adds the pairs of a partition without a copy, and returns whether it could. The pairs then stand in no certain
        order, which is lost anyhow where they are laid out as rows.
    """
    parts = PairParts(rows // 4, resources.pair_room, collector=NumberCollector())
    names = list(partitions)

    def added(name: T) -> Pairs | None:
        return None if straight(name, parts) else summed(name)

    for done, pairs in enumerate(mapped(added, names, resources.threads), 1):
        if pairs is not None:
            parts.append(pairs)
        resources.progress("summing", done, len(names))
    if not names:
        parts.append(Pairs.of_events(np.empty((0, 3), np.int64), windows, detail="times"))
    then()
    numbered = parts.number(resources.threads)
    if isinstance(numbered, NumberIndex):
        return PairTable(parts, numbered, degrees(parts, len(numbered)), windows, None)
    in_one = len(blocks(numbered.degree, resources.block_edges)) == 1
    return PairTable(parts, numbered.numbers, numbered.degree, windows, numbered.places if in_one else None)


def pairs_of_intake(
    intake: Intake,
    windows: Windows,
    resources: Resources,
    *,
    detail: Detail,
    look: Callable[[NDArray[np.int64]], None] | None = None,
) -> PairTable:
    """Sum the events of an intake, which is used up, by pair and window.

    `detail` says what is summed, see `contacts.pairs.Detail`; `look`, if any, is shown all events, by several threads.
    """
    plain = intake.timed and intake.rule == ONE_LEG and detail == "sums" and look is None

    def straight(partition: int, parts: PairParts) -> bool:
        repeated = parts.append_in_order(intake.pieces(partition), windows) if plain else None
        if repeated is not None:
            intake.drop_repeated(repeated)
        return repeated is not None

    def summed(partition: int) -> Pairs:
        sum_up = Pairs.of_events if intake.timed else Pairs.of_counts
        events = intake.unique(partition)
        if look is not None:
            look(events)
        return sum_up(events, windows, detail)

    return pair_table(intake.partitions(), summed, len(intake), windows, resources, intake.release, straight)
