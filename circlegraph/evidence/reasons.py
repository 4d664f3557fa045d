"""Reasons in plain words and figures."""

from __future__ import annotations

from math import isnan


def in_words(
    *,
    shared: int,
    steady: int,
    onset: str,
    newness: float,
    mou_drop: float,
    balance: float,
    calls_between: int,
    same_document: float,
    same_imei: float,
    forwards: float,
) -> str:
    """Say what speaks for and against one owner of two numbers.

    Examples
    --------
    >>> print(in_words(shared=4, steady=5, onset="2024-05-18", newness=1.0, mou_drop=0.61, balance=0.94,
    ...     calls_between=0, same_document=1.0, same_imei=float("nan"), forwards=0.0))
    in contact with 4 of his 5 steady contacts since 2024-05-18, never seen before; his own minutes fell by 61 %;
    together the two numbers carry 94 % of the old circle; no contact between the two; same identity document
    """
    words = [f"in contact with {shared} of his {steady} steady contacts since {onset}"]
    words[0] += ", never seen before" if newness == 1 else ", but known before"
    if not isnan(mou_drop):
        words.append(
            f"his own minutes {'fell' if mou_drop >= 0 else 'rose'} by {abs(mou_drop):.0%}".replace("%", " %")
        )
    words.append(f"together the two numbers carry {100 * balance:.0f} % of the old circle")
    words.append(
        f"{calls_between} calls and texts between the two" if calls_between else "no contact between the two"
    )
    for value, name in ((same_document, "identity document"), (same_imei, "handset")):
        if not isnan(value):
            words.append(f"same {name}" if value else f"another {name}")
    if forwards == 1:
        words.append("calls are forwarded")
    return "; ".join(words)
