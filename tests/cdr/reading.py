"""Read an input whole, for tests."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from circlegraph import numbers
from circlegraph.cdr import Cdr, Events, Rejected, Report, clean_chunks, open_cdr

FIXTURES = Path(__file__).parents[2] / "fixtures"

KINDS = ("call", "sms", "forward")


@dataclass
class Read:
    cdr: Cdr
    rows: list[tuple[str, str, str, int, str, int]]
    report: Report
    rejected: list[tuple[int, str]]
    raw: list[Rejected]
    chunks: int


def read(source: Any, threads: int = 1, **options: Any) -> Read:
    if isinstance(source, str):
        source = FIXTURES / source
    cdr = open_cdr(source, **options)
    parts = list(clean_chunks(cdr, threads))
    events = Events.concat([part.events for part in parts])
    tokens = numbers.Tokens.concat([part.tokens for part in parts])
    report = sum((part.report for part in parts), Report())
    report.check()
    for part in parts:
        part.report.check()
        assert part.report.accepted == len(part.events)
        assert part.report.rejected.total() == len(part.rejected)
    assert np.unique(tokens.key).size == len(tokens)
    rows = list(
        zip(
            numbers.decode(events.caller, tokens).tolist(),
            numbers.decode(events.callee, tokens).tolist(),
            [str(time).replace("T", " ") for time in events.start.astype("M8[s]")],
            events.duration.tolist(),
            [KINDS[kind] for kind in events.kind],
            events.leg.tolist(),
            strict=True,
        )
    )
    raw = [row for part in parts for row in part.rejected]
    return Read(cdr, rows, report, [(row.line, row.reason) for row in raw], raw, len(parts))
