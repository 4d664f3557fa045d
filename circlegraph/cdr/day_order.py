"""Whether the day or the month comes first in dates such as 01/05/2024."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from circlegraph.cdr.odd_times import MARKS
from circlegraph.kernels.times import DAY_FIRST, MONTH_FIRST, YEAR_FIRST

_DAY_OR_MONTH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})(\D|$)")
_OPEN = "day and month cannot be told apart in the rows looked at: the "


@dataclass(frozen=True, slots=True)
class DayOrder:
    """YEAR_FIRST, DAY_FIRST or MONTH_FIRST; whether the dates leave it open, and what to say of that."""

    order: int = YEAR_FIRST
    open: bool = False
    note: str = ""


def day_order(dates: Iterable[str]) -> DayOrder:
    """Tell by figures above 12, if there are any: those are days.

    Where there are none, the day comes first, unless then no month but the day is the same in all dates.

    Examples
    --------
    >>> day_order(["01/05/2024 08:00", "01/13/2024 08:00"]).order == MONTH_FIRST
    True
    >>> day_order(["01/05/2024 08:00"])
    DayOrder(order=1, open=True, note='day and month cannot be told apart in the rows looked at: the \
day is taken to come first')
    >>> day_order(["05/01/2024", "05/02/2024"]).order == MONTH_FIRST  # days of May, or each the fifth of a month
    True
    """
    matches = [match for date in dates if (match := _DAY_OR_MONTH.match(date.strip(MARKS)))]
    if not matches:
        return DayOrder()
    pairs = {(int(match[1]), int(match[2])) for match in matches}
    days = sum(first > 12 >= second for first, second in pairs)
    months = sum(second > 12 >= first for first, second in pairs)
    if days != months:
        return DayOrder(DAY_FIRST if days > months else MONTH_FIRST)
    firsts, seconds = ({pair[place] for pair in pairs} for place in (0, 1))
    if len(firsts) == 1 < len(seconds):
        return DayOrder(
            MONTH_FIRST, True, _OPEN + "month is taken to come first, as all are of one month then"
        )
    return DayOrder(DAY_FIRST, True, _OPEN + "day is taken to come first")
