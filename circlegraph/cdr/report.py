"""Counts of what was read, accepted and rejected: read = accepted + duplicates + rejected, always."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(slots=True)
class Report:
    """Counts of one file or of several.

    Attributes
    ----------
    read, accepted : int
        Rows found, and rows that became events and stayed.
    duplicates : Counter
        Rows dropped as duplicates by the rule that matched; whoever drops them calls `drop`.
    rejected : Counter
        Rows by the reason for which they were rejected.
    notes : Counter
        Accepted rows by something worth knowing.
    first, last : int or None
        First and last time, seconds since 1970-01-01.

    Examples
    --------
    >>> one = Report(read=3, accepted=2, rejected=Counter({"self call": 1}))
    >>> (one + one).as_dict()["rejected"]
    {'self call': 2}
    """

    read: int = 0
    accepted: int = 0
    duplicates: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None

    def __add__(self, other: Report) -> Report:
        firsts = [time for time in (self.first, other.first) if time is not None]
        lasts = [time for time in (self.last, other.last) if time is not None]
        return Report(
            self.read + other.read,
            self.accepted + other.accepted,
            self.duplicates + other.duplicates,
            self.rejected + other.rejected,
            self.notes + other.notes,
            min(firsts, default=None),
            max(lasts, default=None),
        )

    def drop(self, rule: str, count: int) -> None:
        """Move accepted rows to the duplicates of one rule."""
        self.accepted -= count
        self.duplicates[rule] += count

    def check(self) -> None:
        """Assert that every row read is accounted for.

        Raises
        ------
        AssertionError
            A row was lost or counted twice: a fault of circlegraph.
        """
        told = self.accepted + self.duplicates.total() + self.rejected.total()
        if self.read != told or self.accepted < 0:
            raise AssertionError(f"{self.read} rows read, but {told} accounted for")

    def as_dict(self) -> dict[str, Any]:
        """Plain data, times as ISO text."""
        return {
            "read": self.read,
            "accepted": self.accepted,
            "duplicates": dict(sorted(self.duplicates.items())),
            "rejected": dict(sorted(self.rejected.items())),
            "notes": dict(sorted(self.notes.items())),
            "first": None if self.first is None else str(np.datetime64(self.first, "s")),
            "last": None if self.last is None else str(np.datetime64(self.last, "s")),
        }
