"""A row of the work list in words: why, and what to say first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.detect.weekly_movement.points import Points
from circlegraph.detect.weekly_movement.words import weeks_in_words
from circlegraph.nightly.words import Words
from circlegraph.nightly.worklist_settings import WorklistSettings

if TYPE_CHECKING:
    import pandas as pd

TOLD_ALREADY = {"second_number", "approaches"}
"""Figures that the labels tell more fully than the reason of the movement does."""
PHRASES = {
    "en": {
        "second": "uses a second number ({operator})",
        "since": " since {since}",
        "moved": ", {moved} of his contact moved",
        "contacts": "{contacts} contacts with account managers in 3 months",
        "family": "key person of a family of {size}",
        "level": "movement level {level}, risk {risk}",
        "operator": "another operator",
        "lately": "lately",
        "part": "part",
        "several": "several",
    },
    "zh": {
        "second": "使用第二号码({operator})",
        "since": ",自{since}起",
        "moved": ",{moved}的通信已转移",
        "contacts": "3个月内与异网客户经理联系{contacts}次",
        "family": "{size}人家庭的关键人",
        "level": "周异动等级:{level},风险{risk}",
        "operator": "其他运营商",
        "lately": "近期",
        "part": "部分",
        "several": "多",
    },
}


def last_reasons(movement: pd.DataFrame | None, numbers: Iterable[str], language: str) -> dict[str, str]:
    """Reason of the last week of some numbers, without what the labels tell more fully."""
    if movement is None:
        return {}
    last = movement[movement["number"].isin(list(numbers))].sort_values("week")
    last = last.drop_duplicates("number", keep="last")
    fired = last["fired"].map(lambda names: ",".join(n for n in names.split(",") if n not in TOLD_ALREADY))
    reasons = weeks_in_words(last.assign(fired=fired, known_points=np.nan), Points(), language)
    return dict(zip(last["number"], reasons, strict=True))


def _known(value: Any) -> bool:
    import pandas as pd

    return not pd.isna(value)


def why(row: Mapping[Any, Any], reasons: dict[str, str], language: str) -> str:
    """Why the number of a row is on the list, in words and figures; `reasons` are those of its movement."""
    say, parts = PHRASES[language], []
    dual = str(row.get("dual_sim") or "")
    if dual.startswith("own+") and dual != "own+own":
        told = say["second"].format(operator=_operator(dual, language))
        if _known(row.get("dual_sim_since")):
            told += say["since"].format(since=str(row["dual_sim_since"])[:10])
        if _known(row.get("moved_share")):
            told += say["moved"].format(moved=_percent(row["moved_share"]))
        parts.append(told)
    if _known(row.get("manager_contacts_3m")) and row["manager_contacts_3m"] > 0:
        parts.append(say["contacts"].format(contacts=int(row["manager_contacts_3m"])))
    if row["situation"] == "family_key":
        parts.append(say["family"].format(size=int(row["family_size"])))
    moves = reasons.get(str(row["number"]), "")
    level = Words(language).value(str(row["level"]))
    reason = "; ".join([*parts, *([moves] if moves else [])])
    return reason or say["level"].format(level=level, risk=_percent(row["probability"]))


def _percent(share: Any) -> str:
    return f"{100 * float(share):.0f} %"


def _operator(dual: str, language: str) -> str:
    """Operator of the second number, as the labels call it."""
    return Words(language).value(dual).partition("+")[2]


def say_first(row: Mapping[Any, Any], settings: WorklistSettings) -> str:
    """What to say first to the number of a row."""
    say = PHRASES[settings.language]
    dual = str(row.get("dual_sim") or "")
    size: Any = row.get("family_size")
    contacts: Any = row.get("manager_contacts_3m")
    return settings.template(str(row["situation"])).format(
        operator=_operator(dual, settings.language) if dual.startswith("own+") else say["operator"],
        since=str(row["dual_sim_since"])[:10] if _known(row.get("dual_sim_since")) else say["lately"],
        moved=_percent(row["moved_share"]) if _known(row.get("moved_share")) else say["part"],
        family_size=int(size) if _known(size) else say["several"],
        contacts=int(contacts) if _known(contacts) else say["several"],
    )
