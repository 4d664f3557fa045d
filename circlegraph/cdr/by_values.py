"""What a header leaves open, settled by the first values of its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from circlegraph.cdr.events import CALLEE_LEG, CALLER_LEG
from circlegraph.cdr.forms import SYNONYMS, Form
from circlegraph.cdr.odd_times import names_a_day
from circlegraph.cdr.roles import column_of, plain
from circlegraph.cdr.spans import span_seconds
from circlegraph.cdr.words import DIRECTION_WORDS, FIRST_PARTY, KIND_WORDS, NO_CONTACT_WORDS

_MIDNIGHT = re.compile(r"(?:^|[^\d:])(?:00?:00(?::00(?:\.0+)?)?|12:00(?::00)? ?am)", re.IGNORECASE)
_COMPACT = re.compile(r"\d{12}(\d\d)?")
_OF_EXCHANGES = ("mo", "mt", "orig", "term")  # so they label a call by its ends, A is the caller at both
_APART = 5  # seconds that two records of a call may differ in length
_FEW = 3  # the limits of a Parquet file's integers are two
FEWER = 10
Values = Callable[[str], Sequence[str]]


def settled(
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


def are_names(sample: Sequence[str]) -> bool:
    """Tell whether contacts are called by their names, mostly, so that their numbers stand in another column."""
    return 2 * sum(any(map(str.isdigit, text)) for text in sample) < len(sample)


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
                found["kind"] = column_of(SYNONYMS, "kind", names, column)
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
