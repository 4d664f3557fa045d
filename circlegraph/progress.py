"""A line of text under a notebook's cell that works for long; silence everywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

SLOW = 2.0
"""Seconds that a cell may work before it says anything."""
PAUSE = 0.25
"""Seconds between two changes of the line."""
WIDTH = 24


class NotebookBar:
    """Progress under the cell that is being run, gone when it is done.

    Parameters
    ----------
    show
        Shows a text and returns what changes it: IPython's ``display`` with a handle.
    clock
        Seconds.

    Examples
    --------
    >>> said, now = [], iter([0.0, 1.0, 3.0])
    >>> bar = NotebookBar(lambda text: said.append(text) or said.append, clock=lambda: next(now))
    >>> bar("reading", 1, 4), bar("reading", 2, 4), bar("reading", 3, 4), bar.clear()
    (None, None, None, None)
    >>> said
    ['reading ██████████████████······ 3 of 4, 3 s', '']
    """

    def __init__(
        self, show: Callable[[str], Callable[[str], Any]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._show, self._clock = show, clock
        self._begun: float | None = None
        self._last = 0.0
        self._change: Callable[[str], Any] | None = None

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take in how far a stage is."""
        now = self._clock()
        if self._begun is None:
            self._begun = now
        if now - self._begun < SLOW or now - self._last < PAUSE:
            return
        self._last = now
        text = f"{stage} {_bar(done, total)}, {now - self._begun:.0f} s"
        if self._change is None:
            self._change = self._show(text)
        else:
            self._change(text)

    def clear(self, *_: Any) -> None:
        """Take the line away; the next call begins a new one."""
        if self._change is not None:
            self._change("")
        self._change, self._begun = None, None


def _bar(done: int, total: int | None) -> str:
    if not total:
        return f"{done:,}"
    filled = WIDTH * min(done, total) // total
    return f"{'█' * filled}{'·' * (WIDTH - filled)} {done:,} of {total:,}"


def _silent(_stage: str, _done: int, _total: int | None) -> None:
    """Show nothing."""


_bars: dict[int, NotebookBar] = {}


def default_progress() -> Callable[[str, int, int | None], None]:
    """Bar of the notebook's kernel that this runs in; silence if it runs in none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return _silent
    if id(shell) not in _bars:
        _bars[id(shell)] = bar = NotebookBar(_display)
        shell.events.register("post_run_cell", bar.clear)
    return _bars[id(shell)]


def _display(text: str) -> Callable[[str], Any]:
    from IPython.display import display

    handle = display({"text/plain": text}, raw=True, display_id=True)
    return lambda changed: handle.update({"text/plain": changed}, raw=True)
