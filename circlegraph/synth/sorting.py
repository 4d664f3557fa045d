"""One order on every machine, fast."""

import numpy as np
import numpy.typing as npt


def in_order(key: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Order of keys >= 0, equal keys as they stand.

    Key and place are sorted as one integer where both fit into 63 bits, which is several times faster than a
    stable argsort and gives the same order.

    Examples
    --------
    >>> in_order(np.array([5, 3, 5, 1])).tolist()
    [3, 1, 0, 2]
    """
    places = max(1, len(key) - 1).bit_length()
    if int(key.max(initial=0)).bit_length() + places > 63:
        return np.argsort(key, kind="stable")
    packed = (key << places) | np.arange(len(key))
    packed.sort()
    order: npt.NDArray[np.int64] = packed & ((1 << places) - 1)
    return order
