"""Number keys region by region: ranges of their values whose keys fit the cache, as all keys together do not."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I16, I64

LEVELS = 8
REGIONS = 1 << LEVELS


@jit
def find_regions(keys: I64, splitters: I64, regions: I16) -> I64:
    """Find the region of each key: how many splitters are not above it.

    Parameters
    ----------
    keys
        int64[n].
    splitters
        int64[REGIONS - 1], ascending.
    regions
        int16[n], filled.

    Returns
    -------
    int64[REGIONS]
        How many keys lie in each region.
    """
    counts = np.zeros(REGIONS, np.int64)
    for i in range(keys.shape[0]):
        key = keys[i]
        region = 0
        for level in range(LEVELS):
            step = REGIONS >> (level + 1)
            region += step * (splitters[region + step - 1] <= key)
        regions[i] = region
        counts[region] += 1
    return counts


@jit
def sort_by_region(keys: I64, regions: I16, first: int, cursor: I64, sorted_keys: I64, places: I64) -> None:
    """Write each key, and its place, to its region.

    Parameters
    ----------
    keys, regions
        int64[n] and int16[n].
    first
        Place of the first key; that of key i is ``first + i``.
    cursor
        int64[REGIONS]: next free position of each region in what is filled; moved on in place.
    sorted_keys, places
        int64, filled.
    """
    for i in range(keys.shape[0]):
        at = cursor[regions[i]]
        cursor[regions[i]] = at + 1
        sorted_keys[at] = keys[i]
        places[at] = first + i


@jit
def put_ids(ids: I64, first: int, places: I64, degree: I64, out: I64) -> None:
    """Write the ids of a region to their places, and sort the places by id.

    Parameters
    ----------
    ids
        int64[n], counted from the first of the region.
    first
        Id of the first.
    places
        int64[n]; sorted by id in place, those of one id in their order.
    degree
        int64[numbers of the region], filled: how often each occurs.
    out
        int64, filled at the places.
    """
    degree[:] = 0
    for i in range(ids.shape[0]):
        degree[ids[i]] += 1
        out[places[i]] = first + ids[i]
    cursor = np.empty(degree.shape[0], np.int64)
    before = 0
    for x in range(degree.shape[0]):
        cursor[x] = before
        before += degree[x]
    unsorted = places.copy()
    for i in range(ids.shape[0]):
        x = ids[i]
        places[cursor[x]] = unsorted[i]
        cursor[x] += 1
