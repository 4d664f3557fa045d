"""What a set of CDR files holds: forms, counts, rejects, time span, legs, own network, hubs."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.intake import SECOND_LEG, Intake, take_in
from circlegraph.cdr.once import ONE_LEG, LegRule
from circlegraph.cdr.pipeline import Cdr, open_cdr
from circlegraph.cdr.stamps import starts
from circlegraph.contacts.pairs import Pairs
from circlegraph.contacts.windows import DAY, Windows
from circlegraph.graph.build import PairTable, pair_table
from circlegraph.graph.network import Network
from circlegraph.graph.numbering import Numbers
from circlegraph.kernels.stamp import START_SHIFT
from circlegraph.resources import Resources
from circlegraph.store.dates import iso_date

if TYPE_CHECKING:
    from circlegraph.cdr.quarantine import Quarantine
    from circlegraph.cdr.rejected import Rejected
    from circlegraph.cdr.report import Report

HUBS = 5
REASONS = 3
NEXT = ".total, .files, .first_rejected, cg.views.quality_chart(found)"


@dataclass(frozen=True, slots=True, repr=False)
class Inspection:
    """What `inspect_cdr` found.

    Attributes
    ----------
    cdr
        The recognised input.
    files
        Counts per file, before duplicates: none is dropped in them.
    total
        Counts of all files, with duplicates.
    rule
        How one-leg input was told from two-leg input.
    numbers, pairs
        How many numbers, and pairs of numbers in contact.
    own
        How many of the numbers are the own network's.
    on_net
        Share of the events with both ends in the own network; NaN without events.
    hubs
        The numbers with the most peers, and how many they have.
    first_rejected
        Path and row of the first rejected rows.
    days
        Events by day, as an ISO date, of every day that has any.
    """

    cdr: Cdr
    files: list[Report]
    total: Report
    rule: LegRule
    numbers: int
    pairs: int
    own: int
    on_net: float
    hubs: list[tuple[str, int]]
    first_rejected: list[tuple[str, Rejected]]
    days: dict[str, int]

    @property
    def legs(self) -> str:
        """Whether events were recorded at one end or at both, and by which rule they were matched."""
        second = self.total.duplicates[SECOND_LEG]
        if self.rule == ONE_LEG:
            return str(self.rule)
        if not second:
            return "one-leg: rows say at which end they were recorded, but no event has both"
        return f"{self.rule}: {second:,} second legs"

    def summary(self) -> dict[str, str]:
        """Say what was found, in a few words and figures, without any number of a subscriber."""
        total = self.total
        dropped, rejected = total.duplicates.total(), total.rejected.total()
        span = total.as_dict()
        return {
            "files": f"{len(self.files):,} ({len(self.cdr.skipped):,} skipped)",
            "rows": f"read {total.read:,} = accepted {total.accepted:,} + duplicates {dropped:,}"
            f" + rejected {rejected:,}",
            "rejected": ", ".join(f"{reason} {n:,}" for reason, n in total.rejected.most_common(REASONS))
            or "none",
            "time span": f"{span['first'] or 'none'} to {span['last'] or 'none'}",
            "legs": self.legs,
            "numbers": f"{self.numbers:,} ({self.own:,} own), {self.pairs:,} pairs in contact",
            "on-net": "unknown" if np.isnan(self.on_net) else f"{self.on_net:.1%} of the events",
            "largest circles": ", ".join(f"{peers:,} peers" for _, peers in self.hubs) or "none",
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(["What the CDRs hold", *lines, f"  next: {NEXT}"])

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card("What the CDRs hold", self.summary(), NEXT)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, without any number of a subscriber; of a file, notes are its own and noted those of its rows."""
        return {
            "files": [
                {
                    "path": file.path,
                    "form": file.form,
                    "columns": dict(file.columns),
                    "notes": list(file.notes),
                    **_usable(report),
                }
                for file, report in zip(self.cdr.files, self.files, strict=True)
            ],
            "skipped": [{"path": path, "reason": reason} for path, reason in self.cdr.skipped],
            "total": self.total.as_dict(),
            "legs": self.legs,
            "numbers": self.numbers,
            "own_numbers": self.own,
            "pairs": self.pairs,
            "on_net_share": None if np.isnan(self.on_net) else round(self.on_net, 4),
            "largest_circles": [peers for _, peers in self.hubs],
        }


