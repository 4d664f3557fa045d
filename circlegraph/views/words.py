"""Words and figures in charts: numbers masked in the middle, the few that are shown, the rest as one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 24
"""Peers that a chart shows by themselves."""
LONGEST = 20
"""Characters of the longest number."""


def shown_number(number: str, *, full: bool = False) -> str:
    """Number as a chart shows it: with the middle blanked out unless `full`.

    Short codes, which are no one's number, stand as they are. What is longer than any number, such as a hash, is
    cut in the middle even if `full`: a picture has no room for it, and a chart's records hold it whole.

    Examples
    --------
    >>> shown_number("13800138000"), shown_number("10086-12"), shown_number("10010"), shown_number("417")
    ('138****8000', '10****12', '1**10', '417')
    >>> shown_number("13800138000", full=True), shown_number("0123456789abcdef0123456789abcdef", full=True)
    ('13800138000', '0123456789…89abcdef')
    """
    if full:
        return number if len(number) <= LONGEST else f"{number[:10]}…{number[-8:]}"
    if len(number) < 5:
        return number
    if len(number) <= 8:
        ends = (1, 2) if len(number) < 7 else (2, 2)
        return f"{number[: ends[0]]}{'*' * (len(number) - sum(ends))}{number[-ends[1] :]}"
    return f"{number[:3]}****{number[-4:]}"


def shown_text(text: str, *, full: bool = False) -> str:
    """Text in which numbers stand as a chart shows them.

    Examples
    --------
    >>> shown_text("shares 9 approached with 13800138000 since 2024-05-01")
    'shares 9 approached with 138****8000 since 2024-05-01'
    """
    return text if full else re.sub(r"\d{7,}", lambda match: shown_number(match[0]), text)


def percent(share: float) -> str:
    """Share in percent, never none where there is one, nor all where one lacks.

    Examples
    --------
    >>> percent(0.5), percent(0.9983), percent(0.001), percent(1.0), percent(1 - 1e-9), percent(1e-9)
    ('50.0%', '99.8%', '0.1%', '100.0%', '> 99.9%', '< 0.1%')
    """
    if 0 < share < 0.0005:
        return "< 0.1%"
    if 0.9995 < share < 1:
        return "> 99.9%"
    return f"{share:.1%}"


def the_rest(count: int) -> str:
    """Name of those that are not shown by themselves.

    Examples
    --------
    >>> the_rest(23)
    'and 23 more'
    """
    return f"and {count:,} more"


def largest(frame: pd.DataFrame, by: str, shown: int, sums: tuple[str, ...], label: str) -> pd.DataFrame:
    """The `shown` rows with the most in column `by`, and one more with the sums of all others.

    Parameters
    ----------
    frame
        A row per peer.
    by
        Column that orders them.
    shown
        How many rows to keep; nothing is summed up if only one would be left.
    sums
        Columns to sum up over the rest.
    label
        Column that names the row of the rest.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"label": list("abcd"), "calls": [1, 9, 3, 2]})
    >>> largest(frame, "calls", 2, ("calls",), "label")["label"].tolist()
    ['b', 'c', 'and 2 more']
    """
    import pandas as pd

    frame = frame.sort_values(by, ascending=False, kind="stable", ignore_index=True)
    if len(frame) <= shown + 1:
        return frame.assign(rest=0)
    kept, others = frame.iloc[:shown].assign(rest=0), frame.iloc[shown:]
    row = {name: [others[name].sum()] for name in sums} | {
        label: [the_rest(len(others))],
        "rest": [len(others)],
    }
    return pd.concat([kept, pd.DataFrame(row)], ignore_index=True)


def with_texts(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Frame whose columns of numbers are texts: a CSV file that is read back has made integers of them.

    Examples
    --------
    >>> import pandas as pd
    >>> with_texts(pd.DataFrame({"number": [13800138000]}), "number", "peer")["number"].tolist()
    ['13800138000']
    """
    return frame.assign(**{name: frame[name].astype(str) for name in names if name in frame})


def figure(value: float, digits: int = 2) -> str:
    """Figure in few digits, "unknown" for NaN.

    Examples
    --------
    >>> figure(0.417), figure(float("nan")), figure(12.0), figure(1234.5)
    ('0.42', 'unknown', '12', '1,234')
    """
    if value is None or np.isnan(value):
        return "unknown"
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{int(value):,}"
    return f"{value:.{digits}f}"
