"""Dense ids for the numbers of a graph: the rank of the number's key."""

import threading

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
        self._slots, self._positions = index_table(keys)

    def __len__(self) -> int:
        return len(self.keys)

    def ids(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Ids of number keys (any shape), -1 where a key is not in the index."""
        return look_up(np.ravel(keys), self._slots, self._positions).reshape(np.shape(keys))


class NumberCollector:
    """Collects distinct number keys from several threads."""

    def __init__(self) -> None:
        self._table = np.zeros(1 << 12, np.int64)
        self._used = 0
        self._lock = threading.Lock()

    def add(self, keys: NDArray[np.int64]) -> None:
        """Add keys of any shape."""
        with self._lock:
            self._table, self._used = collect(np.ravel(keys), self._table, self._used)

    def index(self) -> NumberIndex:
        """Index of all keys added."""
        return NumberIndex(np.sort(self._table[self._table != 0]))
