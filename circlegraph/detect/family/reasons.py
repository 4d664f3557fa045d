"""Reasons for pairs of relatives and for members of families, in plain words and figures."""

from __future__ import annotations

from inspect import signature
from math import isnan

MARKED = 1.0
"""From here on, twice or half, it is worth a word when shared peers are phoned."""


def pair_in_words(
    span: float,
    *,
    contacts: float,
    days: float,
    longest_run: float,
    share: float,
    rank: float,
    shared_peers: float,
    triads: float,
    company: float,
    evenings: float,
    short_calls: float,
    same_home_cell: float,
    same_document: float,
    same_account: float,
    same_region: float,
    same_address: float,
    same_surname: float,
    age_difference: float,
) -> str:
    """Say what speaks for and against two numbers being of one family; NaN for what is not known.

    Examples
    --------
    >>> unknown = dict.fromkeys(["same_account", "same_region", "same_address", "same_surname"], float("nan"))
    >>> print(pair_in_words(120, contacts=96, days=41, longest_run=6, share=0.31, rank=1.0, shared_peers=4, triads=2,
    ...     company=1.4, evenings=0.8, short_calls=0.7, same_home_cell=0.9, same_document=1.0, age_difference=30.0,
    ...     **unknown))
    96 calls and texts on 41 of 120 days, at most 6 running; 31 % of their contacts, rank 1 in their circles;
    4 shared peers, 2 close to both; close shared peers phoned mostly off work; 1.7 times as often in evenings and
    at weekends as with others; 70 % of the calls up to a minute; same cell at home on 90 % of nights and weekends;
    same identity document; 30 years apart
    """
    words = [
        f"{contacts:.0f} calls and texts on {days:.0f} of {span:.0f} days, at most {longest_run:.0f} running",
        f"{100 * share:.0f} % of their contacts, rank {rank:.2g} in their circles",
        f"{shared_peers:.0f} shared peer{'s' if shared_peers != 1 else ''}, {triads:.0f} close to both",
    ]
    if not isnan(company) and abs(company) >= MARKED:
        words.append(f"close shared peers phoned mostly {'off work' if company > 0 else 'in work hours'}")
    if not isnan(evenings):
        words.append(f"{2**evenings:.1f} times as often in evenings and at weekends as with others")
    if not isnan(short_calls):
        words.append(f"{100 * short_calls:.0f} % of the calls up to a minute")
    if not isnan(same_home_cell):
        words.append(f"same cell at home on {100 * same_home_cell:.0f} % of nights and weekends")
    if same_document == 1:
        words.append("same identity document")
    if same_account == 1:
        words.append("same plan account")
    if same_address == 1:
        words.append("same address")
    if same_surname == 1:
        words.append("same surname")
    if same_region == 0:
        words.append("different regions")
    if not isnan(age_difference):
        words.append(f"{age_difference:.0f} years apart")
    return "; ".join(words)


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


TOLD = tuple(name for name in signature(pair_in_words).parameters if name != "span")
"""What `pair_in_words` wants to know of a pair, in its order."""
