"""Dense ids for the numbers of a graph: the rank of the number's key."""

import threading
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from circlegraph.kernels.ids import collect, index_table, look_up


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
