"""Reasons in plain words and figures."""

from __future__ import annotations

from datetime import date
from math import isnan

MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
SHOWN_DIGITS = 3


def day_in_words(day: date) -> str:
    """Say a day as in a letter.

    Examples
    --------
    >>> day_in_words(date(2024, 9, 14))
    '14 Sept 2024'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_number(number: str) -> str:
    """First digits of a number; of an opaque token nothing.

    Examples
    --------
    >>> short_number("18612345678"), short_number("a7f0")
    ('186…', 'another number')
    """
    return (
        f"{number[:SHOWN_DIGITS]}…" if number.isdigit() and len(number) > SHOWN_DIGITS else "another number"
    )


def in_words(
    *,
    second: str,
    shared: int,
    steady: int,
    onset: date,
    newness: float,
    expected_days: float,
    own_days: int,
    mou_drop: float,
    arpu_drop: float,
    balance: float,
    calls_between: int,
    tried: int,
    at_once: float,
    distant: float,
    same_document: float,
    same_imei: float,
    forwards: float,
    cell_overlap: float,
    related: float,
    strangers: int,
) -> str:
    """Say what speaks for and against one owner of two numbers.

    Examples
    --------
    >>> unknown = float("nan")
    >>> said = in_words(second="18612345678", shared=7, steady=9, onset=date(2024, 9, 14), newness=1.0, balance=0.94,
    ...     expected_days=100.0, own_days=39, mou_drop=unknown, arpu_drop=0.2, calls_between=0, tried=0, at_once=2.0,
    ...     same_document=1.0, same_imei=unknown, forwards=0.0, cell_overlap=0.8, distant=3.0, related=0.0, strangers=4)
    >>> for part in said.split("; "):
    ...     print(part)
    7 of his 9 steady contacts now call 186…, first seen on 14 Sept 2024
    these contacts do not all know each other
    since they do, his own contacts with them fell by 61 %
    his bills fell by 20 %
    together the two numbers carry 94 % of the old circle
    they never call each other
    2 of their calls ran at the same time
    same identity document
    their cells agree to 80 %
    in 3 hours they were heard far apart
    """
    day = day_in_words(onset)
    known = f"first seen on {day}" if newness == 1 else f"known before, since {day}"
    words = [f"{shared} of his {steady} steady contacts now call {short_number(second)}, {known}"]
    if shared > 1:
        words.append(f"these contacts {'do not ' if strangers else ''}all know each other")
    if expected_days > 0:
        words.append(f"since they do, his own contacts with them {_change(1 - own_days / expected_days)}")
    if not isnan(mou_drop):
        words.append(f"all his minutes {_change(mou_drop)}")
    if not isnan(arpu_drop):
        words.append(f"his bills {_change(arpu_drop)}")
    words.append(f"together the two numbers carry {100 * balance:.0f} % of the old circle")
    words.append(
        "he tried it with a call on its first day, and they never call each other again"
        if tried
        else f"{calls_between} calls and texts between the two"
        if calls_between
        else "they never call each other"
    )
    if at_once > 0:
        words.append(f"{at_once:.0f} of their calls ran at the same time")
    for value, name in ((same_document, "identity document"), (same_imei, "handset")):
        if not isnan(value):
            words.append(f"same {name}" if value else f"another {name}")
    if not isnan(cell_overlap):
        words.append(f"their cells agree to {100 * cell_overlap:.0f} %")
    if distant > 0:
        words.append(f"in {distant:.0f} hours they were heard far apart")
    if forwards == 1:
        words.append("calls are forwarded")
    if related == 1:
        words.append("the two are of one family")
    return "; ".join(words)


def _change(fall: float) -> str:
    return f"{'fell' if fall >= 0 else 'rose'} by {100 * abs(fall):.0f} %"
