"""Worlds of which a method sees less: what is missing must be unknown to it, not held against anybody."""

from dataclasses import replace

from benchmarks.quality.world import World

PLAIN = ["caller", "callee", "start", "duration", "kind"]
CELLS = ["caller_cell", "callee_cell"]


def cells(world: World) -> World:
    """Records with cells; of the tables only which numbers are own."""
    kept = [*PLAIN, *(name for name in CELLS if name in world.events)]
    return _fewer(world, kept)


def calls(world: World) -> World:
    """Records without cells and handsets; of the tables only which numbers are own."""
    return _fewer(world, PLAIN)


def counts(world: World) -> World:
    """How often each number phoned and texted each other one, without times; of the tables which numbers are own."""
    kinds = world.events["kind"].astype(str).replace("forward", "call")
    pairs = world.events[["caller", "callee"]].assign(kind=kinds)
    table = pairs.groupby(["caller", "callee", "kind"]).size().reset_index(name="count")
    return replace(_fewer(world, PLAIN), events=table)


def _fewer(world: World, columns: list[str]) -> World:
    listed = None if world.subscribers is None else world.subscribers[["number"]]
    events = world.events[[name for name in columns if name in world.events]]
    return replace(world, events=events, subscribers=listed, forwarding=None, bills=None)
