"""Whether the day or the month comes first in dates such as 01/05/2024 or 01052024.

Figures above 12 are days, and tell if more than one in ten of the dates has them. Fewer may be strays that must
not move a whole file: then the dates are read so that they lie closer together, in fewer stretches with four
weeks or more between them; if that is alike, as the few figures above 12 tell, and without these with the day first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from circlegraph.cdr.odd_times import MARKS
from circlegraph.kernels.times import DAY_FIRST, MONTH_FIRST, YEAR_FIRST

_DAY_OR_MONTH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})(\D|$)")
# None of these reads YYYYMMDD as well.
_EIGHT_DIGITS = re.compile(r"(0[1-9]|[12]\d|3[01])(0[1-9]|[12]\d|3[01])((?:19|20)\d\d)(\D|$)")
_STRAYS = 10
_FOUR_WEEKS = 28
_OPEN = "day and month cannot be told apart in the rows looked at: the "


@dataclass(frozen=True, slots=True)
class DayOrder:
    """YEAR_FIRST, DAY_FIRST or MONTH_FIRST; whether the dates leave it open, and what to say of that."""

    order: int = YEAR_FIRST
    open: bool = False
    note: str = ""


def in_eight_digits(dates: Sequence[str]) -> bool:
    """Tell whether most dates are written DDMMYYYY or MMDDYYYY.

    Examples
    --------
    >>> in_eight_digits(["31012024"]), in_eight_digits(["20240131"])
    (True, False)
    """
    return 2 * sum(_EIGHT_DIGITS.match(text) is not None for text in dates) > len(dates)


def day_order(dates: Iterable[str]) -> DayOrder:
    """Tell from dates, or from a mapping of dates to how often they stand there.

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
    counts: Counter[tuple[int, int, int]] = Counter()
    for text, count in Counter(dates).items():
        text = text.strip(MARKS)
        if match := _DAY_OR_MONTH.match(text) or _EIGHT_DIGITS.match(text):
            counts[int(match[1]), int(match[2]), int(match[3])] += count
    if not counts:
        return DayOrder()
    days = sum(count for (first, second, _), count in counts.items() if first > 12 >= second)
    months = sum(count for (first, second, _), count in counts.items() if second > 12 >= first)
    told = _first(days, months)
    if abs(days - months) * _STRAYS > counts.total():
        return DayOrder(told)
    # The reading that makes more stretches speaks for the other one.
    closer = _first(
        _stretches((year, first, second) for first, second, year in counts),
        _stretches((year, second, first) for first, second, year in counts),
    )
    if closer == told != YEAR_FIRST:
        return DayOrder(told)
    order = closer or told or DAY_FIRST
    note = _OPEN + ("month" if order == MONTH_FIRST else "day") + " is taken to come first"
    return DayOrder(order, True, note + (", as the dates lie closer together then" if closer else ""))


def _first(for_day: int, for_month: int) -> int:
    """DAY_FIRST or MONTH_FIRST, whichever more speaks for, or YEAR_FIRST for neither."""
    if for_day == for_month:
        return YEAR_FIRST
    return DAY_FIRST if for_day > for_month else MONTH_FIRST


def _stretches(days: Iterable[tuple[int, int, int]]) -> int:
    """Count the stretches of the days, given by year, month and day, that there are."""
    found = set()
    for year, month, day in days:
        try:
            found.add(date(year if year > 99 else year + 2000, month, day).toordinal())
        except ValueError:  # no such day
            continue
    return bool(found) + sum(later - day >= _FOUR_WEEKS for day, later in pairwise(sorted(found)))
