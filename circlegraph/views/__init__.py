"""Charts of circles, evidence and results: a specification plus records; work offline, saved without a browser."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circlegraph.views.balance import balance_chart
    from circlegraph.views.chart import Chart
    from circlegraph.views.circle import circle_chart
    from circlegraph.views.family import family_chart
    from circlegraph.views.manager import manager_chart
    from circlegraph.views.movement import movement_chart
    from circlegraph.views.precision_recall import precision_recall_chart
    from circlegraph.views.quality import quality_chart
    from circlegraph.views.reliability import reliability_chart
    from circlegraph.views.timeline import timeline_chart
    from circlegraph.views.waterfall import waterfall_chart
    from circlegraph.views.weeks import weekly_contacts

_HOME = {
    "Chart": "chart",
    "balance_chart": "balance",
    "circle_chart": "circle",
    "family_chart": "family",
    "manager_chart": "manager",
    "movement_chart": "movement",
    "precision_recall_chart": "precision_recall",
    "quality_chart": "quality",
    "reliability_chart": "reliability",
    "timeline_chart": "timeline",
    "waterfall_chart": "waterfall",
    "weekly_contacts": "weeks",
}

__all__ = [
    "Chart",
    "balance_chart",
    "circle_chart",
    "family_chart",
    "manager_chart",
    "movement_chart",
    "precision_recall_chart",
    "quality_chart",
    "reliability_chart",
    "timeline_chart",
    "waterfall_chart",
    "weekly_contacts",
]


def __getattr__(name: str) -> Any:
    """Load a chart when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"circlegraph.views has no {name!r}")
    return getattr(import_module(f"circlegraph.views.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
