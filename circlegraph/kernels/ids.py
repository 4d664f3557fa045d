"""Give numbers dense ids: a hash table from number key to id."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I64
from circlegraph.kernels.hashing import mix, table_size


@jit
def collect(keys: I64, table: I64, used: int) -> tuple[I64, int]:
    """Add keys to a set, which grows as needed.

    Parameters
    ----------
    keys
        int64[n], no zeros (0 marks a free slot).
    table
        int64[size], an open-addressing set whose size is a power of two.
    used
        How many keys the table holds.

    Returns
    -------
    table, used
        The set with the keys added; `table` is the one passed in unless it had to grow.
    """
    mask = np.uint64(table.shape[0] - 1)
    for i in range(keys.shape[0]):
        key = keys[i]
        h = mix(key, 0) & mask
        while table[h] != 0 and table[h] != key:
            h = (h + np.uint64(1)) & mask
        if table[h] == 0:
            table[h] = key
            used += 1
            if 2 * used > table.shape[0]:
                larger = np.zeros(2 * table.shape[0], np.int64)
                mask = np.uint64(larger.shape[0] - 1)
                for k in table:
                    if k != 0:
                        g = mix(k, 0) & mask
                        while larger[g] != 0:
                            g = (g + np.uint64(1)) & mask
                        larger[g] = k
                table = larger
    return table, used


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
