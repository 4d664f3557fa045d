"""Which form a header belongs to, and which column plays which role."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from circlegraph.cdr.by_values import Values, are_names, settled
from circlegraph.cdr.complaint import Complaint, shown
from circlegraph.cdr.forms import FORMS, ROLES, Form
from circlegraph.cdr.roles import completed, missing, plain
from circlegraph.cdr.words import MINUTES, SECONDS
from circlegraph.errors import SettingsError, UnknownFormError

_NUMBERS = ("number", "phonenumber")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A form and the columns of a header that play its roles; what the user should know of that."""

    form: Form
    columns: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def duration_unit(self) -> int:
        """Seconds of one unit of duration, by the column's name or else by the form."""
        name = plain(self.columns.get("duration", ""))
        if name in MINUTES:
            return 60
        own = name in self.form.roles.get("duration", ()) or name not in SECONDS
        return self.form.duration_unit if own else 1


def recognise(
    header: Sequence[str],
    place: str,
    *,
    form: str | None = None,
    columns: Mapping[str, str] | None = None,
    values: Values | None = None,
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
    values : function, optional
        First values of a column, for what a header leaves open.

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
    contact = names.get("contact")
    if values and contact and not names.keys().isdisjoint(_NUMBERS) and are_names(values(contact)):
        del names["contact"]
    fixed = _fixed(header, place, columns or {})
    candidates = FORMS if form is None else (_named(form),)
    for candidate in candidates:
        found = completed(candidate, names, fixed)
        if all(role in found for role in candidate.marks) and not missing(candidate, found):
            notes = settled(candidate, found, names, fixed, values or (lambda _: ()))
            return Recognised(candidate, {role: found[role] for role in ROLES if role in found}, tuple(notes))
    raise UnknownFormError(Complaint(header, place, names, fixed, candidates))


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
            raise UnknownFormError(f"{place}: no column {wanted!r} for {role}{hint} Columns: {shown(header)}")
        fixed[role] = match
    return fixed
