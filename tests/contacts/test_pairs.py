"""Pairs of many partitions, added by several threads, in memory and in a file."""

from collections.abc import Callable

import numpy as np
import pytest
from naive import DAY

from circlegraph.cdr.exchange import Exchange
from circlegraph.cdr.stamps import packed
from circlegraph.contacts.number_ids import NumberCollector, NumberIndex
from circlegraph.contacts.pairs import PairParts, Pairs
from circlegraph.contacts.windows import Windows
from circlegraph.kernels.exchange import pair_partition
from circlegraph.parallel import mapped

WINDOWS = Windows((0, DAY, 2 * DAY))
BITS = 5


def events(n: int = 4000) -> np.ndarray:
    rng = np.random.default_rng(3)
    caller, callee = rng.integers(1, 60, n), rng.integers(60, 120, n)
    return np.stack([caller, callee, packed(np.sort(rng.integers(0, 2 * DAY, n)), 30)], axis=1)


def in_parts(parts: PairParts, straight: bool) -> PairParts:
    """Add the pairs of all partitions, from three threads."""
    exchange = Exchange()
    columns = tuple(np.ascontiguousarray(events().T))
    exchange.add(columns, pair_partition(columns[0], columns[1], BITS), 0, 1 << BITS)
    sizes = exchange.sizes()

    def add(number: int) -> None:
        if straight:
            assert parts.append_in_order(exchange.pieces(number), WINDOWS) == 0
        else:
            parts.append(Pairs.of_events(exchange.partition(number, sizes[number]), WINDOWS, "sums"))

    list(mapped(add, sizes, 3))
    return parts


def rows(parts: PairParts, key: Callable[[int], int]) -> list[tuple[int, ...]]:
    found = [
        (key(a), key(b), *counts, *seconds, *days)
        for pairs in parts
        for (a, b), counts, seconds, days in zip(
            pairs.ends.tolist(),
            pairs.counts.tolist(),
            pairs.seconds.tolist(),
            pairs.days.tolist(),
            strict=True,
        )
    ]
    return sorted(found)


@pytest.mark.parametrize("straight", [False, True])
@pytest.mark.parametrize("room", [None, 0, 60_000], ids=["in memory", "in the file", "in both"])
@pytest.mark.parametrize("expected", [1, 700, 5000], ids=["a table each", "some tables", "one table"])
def test_parts_hold_all_pairs(expected: int, room: int | None, straight: bool) -> None:
    whole = Pairs.of_events(events(), WINDOWS, "sums")
    single = PairParts(1)
    single.append(whole)
    parts = in_parts(PairParts(expected, room, collector=NumberCollector()), straight)
    assert (parts.whole() is None) == (room is not None)
    numbered = parts.number(2)
    index = numbered if isinstance(numbered, NumberIndex) else numbered.numbers
    assert rows(parts, lambda x: int(index.keys[x])) == rows(single, int)
