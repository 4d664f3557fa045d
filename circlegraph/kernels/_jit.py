"""The one place that sets Numba's flags.

Kernels are serial and release the GIL, so that a plain thread pool runs them side by side on disjoint
partitions; this scales, needs no threading layer and survives a fork. No fast-math: results must not
depend on how the work was cut.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def jit(function: F) -> F:
    """Compile a kernel lazily at its first call and keep the machine code on disk."""
    compiled: F = numba.njit(cache=True, nogil=True)(function)
    return compiled


def inline(function: F) -> F:
    """Compile a helper that other kernels call in their inner loop."""
    compiled: F = numba.njit(cache=True, nogil=True, inline="always")(function)
    return compiled
