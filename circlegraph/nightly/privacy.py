"""Keyed pseudonyms in the place of numbers."""

from __future__ import annotations

import hmac
import json
import os
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from circlegraph.errors import InputError, SettingsError, StoreError
from circlegraph.nightly.night import nights
from circlegraph.tables import atomic_path

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.nightly.settings import Privacy

PREFIX, DIGITS = "x", 24
PSEUDONYM = re.compile(rf"\b{PREFIX}[0-9a-f]{{{DIGITS}}}\b")
NUMBER_COLUMNS = frozenset(
    [
        "number",
        "peer",
        "other",
        "second_number",
        "number_a",
        "number_b",
        "manager",
        "last_manager",
        "forward_to",
    ]
)
NUMBER_WITHIN = re.compile(r"(?<![\w.,-])\+?\d{7,18}(?![\w.-]*\d)")
"""What may be a number within a text: no date, no amount."""
LEAST_KEY = 16
STATE, KEPT = "state", "privacy.json"


class Mask(Protocol):
    """Puts pseudonyms in the place of numbers, and takes them away."""

    @property
    def name(self) -> str:
        """What distinguishes results under this mask from others; says nothing of the key."""
        ...

    def on(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Table to be written."""
        ...

    def off(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Table as it was before it was written."""
        ...


class Plain:
    """No pseudonyms."""

    name = "plain"

    def on(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the table as it is."""
        return frame

    def off(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the table as it is."""
        return frame


class Pseudonyms:
    """Pseudonyms by HMAC-SHA256, the same for the same number and key.

    Parameters
    ----------
    key
        Secret of at least 16 bytes.
    known
        Returns the numbers that may be met when pseudonyms are taken away.

    Examples
    --------
    >>> import pandas as pd
    >>> mask = Pseudonyms(b"0123456789abcdef", lambda: ["13800138000"])
    >>> hidden = mask.on(pd.DataFrame({"number": ["13800138000", None], "reason": ["calls 13800138000", "-"]}))
    >>> hidden.reason[0]
    'calls x523ecb40568489642145ec3b'
    >>> mask.off(hidden).reason[0]
    'calls 13800138000'

    Raises
    ------
    SettingsError
        If the key is too short.
    """

    def __init__(self, key: bytes, known: Callable[[], Iterable[str]]) -> None:
        if len(key) < LEAST_KEY:
            raise SettingsError(
                f"the key of the pseudonyms has {len(key)} bytes, but must have at least {LEAST_KEY}"
            )
        self._key = key
        self._known = known
        self._made: dict[str, str] = {}

    @property
    def name(self) -> str:
        """A few digits by which two keys can be told apart."""
        return "pseudonyms " + hmac.digest(self._key, b"circlegraph: which key", "sha256").hex()[:8]

    def of(self, number: str) -> str:
        """Pseudonym of a number."""
        made = self._made.get(number)
        if made is None:
            made = self._made[number] = (
                PREFIX + hmac.digest(self._key, number.encode(), "sha256").hex()[:DIGITS]
            )
        return made

    @cached_property
    def _numbers(self) -> dict[str, str]:
        return {self.of(number): number for number in self._known()}

    def on(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Put pseudonyms into the columns of numbers, and in the place of numbers within texts."""
        made = {}
        for name in _texts(frame):
            column = frame[name]
            if name in NUMBER_COLUMNS:
                made[name] = column.map(self.of, na_action="ignore")
            else:
                made[name] = column.map(self._hide_within, na_action="ignore")
        return frame.assign(**made)

    def off(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Put known numbers in the place of their pseudonyms; pseudonyms of others stay."""
        texts = _texts(frame)
        met = {
            word
            for name in texts
            for text in frame[name].dropna().unique()
            for word in PSEUDONYM.findall(text)
        }
        shown = {made: number for number, made in self._made.items()}
        if met - shown.keys():  # not all of them were made in this run
            shown = self._numbers

        def show(text: str) -> str:
            return PSEUDONYM.sub(lambda match: shown.get(match[0], match[0]), text)

        return frame.assign(**{name: frame[name].map(show, na_action="ignore") for name in texts})

    def _hide_within(self, text: str) -> str:
        return NUMBER_WITHIN.sub(lambda match: self.of(match[0]), text)


def read_key(path: Path) -> bytes:
    """Key from a file; white space around it does not count.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise InputError(f"{path}: the key cannot be read ({error.strerror})") from error


def mask_of(privacy: Privacy, known: Callable[[], Iterable[str]]) -> Mask:
    """Mask that the config asks for.

    Raises
    ------
    SettingsError, InputError
        If the key is missing or too short.
    """
    if not privacy.pseudonyms:
        return Plain()
    if privacy.key_file is not None:
        return Pseudonyms(read_key(privacy.key_file), known)
    name = privacy.key_env or ""
    if name not in os.environ:
        raise SettingsError(f"privacy.key_env names the environment variable {name}, which is not set")
    return Pseudonyms(os.environ[name].encode(), known)


def check_same_mask(mask: Mask, results: Path) -> None:
    """Refuse to go on with results that were made under another mask.

    Raises
    ------
    SettingsError
        Says under which, and what to do.
    StoreError
        If nobody can tell, because the file that says so is damaged.
    """
    path = results / STATE / KEPT
    if not nights(results) or not path.exists():
        return
    try:
        kept = str(json.loads(path.read_text(encoding="utf-8"))["mask"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{path}: the file that tells which key the results were made with is damaged; name another folder in "
            f'folders.results, or, if it is known to be so, write {{"mask": "{mask.name}"}} into it'
        ) from error
    if kept == mask.name:
        return
    if kept != Plain.name and mask.name != Plain.name:
        differ = f"made with another key ({kept}, not {mask.name}); give that key"
    else:
        held = "plain numbers" if kept == Plain.name else kept
        asked = "plain numbers" if mask.name == Plain.name else "pseudonyms"
        differ = f"made with {held}, and the config asks for {asked}; set privacy.pseudonyms as it was"
    raise SettingsError(
        f"{results}: the results there were {differ}, or name another folder in folders.results"
    )


def note_mask(mask: Mask, results: Path) -> None:
    """Keep the name of the mask that the results are made under."""
    with atomic_path(results / STATE / KEPT) as temporary:
        temporary.write_text(json.dumps({"mask": mask.name}), encoding="utf-8")


def _texts(frame: pd.DataFrame) -> list[str]:
    """Columns of text; a column of objects may hold flags with some of them unknown."""
    return [
        name
        for name in frame.columns
        if frame[name].dtype == "str"
        or (
            frame[name].dtype == object
            and frame[name].dropna().map(lambda value: isinstance(value, str)).all()
        )
    ]
