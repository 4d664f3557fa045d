"""What a run may use: threads and memory; and how it shows its progress."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from circlegraph.errors import SettingsError
from circlegraph.parallel import default_threads
from circlegraph.progress import default_progress

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Called with the name of a stage, the work done and, where known, the work in all."""

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30}
# What the libraries and the batches that are being read take, whatever the size of the input.
_BASE = 800 * 10**6
_LEAST = 10**9
# Bytes per edge while a block of rows is laid out, indexed and written.
_EDGE_BYTES = 600


@dataclass(frozen=True, slots=True)
class Resources:
    """Threads, memory and progress of a run.

    Attributes
    ----------
    threads
        How many threads work; the result does not depend on it.
    memory_limit
        Bytes the process should stay below, at least 1 GB; None for no limit. Past their shares, events
        and pairs go to temporary files and rows are made in blocks; the result does not depend on it.
    progress
        Called as the work goes on; by default a line of text under the cell of a notebook that works for long,
        and nothing elsewhere.
    """

    threads: int = field(default_factory=default_threads)
    memory_limit: int | None = None
    progress: Progress = field(default_factory=default_progress)

    def __post_init__(self) -> None:
        if self.threads < 1:
            raise SettingsError(f"threads is {self.threads}, but must be at least 1")
        if self.memory_limit is not None and self.memory_limit < _LEAST:
            raise SettingsError(
                f"the memory limit is {self.memory_limit / 1e9:g} GB, but must be at least {_LEAST / 1e9:g} GB"
            )

    def _share(self, share: float) -> int | None:
        return None if self.memory_limit is None else int(share * (self.memory_limit - _BASE))

    @property
    def event_room(self) -> int | None:
        """Bytes of events to hold in memory."""
        return self._share(0.4)

    @property
    def sighting_room(self) -> int | None:
        """Bytes of sightings (cells, handsets, forwards) to hold in memory."""
        return self._share(0.1)

    @property
    def pair_room(self) -> int | None:
        """Bytes of pairs to hold in memory."""
        return self._share(0.2)

    @property
    def block_edges(self) -> int | None:
        """Edges to lay out at a time."""
        room = self._share(0.4)
        return None if room is None else room // _EDGE_BYTES


def parse_size(text: str) -> int:
    """Bytes from a size such as 4GB, 1500M or 2GiB.

    Examples
    --------
    >>> parse_size("4GB"), parse_size("1.5 GiB")
    (4000000000, 1610612736)
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?I?)B?\s*", text.upper())
    if match is None or match[2] not in _UNITS:
        raise SettingsError(f"{text!r} is not a size in memory; write it like 4GB or 1500MB")
    return int(float(match[1]) * _UNITS[match[2]])
