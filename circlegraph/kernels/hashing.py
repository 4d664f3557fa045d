"""The hash that cuts work into partitions and fills the hash tables of the other kernels."""

import numpy as np

from circlegraph.kernels._jit import inline


@inline
def mix(a: int, b: int) -> np.uint64:
    """Hash two int64 to 64 well mixed bits: the top bits choose a partition, the low bits a slot.

    Multiply, xor-shift and multiply again, the finaliser known from MurmurHash3, over two odd constants.
    """
    h = np.uint64(a) * np.uint64(0x9E3779B97F4A7C15)
    h ^= (np.uint64(b) + np.uint64(0x632BE59BD9B4E019)) * np.uint64(0xC2B2AE3D27D4EB4F)
    h ^= h >> np.uint64(32)
    h *= np.uint64(0xD6E8FEB86659FD93)
    return np.uint64(h ^ (h >> np.uint64(29)))


@inline
def table_size(entries: int) -> int:
    """Power of two that leaves an open-addressing table of `entries` at most half full."""
    size = 16
    while size < 2 * entries:
        size *= 2
    return size
