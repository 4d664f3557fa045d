"""Counts for outside the house: small ones are blanked, and cannot be worked out from the others."""

from __future__ import annotations

from collections.abc import Mapping


def blanked(counts: Mapping[str, int], floor: int) -> dict[str, int | None]:
    """Blank the counts below a floor; if that is a single one, the next smallest too: the total would tell it.

    Examples
    --------
    >>> blanked({"none": 900, "own+own": 14, "own+B": 40}, 15)
    {'none': 900, 'own+own': None, 'own+B': None}
    >>> blanked({"none": 900, "own+own": 14, "own+B": 3}, 15)
    {'none': 900, 'own+own': None, 'own+B': None}
    >>> blanked({"none": 900, "own+B": 0}, 15)
    {'none': 900, 'own+B': 0}
    """
    small = {name for name, count in counts.items() if 0 < count < floor}
    if len(small) == 1:
        others = [name for name, count in counts.items() if name not in small and count > 0]
        small.update(sorted(others, key=lambda name: counts[name])[:1])
    return {name: None if name in small else count for name, count in counts.items()}
