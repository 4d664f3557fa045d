"""Words and figures for the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circlegraph.cdr.report import Report


_DATED = (
    r"(?<!\d)\d{4}[-/.]\d\d?[-/.]\d\d?(?!\d)(?: \d\d?:)?|(?<!\d)\d\d?[-/.]\d\d?[-/.]\d{4}(?!\d)(?: \d\d?:)?"
)


def masked(text: str) -> str:
    """Text with the middle of everything that may be a number blanked out.

    Examples
    --------
    >>> masked("13800138000,300,2024-05-01 08:00:00")
    '138****8000,300,2024-05-01 08:00:00'
    >>> masked("+86 138-0013-8000,(021) 5555 6666,31/05/2024 08:00")
    '+86****8000,(02****6666,31/05/2024 08:00'
    """
    return re.sub(_DATED + r"|\+?\(?\d[\d ()./-]{5,}\d|[0-9A-Za-z]{7,}", _blanked, text)


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
    if re.fullmatch(_DATED, word):
        return word
    return f"{word[:3]}****{word[-4:]}" if len(word) > 8 else f"{word[:2]}****{word[-2:]}"
