"""Detectors: who uses a second number."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circlegraph.detect.second_numbers.run import dual_sim as dual_sim

__all__ = ["dual_sim"]


def __getattr__(name: str) -> Any:
    """Load a detector when it is first used."""
    if name != "dual_sim":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from circlegraph.detect.second_numbers.run import dual_sim

    return dual_sim
