"""Reasons in plain words and figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]

MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
SHOWN_DIGITS = 3
EPOCH = date(1970, 1, 1)


def day_in_words(day: date) -> str:
    """Say a day as in a letter.

    Examples
    --------
    >>> day_in_words(date(2024, 9, 14))
    '14 Sept 2024'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_numbers(numbers: pa.StringArray) -> pa.StringArray:
    """First digits of numbers; of an opaque token nothing.

    Examples
    --------
    >>> import pyarrow as pa
    >>> short_numbers(pa.array(["18612345678", "a7f0"], pa.string())).to_pylist()
    ['186…', 'another number']
    """
    import pyarrow.compute as pc

    plain = pc.and_(pc.utf8_is_digit(numbers), pc.greater(pc.utf8_length(numbers), SHOWN_DIGITS))
    first = pc.binary_join_element_wise(pc.utf8_slice_codeunits(numbers, 0, SHOWN_DIGITS), "…", "")
    return pc.if_else(plain, first, "another number")


def in_words(
    *,
    second: pa.StringArray,
    shared: Integers,
    steady: Integers,
    onset: Integers,
    newness: Floats,
    expected_days: Floats,
    own_days: Integers,
    mou_drop: Floats,
    arpu_drop: Floats,
    balance: Floats,
    calls_between: Integers,
    tried: Integers,
    at_once: Floats,
    distant: Floats,
    same_document: Floats,
    same_imei: Floats,
    forwards: Floats,
    cell_overlap: Floats,
    related: Floats,
    strangers: Integers,
) -> pa.StringArray:
    """Say what speaks for and against one owner of two numbers, for many pairs at once; days since 1970-01-01.

    Examples
    --------
    >>> import pyarrow as pa
    >>> unknown = np.nan
    >>> pair = dict(shared=7, steady=9, onset=19_980, newness=1.0, balance=0.94, expected_days=100.0, own_days=39,
    ...     mou_drop=unknown, arpu_drop=0.2, calls_between=0, tried=0, at_once=2.0, same_document=1.0,
    ...     same_imei=unknown, forwards=0.0, cell_overlap=0.8, distant=3.0, related=0.0, strangers=4)
    >>> columns = {name: np.array([value]) for name, value in pair.items()}
    >>> said = in_words(second=pa.array(["18612345678"], pa.string()), **columns)
    >>> for part in said[0].as_py().split("; "):
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
    import pyarrow.compute as pc

    fall = 1 - np.divide(own_days, expected_days, out=np.zeros(len(shared)), where=expected_days > 0)
    who = pc.binary_join_element_wise(
        _said(shared, lambda n: f"{n} of his "),
        _said(steady, lambda n: f"{n} steady contacts now call "),
        short_numbers(second),
        _said(newness == 1, lambda new: ", first seen on " if new else ", known before, since "),
        _said(onset, lambda day: day_in_words(EPOCH + timedelta(days=day))),
        "",
    )
    spoken = np.where(tried == 1, -1, calls_between)
    return pc.binary_join_element_wise(
        who,
        _said(
            strangers > 0,
            lambda some: f"these contacts {'do not ' if some else ''}all know each other",
            shared > 1,
        ),
        _changed("since they do, his own contacts with them", fall, expected_days > 0),
        _changed("all his minutes", mou_drop),
        _changed("his bills", arpu_drop),
        _said(
            _rounded(100 * balance), lambda n: f"together the two numbers carry {n:.0f} % of the old circle"
        ),
        _said(spoken, _calls),
        _said(at_once, lambda n: f"{n:.0f} of their calls ran at the same time", at_once > 0),
        _said(same_document, lambda same: f"{'same' if same else 'another'} identity document"),
        _said(same_imei, lambda same: f"{'same' if same else 'another'} handset"),
        _said(_rounded(100 * cell_overlap), lambda n: f"their cells agree to {n:.0f} %"),
        _said(distant, lambda n: f"in {n:.0f} hours they were heard far apart", distant > 0),
        _said(forwards, lambda _: "calls are forwarded", forwards == 1),
        _said(related, lambda _: "the two are of one family", related == 1),
        "; ",
        null_handling="skip",
    )


def _said(
    values: NDArray[Any], say: Callable[[Any], str], told: NDArray[np.bool_] | None = None
) -> pa.StringArray:
    """Say each value, equal ones but once; nothing where it is not known, or not to be told."""
    import pandas as pd
    import pyarrow as pa

    codes, distinct = pd.factorize(values)
    texts = pa.array([say(value) for value in distinct.tolist()], pa.string())
    untold = codes < 0 if told is None else ~told | (codes < 0)
    return texts.take(pa.array(codes, mask=untold))


def _rounded(values: Floats) -> Floats:
    return np.asarray(np.rint(values))


def _changed(what: str, fall: Floats, told: NDArray[np.bool_] | None = None) -> pa.StringArray:
    """Say by how many percent something fell, or rose."""
    shown = np.rint(100 * np.abs(fall.astype(np.float64)))
    either = np.where(fall >= 0, shown, -1 - shown)  # a rise by less than half a percent is none of a fall
    either[np.isnan(fall)] = np.nan
    return _said(
        either, lambda n: f"{what} {'fell' if n >= 0 else 'rose'} by {n if n >= 0 else -1 - n:.0f} %", told
    )


def _calls(count: int) -> str:
    if count < 0:
        return "he tried it with a call on its first day, and they never call each other again"
    return f"{count} calls and texts between the two" if count else "they never call each other"
