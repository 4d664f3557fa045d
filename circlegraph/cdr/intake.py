"""Take in CDRs: read, clean, cut by pair of numbers, and count each event once."""

from __future__ import annotations

import threading
from math import ceil, log2

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.exchange import Exchange
from circlegraph.cdr.once import ONE_LEG, SAMPLE_ROWS, LegRule, choose_rule, count_once

# A partition of about this many rows fits the cache together with its hash tables.
PARTITION_ROWS = 48_000
MOST_BITS = 12


def partition_bits(rows: float) -> int:
    """Bits of the partition number for an expected count of rows; the result of no run depends on it."""
    return min(MOST_BITS, max(0, ceil(log2(max(rows, 1) / PARTITION_ROWS))))


class Once:
    """Unique events of an exchange, partition by partition, and how many rows fell away under each rule."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._sizes = exchange.sizes()
        self._lock = threading.Lock()
        self.rule: LegRule = choose_rule(exchange.legs, self._sample()) if self._sizes else ONE_LEG
        self.repeated = 0
        self.second_legs = 0

    def partitions(self) -> list[int]:
        return list(self._sizes)

    def _sample(self) -> NDArray[np.int64]:
        parts: list[NDArray[np.int64]] = []
        rows = 0
        for number, size in self._sizes.items():
            if rows >= SAMPLE_ROWS:
                break
            parts.append(self._exchange.partition(number, size))
            rows += size
        return np.concatenate(parts)

    def unique(self, number: int) -> NDArray[np.int64]:
        once = count_once(self._exchange.partition(number, self._sizes[number]), self.rule)
        with self._lock:
            self.repeated += once.repeated
            self.second_legs += once.second_legs
        return once.events

    def release(self) -> None:
        self._exchange.release()
