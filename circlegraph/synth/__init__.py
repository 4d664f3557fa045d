"""Synthetic cities with planted truth: people phone people, events land on numbers.

The generator shares nothing with the detectors that it judges: no code, no constant, no threshold.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circlegraph.synth.checked import make_settings as make_settings
    from circlegraph.synth.city import City as City
    from circlegraph.synth.settings import Settings as Settings
    from circlegraph.synth.write import write_city as write_city

_PLACES = {
    "City": "circlegraph.synth.city",
    "Settings": "circlegraph.synth.settings",
    "make_settings": "circlegraph.synth.checked",
    "write_city": "circlegraph.synth.write",
}
__all__ = ["City", "Settings", "make_settings", "write_city"]


def __getattr__(name: str) -> Any:
    """Load the parts when they are first used, so that importing the package stays cheap."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)
