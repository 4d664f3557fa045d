"""Reasons for pairs of relatives and for members of families, in plain words and figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

MARKED = 1.0
"""From here on, twice or half, it is worth a word when shared peers are phoned."""


def pairs_in_words(span: float, told: Mapping[str, NDArray[Any]]) -> NDArray[np.object_]:
    """Say what speaks for and against the two numbers of each pair being of one family, object[pairs].

    `span` is the length of the window in days; `told` what is known of the pairs, by name, NaN for what is not. The
    words are made column by column, and once for equal values: there may be millions of pairs.

    Examples
    --------
    >>> unknown = dict.fromkeys(["same_account", "same_region", "same_address", "same_surname"], float("nan"))
    >>> told = dict(contacts=96, days=41, longest_run=6, share=0.31, rank=1.0, shared_peers=4, triads=2, company=1.4,
    ...     evenings=0.8, short_calls=0.7, same_home_cell=0.9, same_document=1.0, age_difference=30.0, **unknown)
    >>> print(pairs_in_words(120, {name: np.array([value]) for name, value in told.items()})[0])
    96 calls and texts on 41 of 120 days, at most 6 running; 31 % of their contacts, rank 1 in their circles;
    4 shared peers, 2 close to both; close shared peers phoned mostly off work; 1.7 times as often in evenings and
    at weekends as with others; 70 % of the calls up to a minute; same cell at home on 90 % of nights and weekends;
    same identity document; 30 years apart
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    def each(name: str, in_words: Callable[[float], str | None]) -> pa.Array:
        values, at = np.unique(told[name], return_inverse=True)
        words = [None if isnan(value) else in_words(value) for value in values.tolist()]
        return pa.array(words, pa.string()).take(pa.array(at))

    def same(name: str, value: int, words: str) -> pa.Array:
        return each(name, lambda known: words if known == value else None)

    parts = [
        pc.binary_join_element_wise(
            each("contacts", lambda n: f"{n:.0f} calls and texts on "),
            each("days", lambda n: f"{n:.0f} of {span:.0f} days, at most "),
            each("longest_run", lambda n: f"{n:.0f} running"),
            "",
        ),
        pc.binary_join_element_wise(
            each("share", lambda share: f"{100 * share:.0f} % of their contacts, rank "),
            each("rank", lambda rank: f"{rank:.2g} in their circles"),
            "",
        ),
        pc.binary_join_element_wise(
            each("shared_peers", lambda n: f"{n:.0f} shared peer{'s' if n != 1 else ''}, "),
            each("triads", lambda n: f"{n:.0f} close to both"),
            "",
        ),
        each("company", _company),
        each("evenings", lambda n: f"{2**n:.1f} times as often in evenings and at weekends as with others"),
        each("short_calls", lambda share: f"{100 * share:.0f} % of the calls up to a minute"),
        each("same_home_cell", lambda n: f"same cell at home on {100 * n:.0f} % of nights and weekends"),
        same("same_document", 1, "same identity document"),
        same("same_account", 1, "same plan account"),
        same("same_address", 1, "same address"),
        same("same_surname", 1, "same surname"),
        same("same_region", 0, "different regions"),
        each("age_difference", lambda years: f"{years:.0f} years apart"),
    ]
    joined = pc.binary_join_element_wise(*parts, "; ", null_handling="skip")
    return np.asarray(joined.to_numpy(zero_copy_only=False))


def _company(company: float) -> str | None:
    if abs(company) < MARKED:
        return None
    return f"close shared peers phoned mostly {'off work' if company > 0 else 'in work hours'}"


def member_in_words(
    *,
    role: str,
    ties: int,
    others: int,
    contacts: int,
    everything: int,
    with_key: int,
    in_name: bool,
    years: float,
) -> str:
    """Say why a number is in its family, and why in this role.

    Examples
    --------
    >>> print(member_in_words(role="child", ties=2, others=3, contacts=80, everything=200, with_key=50, in_name=True,
    ...     years=-28.0))
    tied to 2 of the 3 others; 80 of 200 contacts (40 %) are with the family, 50 of them with the key person; on a
    document with another of the family; 28 years younger than the key person
    """
    whom = "the other one" if others == 1 else f"{ties} of the {others} others"
    share = f"{contacts} of {everything} contacts ({100 * contacts / max(everything, 1):.0f} %) are with the family"
    if role != "key" and others > 1:
        share += f", {with_key} of them with the key person"
    words = [f"tied to {whom}", share]
    if role == "key":
        words.append("holds it together by contacts inside, contacts in all and the width of the circle")
    if in_name:
        words.append("on a document with another of the family")
    if role != "key" and not isnan(years):
        words.append(
            f"{abs(years):.0f} years {'older' if years > 0 else 'younger'} than the key person"
            if years
            else "as old as the key person"
        )
    return "; ".join(words)
