"""Random numbers by name: every part of the city and every day draws from its own stream.

A stream is named by (seed, name, day), so a day can be made alone, in any order and on any thread, and always
comes out the same. Where a choice must hold for a long time without being stored (does this contact call the
new number? where is this person at ten o'clock?) it is read off a hash of the things it depends on.
"""

import zlib

import numpy as np
import numpy.typing as npt

_WHOLE = -1


def generator(seed: int, name: str, day: int = _WHOLE) -> np.random.Generator:
    """Random generator of one named stream.

    Parameters
    ----------
    seed : int
        Seed of the city, >= 0.
    name : str
        Name of the stream, such as ``"ties"``.
    day : int
        Day of the window, or -1 for the parts that are made once.

    Returns
    -------
    numpy.random.Generator
        Equal arguments give equal streams; different ones independent streams.

    Examples
    --------
    >>> generator(1, "ties").integers(100) == generator(1, "ties").integers(100)
    np.True_
    """
    sequence = np.random.SeedSequence(entropy=seed, spawn_key=(zlib.crc32(name.encode()), day + 1))
    return np.random.Generator(np.random.SFC64(sequence))


def hashed(seed: int, name: str, *keys: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Lasting random numbers in [0, 1), one per row of the keys.

    Parameters
    ----------
    seed : int
        Seed of the city.
    name : str
        Name of the stream.
    *keys : array_like of int, shape (n,) or scalar
        What the number depends on; the order of the keys matters.

    Returns
    -------
    ndarray of float32, shape (n,)
        Uniform in [0, 1); the same keys always give the same number.

    Examples
    --------
    >>> bool((hashed(1, "a", [3, 4]) == hashed(1, "a", [3, 4])).all())
    True
    """
    state: npt.NDArray[np.uint64] = np.array([seed * 0x9E3779B9 + zlib.crc32(name.encode())], dtype=np.uint64)
    for key in keys:
        part = np.asarray(key).astype(np.uint64)
        state = state ^ (part * np.uint64(0x9E3779B97F4A7C15))
        state ^= state >> np.uint64(32)
        state *= np.uint64(0xD6E8FEB86659FD93)
        state ^= state >> np.uint64(29)
    state *= np.uint64(0xA0761D6478BD642F)
    state >>= np.uint64(40)
    return state.astype(np.float32) * np.float32(2.0**-24)
