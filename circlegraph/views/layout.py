"""What pictures with a number in the middle share: a plane without axes, places round a ring, names along rays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.views.chart import drawn, load_altair
from circlegraph.views.palette import INK, PAPER

if TYPE_CHECKING:
    import pandas as pd

HOVER: dict[str, Any] = {"tooltip": "hover:N", "description": "hover:N"}
"""Channels by which a mark tells its figures, in pages and in pictures."""
OUTSIDE = 1.07
"""Where the names begin, in radii."""


class Plane:
    """Positions from -reach to reach on both axes, which are not drawn."""

    def __init__(self, reach: float) -> None:
        self._scale = load_altair().Scale(domain=[-reach, reach], nice=False, zero=False)

    def x(self, column: str = "x") -> Any:
        """Horizontal position from a column."""
        return load_altair().X(f"{column}:Q", scale=self._scale, axis=None)

    def y(self, column: str = "y") -> Any:
        """Vertical position from a column."""
        return load_altair().Y(f"{column}:Q", scale=self._scale, axis=None)


def round_ring(angle: NDArray[np.float64], radius: float = 1.0) -> dict[str, NDArray[Any]]:
    """Columns that place points on a ring and their names along the rays outside of it.

    Examples
    --------
    >>> placed = round_ring(np.array([0.0, np.pi]))
    >>> placed["x"].round(3).tolist(), placed["turn"].round(3).tolist(), placed["align"].tolist()
    ([1.0, -1.0], [0.0, 0.0], ['left', 'right'])
    """
    right = np.cos(angle) >= 0
    return {
        "x": radius * np.cos(angle),
        "y": radius * np.sin(angle),
        "label_x": OUTSIDE * radius * np.cos(angle),
        "label_y": OUTSIDE * radius * np.sin(angle),
        # Degrees clockwise; on the left the text is turned so that nobody reads upside down.
        "turn": np.where(right, 0.0, 180.0) - np.degrees(angle),
        "align": np.where(right, "left", "right"),
    }


def names(peers: pd.DataFrame, plane: Plane, hidden: str, *, size: int = 11, color: str = INK) -> list[Any]:
    """Names of points of a ring, along their rays; the column `hidden` stays out of the picture."""
    alt = load_altair()
    made = []
    for align, part in peers.groupby("align"):
        text = alt.Chart(drawn(part, hidden)).mark_text(
            align=align, baseline="middle", fontSize=size, color=color
        )
        turn = alt.Angle("turn:Q", scale=None)
        made.append(text.encode(plane.x("label_x"), plane.y("label_y"), angle=turn, text="label:N"))
    return made


def haloed(base: Any, field: str, **look: Any) -> list[Any]:
    """Text on a halo, so that it can be read on top of lines."""
    alt = load_altair()
    halo = base.mark_text(stroke=PAPER, strokeWidth=5, strokeJoin="round", **look)
    text = f"{field}:N"
    return [halo.encode(text=text, color=alt.value(PAPER)), base.mark_text(**look).encode(text=text)]
