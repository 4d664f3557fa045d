"""A row of the work list in words: why, and what to say first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from circlegraph.nightly.worklist_settings import WorklistSettings

if TYPE_CHECKING:
    import pandas as pd

TOLD_ALREADY = ("uses a second number", "approached by an account manager")
"""What the labels tell more fully than the reason of the movement does."""


def last_reasons(movement: pd.DataFrame | None) -> dict[str, str]:
    """Reason of each number's last week."""
    if movement is None:
        return {}
    last = movement.sort_values("week").drop_duplicates("number", keep="last")
    return dict(zip(last["number"], last["reason"].fillna(""), strict=True))


def _known(value: Any) -> bool:
    import pandas as pd

    return not pd.isna(value)


def why(row: Mapping[Any, Any], reasons: dict[str, str]) -> str:
    """Why the number of a row is on the list, in words and figures; `reasons` are those of its movement."""
    parts = []
    dual = str(row.get("dual_sim") or "")
    if dual.startswith("own+") and dual != "own+own":
        told = f"uses a second number ({dual.removeprefix('own+')})"
        if _known(row.get("dual_sim_since")):
            told += f" since {str(row['dual_sim_since'])[:10]}"
        if _known(row.get("moved_share")):
            told += f", {_percent(row['moved_share'])} of his contact moved"
        parts.append(told)
    if _known(row.get("manager_contacts_3m")) and row["manager_contacts_3m"] > 0:
        parts.append(f"{int(row['manager_contacts_3m'])} contacts with account managers in 3 months")
    if row["situation"] == "family_key":
        parts.append(f"key person of a family of {int(row['family_size'])}")
    told_already = ("uses a second number", "approached by an account manager")
    moves = [
        part
        for part in reasons.get(str(row["number"]), "").split("; ")
        if part and not part.startswith(told_already)
    ]
    return "; ".join(parts + moves) or f"movement level {row['level']}"


def _percent(share: Any) -> str:
    return f"{100 * float(share):.0f} %"


def say_first(row: Mapping[Any, Any], settings: WorklistSettings) -> str:
    """What to say first to the number of a row."""
    dual = str(row.get("dual_sim") or "")
    second = dual.startswith("own+")
    size: Any = row.get("family_size")
    contacts: Any = row.get("manager_contacts_3m")
    return settings.template(str(row["situation"])).format(
        operator=dual.removeprefix("own+") if second else "another operator",
        since=str(row["dual_sim_since"])[:10] if _known(row.get("dual_sim_since")) else "lately",
        moved=_percent(row["moved_share"]) if _known(row.get("moved_share")) else "part",
        family_size=int(size) if _known(size) else "several",
        contacts=int(contacts) if _known(contacts) else "several",
    )
