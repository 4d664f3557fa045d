"""Progress bars on a terminal; silence elsewhere."""

from __future__ import annotations

import atexit
import sys

from circlegraph.resources import Progress


def progress_bar() -> Progress:
    """Progress that draws one bar per stage on the error stream, if that is a terminal."""
    if not sys.stderr.isatty():
        return lambda _stage, _done, _total: None
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bars.start()
    atexit.register(bars.stop)
    tasks = {}

    def show(stage: str, done: int, total: int | None) -> None:
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=total)
        bars.update(tasks[stage], completed=done, total=total)

    return show
