"""Compare cities of all presets with published figures and, where they are at hand, with the Copenhagen data."""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality import cities, copenhagen
from benchmarks.report import Table
from benchmarks.report_charts import line_chart, log_chart
from benchmarks.validity.curves import CURVES
from circlegraph.synth.city import City
from circlegraph.synth.validity import (
    DAY,
    YARDSTICKS,
    Traffic,
    city_traffic,
    copenhagen_traffic,
)

SUBSCRIBERS = {"small": 1_000, "full": 10_000}
DAYS = 126
SEED = 4
REAL = "Copenhagen"

READING = (
    "The yardsticks are of two kinds: figures measured anew on the Copenhagen data where they are there (else the "
    "stored ones), and published ones. The bands are wide: they tell a world of people from a random graph.",
    "Onnela et al. 2007, PNAS 104: Structure and tie strengths in mobile communication networks: tie strengths and "
    "degrees have heavy tails; strong ties lie inside communities.",
    "Kovanen, Saramäki, Kaski 2010: Reciprocity of mobile phone calls: many ties are lopsided.",
    "Karsai, Kaski, Kertész 2012, PLoS ONE 7: Correlated dynamics in egocentric communication networks: trains of "
    "events belong to ties rather than to people.",
    "Jo, Karsai, Kertész, Kaski 2012, New J. Phys. 14: Circadian pattern and burstiness: the tails stay when the daily "
    "and weekly pattern is taken off.",
    "Saramäki et al. 2014, PNAS 111: Persistence of social signatures: the shares by rank stay while people change.",
    "Miritello et al. 2013, Sci. Rep. 3: Limited communication capacity: as many ties end as begin.",
    "Sapiezynski et al. 2019, Sci. Data 6: Interaction data from the Copenhagen Networks Study: students of one "
    "university in four weeks, who phone and text others of the study; in a city people phone beyond their year.",
)


@dataclass(frozen=True)
class Settings:
    """What is compared."""

    size: str = "small"
    presets: Sequence[str] = cities.PRESETS
    subscribers: int | None = None
    folder: Path = copenhagen.FOLDER


def run(settings: Settings) -> tuple[list[Table], dict[str, Any], list[str]]:
    """Measure all worlds.

    Returns
    -------
    tables : list of Table
    content : dict
        Yardstick → reference, band, source and figure of each preset; curves by title and world.
    charts : list of str
    """
    subscribers = settings.subscribers or SUBSCRIBERS[settings.size]
    worlds: dict[str, Traffic] = {}
    for preset in settings.presets:
        print(f"  {preset}, {subscribers:,} subscribers, {DAYS} days", file=sys.stderr, flush=True)
        worlds[preset] = city_traffic(
            City(subscribers=subscribers, days=DAYS, seed=SEED, preset=preset), DAYS
        )
    real = copenhagen_traffic(settings.folder) if (settings.folder / "calls.csv").is_file() else None
    yardsticks = {
        item.name: {
            "reference": item.measure(real) if real is not None and item.copenhagen else item.reference,
            "low": item.low,
            "high": item.high,
            "source": item.source,
            "cities": {
                preset: _number(item.measure(traffic.between(0, item.days * DAY)))
                for preset, traffic in worlds.items()
            },
        }
        for item in YARDSTICKS
    }
    curves: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for curve in CURVES:
        shown = dict(worlds) if real is None or not curve.copenhagen else {**worlds, REAL: real}
        curves[curve.title] = {name: curve.draw(traffic) for name, traffic in shown.items()}
    content = {
        "subscribers": subscribers,
        "days": DAYS,
        "copenhagen": real is not None,
        "yardsticks": yardsticks,
        "curves": curves,
    }
    charts = [
        log_chart(curve.title, curves[curve.title])
        if curve.logarithmic
        else line_chart(curve.title, curves[curve.title])
        for curve in CURVES
    ]
    return [make_table(content)], content, charts


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def make_table(content: dict[str, Any]) -> Table:
    """Lay the figures of the presets beside the reference and its band; what is outside is marked."""
    presets = list(next(iter(content["yardsticks"].values()))["cities"])
    rows = []
    for name, item in content["yardsticks"].items():
        cells = [
            "-"
            if value is None
            else f"{value:.3g}" + ("" if item["low"] <= value <= item["high"] else " (outside)")
            for value in item["cities"].values()
        ]
        band = f"{item['low']:g}-{item['high']:g}"
        rows.append([name, f"{item['reference']:.3g}", band, *cells, item["source"]])
    title = f"Validity of cities of {content['subscribers']:,} subscribers, {content['days']} days"
    notes = (
        []
        if content["copenhagen"]
        else ["The Copenhagen data are not there; their stored figures are shown."]
    )
    return Table(title, ["measure", "reference", "band", *presets, "source"], rows, [*notes, *READING])
