"""The values of the labels, in English and in the words of Chinese operators."""

from __future__ import annotations

from collections.abc import Mapping

NONE, CANNOT_TELL, OWN = "none", "cannot_tell", "own"

CHINESE = {
    NONE: "非双卡",
    CANNOT_TELL: "无法判断",
    "high": "高危",
    "medium": "中危",
    "low": "低危",
    "stable": "稳定",
    "spouse": "配偶",
    "parent": "父母",
    "child": "子女",
    "key": "关键人",
    "other": "其他",
    "unknown": "未知",
    "contacted": "已接触",
    "reacting": "有反应",
    "taken": "已策反",
}
CHINESE_OPERATORS = {
    "China Mobile": "移动",
    "China Unicom": "联通",
    "China Telecom": "电信",
    "China Broadnet": "广电",
    "other": "其他",
}
UNKNOWN_OPERATOR = {"en": "unknown", "zh": "未知"}
VALUE_COLUMNS = ("dual_sim", "movement_level", "family_role", "stage")


class Words:
    """Values of labels in a language.

    Parameters
    ----------
    language
        ``en`` or ``zh``.
    own
        Name of the own operator, where it is to be called by it.
    operators
        Names to call operators by, on top of the short Chinese ones.

    Examples
    --------
    >>> words = Words("zh", "China Mobile")
    >>> [words.value(value) for value in ("none", "own+China Unicom", "own+own", "high")]
    ['非双卡', '移动+联通', '移动+移动', '高危']
    >>> Words("en").value("own+China Unicom")
    'own+China Unicom'
    """

    def __init__(
        self, language: str, own: str | None = None, operators: Mapping[str, str] | None = None
    ) -> None:
        self._values = CHINESE if language == "zh" else {}
        self._operators = {**(CHINESE_OPERATORS if language == "zh" else {}), **(operators or {})}
        self._unknown = UNKNOWN_OPERATOR[language]
        self._own = self._operators.get(own or "", own or {"en": OWN, "zh": "本网"}[language])

    def value(self, value: str) -> str:
        """A value in this language; values that no word is known for stay."""
        first, plus, second = value.partition("+")
        if plus and first == OWN:
            name = self._own if second == OWN else self._operators.get(second, second or self._unknown)
            return f"{self._own}+{name}"
        return self._values.get(value, value)
