"""Detectors: who uses a second number, and whose behaviour is moving."""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circlegraph.detect.families.run import families as families
    from circlegraph.detect.managers.run import managers as managers
    from circlegraph.detect.movement.points import Points as Points
    from circlegraph.detect.movement.run import movement as movement
    from circlegraph.detect.movement.scorecard import fit_scorecard as fit_scorecard
    from circlegraph.detect.second_numbers.run import dual_sim as dual_sim

_HOME = {
    "Points": "circlegraph.detect.movement.points",
    "dual_sim": "circlegraph.detect.second_numbers.run",
    "families": "circlegraph.detect.families.run",
    "fit_scorecard": "circlegraph.detect.movement.scorecard",
    "managers": "circlegraph.detect.managers.run",
    "movement": "circlegraph.detect.movement.run",
}

__all__ = ["Points", "dual_sim", "families", "fit_scorecard", "managers", "movement"]


class _Detectors(ModuleType):
    """A package whose functions have the names of its subpackages: the name means the function."""

    def __setattr__(self, name: str, value: Any) -> None:
        # The import system would put a subpackage in the function's place.
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Detectors


def __getattr__(name: str) -> Any:
    """Load a detector when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
