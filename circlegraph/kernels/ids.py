"""Give numbers dense ids: a hash table from number key to id."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I64
from circlegraph.kernels.hashing import mix, table_size


@jit
def collect(keys: I64, table: I64, used: int, ids: I64) -> tuple[I64, int]:
    """Add keys to a table, which grows as needed, and number them in the order in which they are met.

    Parameters
    ----------
    keys
        int64[n], no zeros (0 marks a free slot).
    table
        int64[size, 2], an open-addressing table whose size is a power of two: keys and their numbers, side by
        side so that a look-up waits for the memory once.
    used
        How many keys the table holds.
    ids
        int64[n], filled with the number of each key; may be `keys` itself.

    Returns
    -------
    table, used
        The table with the keys added; the one passed in unless it had to grow.
    """
    mask = np.uint64(table.shape[0] - 1)
    for i in range(keys.shape[0]):
        key = keys[i]
        h = mix(key, 0) & mask
        while table[h, 0] != 0 and table[h, 0] != key:
            h = (h + np.uint64(1)) & mask
        if table[h, 0] == 0:
            table[h, 0] = key
            table[h, 1] = used
            used += 1
        ids[i] = table[h, 1]
        if 2 * used > table.shape[0]:
            table = _grown(table)
            mask = np.uint64(table.shape[0] - 1)
    return table, used


@jit
def _grown(table: I64) -> I64:
    """The same table with twice the slots."""
    larger = np.zeros((2 * table.shape[0], 2), np.int64)
    mask = np.uint64(larger.shape[0] - 1)
    for i in range(table.shape[0]):
        if table[i, 0] != 0:
            h = mix(table[i, 0], 0) & mask
            while larger[h, 0] != 0:
                h = (h + np.uint64(1)) & mask
            larger[h, 0] = table[i, 0]
            larger[h, 1] = table[i, 1]
    return larger


@jit
def index_table(numbers: I64) -> tuple[I64, I64]:
    """Hash table over distinct keys: slots hold a key and its position in `numbers`."""
    size = table_size(numbers.shape[0])
    mask = np.uint64(size - 1)
    slots = np.zeros(size, np.int64)
    positions = np.zeros(size, np.int64)
    for i in range(numbers.shape[0]):
        h = mix(numbers[i], 0) & mask
        while slots[h] != 0:
            h = (h + np.uint64(1)) & mask
        slots[h] = numbers[i]
        positions[h] = i
    return slots, positions


@jit
def look_up(keys: I64, slots: I64, positions: I64) -> I64:
    """Position of each key in the numbers of an `index_table`, -1 where it is not there."""
    mask = np.uint64(slots.shape[0] - 1)
    found = np.empty(keys.shape[0], np.int64)
    for i in range(keys.shape[0]):
        h = mix(keys[i], 0) & mask
        while slots[h] != 0 and slots[h] != keys[i]:
            h = (h + np.uint64(1)) & mask
        found[i] = positions[h] if slots[h] != 0 else -1
    return found
