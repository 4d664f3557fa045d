"""What a work list can be told."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from circlegraph.errors import SettingsError

SITUATIONS = ("family_key", "mostly_moved", "second_light", "approached", "moving")
"""A number gets the first one that fits."""

PLACES = ("operator", "since", "moved", "family_size", "contacts")

TEMPLATES = {
    "en": {
        "family_key": (
            "He speaks for a family of {family_size}: ask how all of them are served, offer the family plan first, and "
            "settle it for all numbers in one call."
        ),
        "mostly_moved": (
            "{moved} of his contact has moved to another number ({operator}) since {since}: ask what the other card "
            "does better, and offer to take its number over with a plan that matches."
        ),
        "second_light": (
            "He tries a second card ({operator}) since {since}: ask whether coverage, price or data made him, and "
            "offer the one thing that is missing before he moves more."
        ),
        "approached": (
            "Somebody called him {contacts} times in three months, and he is still whole: thank him for his years, "
            "check that his plan still fits, and offer the loyalty benefit. Do not mention the calls."
        ),
        "moving": (
            "His use changes and no reason is known: ask openly how he is satisfied, listen for moves, travel and "
            "bills, and offer nothing before he has told."
        ),
    },
    "zh": {
        "family_key": (
            "他是{family_size}人家庭的关键人:先了解全家的使用情况,优先推荐家庭套餐,一次通话为所有号码办妥。"
        ),
        "mostly_moved": (
            "自{since}起,他{moved}的通信已转到另一号码({operator}):询问另一张卡好在哪里,"
            "建议携号转入并提供相当的套餐。"
        ),
        "second_light": (
            "自{since}起,他在试用第二张卡({operator}):询问是因为信号、价格还是流量,"
            "在转移更多之前补上所缺的一项。"
        ),
        "approached": (
            "三个月内有人联系过他{contacts}次,目前尚未流失:感谢他多年的使用,确认套餐是否仍合适,"
            "提供老客户回馈。不要提及这些来电。"
        ),
        "moving": (
            "他的使用有变化,原因不明:先问满意度,留意搬家、出行和账单方面的情况,在他说明之前不作任何推荐。"
        ),
    },
}
"""What to say first, by language and situation; may use {operator}, {since}, {moved}, {family_size} and {contacts}."""


@dataclass(frozen=True, slots=True)
class WorklistSettings:
    """Size and rules of the list.

    Attributes
    ----------
    cap
        Most numbers that a desk calls a day.
    rest_days
        Days within which nobody stands on a list twice.
    control_share
        Share of numbers that are held out, to see what would have happened without a call.
    seed
        Chooses them; the same seed holds out the same numbers every day.
    desk
        Column of the labels that names the desk, such as a region; without one there is one desk.
    least_value
        Numbers of less value are not called.
    tier_values
        Value of a tier where no bills are known.
    templates
        What to say first, by situation; what is not named keeps its default.
    language
        ``en`` or ``zh``, of the reasons and of the default templates.

    Raises
    ------
    SettingsError
        If something makes no sense; lists all that is wrong.
    """

    cap: int = 50
    rest_days: int = 30
    control_share: float = 0.1
    seed: str = "circlegraph"
    desk: str | None = None
    least_value: float = 0.0
    tier_values: Mapping[str, float] = field(default_factory=lambda: {"high": 4.0, "mid": 2.0, "low": 1.0})
    templates: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"

    def __post_init__(self) -> None:
        wrong = []
        for name, least in (("cap", 1), ("rest_days", 0), ("least_value", 0)):
            if not getattr(self, name) >= least:
                wrong.append(f"{name} is {getattr(self, name)}, but must be at least {least}")
        if not 0 <= self.control_share < 1:
            wrong.append(f"control_share is {self.control_share}, but must be from 0 to less than 1")
        if self.language not in TEMPLATES:
            wrong.append(f"language is {self.language!r}, but must be one of {', '.join(TEMPLATES)}")
        for situation, text in self.templates.items():
            if situation not in SITUATIONS:
                wrong.append(f"there is no situation {situation!r}{_hint(situation, SITUATIONS)}")
            wrong += [f"the template {situation} {fault}" for fault in _faults(text)]
        if wrong:
            raise SettingsError(f"the settings of the work list are wrong: {'; '.join(wrong)}")

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> WorklistSettings:
        """Make settings from a mapping, such as a section of a config.

        Examples
        --------
        >>> WorklistSettings.of({"cap": 20}).cap
        20

        Raises
        ------
        SettingsError
            If a name is not known, too.
        """
        known = [f.name for f in fields(cls)]
        wrong = [
            f"there is no setting {name!r}{_hint(name, known)}" for name in settings if name not in known
        ]
        if wrong:
            raise SettingsError(f"the settings of the work list are wrong: {'; '.join(wrong)}")
        return cls(**{**settings, **({"seed": str(settings["seed"])} if "seed" in settings else {})})

    def template(self, situation: str) -> str:
        """What to say first."""
        return self.templates.get(situation, TEMPLATES[self.language][situation])


def _hint(name: str, known: Any) -> str:
    near = get_close_matches(name, known, 1, 0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"


def _faults(text: str) -> list[str]:
    try:
        places = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError as error:
        return [f"cannot be read ({error})"]
    return [f"uses {{{name}}}{_hint(name, PLACES)}" for name in places if name not in PLACES]