def _usable(report: Report) -> dict[str, Any]:
    """What is known of the rows of one file: duplicates are found among those of all."""
    named = {"accepted": "usable", "notes": "noted"}
    return {named.get(key, key): value for key, value in report.as_dict().items() if key != "duplicates"}


def inspect_cdr(
    source: Any,
    *,
    network: Network | None = None,
    resources: Resources | None = None,
    quarantine: Quarantine | None = None,
    **reading: Any,
) -> Inspection:
    """Read CDRs and say what they hold.

    Parameters
    ----------
    source
        CDR files, folders or tables as for `open_cdr`, or its result.
    network
        Which numbers are the own network's.
    resources
        Threads, memory, progress.
    quarantine
        Where rejected rows go.
    **reading
        Options of `open_cdr`.

    Examples
    --------
    >>> import pandas as pd
    >>> calls = pd.DataFrame({"caller": ["a", "b", "c"], "callee": ["b", "a", "c"], "duration": [60, 5, 9],
    ...                       "start": pd.to_datetime(["2024-05-01 08:00"] * 3)})
    >>> found = inspect_cdr(calls)
    >>> found.total.accepted, found.total.rejected.total(), found.pairs
    (2, 1, 1)

    Raises
    ------
    InputError
        If no CDRs are recognised, or a file turns out to be damaged.
    """
    cdr = source if isinstance(source, Cdr) else open_cdr(source, **reading)
    resources = resources or Resources()
    intake = take_in(cdr, resources, quarantine, untimed=True)
    days = _Days(intake)
    table = _pairs(intake, resources, days)
    numbers = (network or Network()).numbers(table.index, intake.tokens)
    return Inspection(
        cdr=cdr,
        files=intake.reports,
        total=intake.report(),
        rule=intake.rule,
        numbers=len(numbers),
        pairs=int(table.degree.sum()) // 2,
        own=int(numbers.own.sum()),
        on_net=_on_net_share(table, numbers),
        hubs=_hubs(table.degree, numbers),
        first_rejected=intake.first_rejected,
        days=days.counted(),
    )


class _Days:
    """Events by day, summed from several threads."""

    def __init__(self, intake: Intake) -> None:
        first, last = intake.first, intake.last
        self._first = 0 if first is None else first // DAY
        self._counts = np.zeros(0 if last is None else last // DAY - self._first + 1, np.int64)
        self._lock = threading.Lock()

    def add(self, stamps: NDArray[np.int64]) -> None:
        counts = np.bincount(starts(stamps) // DAY - self._first, minlength=len(self._counts))
        with self._lock:
            self._counts += counts

    def counted(self) -> dict[str, int]:
        return {
            iso_date(self._first + int(day)): int(self._counts[day]) for day in np.flatnonzero(self._counts)
        }


def _pairs(intake: Intake, resources: Resources, days: _Days) -> PairTable:
    """Count contacts by pair whatever their day: one wrong time may stretch the span to centuries of day bits."""
    windows = Windows((0, DAY))

    def summed(partition: int) -> Pairs:
        events = intake.unique(partition)
        if not intake.timed:
            return Pairs.of_counts(events, windows, "sums")
        days.add(events[:, 2])
        events[:, 2] &= (1 << START_SHIFT) - 1
        return Pairs.of_events(events, windows, detail="sums")

    table = pair_table(intake.partitions(), summed, len(intake), windows, resources)
    intake.release()
    return table


def _on_net_share(table: PairTable, numbers: Numbers) -> float:
    inside = 0
    everything = 0
    for pairs in table.parts:
        events = pairs.counts.sum(axis=1, dtype=np.int64)
        inside += int(events[numbers.own[pairs.ends].all(axis=1)].sum())
        everything += int(events.sum())
    return inside / everything if everything else float("nan")


def _hubs(degree: NDArray[np.int64], numbers: Numbers) -> list[tuple[str, int]]:
    largest = np.lexsort((np.arange(len(degree)), -degree))[:HUBS]
    return list(zip(numbers.strings(largest).tolist(), degree[largest].tolist(), strict=True))
