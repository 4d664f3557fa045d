"""Colours that colour-blind people can tell apart, and the look that all charts share.

References
----------
M. Okabe and K. Ito, "Color universal design" (2008): the eight colours.
"""

from typing import Any

BLUE = "#0072B2"
ORANGE = "#D55E00"
GREEN = "#009E73"
SKY = "#56B4E9"
AMBER = "#E69F00"
PINK = "#CC79A7"
INK = "#222222"
GREY = "#8C8C8C"
PALE = "#D5D5D5"
PAPER = "#FFFFFF"

OLD, NEW = BLUE, ORANGE
"""The number that was always there, and the second one."""
SERIES = (BLUE, ORANGE, GREEN, PINK, AMBER, SKY, INK, GREY)
"""Lines of one chart, in this order."""
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [10, 4], [4, 1], [3, 3, 1, 3])
"""Strokes of the same lines, so that they can be told apart without any colour."""
FONT = "Helvetica Neue, Arial, Liberation Sans, sans-serif"


def config() -> dict[str, Any]:
    """Vega-Lite configuration of every chart: quiet axes, titles on the left, one font.

    Pictures of vectors are laid out before it is known which font they will be shown in, so there is room to spare.
    """
    quiet = {"labelColor": INK, "titleColor": INK, "titleFontWeight": "normal"}
    return {
        "background": PAPER,
        "padding": {"left": 16, "right": 16, "top": 5, "bottom": 5},
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            **quiet,
            "domainColor": GREY,
            "gridColor": "#EDEDED",
            "tickColor": GREY,
            "labelFontSize": 11,
            "titleFontSize": 12,
        },
        "legend": {**quiet, "labelFontSize": 12, "titleFontSize": 12, "symbolSize": 90, "columnPadding": 26},
        "header": {"labelFontSize": 12, "titleFontSize": 12},
        "title": {
            "anchor": "start",
            "fontSize": 16,
            "subtitleFontSize": 12,
            "subtitleColor": "#555555",
            "subtitlePadding": 5,
            "offset": 12,
            "color": INK,
        },
        "text": {"color": INK, "fontSize": 11},
    }
