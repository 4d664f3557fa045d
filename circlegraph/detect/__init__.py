"""Detectors: who uses a second number, who is family, who poaches, and whose behaviour is moving."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circlegraph.detect.account_managers.run import managers as managers
    from circlegraph.detect.family.run import families as families
    from circlegraph.detect.second_numbers.run import dual_sim as dual_sim
    from circlegraph.detect.weekly_movement.points import Points as Points
    from circlegraph.detect.weekly_movement.run import movement as movement
    from circlegraph.detect.weekly_movement.scorecard import fit_scorecard as fit_scorecard

_HOME = {
    "Points": "circlegraph.detect.weekly_movement.points",
    "dual_sim": "circlegraph.detect.second_numbers.run",
    "families": "circlegraph.detect.family.run",
    "fit_scorecard": "circlegraph.detect.weekly_movement.scorecard",
    "managers": "circlegraph.detect.account_managers.run",
    "movement": "circlegraph.detect.weekly_movement.run",
}

__all__ = ["Points", "dual_sim", "families", "fit_scorecard", "managers", "movement"]


def __getattr__(name: str) -> Any:
    """Load a detector when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
