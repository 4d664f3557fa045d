"""Figures of millions of ties, worked out piece by piece on all threads: the steps on the way take memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.parallel import mapped
from circlegraph.resources import Resources

PIECE = 1 << 18


def in_pieces(
    shape: int | tuple[int, int], figure: Callable[[slice], NDArray[Any]], resources: Resources
) -> NDArray[np.float32]:
    """Work out a figure, or several, of all rows: float32 of a shape.

    Examples
    --------
    >>> in_pieces(3, lambda some: np.arange(3)[some] / 2, Resources(threads=1)).tolist()
    [0.0, 0.5, 1.0]
    """
    made = np.empty(shape, np.float32)

    def fill(begin: int) -> None:
        some = slice(begin, min(begin + PIECE, len(made)))
        made[some] = figure(some)

    list(mapped(fill, range(0, len(made), PIECE), resources.threads))
    return made
