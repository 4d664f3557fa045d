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


def _fewer(world: World, columns: list[str]) -> World:
    listed = None if world.subscribers is None else world.subscribers[["number"]]
    events = world.events[[name for name in columns if name in world.events]]
    return replace(world, events=events, subscribers=listed, forwarding=None, bills=None)
