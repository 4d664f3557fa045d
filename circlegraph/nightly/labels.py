"""One row per own number: what every detector says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circlegraph.nightly.label_schema import COLUMNS
from circlegraph.nightly.words import CANNOT_TELL

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.nightly.night import Night


def all_labels(night: Night) -> pd.DataFrame:
    """Labels of all own numbers, in English; what no stage tells is null."""
    import pandas as pd

    circles = _needed(night, "circles", "circles").set_index("number")
    listed = _subscribers(night)
    numbers = circles.index.union(listed.index).sort_values()
    labels = pd.DataFrame({"number": numbers.astype("str")})
    labels["date"] = pd.Timestamp(night.date)
    parts = (
        listed.reindex(numbers),
        circles[["circle_size", "persistence", "visible_share"]].reindex(numbers),
        _second_numbers(night).reindex(numbers),
        _families(night).reindex(numbers),
        _managers(night).reindex(numbers),
        _movement(night).reindex(numbers),
    )
    for part in parts:
        for name in part.columns:
            labels[name] = part[name].to_numpy()
    labels["dual_sim"] = labels["dual_sim"].fillna(CANNOT_TELL)
    labels["circle_size"] = labels["circle_size"].fillna(0)
    if "managers" in night.stages:
        labels["manager_contacts_3m"] = labels["manager_contacts_3m"].fillna(0)
    for name in COLUMNS:
        if name not in labels:
            labels[name] = None
    return labels[list(COLUMNS)].astype(COLUMNS)


def _needed(night: Night, stage: str, name: str) -> pd.DataFrame:
    frame = night.frame(stage, name)
    assert frame is not None
    return frame


def _subscribers(night: Night) -> pd.DataFrame:
    """Value tier of the listed numbers that were active by the night's date."""
    import pandas as pd

    from circlegraph.detect.known import read_subscribers
    from circlegraph.numbers import decode, encode_with_tokens

    path = night.settings.tables.subscribers
    if path is None:
        return pd.DataFrame({"value_tier": pd.Series([], dtype="str")}, index=pd.Index([], dtype="str"))
    table = read_subscribers(path, night.country).table
    numbers = decode(*encode_with_tokens(table["number"], country=night.country))
    tier = table["value_tier"].to_pandas().to_numpy() if "value_tier" in table.column_names else None
    frame = pd.DataFrame({"value_tier": tier}, index=pd.Index(numbers, dtype="str"))
    there = numbers != ""
    if "activated" in table.column_names:
        activated = pd.to_datetime(table["activated"].to_pandas(), errors="coerce").to_numpy()
        there &= ~(activated > np.datetime64(night.date))
    listed: pd.DataFrame = frame[there]
    return listed


def _second_numbers(night: Night) -> pd.DataFrame:
    names = {"probability": "dual_sim_probability", "since": "dual_sim_since"}
    columns = ["dual_sim", "second_number", "dual_sim_probability", "dual_sim_since", "moved_share"]
    return _by_number(night.frame("second_numbers", "labels"), names, columns)


def _families(night: Night) -> pd.DataFrame:
    """Places in families; a second number has that of its owner."""
    from circlegraph.detect.family.fold import fold_second_numbers

    columns = ["family_id", "family_role", "is_key_person", "family_size"]
    members = night.frame(
        "families", "members", ("number", "family_id", "role", "is_key_person", "family_size")
    )
    pairs = night.frame("second_numbers", "pairs", ("number", "second_number", "accepted"))
    if members is not None and pairs is not None:
        members = fold_second_numbers(members, pairs)
    return _by_number(members, {"role": "family_role"}, columns)


def _managers(night: Night) -> pd.DataFrame:
    """All contacts with account managers in three months, and the last of them."""
    contacts = night.frame("managers", "contacts")
    columns = ["manager_contacts_3m", "last_manager", "stage"]
    if contacts is None:
        return _by_number(None, {}, columns)
    latest = contacts.sort_values(["number", "last_contact", "manager"]).drop_duplicates(
        "number", keep="last"
    )
    times = contacts.groupby("number")["times_3m"].sum()
    latest = latest.assign(manager_contacts_3m=latest.number.map(times))
    return _by_number(latest, {"manager": "last_manager"}, columns)


def _movement(night: Night) -> pd.DataFrame:
    """The last week of each number."""
    weeks = night.frame("movement", "weeks", ("number", "week", "points", "level"))
    if weeks is not None:
        weeks = weeks.sort_values(["number", "week"]).drop_duplicates("number", keep="last")
    names = {"points": "movement_points", "level": "movement_level"}
    return _by_number(weeks, names, list(names.values()))


def _by_number(frame: pd.DataFrame | None, names: dict[str, str], columns: list[str]) -> pd.DataFrame:
    import pandas as pd

    if frame is None:
        return pd.DataFrame(
            {name: pd.Series([], dtype=object) for name in columns}, index=pd.Index([], dtype="str")
        )
    told: pd.DataFrame = frame.rename(columns=names).set_index("number")[columns]
    return told
