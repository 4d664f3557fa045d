"""The one place that sets Numba's flags.

Kernels are serial and release the GIL, so that a plain thread pool runs them side by side on disjoint
partitions; this scales, needs no threading layer and survives a fork. No fast-math: results must not
depend on how the work was cut.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def jit(function: F) -> F:
    """Compile a kernel lazily at its first call and keep the machine code on disk."""
    return _stamped(_njit(function), function)


def inline(function: F) -> F:
    """Compile a helper that other kernels call in their inner loop."""
    return _stamped(_njit(function, inline="always"), function)


def _njit(function: F, **options: str) -> F:
    try:
        compiled: F = numba.njit(cache=True, nogil=True, **options)(function)
    except RuntimeError:  # no folder can be written: compile anew in each process
        compiled = numba.njit(nogil=True, **options)(function)
    return compiled


def _stamped(compiled: F, function: F) -> F:
    """Have machine code on disk taken as stale once any file that it was made from has changed.

    Numba looks at the kernel's own file only, and after an upgrade would run kernels made of earlier helpers.
    """
    index = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if index is not None:  # none where compiling is switched off
        index._source_stamp = source_stamp(Path(function.__code__.co_filename))
    return compiled


@cache
def source_stamp(path: Path) -> str:
    """Hash of a kernel file and of every kernel file that it imports."""
    source = path.read_bytes()
    names = re.findall(rb"^from circlegraph\.kernels\.(\w+) import", source, re.MULTILINE)
    used = [source_stamp(path.with_name(f"{name.decode()}.py")) for name in names]
    return hashlib.sha256(source + "".join(used).encode()).hexdigest()
