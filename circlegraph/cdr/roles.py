"""Which column of a header plays which role of a form, by the names alone."""

from __future__ import annotations

import re
from collections.abc import Mapping

from circlegraph.cdr.forms import SYNONYMS, Form

_IGNORED = re.compile(r"[\s_\-.,:&()（）\[\]/'\"]+")
_LENT = ("direction", "end", "duration", "kind", "text")


def plain(name: str) -> str:
    """Reduce a header name to what is compared.

    Examples
    --------
    >>> plain(" Calling_Number ")
    'callingnumber'
    """
    return _IGNORED.sub("", name.strip().strip("\ufeff").casefold())


def missing(form: Form, found: Mapping[str, str]) -> list[str]:
    """List what a header lacks to be read."""
    lacks = []
    both = "caller" in found and "callee" in found
    owned = ("owner" in found or form.owner_in_name) and "peer" in found and "direction" in found
    if not both and not owned:
        named = [role for role in ("caller", "callee") if role not in found]
        lacks.append(" and ".join(named) if len(named) < 2 else "caller and callee")
    if not form.timed:
        lacks += ["count"] if "count" not in found else []
    elif "start" not in found and not ("date" in found and "clock" in found):
        lacks.append("start (the time of the event)")
    return lacks


def completed(form: Form, names: Mapping[str, str], fixed: Mapping[str, str]) -> dict[str, str]:
    """Role to column, with what two roles claim settled.

    A date beside a clock makes a start, and so does a date alone; two parties need no owner, but an owner with a
    direction takes the one party that is there as his peer; a column of directions is none of kinds. What a form
    has no column for may be there by a common name.
    """
    found = {role: column for role in form.roles if (column := column_of(form, role, names))} | dict(fixed)
    if form.timed:
        lent = {role: column_of(SYNONYMS, role, names) for role in _LENT if role not in (*found, *form.marks)}
        found |= {role: column for role, column in lent.items() if column not in ("", *found.values())}
    if "date" in found and "clock" in found and found["date"] != found["clock"]:
        if found.get("start") in (found["date"], found["clock"], None):
            found.pop("start", None)
        else:
            del found["date"], found["clock"]
    else:
        date = found.pop("date", None)
        if date is not None and "start" not in found:
            found["start"] = date
        found.pop("clock", None)
    if "end" not in fixed and ("duration" in found or "start" not in found):
        found.pop("end", None)
    if form.name == SYNONYMS.name:
        _settle_parties(found, fixed)
    if "direction" in found and found["direction"] == found.get("kind"):
        if "caller" in found and "callee" in found and "direction" not in fixed:
            del found["direction"]
        elif "kind" not in fixed:
            found["kind"] = column_of(form, "kind", names, found["direction"])
    return {role: column for role, column in found.items() if column}


def column_of(form: Form, role: str, names: Mapping[str, str], taken: str = "") -> str:
    """First column that may play a role and is not taken by another, or ""."""
    known = form.roles.get(role, ())
    return next((names[name] for name in known if name in names and names[name] != taken), "")


def _settle_parties(found: dict[str, str], fixed: Mapping[str, str]) -> None:
    """Either caller and callee, or owner, peer and direction."""
    if "owner" in fixed and "peer" in fixed:
        dropped = ["caller", "callee"]
    elif "caller" in found and "callee" in found:
        dropped = ["owner", "peer"]
    elif "owner" in found and "direction" in found and "callee" in found:
        found.setdefault("peer", found["callee"])
        dropped = ["callee", "caller"]
    else:
        dropped = []
    for role in dropped:
        found.pop(role, None)
