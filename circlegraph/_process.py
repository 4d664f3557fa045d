"""Settings of a whole process that does heavy work; to be made before NumPy and Arrow are imported."""

import os


def tune_memory() -> None:
    """Have NumPy and Arrow take their memory where freed memory is used again.

    A run allocates and frees gigabytes in pieces. Huge pages that must be cleared first, and a pool that hands
    freed pages back at once, cost a fifth of the whole time on virtual machines. What the user
    has set stays.
    """
    os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
