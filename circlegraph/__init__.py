"""circlegraph: social circles from call detail records.

>>> import circlegraph as cg

Read CDRs: `open_cdr`, `inspect_cdr`; keep them: `Store`; one window: `contact_graph`; circles before and after a split
time: `contact_circles`, `circle_index`; second numbers: `detect.dual_sim`; charts: `views`; a city to
try things on: `load_demo`. Names are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circlegraph import detect, synth, views
    from circlegraph.cdr.pipeline import open_cdr
    from circlegraph.circles.circles import Circles
    from circlegraph.circles.index import circle_index
    from circlegraph.circles.indicators import indicators
    from circlegraph.circles.learn import learn_weights
    from circlegraph.circles.recognition import recognition
    from circlegraph.circles.run import contact_circles
    from circlegraph.circles.weights import StableRule, Weights
    from circlegraph.demo import load_demo
    from circlegraph.evidence.explain import explain
    from circlegraph.graph.graph import Graph
    from circlegraph.graph.inspection import inspect_cdr
    from circlegraph.graph.make import contact_graph
    from circlegraph.graph.network import Network
    from circlegraph.operators import NumberingPlan
    from circlegraph.resources import Resources
    from circlegraph.store.store import Store

_HOME = {
    "Circles": "circlegraph.circles.circles",
    "Graph": "circlegraph.graph.graph",
    "Network": "circlegraph.graph.network",
    "NumberingPlan": "circlegraph.operators",
    "Resources": "circlegraph.resources",
    "StableRule": "circlegraph.circles.weights",
    "Store": "circlegraph.store.store",
    "Weights": "circlegraph.circles.weights",
    "circle_index": "circlegraph.circles.index",
    "contact_circles": "circlegraph.circles.run",
    "contact_graph": "circlegraph.graph.make",
    "detect": "circlegraph.detect",
    "explain": "circlegraph.evidence.explain",
    "indicators": "circlegraph.circles.indicators",
    "inspect_cdr": "circlegraph.graph.inspection",
    "learn_weights": "circlegraph.circles.learn",
    "load_demo": "circlegraph.demo",
    "open_cdr": "circlegraph.cdr.pipeline",
    "recognition": "circlegraph.circles.recognition",
}

__all__ = [
    "Circles",
    "Graph",
    "Network",
    "NumberingPlan",
    "Resources",
    "StableRule",
    "Store",
    "Weights",
    "circle_index",
    "contact_circles",
    "contact_graph",
    "detect",
    "explain",
    "indicators",
    "inspect_cdr",
    "learn_weights",
    "load_demo",
    "open_cdr",
    "recognition",
    "synth",
    "views",
]


def __getattr__(name: str) -> Any:
    if name in ("synth", "views"):
        return import_module(f"circlegraph.{name}")
    if name not in _HOME:
        raise AttributeError(f"circlegraph has no {name!r}")
    home = import_module(_HOME[name])
    return home if name == "detect" else getattr(home, name)


def __dir__() -> list[str]:
    return __all__
