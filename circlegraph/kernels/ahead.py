"""Compile the kernels of a night in a process of its own: ``python -m circlegraph.kernels.ahead``.

Compiling keeps one core of a process busy, whatever its threads. So while a first night begins, another process
compiles what it calls last, and goes on towards what it calls first until the two meet. They meet in Numba's files of
machine code: nothing else is shared, and whatever goes wrong here costs time and nothing else.
"""

import os
import sys
import threading
import tomllib
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from numba.core.sigutils import normalize_signature

NIGHT = Path(__file__).with_name("night.toml")


def signatures() -> list[str]:
    """Kernels of a night in the order of their calls, as ``module.kernel(types)`` in Numba's words.

    Examples
    --------
    >>> signatures()[0].partition("(")[0]
    'fields.label_codes'
    """
    listed: list[str] = tomllib.loads(NIGHT.read_text("utf-8"))["signatures"]
    return listed


def compile_signature(signature: str) -> None:
    """Compile one entry of the list, or read its machine code where that is there.

    Raises
    ------
    Exception
        Where the kernel does not exist, or does not take such arguments.
    """
    name, _, types = signature.partition("(")
    module, kernel = name.split(".")
    arguments, _ = normalize_signature(f"({types}")  # the files go by the types, not by how they are written
    getattr(import_module(f"circlegraph.kernels.{module}"), kernel).compile(arguments)


def main() -> None:
    """Compile from the last to the first, until the standard input is closed."""
    ended, given = threading.Event(), sys.stdin.fileno()

    def wait() -> None:
        os.read(given, 1)  # not sys.stdin.read: its lock would be held as Python shuts down
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    for signature in reversed(signatures()):
        if ended.is_set():
            return
        with suppress(Exception):  # an entry out of date
            compile_signature(signature)


if __name__ == "__main__":
    main()
