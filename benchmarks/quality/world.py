"""What a method is given, and what it is judged by; the two are kept apart."""

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from benchmarks.quality.counts import Counts, count


class NotAvailableError(Exception):
    """A method or a world that cannot run here; the message says why."""


@dataclass(frozen=True)
class World:
    """All that a method may see.

    Attributes
    ----------
    name : str
        Name for messages; says nothing of the truth.
    events : pandas.DataFrame
        Records in the canonical columns: caller, callee, start (datetime), duration (s), kind, and cells
        and handsets where the world has them.
    split : pandas.Timestamp
        The split time.
    own : frozenset of str or None
        Own numbers; None: every number is own.
    subscribers, forwarding, bills : pandas.DataFrame or None
        The operator's tables, where the world has them.
    """

    name: str
    events: pd.DataFrame
    split: pd.Timestamp
    own: frozenset[str] | None = None
    subscribers: pd.DataFrame | None = None
    forwarding: pd.DataFrame | None = None
    bills: pd.DataFrame | None = None

    @cached_property
    def counts(self) -> Counts:
        """Contacts before and after the split as sparse matrices, for the baselines and the eligibility."""
        return count(self.events, self.split, self.own)


@dataclass(frozen=True)
class Case:
    """A world with its truth.

    Attributes
    ----------
    world : World
        What the method sees.
    truth : pandas.DataFrame
        One row per number and true second number; see `benchmarks.quality.truth.COLUMNS`.
    group : str
        Cases of one group are judged together, such as all seeds of one preset.
    seed : int
        Seed of the city or the draw.
    population : frozenset of str
        Numbers that are judged: what is claimed of others is neither right nor wrong.
    tables : dict of str to pandas.DataFrame
        Other truth tables of a city, for families and managers.
    """

    world: World
    truth: pd.DataFrame
    group: str
    seed: int
    population: frozenset[str]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
