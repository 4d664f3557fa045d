"""Give numbers dense ids: a hash table of positions in an array of distinct number keys."""

import numpy as np

from circlegraph.kernels._jit import inline, jit
from circlegraph.kernels._types import I32, I64, Int
from circlegraph.kernels.hashing import mix, table_size


@inline
def find(key: int, slots: I32, known: I64) -> np.uint64:
    """Slot of a key, or the free one where it belongs; a slot holds a position in `known` plus 1, a free one 0."""
    mask = np.uint64(slots.shape[0] - 1)
    h = mix(key, 0) & mask
    while slots[h] != 0 and known[slots[h] - 1] != key:
        h = (h + np.uint64(1)) & mask
    return h


@jit
def collect(keys: I64, slots: I32, known: I64, used: int, ids: I64) -> tuple[I32, I64, int]:
    """Add keys to a table, which grows as needed, and number them in the order in which they are met.

    Parameters
    ----------
    keys
        int64[n].
    slots
        int32[size], an open-addressing table whose size is a power of two, at least 2.
    known
        int64[size / 2], the keys in the table by their number.
    used
        How many there are, less than size / 2.
    ids
        int64[n], filled with the number of each key; may be `keys` itself.

    Returns
    -------
    slots, known, used
        The table with the keys added; the arrays passed in unless they had to grow.
    """
    done: Int = np.int64(0)  # a plain 0 would have the loop compiled twice
    while done < keys.shape[0]:
        done, used = _collect(keys, done, slots, known, used, ids)
        if used == known.shape[0]:
            larger = np.empty(2 * used, np.int64)
            for i in range(used):
                larger[i] = known[i]
            known = larger
            slots = _filled(4 * used, known, used)
    return slots, known, used


@jit
def _collect(keys: I64, done: int, slots: I32, known: I64, used: int, ids: I64) -> tuple[int, int]:
    """Go on from key `done` while the table has room: a loop in which arrays change hands is far slower."""
    while done < keys.shape[0] and used < known.shape[0]:
        key = keys[done]
        h = find(key, slots, known)
        if slots[h] == 0:
            known[used] = key
            used += 1
            slots[h] = used
        ids[done] = slots[h] - 1
        done += 1
    return done, used


@jit
def _filled(size: int, known: I64, used: int) -> I32:
    """Make a table of the first `used` of some distinct keys."""
    slots = np.zeros(size, np.int32)
    for i in range(used):
        slots[find(known[i], slots, known)] = i + 1
    return slots


@jit
def index_table(numbers: I64) -> I32:
    """Hash table over distinct keys, as `collect` makes it."""
    return _filled(table_size(numbers.shape[0]), numbers, numbers.shape[0])


@jit
def look_up(keys: I64, slots: I32, numbers: I64) -> I64:
    """Position of each key in the numbers of an `index_table`, -1 where it is not there."""
    found = np.empty(keys.shape[0], np.int64)
    for i in range(keys.shape[0]):
        found[i] = slots[find(keys[i], slots, numbers)] - 1
    return found
