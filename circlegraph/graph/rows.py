"""Lay pairs out as the rows of a contact graph, in blocks that fit the memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.pairs import MEASURES, PairParts, Pairs
from circlegraph.contacts.windows import Windows
from circlegraph.kernels.day_bits import days_and_weeks, union_days
from circlegraph.kernels.rows import count_degrees, gather_measures, place, sort_rows
from circlegraph.parallel import mapped
from circlegraph.spill import SpillFile


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of the numbers ``low <= id < high``: peers in ascending order, and where their measures stand.

    Attributes
    ----------
    low, high
        Range of ids.
    indptr
        int64[high - low + 1]: row of number ``low + i`` is ``indptr[i]:indptr[i + 1]``.
    peers
        int64[edges], ids.
    sources
        int64[edges]: 2 x pair + side, see `kernels.rows.place`.
    pairs
        The pairs that touch the block.
    """

    low: int
    high: int
    indptr: NDArray[np.int64]
    peers: NDArray[np.int64]
    sources: NDArray[np.int64]
    pairs: Pairs
    windows: Windows
    threads: int

    def __len__(self) -> int:
        """Count the edges."""
        return len(self.peers)

    def measures(self, edges: slice = slice(None)) -> NDArray[np.int64]:
        """int64[W, 6, edges]: per window, in the order of `MEASURES`, as each row's own number sees them."""
        sources = self.sources[edges]
        out = np.empty((len(self.windows), len(MEASURES), len(sources)), np.int64)
        cuts = np.linspace(0, len(sources), self.threads + 1).astype(np.int64)

        def fill(i: int) -> None:
            gather_measures(sources, cuts[i], cuts[i + 1], self.pairs.counts, self.pairs.seconds, out)

        list(mapped(fill, range(self.threads), self.threads))
        return out

    def of_pairs(self, column: NDArray[Any]) -> NDArray[Any]:
        """Spread a value per pair over both its rows."""
        spread: NDArray[Any] = column[self.sources >> 1]
        return spread

    def days_and_weeks(self, window: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Distinct days and calendar weeks with contact, int32[pairs] each."""
        return days_and_weeks(
            self.pairs.days, int(self.windows.words[window]), self.windows.week_masks(window)
        )

    def active_days(self, window: int) -> NDArray[np.int32]:
        """Distinct days on which each number had any contact, int32[high - low]."""
        words = self.windows.words
        return union_days(
            self.indptr, self.sources, self.pairs.days, int(words[window]), int(words[window + 1])
        )


def degrees(parts: PairParts, numbers: int) -> NDArray[np.int64]:
    """Count the pairs of each number: int64[numbers]."""
    total = np.zeros(numbers, np.int64)
    for pairs in parts:
        count_degrees(pairs.ends, total)
    return total


def blocks(degree: NDArray[np.int64], most_edges: int | None) -> list[tuple[int, int]]:
    """Cut the ids into ranges of at most `most_edges` edges each; a larger hub has a range of its own.

    Examples
    --------
    >>> blocks(np.array([1, 2, 9, 1]), 4)
    [(0, 2), (2, 3), (3, 4)]
    """
    if most_edges is None or degree.sum() <= most_edges:
        return [(0, len(degree))]
    ranges = []
    low = 0
    filled = 0
    for x, edges in enumerate(degree.tolist()):
        if x > low and filled + edges > most_edges:
            ranges.append((low, x))
            low, filled = x, 0
        filled += edges
    return [*ranges, (low, len(degree))]


def lay_out(
    parts: PairParts,
    degree: NDArray[np.int64],
    windows: Windows,
    threads: int,
    most_edges: int | None = None,
    places: NDArray[np.int64] | None = None,
) -> Iterator[Rows]:
    """Yield all rows, block by block; the result does not depend on how they are cut.

    `places` are those of `number_ends`, where they are known; they are used up.
    """
    ranges = blocks(degree, most_edges)
    whole = parts.whole()
    if whole is not None and len(ranges) == 1:
        yield _laid_out(whole, degree, (0, len(degree)), windows, threads, places)
        return
    spread = _by_range(parts, ranges, threads) if whole is None else []
    for number, (low, high) in enumerate(ranges):
        if whole is None:
            pairs = Pairs.concatenate(list(spread[number]))
            spread[number].release()
        else:
            pairs = _touching(parts, low, high, threads)
        yield _laid_out(pairs, degree, (low, high), windows, threads)


def _laid_out(
    pairs: Pairs,
    degree: NDArray[np.int64],
    block: tuple[int, int],
    windows: Windows,
    threads: int,
    places: NDArray[np.int64] | None = None,
) -> Rows:
    """Lay out the rows of a block of numbers, whose pairs these are."""
    low, high = block
    indptr = np.concatenate([[0], np.cumsum(degree[low:high])]).astype(np.int64)
    peers = np.empty(indptr[-1], np.int64)
    sources = places
    if sources is None:
        sources = np.empty(indptr[-1], np.int64)
        cursor = np.zeros(len(degree), np.int64)
        cursor[low:high] = indptr[:-1]
    cuts = np.searchsorted(indptr, np.linspace(0, indptr[-1], threads + 1)[1:-1])
    bounds = [0, *cuts.tolist(), high - low]

    def fill(i: int) -> None:
        if places is None:
            place(pairs.ends, low + bounds[i], low + bounds[i + 1], cursor, sources)
        sort_rows(pairs.ends, indptr, bounds[i], bounds[i + 1], sources, peers)

    list(mapped(fill, range(threads), threads))
    return Rows(low, high, indptr, peers, sources, pairs, windows, threads)


def _by_range(parts: PairParts, ranges: list[tuple[int, int]], threads: int) -> list[PairParts]:
    """Sort pairs that do not fit the memory by the ranges of ids that they touch; `parts` is used up.

    Each range then reads its own pairs only, however many ranges there are.
    """
    if len(ranges) == 1:
        return [parts]
    file = SpillFile()
    spread = [PairParts(0, room=0, file=file) for _ in ranges]
    lows = np.array([low for low, _ in ranges])

    def touched(pairs: Pairs) -> list[tuple[int, Pairs]]:
        at = np.searchsorted(lows, pairs.ends, side="right") - 1
        chosen = (np.flatnonzero((at == number).any(axis=1)) for number in range(len(ranges)))
        return [(number, pairs.take(rows)) for number, rows in enumerate(chosen) if len(rows)]

    for found in mapped(touched, parts, threads):
        for number, pairs in found:
            spread[number].append(pairs)
    parts.release()
    return spread


def _touching(parts: PairParts, low: int, high: int, threads: int) -> Pairs:
    """Collect the pairs with an end in a range of ids."""

    def chosen(pairs: Pairs) -> Pairs:
        inside = (pairs.ends >= low) & (pairs.ends < high)
        return pairs.take(inside[:, 0] | inside[:, 1])

    return Pairs.concatenate(list(mapped(chosen, parts, threads)))
