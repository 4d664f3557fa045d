"""The other process that compiles kernels while the demo makes its city."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kernels_ahead(threads: int) -> Iterator[None]:
    """Have kernels of a night compiled by another process until the block is left, where there is a core for it.

    Examples
    --------
    >>> with kernels_ahead(threads=1):
    ...     pass
    """
    from subprocess import DEVNULL, PIPE, Popen

    if threads < 2:
        yield
        return
    try:
        process = Popen(
            [sys.executable, "-P", "-m", "circlegraph.kernels.ahead"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},  # finds what this process finds
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,  # an interrupt from the keyboard must not find it writing a file
        )
    except OSError:  # then every kernel is compiled when it is called
        yield
        return
    with process:  # closes its input, which ends it after the kernel that it is at
        yield
