"""Contact circles from CDRs or a store in one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.cdr.once import LegRule
from circlegraph.cdr.report import Report
from circlegraph.circles.circles import Circles
from circlegraph.circles.index import AnyWeights, circle_blocks
from circlegraph.circles.weights import StableRule, Weights
from circlegraph.contacts.windows import Windows, wall_clock
from circlegraph.graph.network import Network
from circlegraph.graph.source import contacts_of
from circlegraph.parallel import mapped
from circlegraph.resources import Resources
from circlegraph.tables import table_writer

if TYPE_CHECKING:
    from circlegraph.cdr.quarantine import Quarantine

PIECE_ROWS = 1 << 18


@dataclass(frozen=True, slots=True)
class CircleRun:
    """How some circles were made.

    Attributes
    ----------
    report
        Counts of rows read, accepted, repeated and rejected.
    rule
        How one-leg input was told from two-leg input.
    windows
        Before and after.
    blocks
        The circles, in one or more blocks; they can be had once.
    """

    report: Report
    rule: LegRule
    windows: Windows
    blocks: Iterator[Circles]


def run_circles(
    source: Any,
    at: object,
    *,
    days_before: int | None = None,
    days_after: int | None = None,
    weights: AnyWeights = None,
    stable: StableRule | None = None,
    network: Network | None = None,
    resources: Resources | None = None,
    quarantine: Quarantine | None = None,
) -> CircleRun:
    """Contact circles block by block, so that they need not fit the memory; parameters as for `contact_circles`."""
    split = wall_clock(at)
    chosen = Weights.of(weights)
    resources = resources or Resources()
    found = contacts_of(
        source,
        lambda first, last: Windows.around(split, first, last, days_before, days_after),
        network=network or Network(),
        resources=resources,
        detail="sums",
        quarantine=quarantine,
    )
    blocks = circle_blocks(
        found.table,
        found.numbers,
        resources,
        weights=chosen,
        stable=stable,
        provenance=found.provenance,
    )
    return CircleRun(found.report, found.rule, found.table.windows, blocks)


def contact_circles(
    source: Any,
    at: object,
    *,
    days_before: int | None = None,
    days_after: int | None = None,
    weights: AnyWeights = None,
    stable: StableRule | None = None,
    network: Network | None = None,
    threads: int | None = None,
) -> Circles:
    """Contact circles before and after a split time.

    Parameters
    ----------
    source
        A `Store`, or CDR files, folders or tables as for `open_cdr`, or its result.
    at
        The split time: a date or a time, as text or as any date object.
    days_before, days_after
        Length of the windows in days; by default all there is.
    weights
        Coefficients of the communication index: `Weights`, a mapping by measure, or five numbers.
    stable
        What makes a peer a stable one.
    network
        The own network; by default every number is own.
    threads
        By default all processors.

    Examples
    --------
    >>> import pandas as pd
    >>> calls = pd.DataFrame({
    ...     "caller": ["a", "a", "b", "a"], "callee": ["b", "b", "a", "c"], "duration": [60, 60, 30, 10],
    ...     "start": pd.to_datetime(["2024-05-01", "2024-05-08", "2024-05-20", "2024-05-21"])})
    >>> found = contact_circles(calls, at="2024-05-15")
    >>> found.circle("a")[["peer", "stable", "before_calls_out", "after_calls_out"]]
      peer  stable  before_calls_out  after_calls_out
    0    b    True                 2                0
    1    c   False                 0                1

    Raises
    ------
    InputError
        If the source cannot be used or the split leaves one side without events.
    SettingsError
        If an argument makes no sense.
    """
    resources = Resources(threads=threads) if threads else Resources()
    run = run_circles(
        source,
        at,
        days_before=days_before,
        days_after=days_after,
        weights=weights,
        stable=stable,
        network=network,
        resources=resources,
    )
    (whole,) = run.blocks
    return whole


def write_circles(run: CircleRun, out: str | Path) -> int:
    """Write circles to a CSV or Parquet file, piece by piece, and return the number of rows."""
    block = next(run.blocks)
    rows = 0
    with table_writer(out, block.to_arrow(slice(0)).schema) as write:
        while True:
            pieces = [slice(low, low + PIECE_ROWS) for low in range(0, len(block.peers), PIECE_ROWS)]
            for table in mapped(block.to_arrow, pieces, block.rows.threads):
                write(table)
            rows += len(block.peers)
            following = next(run.blocks, None)
            if following is None:
                return rows
            block = following
