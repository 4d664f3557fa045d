"""Which form a header belongs to, and which column plays which role."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from circlegraph.cdr.forms import FORMS, ROLES, SYNONYMS, Form
from circlegraph.errors import SettingsError, UnknownFormError

_IGNORED = re.compile(r"[\s_\-.()（）/]+")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A form and the columns of a header that play its roles."""

    form: Form
    columns: Mapping[str, str]


def plain(name: str) -> str:
    """Reduce a header name to what is compared.

    Examples
    --------
    >>> plain(" Calling_Number ")
    'callingnumber'
    """
    return _IGNORED.sub("", name.strip().strip("\ufeff").casefold())


def recognise(
    header: Sequence[str],
    place: str,
    *,
    form: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Recognised:
    """Find the form of a header.

    Parameters
    ----------
    header : sequence of str
    place : str
        File name for messages.
    form : str, optional
        Name of the form, instead of looking for it.
    columns : mapping of role to column name, optional
        Roles fixed by the user.

    Examples
    --------
    >>> found = recognise(["timestamp", "from", "to", "duration"], "calls.csv")
    >>> found.form.name, dict(found.columns)
    ('synonyms', {'caller': 'from', 'callee': 'to', 'start': 'timestamp', 'duration': 'duration'})

    Raises
    ------
    UnknownFormError
        No form fits, or the named one does not, or a column of ``columns`` is not there.
    SettingsError
        There is no form or role of that name.
    """
    names: dict[str, str] = {}
    for name in header:
        names.setdefault(plain(name), name)
    fixed = _fixed(header, place, columns or {})
    candidates = FORMS if form is None else (_named(form),)
    for candidate in candidates:
        found = _found(candidate, names)
        found = _completed(candidate, {**found, **fixed})
        if all(role in found for role in candidate.marks) and not missing(candidate, found):
            return Recognised(candidate, {role: found[role] for role in ROLES if role in found})
    raise UnknownFormError(_complaint(header, place, names, fixed, candidates))


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


def _found(form: Form, names: Mapping[str, str]) -> dict[str, str]:
    """Role to column, for every role of which a name is there."""
    matches = {role: [names[name] for name in known if name in names] for role, known in form.roles.items()}
    return {role: columns[0] for role, columns in matches.items() if columns}


def _completed(form: Form, found: dict[str, str]) -> dict[str, str]:
    """Settle what two roles claim: a date beside a clock makes a start; owner columns give way to parties."""
    if "date" in found and "clock" in found and found["date"] != found["clock"]:
        if found.get("start") in (found["date"], found["clock"], None):
            found.pop("start", None)
        else:
            del found["date"], found["clock"]
    else:
        found.pop("date", None)
        found.pop("clock", None)
    if form.name == SYNONYMS.name and "caller" in found and "callee" in found:
        for role in ("owner", "peer", "direction"):
            found.pop(role, None)
    if found.get("direction") is not None and found.get("direction") == found.get("kind"):
        del found["kind"]
    return found


def _named(name: str) -> Form:
    for form in FORMS:
        if form.name == name:
            return form
    raise SettingsError(f"unknown form {name!r}; known forms: {', '.join(form.name for form in FORMS)}")


def _fixed(header: Sequence[str], place: str, columns: Mapping[str, str]) -> dict[str, str]:
    fixed = {}
    for role, wanted in columns.items():
        if role not in ROLES:
            near = difflib.get_close_matches(role, ROLES, 1)
            hint = f"; did you mean {near[0]!r}?" if near else "."
            raise SettingsError(f"unknown column role {role!r}{hint} Roles: {', '.join(ROLES)}")
        match = next((name for name in header if name == wanted or plain(name) == plain(wanted)), None)
        if match is None:
            near = difflib.get_close_matches(wanted, header, 1)
            hint = f"; did you mean {near[0]!r}?" if near else "."
            raise UnknownFormError(
                f"{place}: no column {wanted!r} for {role}{hint} Columns: {_shown(header)}"
            )
        fixed[role] = match
    return fixed


def _shown(header: Sequence[str]) -> str:
    """Column names for a message, without anything that may be a number from the data."""
    shown = ["<value>" if _is_value(name) else name[:40] for name in header[:20]]
    return ", ".join(shown) + (", …" if len(header) > 20 else "")


def _is_value(name: str) -> bool:
    """Tell whether what stands in the header may be a number from the data: many digits, or a hash."""
    return sum(map(str.isdigit, name)) > 4 or re.fullmatch(r"[0-9A-Fa-f]{16,}", name.strip()) is not None


def _complaint(
    header: Sequence[str],
    place: str,
    names: Mapping[str, str],
    fixed: Mapping[str, str],
    candidates: Sequence[Form],
) -> str:
    if not any(re.search(r"[^\W\d_]", name) for name in header) or sum(map(_is_value, header)) > 1:
        return f"{place}: the first line holds no column names but values; add a header line"
    best: tuple[int, int, Form, dict[str, str]] | None = None
    for place_in_order, form in enumerate(candidates):
        found = _found(form, names)
        found = _completed(form, {**found, **fixed})
        score = (len(set(found.values())) - 2 * len(missing(form, found)), -place_in_order)
        if best is None or score > best[:2]:
            best = (*score, form, found)
    assert best is not None
    _, _, form, found = best
    lacks = [role for role in form.marks if role not in found] if form.marks else missing(form, found)
    lacks = lacks or missing(form, found)
    hint = _did_you_mean(header, form, lacks, set(found.values()))
    return (
        f"{place}: no form fits the columns {_shown(header)}; the nearest is {form.name}, "
        f"which lacks {', '.join(lacks)}{hint or '.'} Name columns with --map ROLE=COLUMN"
    )


def _did_you_mean(header: Sequence[str], form: Form, lacks: Sequence[str], used: set[str]) -> str:
    for lack in lacks:
        for role in re.findall(r"[a-z_]+", lack):
            wanted = form.roles.get(role, ())
            for name in header:
                if name not in used and difflib.get_close_matches(plain(name), wanted, 1, 0.75):
                    return f"; did you mean {name!r} to be {role}?"
    return ""
