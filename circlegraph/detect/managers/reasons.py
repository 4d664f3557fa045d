"""Reasons in plain words and figures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from circlegraph.detect.managers.aftermath import Aftermath
from circlegraph.detect.managers.profile import Profile
from circlegraph.detect.managers.teams import Link
from circlegraph.detect.managers.ties import Scene


def percent(share: float) -> str:
    """Share as a percentage.

    Examples
    --------
    >>> percent(0.614)
    '61 %'
    """
    return f"{100 * share:.0f} %"


def reasons_of(scene: Scene, profile: Profile, after: Aftermath) -> list[str]:
    """Say of every judged number how it approaches people and what happened next."""
    counts, figures = profile.counts, profile.figures
    columns: dict[str, list[float]] = {name: column.tolist() for name, column in counts.items()}
    for name in ("opens", "work hours", "replies", "calls each", "talk"):
        columns[name] = figures[name].tolist() if name in figures else [float("nan")] * len(scene.judged)
    columns["surprise"] = profile.surprise.tolist()
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
    >>> row = {"peers": 30, "approached": 24, "called": 28, "opens": 0.8, "work hours": 0.9, "replies": 0.2}
    >>> row |= {"calls each": 1.0, "talk": 6.0, "valued": 20, "valued_known": 24, "surprise": 1e-9}
    >>> print(in_words(row | {"second numbers": 4.2, "second numbers, usual": 0.3}, "Blue", 0.3))
    opened 80 % of his ties with 30 people and approached 24; 90 % of it in working hours; 2.0 contacts each;
    calls of 64 s; 20 % got in touch with him; 20 of 24 approached of mid or high value (usual 30 %, p = 1e-09);
    4.2 took a second number of Blue within 60 days (0.3 expected)
    """
    words = [
        f"opened {percent(row['opens'])} of his ties with {row['peers']:,} people and approached {row['approached']:,}"
    ]
    if not np.isnan(row["work hours"]):
        words.append(f"{percent(row['work hours'])} of it in working hours")
    if not np.isnan(row["calls each"]):
        words.append(f"{2 ** row['calls each']:.1f} contacts each")
    if not np.isnan(row["talk"]):
        words.append(f"calls of {2 ** row['talk']:.0f} s")
    if not np.isnan(row["replies"]):
        words.append(f"{percent(row['replies'])} got in touch with him")
    if row["valued_known"] and not np.isnan(row["surprise"]):
        words.append(
            f"{row['valued']:,} of {row['valued_known']:,} approached of mid or high value "
            f"(usual {percent(base)}, p = {row['surprise']:.2g})"
        )
    if row.get("second numbers, usual", 0.0) > 0:
        words.append(
            f"{row['second numbers']:.1f} took a second number of {operator or 'another network'} within 60 days "
            f"({row['second numbers, usual']:.1f} expected)"
        )
    if row.get("falling traffic, usual", 0.0) > 0:
        words.append(
            f"traffic of {row['falling traffic']:.0f} fell ({row['falling traffic, usual']:.1f} expected)"
        )
    return "; ".join(words)


def with_links(scene: Scene, reasons: list[str], links: list[Link]) -> list[str]:
    """Add to the reasons who belongs together."""
    added: dict[int, list[str]] = {}
    for link in links:
        for z, other in ((link.a, link.b), (link.b, link.a)):
            name = scene.numbers.strings(scene.judged[[other]])[0]
            words = f"shares {link.targets} approached with {name}" if link.targets else f"goes with {name}"
            if link.one_person:
                words += f", and {link.friends} others: perhaps one person"
            added.setdefault(z, []).append(words)
    return ["; ".join([reason, *added.get(z, ())]) for z, reason in enumerate(reasons)]
