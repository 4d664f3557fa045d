"""Dense ids for the numbers of a graph: the rank of the number's key."""

import threading
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels.ids import collect, index_table, look_up
from circlegraph.kernels.regions import REGIONS, find_regions, put_ids, sort_by_region
from circlegraph.parallel import mapped

SAMPLED = 64  # keys per region that tell where the regions lie
REGION_ENDS = 1 << 15  # what is less makes no region of its own


class NumberIndex:
    """Sorted distinct number keys; the id of a number is its position.

    Examples
    --------
    >>> import numpy as np
    >>> index = NumberIndex(np.array([110, 1300]))
    >>> index.ids(np.array([1300, 7])).tolist()
    [1, -1]
    """

    def __init__(self, keys: NDArray[np.int64]) -> None:
        self.keys = keys

    def __len__(self) -> int:
        return len(self.keys)

    def ids(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Ids of number keys (any shape), -1 where a key is not in the index."""
        return look_up(np.ravel(keys), self._slots, self.keys).reshape(np.shape(keys))

    @cached_property
    def _slots(self) -> NDArray[np.int32]:
        return index_table(self.keys)


class NumberCollector:
    """Collects distinct number keys from several threads, and numbers them for the time being.

    Examples
    --------
    >>> import numpy as np
    >>> collector = NumberCollector()
    >>> keys = np.array([1300, 110, 1300])
    >>> collector.collect(keys)
    >>> index, rank = collector.finish()
    >>> keys.tolist(), rank[keys].tolist(), index.keys.tolist()
    ([0, 1, 0], [1, 0, 1], [110, 1300])
    """

    def __init__(self) -> None:
        self._slots = np.zeros(1 << 12, np.int32)
        self._keys = np.empty(1 << 11, np.int64)
        self._used = 0
        self._lock = threading.Lock()

    def collect(self, keys: NDArray[np.int64]) -> None:
        """Replace keys, a C-contiguous array of any shape, by preliminary ids in the order they are met."""
        flat = keys.reshape(-1)
        with self._lock:
            self._slots, self._keys, self._used = collect(flat, self._slots, self._keys, self._used, flat)

    def finish(self) -> tuple[NumberIndex, NDArray[np.int64]]:
        """Index of all keys, and the final id of each preliminary one: the rank of the key."""
        keys = self._keys[: self._used]
        order = np.argsort(keys)
        rank = np.empty(len(keys), np.int64)
        rank[order] = np.arange(len(keys))
        return NumberIndex(keys[order]), rank


class NumberedEnds(NamedTuple):
    """What `number_ends` returns: the numbers, how many ends each has, and the places of the ends by number."""

    numbers: NumberIndex
    degree: NDArray[np.int64]
    places: NDArray[np.int64]


def number_ends(ends: NDArray[np.int64], threads: int) -> NumberedEnds:
    """Replace number keys, a C-contiguous array of any shape, by the ids of their numbers.

    They are sorted into regions of neighbouring keys first, which are then numbered one by one within the cache.

    Examples
    --------
    >>> ends = np.array([[1300, 110], [1300, 120]])
    >>> found = number_ends(ends, threads=1)
    >>> ends.tolist(), found.numbers.keys.tolist(), found.degree.tolist(), found.places.tolist()
    ([[2, 0], [2, 1]], [110, 120, 1300], [1, 1, 2], [1, 3, 0, 2])
    """
    flat = ends.reshape(-1)
    if not len(flat):
        return NumberedEnds(NumberIndex(flat), flat, flat)
    sample = np.sort(flat[:: len(flat) // (SAMPLED * REGIONS) + 1])
    wanted = min(len(flat) // REGION_ENDS + 1, REGIONS)
    splitters = sample[np.arange(1, REGIONS) * wanted // REGIONS * len(sample) // wanted]
    cuts = np.linspace(0, len(flat), threads + 1).astype(np.int64).tolist()
    parts = [slice(*cut) for cut in pairwise(cuts)]
    regions = np.empty(len(flat), np.int16)
    keys, places = np.empty(len(flat), np.int64), np.empty(len(flat), np.int64)
    counts = np.array(
        list(mapped(lambda part: find_regions(flat[part], splitters, regions[part]), parts, threads))
    )
    ended = np.cumsum(counts.T).reshape(REGIONS, threads).T
    bounds = [0, *ended[-1].tolist()]
    begins = ended - counts

    def sort(i: int) -> None:
        sort_by_region(flat[parts[i]], regions[parts[i]], cuts[i], begins[i].copy(), keys, places)

    list(mapped(sort, range(threads), threads))

    def number(region: int) -> NDArray[np.int64]:
        part = keys[bounds[region] : bounds[region + 1]]
        collector = NumberCollector()
        collector.collect(part)
        index, rank = collector.finish()
        np.take(rank, part, out=part, mode="clip")
        return index.keys

    filled = np.flatnonzero(np.diff(bounds)).tolist()
    found = list(mapped(number, filled, threads))
    firsts = np.cumsum([0, *map(len, found)]).tolist()
    degree = np.empty(firsts[-1], np.int64)

    def put(i: int) -> None:
        part = slice(bounds[filled[i]], bounds[filled[i] + 1])
        put_ids(keys[part], firsts[i], places[part], degree[firsts[i] : firsts[i + 1]], flat)

    list(mapped(put, range(len(filled)), threads))
    return NumberedEnds(NumberIndex(np.concatenate(found)), degree, places)
