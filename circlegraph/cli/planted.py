"""What a night found, beside what was planted in a synthetic city."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.nightly.night import Night


def comparison(night: Night, truth: Path) -> list[str]:
    """Lines on second numbers, one family and one account manager."""
    return [
        "Found, and what was planted:",
        *_second_numbers(night, _planted(truth, "second_numbers")),
        *_families(night, _planted(truth, "families")),
        *_managers(night, _planted(truth, "managers")),
        *_first_call(night, _planted(truth, "second_numbers")),
    ]


def _planted(truth: Path, name: str) -> pd.DataFrame:
    from circlegraph.tables import read_table

    frame: pd.DataFrame = read_table(truth / f"{name}.parquet", ("number",)).to_pandas()
    return frame


def _frame(night: Night, stage: str, name: str) -> pd.DataFrame:
    frame = night.frame(stage, name)
    assert frame is not None
    return frame


def _second_numbers(night: Night, planted: pd.DataFrame) -> list[str]:
    pairs = _frame(night, "second_numbers", "pairs")
    found = pairs[pairs.accepted]
    told = planted[["number", "second_number", "onset", "share_at_end"]]
    right = found.merge(told, on=["number", "second_number"], suffixes=("", "_planted"))
    visible = planted[planted.visible & (planted.onset.astype(str) >= night.span.first)]
    visible = visible[visible.number.isin(_frame(night, "labels", "coded").number)]
    lines = [
        f"  Second numbers: {len(found)} found, {len(right)} of them planted so. {len(visible)} were planted in this "
        "time that show in the calls; many carry too few of them to be told for sure, and are left out.",
    ]
    if len(right):
        one = right.sort_values(["shared_peers", "number"], ascending=[False, True]).iloc[0]
        lines.append(
            f"    {one.number} uses {one.second_number} ({one.second_operator}) since {one.onset:%Y-%m-%d}, "
            f"probability {one.probability:.2f}; "
            f"planted: from {one.onset_planted:%Y-%m-%d} on, {one.share_at_end:.0%} moved."
        )
        lines.append(f"    Why: {one.reason}.")
    return _filled(lines)


def _families(night: Night, planted: pd.DataFrame) -> list[str]:
    members = _frame(night, "families", "members")
    sizes = members.groupby("family_id").size()
    truth = planted.set_index("number").family_id
    members = members.assign(planted=truth.reindex(members.number).to_numpy())
    whole = members.groupby("family_id").planted.nunique() == 1
    shown = sizes[whole & (sizes >= 3)].index
    lines = [
        f"  Families: {len(sizes):,} found; in {int(whole.sum()):,} of them all members are planted as one."
    ]
    if len(shown):
        family = members[members.family_id == shown[0]]
        told = ", ".join(f"{row.number} ({row.role})" for row in family.itertuples())
        role = planted.set_index("number").role.reindex(family.number)
        lines.append(f"    {shown[0]}: {told}; planted: {', '.join(str(word) for word in role)}.")
    return _filled(lines)


def _managers(night: Night, planted: pd.DataFrame) -> list[str]:
    managers = _frame(night, "managers", "managers")
    found = managers[managers.accepted]
    right = found[found.number.isin(planted.number)]
    lines = [
        f"  Account managers: {len(found)} found, {len(right)} of them among the {len(planted)} planted."
    ]
    if len(right):
        one = right.iloc[0]
        lines.append(f"    {one.number} ({one.operator}), probability {one.probability:.2f}: {one.reason}.")
    return _filled(lines)


def _first_call(night: Night, planted: pd.DataFrame) -> list[str]:
    listed = _frame(night, "worklist", "worklist")
    listed = listed[listed["group"] == "call"].sort_values(
        ["value_at_risk", "number"], ascending=[False, True]
    )
    if listed.empty:
        return []
    one = listed.iloc[0]
    begun = planted[(planted.number == one.number) & (planted.onset.astype(str) <= night.date)]
    moves = f"moves from {begun.onset.max():%Y-%m-%d} on" if len(begun) else "nothing"
    return _filled(
        [
            f"  First on the work list: {one.number}, {one.probability:.0%} at risk, worth {one.value:.0f} a month; "
            f"planted: {moves}.",
            f"    Why: {one.why}.",
            f"    To say: {one.say_first}",
        ]
    )


def _filled(lines: list[str]) -> list[str]:
    """Lines broken at the width of a terminal, further ones set in."""
    return [
        fill(line, 110, subsequent_indent=" " * (len(line) - len(line.lstrip()) + 2), break_long_words=False)
        for line in lines
    ]
