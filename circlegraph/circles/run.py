"""Contact circles from CDRs in one go: read, sum by pair and window, index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.cdr.intake import take_in
from circlegraph.cdr.pipeline import open_cdr
from circlegraph.circles.circles import Circles
from circlegraph.circles.index import AnyWeights, circle_blocks
from circlegraph.circles.weights import StableRule
from circlegraph.errors import InputError, SettingsError
from circlegraph.graph.build import pair_table
from circlegraph.graph.network import Network
from circlegraph.graph.windows import Windows
from circlegraph.resources import Resources
from circlegraph.tables import table_writer

if TYPE_CHECKING:
    from circlegraph.cdr.pipeline import Cdr
    from circlegraph.cdr.quarantine import Quarantine
    from circlegraph.cdr.report import Report
    from circlegraph.cdr.once import LegRule


def wall_clock(when: object) -> int:
    """Wall-clock seconds since 1970-01-01 of a date or a time.

    Examples
    --------
    >>> wall_clock("1970-01-15")
    1209600

    Raises
    ------
    SettingsError
        If it is neither.
    """
    try:
        second = np.datetime64(str(when).replace(" ", "T"), "s")
    except ValueError as error:
        raise SettingsError(
            f"{when!r} is neither a date nor a time; write 2024-05-31 or 2024-05-31T12:00:00"
        ) from error
    return int(second.astype(np.int64))


@dataclass(frozen=True, slots=True)
class CircleRun:
    """How the circles of some CDRs were made.

    Attributes
    ----------
    report
        Counts of rows read, accepted, repeated and rejected.
    rule
        How one-leg input was told from two-leg input.
    blocks
        The circles, in one or more blocks; they can be had once.
    """

    report: Report
    rule: LegRule
    blocks: Iterator[Circles]


def run_circles(
    cdr: Cdr,
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
    """Contact circles of a recognised input, block by block; see `circles`."""
    split = wall_clock(at)
    resources = resources or Resources()
    intake = take_in(cdr, resources, quarantine)
    if intake.first is None or intake.last is None:
        raise InputError("the CDRs hold no usable event; `circlegraph inspect` shows why each row was rejected")
    windows = Windows.around(split, intake.first, intake.last, days_before, days_after)
    table = pair_table(intake, windows, resources, detail=False)
    report = intake.report()
    numbers = (network or Network()).numbers(table.index, intake.tokens)
    provenance = {"files": [file.path for file in cdr.files], "rows": report.as_dict()}
    blocks = circle_blocks(
        table, numbers, resources, weights=weights, stable=stable, provenance=provenance
    )
    return CircleRun(report, intake.rule, blocks)


def circles(sources: Any, at: object, *, reading: Mapping[str, Any] | None = None, **options: Any) -> Circles:
    """Contact circles before and after a split time, from CDR files or tables.

    Parameters
    ----------
    sources
        Path, glob, folder, pandas, Polars or Arrow table, or a sequence of them.
    at
        The split time: a date or a time, as text or as any date object.
    reading
        Options of `circlegraph.open_cdr`, such as ``{"epoch": "2013-02-04"}``.
    **options
        days_before, days_after, weights, stable, network, resources: as for `run_circles`.

    Examples
    --------
    >>> import pandas as pd
    >>> calls = pd.DataFrame({
    ...     "caller": ["a", "a", "b", "a"], "callee": ["b", "b", "a", "c"], "duration": [60, 60, 30, 10],
    ...     "start": pd.to_datetime(["2024-05-01", "2024-05-08", "2024-05-20", "2024-05-21"])})
    >>> table = circles(calls, at="2024-05-15").to_pandas()
    >>> table[table.number == "a"][["peer", "stable", "before_calls_out", "after_calls_in"]].sort_values("peer")
      peer  stable  before_calls_out  after_calls_in
    ...  b    True                 2               1
    ...  c   False                 0               0

    Raises
    ------
    InputError
        If the input cannot be used or the split leaves one side without events.
    """
    run = run_circles(open_cdr(sources, **(reading or {})), at, **options)
    (whole,) = run.blocks
    return whole


def write_circles(run: CircleRun, out: str | Path) -> int:
    """Write circles to a CSV or Parquet file, block by block, and return the number of rows."""
    first = next(run.blocks)
    rows = 0
    table = first.to_arrow()
    with table_writer(out, table.schema) as write:
        while True:
            write(table)
            rows += len(table)
            block = next(run.blocks, None)
            if block is None:
                return rows
            table = block.to_arrow()
