"""Reasons in plain words and figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.account_managers.aftermath import Aftermath
from circlegraph.detect.account_managers.profile import Profile
from circlegraph.detect.account_managers.teams import Link
from circlegraph.detect.account_managers.ties import Scene

Floats = NDArray[np.float64]
MOST_LINKS = 3
SHOWN = ("contacts", "approached", "valued_p")


def percent(share: float) -> str:
    """Share as a percentage.

    Examples
    --------
    >>> percent(0.614)
    '61 %'
    """
    return f"{100 * share:.0f} %"


OPTIONAL: dict[str, Callable[[float], str]] = {
    "opened": lambda share: f"opened {percent(share)} of the ties",
    "work_hours": lambda share: f"{percent(share)} in working hours",
    "contacts_each": lambda mean: f"{mean:.1f} contacts each",
    "talk_seconds": lambda mean: f"calls of {mean:.0f} s",
    "replied": lambda share: f"{percent(share)} got in touch with him",
    "clustering": lambda share: f"{100 * share:.1f} % of their pairs in contact",
    "neighbours": lambda share: f"{100 * share:.1f} % at home in one cell",
}


def reasons_of(scene: Scene, profile: Profile, after: Aftermath, figures: Mapping[str, Floats]) -> list[str]:
    """Say of every judged number how it approaches people and what happened next."""
    unknown = np.full(len(scene.judged), np.nan)
    told = (*SHOWN, *OPTIONAL)
    columns: dict[str, list[float]] = {name: figures.get(name, unknown).tolist() for name in told}
    columns |= {name: profile.counts[name].tolist() for name in ("valued", "valued_known")}
    for name in after.observed:
        columns[name] = after.observed[name].tolist()
        columns[f"{name}, usual"] = after.expected[name].tolist()
    operators = scene.numbers.operators(scene.judged).tolist()
    rows = zip(*columns.values(), strict=True)
    return [
        in_words(dict(zip(columns, row, strict=True)), operator, profile.base_value)
        for row, operator in zip(rows, operators, strict=True)
    ]


def in_words(row: Mapping[str, float], operator: str, base: float) -> str:
    """Reason from the figures of one number; what is not known is left out.

    Examples
    --------
    >>> unknown = float("nan")
    >>> row = {"neighbours": 0.021, "contacts": 30, "approached": 24, "callees": 28, "contacts_each": 2.0}
    >>> row |= {"opened": 0.8, "work_hours": 0.9, "replied": 0.2, "talk_seconds": 64.0, "clustering": 0.012}
    >>> row |= {"valued": 20, "valued_known": 24, "valued_p": 1e-9}
    >>> print(in_words(row | {"second numbers": 4.2, "second numbers, usual": 0.3}, "Blue", 0.3))
    approached 24 of 30 people; opened 80 % of the ties; 90 % in working hours; 2.0 contacts each; calls of 64 s;
    20 % got in touch with him; 1.2 % of their pairs in contact; 2.1 % at home in one cell;
    20 of 24 of mid or high value (usual 30 %, p = 1e-09);
    about 4 took a second number of Blue within 60 days (0.3 expected)
    >>> print(in_words(row | dict.fromkeys(["opened", "work_hours", "talk_seconds", "neighbours"], unknown), "", 0.3))
    approached 24 of 30 people; 2.0 contacts each; 20 % got in touch with him; 1.2 % of their pairs in contact;
    20 of 24 of mid or high value (usual 30 %, p = 1e-09)
    """
    words = [f"approached {row['approached']:,.0f} of {row['contacts']:,.0f} people"]
    for name, told in OPTIONAL.items():
        if not np.isnan(row[name]):
            words.append(told(row[name]))
    if row["valued_known"] and not np.isnan(row["valued_p"]):
        words.append(
            f"{row['valued']:,} of {row['valued_known']:,} of mid or high value "
            f"(usual {percent(base)}, p = {row['valued_p']:.2g})"
        )
    if row.get("second numbers, usual", 0.0) > 0:
        words.append(
            f"about {row['second numbers']:.0f} took a second number of {operator or 'another network'} "
            f"within 60 days ({row['second numbers, usual']:.1f} expected)"
        )
    if row.get("falling traffic, usual", 0.0) > 0:
        words.append(
            f"traffic of {row['falling traffic']:.0f} fell ({row['falling traffic, usual']:.1f} expected)"
        )
    return "; ".join(words)


def with_links(scene: Scene, reasons: list[str], links: list[Link]) -> list[str]:
    """Add to the reasons who belongs together: the three with most in common."""
    shown: dict[int, list[tuple[int, Link]]] = {}
    for link in sorted(links, key=lambda link: -(link.targets + link.friends)):
        for z, other in ((link.a, link.b), (link.b, link.a)):
            most = shown.setdefault(z, [])
            if len(most) < MOST_LINKS:
                most.append((other, link))
    others = sorted({other for most in shown.values() for other, _ in most})
    names = dict(zip(others, scene.numbers.strings(scene.judged[others]), strict=True))
    added = {z: [in_common(names[other], link) for other, link in most] for z, most in shown.items()}
    return ["; ".join([reason, *added.get(z, ())]) for z, reason in enumerate(reasons)]


def in_common(other: str, link: Link) -> str:
    """Say what a number shares with another.

    Examples
    --------
    >>> in_common("18600000001", Link(0, 1, 5, 2))
    'shares 5 approached with 18600000001, and 2 others: perhaps one person'
    """
    words = f"shares {link.targets} approached with {other}"
    return words + (f", and {link.friends} others: perhaps one person" if link.one_person else "")
