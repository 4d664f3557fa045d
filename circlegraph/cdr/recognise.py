"""Which form a header belongs to, and which column plays which role."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from circlegraph.cdr.events import CALLEE_LEG, CALLER_LEG
from circlegraph.cdr.forms import CANONICAL, FORMS, ROLES, SYNONYMS, Form
from circlegraph.cdr.odd_times import names_a_day
from circlegraph.cdr.sniff import LEAST_COLUMNS
from circlegraph.cdr.spans import span_seconds
from circlegraph.cdr.words import (
    DIRECTION_WORDS,
    FIRST_PARTY,
    KIND_WORDS,
    MINUTES,
    NO_CONTACT_WORDS,
    SECONDS,
)
from circlegraph.errors import SettingsError, UnknownFormError

_IGNORED = re.compile(r"[\s_\-.,:&()（）\[\]/'\"]+")
_MIDNIGHT = re.compile(r"(?:^|[^\d:])(?:00?:00(?::00(?:\.0+)?)?|12:00(?::00)? ?am)", re.IGNORECASE)
_COMPACT = re.compile(r"\d{12}(\d\d)?")
_TOLD = ("caller", "callee", "owner", "peer", "direction", "start", "duration", "kind", "count")
_LENT = ("direction", "end", "duration", "kind", "text")
_OF_EXCHANGES = ("mo", "mt", "orig", "term")  # so they label a call by its ends, A is the caller at both
_APART = 5
_FEW = 3  # the limits of a Parquet file's integers are two
_NUMBERS = ("number", "phonenumber")
FEWER = 10
Values = Callable[[str], Sequence[str]]


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
    if values and contact and not names.keys().isdisjoint(_NUMBERS) and _are_names(values(contact)):
        del names["contact"]
    fixed = _fixed(header, place, columns or {})
    candidates = FORMS if form is None else (_named(form),)
    for candidate in candidates:
        found = _completed(candidate, names, fixed)
        if all(role in found for role in candidate.marks) and not missing(candidate, found):
            notes = _settled(candidate, found, names, fixed, values or (lambda _: ()))
            return Recognised(candidate, {role: found[role] for role in ROLES if role in found}, tuple(notes))
    raise UnknownFormError(_Complaint(header, place, names, fixed, candidates))


def _are_names(sample: Sequence[str]) -> bool:
    """Tell whether contacts are called by their names, mostly, so that their numbers stand in another column."""
    return 2 * sum(any(map(str.isdigit, text)) for text in sample) < len(sample)


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


def _completed(form: Form, names: Mapping[str, str], fixed: Mapping[str, str]) -> dict[str, str]:
    """Role to column, with what two roles claim settled.

    A date beside a clock makes a start, and so does a date alone; two parties need no owner, but an owner with a
    direction takes the one party that is there as his peer; a column of directions is none of kinds. What a form
    has no column for may be there by a common name.
    """
    found = {role: column for role in form.roles if (column := _column(form, role, names))} | dict(fixed)
    if form.timed:
        lent = {role: _column(SYNONYMS, role, names) for role in _LENT if role not in (*found, *form.marks)}
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
            found["kind"] = _column(form, "kind", names, found["direction"])
    return {role: column for role, column in found.items() if column}


def _column(form: Form, role: str, names: Mapping[str, str], taken: str = "") -> str:
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


def _settled(
    form: Form, found: dict[str, str], names: Mapping[str, str], fixed: Mapping[str, str], values: Values
) -> list[str]:
    """Settle what the header leaves open by the first values, and say so."""
    notes: list[str] = []
    if "clock" in found and "clock" not in fixed:
        for role in ("clock", "date"):
            if _is_moment(values(found[role])):
                found["start"] = found[role]
                del found["clock"], found["date"]
                break
    if "caller" in found and "direction" not in fixed and not _is_own(form, "direction", found):
        notes += _ways(form, found, names, values)
    if "kind" not in fixed and not _is_own(form, "kind", found):
        notes += _no_kinds(form, found, values)
    return notes


def _is_own(form: Form, role: str, found: Mapping[str, str]) -> bool:
    """Tell whether a column is called as this one form calls it, so that there is no doubt what it holds."""
    own = form.roles.get(role, ())
    return own != SYNONYMS.roles[role] and plain(found.get(role, "")) in own


def _ways(form: Form, found: dict[str, str], names: Mapping[str, str], values: Values) -> list[str]:
    """Take the column all of whose values say who called for that of directions, and none other."""
    notes: list[str] = []
    direction = found.pop("direction", "")
    for column in (direction, "" if _is_own(form, "kind", found) else found.get("kind", "")):
        labels = [plain(label) for label in values(column)] if column else []
        if labels and all(label in DIRECTION_WORDS for label in labels):
            found["direction"] = column
            if found.get("kind") == column:
                found["kind"] = _column(SYNONYMS, "kind", names, column)
            if plain(found["caller"]) in FIRST_PARTY:
                notes += _whose(found, labels, values)
            break
    if not found.get("kind"):
        found.pop("kind", None)
    return notes


def _no_kinds(form: Form, found: dict[str, str], values: Values) -> list[str]:
    """Leave out a column of which nothing is a kind, such as one of tariffs; codes may be kinds that nobody knows."""
    column = found.get("kind", "")
    labels = {plain(label) for label in values(column)} if column else set()
    codes = "kind" in form.roles and plain(column) in form.roles["kind"] and any(map(str.isdigit, labels))
    if not labels or codes or not labels.isdisjoint(KIND_WORDS) or not labels.isdisjoint(NO_CONTACT_WORDS):
        return []
    del found["kind"]
    return [f"column {column!r} is not used: none of its values is a kind such as call or sms"]


def _is_moment(sample: Sequence[str]) -> bool:
    """Tell whether values hold a day and a time of day, not always midnight."""
    told = [text for text in sample if not _MIDNIGHT.search(text)]
    return sum(
        _COMPACT.fullmatch(text) is not None or (":" in text and names_a_day(text)) for text in told
    ) * 2 > len(sample)


def _whose(found: dict[str, str], labels: Sequence[str], values: Values) -> list[str]:
    """Take party A for the owner of the records where that makes far fewer owners than taking it for the caller.

    So are the records of a few subscribers listed: the number itself first, the other one second, and a label that
    says who called. Likewise those of many, where calls come in that no party A made.
    """
    a, b, direction = found["caller"], found["callee"], found["direction"]
    lengths = values(found["duration"]) if "duration" in found else [""] * len(labels)
    columns = [[DIRECTION_WORDS[label][0] for label in labels], values(a), values(b), lengths]
    # Of a Parquet file's integers only the limits are looked at: no rows then.
    rows = list(zip(*columns, strict=True)) if len({len(column) for column in columns}) == 1 else []
    callers = {first for way, first, *_ in rows if way == CALLER_LEG}
    listed = callers | {first for way, first, *_ in rows if way == CALLEE_LEG}
    called = callers | {second for way, _, second, _ in rows if way == CALLEE_LEG}
    exchanges = any(label.startswith(_OF_EXCHANGES) for label in labels)
    if FEWER * len(listed) >= len(called) and (exchanges or len(rows) < _FEW or _made(rows)):
        other = f"--map owner={a},peer={b},direction={direction}"
        return [f"{a!r} is taken for the caller in all rows; if it is whose records these are, add {other}"]
    found |= {"owner": found.pop("caller"), "peer": found.pop("callee")}
    return [f"{a!r} is taken for the number whose records these are, as {direction!r} says who called"]


def _made(rows: Sequence[tuple[int, str, str, str]]) -> bool:
    """Tell whether calls that come in were made by their party A.

    They were not if most of them, of a party A with records of calls that go out, are not among these, or if most
    are among those of party B.
    """
    made: dict[tuple[str, str], list[float]] = {}
    for way, first, second, length in rows:
        if way == CALLER_LEG:
            made.setdefault((first, second), []).append(_seconds(length))
    callers = {first for first, _ in made}

    def among(caller: str, callee: str, seconds: float) -> bool:
        return any(abs(seconds - other) <= _APART for other in made.get((caller, callee), ()))

    came = [(first, second, _seconds(length)) for way, first, second, length in rows if way == CALLEE_LEG]
    others = [row for row in came if not among(*row)]
    of_callers = sum(first in callers for first, _, _ in came)
    lacking = sum(first in callers for first, _, _ in others)
    turned = sum(seconds > 0 and among(second, first, seconds) for first, second, seconds in others)
    return 2 * lacking <= of_callers and 2 * turned <= len(came)


def _seconds(length: str) -> float:
    """Length of a call, 0 where it is none."""
    try:
        return float(length or 0)
    except ValueError:
        return max(span_seconds(length, 1), 0)


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


@dataclass(frozen=True, slots=True, repr=False)
class _Complaint:
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
        return f"{place}: nothing but spaces separates the columns {_shown(header)}; put commas or tabs in their place"
    scored = []
    for form in candidates:
        found = _completed(form, names, fixed)
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
    shown = CANONICAL.name if form is SYNONYMS else form.name
    return (
        f"{place}: no form fits the columns {_shown(header)}; the nearest is {shown}, "
        f"which lacks {', '.join(lacks)}{f'; did you mean {hint}?' if hint else '.'} "
        f"Name columns with --map {shlex.quote(given or 'ROLE=COLUMN')}"
    )


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
