"""Very small charts as SVG text."""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p

WIDTH, HEIGHT = 140, 32


def sparkline(series: Sequence[float]) -> str:
    """Line of a series, from its least to its greatest value; nothing for fewer than two.

    Examples
    --------
    >>> sparkline([1])
    ''
    >>> "polyline" in sparkline([1, 3, 2])
    True
    """
    if len(series) < 2:
        return ""
    low, high = min(series), max(series)
    span = (high - low) or 1
    step = WIDTH / (len(series) - 1)
    points = " ".join(
        f"{i * step:.1f},{HEIGHT - 3 - (value - low) / span * (HEIGHT - 6):.1f}"
        for i, value in enumerate(series)
    )
    line = f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="2"/>'
    return _svg(f"{len(series)} nights, from {low:,} to {high:,}", line)


def bars(counts: Sequence[int]) -> str:
    """Bars of a histogram, their heights logarithmic.

    Examples
    --------
    >>> bars([0, 5]).count("<rect")
    2
    """
    top = log1p(max([*counts, 1]))
    width = WIDTH / max(len(counts), 1)
    made = "".join(
        f'<rect x="{i * width:.1f}" y="{HEIGHT - log1p(count) / top * HEIGHT:.1f}" width="{width - 1.5:.1f}" '
        f'height="{log1p(count) / top * HEIGHT:.1f}" fill="currentColor"><title>{count:,}</title></rect>'
        for i, count in enumerate(counts)
    )
    return _svg(", ".join(f"{count:,}" for count in counts), made)


def _svg(title: str, content: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img"><title>{title}</title>'
        f"{content}</svg>"
    )
