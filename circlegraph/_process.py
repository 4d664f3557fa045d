"""Settings of a whole process that does heavy work; to be made before NumPy and Arrow are imported."""

import atexit
import ctypes
import gc
import os
import sys

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8


def tune_memory() -> None:
    """Have NumPy and Arrow take memory from the C library, and have that keep what is freed for the next use.

    A run allocates and frees gigabytes in pieces of some megabytes. Handing each back to the system, and getting
    it again page by page (or as huge pages, cleared first), costs a fifth of the time on virtual machines. So the
    threads share one pool: what one has freed another can use, and that of a thread is not handed back piecemeal.
    What the user has set in the environment stays. Python's last search for garbage, through all of the
    compiler's objects, is left out too: the system takes back the memory as a whole.
    """
    atexit.register(gc.freeze)
    os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, 1 << 30)
        libc.mallopt(_M_TRIM_THRESHOLD, 1 << 30)
        if "MALLOC_ARENA_MAX" not in os.environ:
            libc.mallopt(_M_ARENA_MAX, 1)
