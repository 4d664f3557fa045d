"""Arrays in unnamed temporary files, for what does not fit the memory."""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from math import prod
from tempfile import TemporaryFile, gettempdir
from typing import IO, Any
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from circlegraph.errors import InputError


def give_back() -> None:
    """Hand memory that was freed, and is kept for the next use, back to the system: before much more is needed."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


class Shelf:
    """Arrays that are put aside: of what lies on disk, only the parts that are being looked at take memory.

    Parameters
    ----------
    on_disk
        Whether they lie in temporary files, or in memory like any array.

    Examples
    --------
    >>> shelf = Shelf(on_disk=True)
    >>> array = shelf.empty(3, np.int16)
    >>> array[:] = 7
    >>> shelf.release()
    >>> array.tolist()
    [7, 7, 7]
    """

    def __init__(self, on_disk: bool = False) -> None:
        self._on_disk = on_disk
        self._maps: WeakSet[mmap.mmap] = WeakSet()  # each goes with the last array on it

    def empty(self, shape: int | tuple[int, ...], dtype: Any) -> NDArray[Any]:
        """Make room for an array.

        Raises
        ------
        InputError
            If the temporary folder is full or cannot be written to.
        """
        dtype = np.dtype(dtype)
        size = prod(np.atleast_1d(shape).tolist()) * dtype.itemsize
        if not self._on_disk or size == 0:
            return np.empty(shape, dtype)
        return np.frombuffer(self._mapped(size), dtype).reshape(shape)

    def keep(self, array: NDArray[Any]) -> NDArray[Any]:
        """Put an array aside, and return it from there.

        Raises
        ------
        InputError
            As from `empty`.
        """
        if not self._on_disk or array.nbytes == 0:
            return array
        pages = self._mapped(array.nbytes)
        kept = np.frombuffer(pages, array.dtype).reshape(array.shape)
        kept[...] = array
        pages.madvise(mmap.MADV_DONTNEED)
        return kept

    def _mapped(self, size: int) -> mmap.mmap:
        try:
            with TemporaryFile(prefix="circlegraph-", buffering=0) as file:
                os.posix_fallocate(file.fileno(), 0, size)  # a full disk must show here, not at a later write
                pages = mmap.mmap(file.fileno(), size)
        except OSError as error:
            raise _no_room(error) from error
        self._maps.add(pages)
        return pages

    def release(self) -> None:
        """Let go of the memory that was used for looking at arrays on disk."""
        for pages in list(self._maps):
            pages.madvise(mmap.MADV_DONTNEED)


class SpillFile:
    """A temporary file of arrays, made when the first one is added and gone with this object.

    Adding needs a lock of the caller's; reading does not.

    Examples
    --------
    >>> file = SpillFile()
    >>> place = file.append(np.arange(5))
    >>> back = np.empty(2, np.int64)
    >>> file.read(place + 8, back)
    >>> back.tolist()
    [1, 2]
    """

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._end = 0

    def append(self, array: NDArray[Any]) -> int:
        """Add an array and return the position of its first byte.

        Raises
        ------
        InputError
            If the temporary folder is full or cannot be written to.
        """
        position = self._end
        try:
            if self._file is None:
                self._file = TemporaryFile(prefix="circlegraph-", buffering=0)
            data = memoryview(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
            while data:
                written = self._file.write(data)
                data = data[written:]
                self._end += written
        except OSError as error:
            raise _no_room(error) from error
        return position

    def read(self, position: int, into: NDArray[Any]) -> None:
        """Fill a contiguous array with the bytes from a position on.

        Raises
        ------
        InputError
            If the file has been cut short.
        """
        data = memoryview(into.reshape(-1).view(np.uint8).data)
        while data:
            assert self._file is not None
            count = os.preadv(self._file.fileno(), [data], position)
            if count == 0:
                raise InputError(f"{gettempdir()}: a temporary file was cut short; run again")
            data, position = data[count:], position + count

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    __del__ = close


def _no_room(error: OSError) -> InputError:
    return InputError(
        f"{gettempdir()}: temporary files cannot be written ({error.strerror or error}); "
        "set TMPDIR to a folder with more room or allow more memory"
    )
