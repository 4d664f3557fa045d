"""How the times of day of one file are written where they stand beside a date.

A time with separators (23:59:59, 11:59 PM) says itself what it is, and so does a text of six digits (080500),
or of four that begin with 0 (0805). Other bare digits do not once their leading zeros are lost, as they are in every
column of integers: 1234 is 12:34 or 00:12:34. So one rule holds for these of a column. It is

* hhmm if all texts of the column have four or six digits, and of four some begin with 0;
* hhmmss if more of its distinct values can only be that (93000, 4512) than can only be hhmm (0805);
* hhmm if it is the other way round or if no value tells.

What can only be hhmmss tells only if it is more than one in ten of the values, as a few may be wrong ones: in a column
of hhmmss all from one o'clock on is of that kind. 2400 to 2459 never tell, as they are also written for the hour after
midnight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from circlegraph.cdr.odd_times import MARKS

_BARE = re.compile(r"(\d+)(\.0)?")
_LAYOUTS = {4: "hhmm", 6: "hhmmss"}
_STRAYS = 10


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One decision for one file.

    Attributes
    ----------
    digits : int
        Bare digits that do not say so themselves are hhmm (4) or hhmmss (6); 0 where there are none.
    open : bool
        The values looked at do not tell.
    note : str
        What the user should know of the decision, or "".
    """

    digits: int = 0
    open: bool = False
    note: str = ""

    @property
    def told(self) -> int:
        """The digits, if values told them."""
        return 0 if self.open else self.digits

    def reread(self, values: Iterable[str]) -> ClockRule:
        """Rule by more values, this one if they hold no bare digits."""
        rule = decide_clock(values)
        return rule if rule.digits else self

    def as_told(self, digits: int) -> ClockRule:
        """Rule by what other files tell."""
        return ClockRule(digits, note=f"clock times are {_LAYOUTS[digits]}, as other files of the input tell")


def decide_clock(sample: Iterable[str]) -> ClockRule:
    """Rule for clock times from some values of their column.

    Examples
    --------
    >>> decide_clock(["5", "1234", "4512"])
    ClockRule(digits=6, open=False, note='clock times are read as hhmmss without leading zeros: 805 is 00:08:05')
    >>> decide_clock(["0005", "1234"]), decide_clock(["08:05", "23:59"])
    (ClockRule(digits=4, open=False, note=''), ClockRule(digits=0, open=False, note=''))
    >>> decide_clock(["805", "2359"]).open
    True
    """
    values = [text for text in (value.strip(MARKS) for value in sample) if text]
    bare = {match[1] for match in map(_BARE.fullmatch, values) if match}
    if not bare:
        return ClockRule(open=not values)
    short = sum(_reads(text, 4) and len(text) == 4 and text[0] == "0" for text in bare)
    if short and {len(text) for text in bare} == {4, 6}:
        return ClockRule(4)
    long = sum(_reads(text, 6) and not _reads(text, 4) and text[:-2] != "24" for text in bare)
    long = long if long * _STRAYS > len(bare) else 0
    if long == short:
        return ClockRule(4, True, "clock times of at most four digits are read as hhmm: 805 is 08:05")
    digits = 6 if long > short else 4
    dropped = any(len(text) < digits for text in bare)
    example = "00:08:05" if digits == 6 else "08:05"
    note = f"clock times are read as {_LAYOUTS[digits]} without leading zeros: 805 is {example}"
    return ClockRule(digits, note=note if dropped else "")


def _reads(text: str, digits: int) -> bool:
    """Tell whether the text is a time of day of so many digits, of which the first may be missing."""
    if len(text) > digits:
        return False
    value = int(text) * (100 if digits == 4 else 1)
    return value < 240000 and value // 100 % 100 < 60 and value % 100 < 60
