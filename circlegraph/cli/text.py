"""Words and figures for the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circlegraph.cdr.report import Report


def masked(text: str) -> str:
    """Text with the middle of everything that may be a number blanked out.

    Examples
    --------
    >>> masked("13800138000,300,2024-05-01 08:00:00")
    '138****8000,300,2024-05-01 08:00:00'
    """
    return re.sub(r"[0-9A-Za-z]{7,}", _blanked, text)


def counts_line(report: Report) -> str:
    """Read = accepted + duplicates + rejected, in one line.

    Examples
    --------
    >>> from circlegraph.cdr.report import Report
    >>> counts_line(Report(read=2, accepted=2))
    'read 2 = accepted 2 + duplicates 0 + rejected 0'
    """
    return (
        f"read {report.read} = accepted {report.accepted} + duplicates {report.duplicates.total()}"
        f" + rejected {report.rejected.total()}"
    )


def _blanked(match: re.Match[str]) -> str:
    word = match[0]
    return f"{word[:3]}****{word[-4:]}" if len(word) > 8 else f"{word[:2]}****{word[-2:]}"
