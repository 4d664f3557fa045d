"""What is wrong with a header that no form fits, and which column may have been meant."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from circlegraph.cdr.forms import CANONICAL, ROLES, SYNONYMS, Form
from circlegraph.cdr.roles import completed, missing, plain
from circlegraph.cdr.sniff import LEAST_COLUMNS

_TOLD = ("caller", "callee", "owner", "peer", "direction", "start", "duration", "kind", "count")


@dataclass(frozen=True, slots=True, repr=False)
class Complaint:
    """What is wrong with a header, worded when it is shown: a folder's other files are passed over without."""

    header: Sequence[str]
    place: str
    names: Mapping[str, str]
    fixed: Mapping[str, str]
    candidates: Sequence[Form]

    def __str__(self) -> str:
        return _complaint(self.header, self.place, self.names, self.fixed, self.candidates)

    def __repr__(self) -> str:
        return repr(str(self))


def _complaint(
    header: Sequence[str],
    place: str,
    names: Mapping[str, str],
    fixed: Mapping[str, str],
    candidates: Sequence[Form],
) -> str:
    if not any(re.search(r"[^\W\d_]", name) for name in header) or sum(map(_is_value, header)) > 1:
        return (
            f"{place}: the first line holds no column names but values; add a header line such as "
            "caller,callee,start,duration"
        )
    if len(header) == 1 and len(header[0].split()) >= LEAST_COLUMNS:
        return f"{place}: nothing but spaces separates the columns {shown(header)}; put commas or tabs in their place"
    scored = []
    for form in candidates:
        found = completed(form, names, fixed)
        near = _near(form, [name for name in header[:20] if name not in found.values()], found)
        lacks = missing(form, {**found, **dict.fromkeys(near, "")})
        score = len(set(found.values())) + sum(likeness for _, likeness in near.values()) - 2 * len(lacks)
        scored.append((score, form, found, {role: name for role, (name, _) in near.items()}))
    _, form, found, meant = max(scored, key=lambda one: one[0])  # the first of equal ones
    lacks = [role for role in form.marks if role not in found] or missing(form, found)
    roles = [role for lack in lacks for role in re.findall(r"[a-z]+", lack.split(" (")[0]) if role in ROLES]
    hint = ", ".join(f"{name!r} to be {role}" for role, name in meant.items())
    given = ",".join(f"{role}={meant.get(role, 'COLUMN')}" for role in dict.fromkeys((*roles, *meant)))
    # What any header may hold is best told in the names that are circlegraph's own.
    nearest = CANONICAL.name if form is SYNONYMS else form.name
    return (
        f"{place}: no form fits the columns {shown(header)}; the nearest is {nearest}, "
        f"which lacks {', '.join(lacks)}{f'; did you mean {hint}?' if hint else '.'} "
        f"Name columns with --map {shlex.quote(given or 'ROLE=COLUMN')}"
    )


def shown(header: Sequence[str]) -> str:
    """Column names for a message, without anything that may be a number from the data."""
    names = ["<value>" if _is_value(name) else name[:40] for name in header[:20]]
    return ", ".join(names) + (", …" if len(header) > 20 else "")


def _is_value(name: str) -> bool:
    """Tell whether what stands in the header may be a number from the data: many digits, or a hash."""
    return sum(map(str.isdigit, name)) > 4 or re.fullmatch(r"[0-9A-Fa-f]{16,}", name.strip()) is not None


def _near(form: Form, header: Sequence[str], found: Mapping[str, str]) -> dict[str, tuple[str, float]]:
    """Role to the column that is nearly called so and how nearly, of roles that no column plays."""
    roles = [role for role in _TOLD if role in form.roles and role not in found]
    pairs = [(_likeness(plain(name), form.roles[role]), role, name) for role in roles for name in header]
    near: dict[str, tuple[str, float]] = {}
    taken: set[str] = set()
    for likeness, role, name in sorted(pairs, key=lambda pair: -pair[0]):
        if likeness and role not in near and name not in taken:
            near[role] = name, likeness
            taken.add(name)
    return near


def _likeness(name: str, known: Sequence[str]) -> float:
    """How much a name is like one of the known ones, 0 where it is too little."""
    if not name or name in known:
        return 0.0
    return max(
        (
            difflib.SequenceMatcher(None, name, match).ratio()
            for match in difflib.get_close_matches(name, known, 1, 0.8)
        ),
        default=0.0,
    )
