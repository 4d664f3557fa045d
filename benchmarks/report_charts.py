"""Charts as inline SVG: no script, no request."""

import math
from collections.abc import Mapping, Sequence
from html import escape

COLOURS = ("#1f5fa8", "#d1701c", "#2f8f4e", "#b03a48", "#7a52a8", "#6b5b4d", "#c2559a", "#5f6670")
GREY = "#8a8a8a"
ROW = 22
LEFT, WIDTH, RIGHT = 260, 420, 70


def bar_chart(title: str, bars: Sequence[tuple[str, float, float, float]], most: float = 1.0) -> str:
    """Draw horizontal bars between 0 and ``most``.

    Parameters
    ----------
    title : str
        Title.
    bars : sequence of (label, value, low, high)
        What each bar shows, and its interval.
    most : float
        Right end of the axis.
    """
    height = ROW * len(bars) + 30
    parts = [_grid(height - 24, most)]
    for place, (label, value, low, high) in enumerate(bars):
        top = place * ROW + 4
        middle = top + 7
        parts += [
            f'<text x="{LEFT - 8}" y="{top + 11}" text-anchor="end">{escape(label)}</text>',
            f'<rect x="{LEFT}" y="{top}" width="{WIDTH * value / most:.1f}" height="14" fill="{COLOURS[0]}"/>',
            f'<path d="M{_x(low / most):.1f} {middle}H{_x(high / most):.1f}" stroke="#111" stroke-width="1.5"/>',
            f'<text x="{LEFT + WIDTH + 10}" y="{top + 11}">{figure(value)}</text>',
        ]
    return _figure(title, height, parts)


def line_chart(
    title: str,
    lines: Mapping[str, Sequence[tuple[float, float]]],
    *,
    ranges: Mapping[str, Sequence[tuple[float, float]]] | None = None,
    diagonal: bool = False,
) -> str:
    """Draw lines of points whose two coordinates lie between 0 and 1.

    Parameters
    ----------
    title : str
        Title.
    lines : mapping of str to sequence of (x, y)
        Points by label, in order of x.
    ranges : mapping of str to sequence of (low, high), optional
        Interval of each point's y.
    diagonal : bool
        Whether to draw y = x, where a calibrated probability lies.
    """
    side = 260
    parts = [_grid(side), _levels(side)]
    if diagonal:
        parts.append(f'<path d="M{LEFT} {side}L{LEFT + WIDTH} 0" stroke="{GREY}" stroke-dasharray="4 4"/>')
    parts += _tracks(lines, side)
    for place, label in enumerate(lines):
        colour = COLOURS[place % len(COLOURS)]
        for (x, _), (low, high) in zip(lines[label], (ranges or {}).get(label, ()), strict=False):
            parts.append(
                f'<path d="M{_x(x):.1f} {side * (1 - low):.1f}V{side * (1 - high):.1f}" stroke="{colour}"/>'
            )
    return _figure(title, max(side, ROW * len(lines)) + 24, parts)


def log_chart(title: str, lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Draw lines of points over logarithmic axes, with a mark at each power of ten.

    Parameters
    ----------
    title : str
        Title.
    lines : mapping of str to sequence of (x, y)
        Points by label, in order of x, all above 0.
    """
    side = 260
    spots = {
        label: [(math.log10(x), math.log10(y)) for x, y in points if x > 0 and y > 0]
        for label, points in lines.items()
    }
    ranges = []
    for axis in (0, 1):
        values = [spot[axis] for points in spots.values() for spot in points] or [0.0]
        ranges.append((math.floor(min(values)), max(math.ceil(max(values)), math.floor(min(values)) + 1)))
    (left, right), (low, high) = ranges
    parts = []
    for power in range(left, right + 1):
        at = _x((power - left) / (right - left))
        parts.append(f'<path d="M{at:.1f} 0V{side}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{at:.1f}" y="{side + 16}" text-anchor="middle" fill="{GREY}">{10.0**power:,g}</text>'
        )
    for power in range(low, high + 1):
        at = side * (1 - (power - low) / (high - low))
        parts.append(f'<path d="M{LEFT} {at:.1f}H{LEFT + WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT + WIDTH + 8}" y="{at + 10:.1f}" fill="{GREY}">{10.0**power:,g}</text>')
    scaled = {
        label: [((x - left) / (right - left), (y - low) / (high - low)) for x, y in points]
        for label, points in spots.items()
    }
    return _figure(title, max(side, ROW * len(lines)) + 24, [*parts, *_tracks(scaled, side)])


def figure(value: float) -> str:
    """Show three significant digits, never as a power of ten."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _tracks(lines: Mapping[str, Sequence[tuple[float, float]]], side: int) -> list[str]:
    """Lines and dots of points between 0 and 1, and the key at the left."""
    parts = []
    for place, (label, points) in enumerate(lines.items()):
        colour = COLOURS[place % len(COLOURS)]
        spots = [(_x(x), side * (1 - y)) for x, y in points]
        track = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
        parts += [f'<path d="M{track}" fill="none" stroke="{colour}" stroke-width="2"/>'] if spots else []
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        top = 14 + place * ROW
        parts += [
            f'<rect x="8" y="{top - 9}" width="10" height="10" fill="{colour}"/>',
            f'<text x="24" y="{top}">{escape(label)}</text>',
        ]
    return parts


def _x(value: float) -> float:
    return LEFT + WIDTH * value


def _grid(height: int, most: float = 1.0) -> str:
    return "".join(
        f'<path d="M{_x(tick):.1f} 0V{height}" stroke="#ddd"/>'
        f'<text x="{_x(tick):.1f}" y="{height + 16}" text-anchor="middle" fill="{GREY}">{tick * most:.3g}</text>'
        for tick in (0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )


def _levels(height: int) -> str:
    """Horizontal lines, named at the right."""
    return "".join(
        f'<path d="M{LEFT} {height * (1 - tick):.1f}H{LEFT + WIDTH}" stroke="#ddd"/>'
        f'<text x="{LEFT + WIDTH + 8}" y="{height * (1 - tick) + 10:.1f}" fill="{GREY}">{tick:g}</text>'
        for tick in (0.2, 0.4, 0.6, 0.8, 1.0)
    )


def _figure(title: str, height: int, parts: Sequence[str]) -> str:
    width = LEFT + WIDTH + RIGHT
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg></figure>'
    )
