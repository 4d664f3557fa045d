"""The work list: whom to call, why, and what to say first; frames in, frame out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.nightly.worklist_settings import SITUATIONS, WorklistSettings
from circlegraph.nightly.worklist_words import last_reasons, say_first, why

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

COLUMNS = (
    "date",
    "desk",
    "group",
    "rank",
    "number",
    "probability",
    "basis",
    "value",
    "value_basis",
    "value_at_risk",
    "level",
    "situation",
    "why",
    "say_first",
)
HALF_MOVED = 0.5
CALL, CONTROL = "call", "control"
EVEN_POINTS, DOUBLE = 20, 4
"""Where neither propensity nor risk is known, 20 points stand for even odds, and four more double them."""
WARNED = ("medium", "high")
RISKY = 0.1
"""Risk from which on somebody is called whatever his level: ten times the usual one of the cities it was fitted on."""


def make_worklist(
    labels: pd.DataFrame,
    date: object,
    *,
    movement: pd.DataFrame | None = None,
    bills: pd.DataFrame | None = None,
    desks: pd.DataFrame | None = None,
    history: pd.DataFrame | None = None,
    settings: WorklistSettings | None = None,
) -> pd.DataFrame:
    """Rank the subscribers by expected value at risk: probability times value.

    On the list come those who are warned of, by a level of `WARNED` or a risk or propensity of at least `RISKY`, who
    use a second number of another operator, or whom an account manager approached. A low level alone brings nobody onto
    it. Those who use a second number of our own are not lost and stay away, unless they move.

    Parameters
    ----------
    labels
        Labels of the night, in English: number, dual_sim, dual_sim_since, moved_share, is_key_person, family_size,
        manager_contacts_3m, movement_points, movement_level, churn_propensity, value_tier, circle_size; what is not
        there is unknown.
    date
        The night's date.
    movement
        `Movement.weeks`, for the risk and the reasons.
    bills
        number, month, arpu: the value is the mean of a number's last three bills.
    desks
        number and desk, where the labels have no column of desks.
    history
        Earlier lists: number and date.
    settings
        Size and rules.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, desk by desk in the order of the rank. The control group stands on the list without a rank: it is not
        to be called, and what becomes of it tells what the calls achieve.
    """
    import pandas as pd

    settings = settings or WorklistSettings()
    day = pd.Timestamp(str(date))
    table = labels.reset_index(drop=True)
    if movement is not None and "risk" in movement:
        last = movement.sort_values("week").drop_duplicates("number", keep="last")
        table["movement_risk"] = table["number"].map(last.set_index("number")["risk"])
    situation = situations(table)
    table = table[situation != ""].assign(situation=situation[situation != ""])
    table = table[~table["number"].isin(_resting(history, day, settings.rest_days))].reset_index(drop=True)
    probability, basis = _probability(table)
    value, value_basis = _value(table, labels, None if bills is None else _arpu(bills, day), settings)
    table = table.assign(
        date=day.normalize(),
        desk=_desk(table, desks, settings),
        group=np.where(held_out(table["number"].tolist(), settings), CONTROL, CALL),
        probability=probability,
        basis=basis,
        value=value,
        value_basis=value_basis,
        value_at_risk=probability * value,
        level=_column(table, "movement_level"),
    )
    table = table[table["value"].fillna(0) >= settings.least_value]
    listed = _cut(table, settings.cap)
    reasons = last_reasons(movement, listed["number"], settings.language)
    listed["why"] = [why(row, reasons, settings.language) for row in listed.to_dict("records")]
    listed["say_first"] = [say_first(row, settings) for row in listed.to_dict("records")]
    return listed[list(COLUMNS)]


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    import pandas as pd

    return table[name] if name in table else pd.Series([None] * len(table), index=table.index, dtype=object)


def _reals(table: pd.DataFrame, name: str) -> Floats:
    import pandas as pd

    return pd.to_numeric(_column(table, name), errors="coerce").to_numpy(np.float64, na_value=np.nan)


def situations(labels: pd.DataFrame) -> NDArray[np.object_]:
    """Situation of each row of labels, "" for those who are not called."""
    dual = _column(labels, "dual_sim").astype("string").fillna("")
    second = (dual.str.startswith("own+") & (dual != "own+own")).to_numpy(np.bool_)
    moved = np.nan_to_num(_reals(labels, "moved_share"))
    warned = _column(labels, "movement_level").isin(WARNED).to_numpy(np.bool_)
    moving = warned | (np.fmax(_reals(labels, "movement_risk"), _reals(labels, "churn_propensity")) >= RISKY)
    approached = np.nan_to_num(_reals(labels, "manager_contacts_3m")) > 0
    key = (_column(labels, "is_key_person").astype("boolean").fillna(False)).to_numpy(np.bool_)
    key &= np.nan_to_num(_reals(labels, "family_size"), nan=1) > 1
    at_risk = second | moving | approached
    tests = (at_risk & key, second & (moved >= HALF_MOVED), second, approached, moving)
    return np.select(tests, [np.array(name, dtype=object) for name in SITUATIONS], "").astype(object)


def _resting(history: pd.DataFrame | None, day: pd.Timestamp, rest_days: int) -> set[str]:
    """Numbers that stood on a list of the days before."""
    import pandas as pd

    if history is None or not len(history) or not rest_days:
        return set()
    dates = pd.to_datetime(history["date"])
    recent = (dates > day - pd.Timedelta(days=rest_days)) & (dates < day)
    return set(history.loc[recent, "number"])


def held_out(numbers: list[str], settings: WorklistSettings) -> NDArray[np.bool_]:
    """bool[n]: which numbers belong to the control group, by a hash of number and seed.

    Examples
    --------
    >>> settings = WorklistSettings(control_share=0.5)
    >>> bool(held_out(["300"], settings)[0] == held_out(["300"], settings)[0])
    True
    """
    limit = int(settings.control_share * 2**64)
    digests = (
        hashlib.blake2b(f"{settings.seed}\n{number}".encode(), digest_size=8).digest() for number in numbers
    )
    return np.array([int.from_bytes(digest, "big") < limit for digest in digests], np.bool_)


def _probability(table: pd.DataFrame) -> tuple[Floats, NDArray[np.object_]]:
    """Chance of a loss, and what it rests on: a fitted propensity, or the risk of the week, or the points."""
    fitted, risk = _reals(table, "churn_propensity"), _reals(table, "movement_risk")
    points = np.nan_to_num(_reals(table, "movement_points"))
    high = (_column(table, "movement_level").astype("string") == "high").fillna(False).to_numpy(np.bool_)
    points = np.where(high, np.maximum(points, EVEN_POINTS), points)
    by_points = 1 / (1 + 2 ** ((EVEN_POINTS - points) / DOUBLE))
    tests = ~np.isnan(fitted), ~np.isnan(risk)
    basis = np.select(tests, ["propensity", "risk"], "points").astype(object)
    return np.select(tests, (fitted, risk), by_points), basis


def _value(
    table: pd.DataFrame, everybody: pd.DataFrame, arpu: pd.Series[float] | None, settings: WorklistSettings
) -> tuple[Floats, NDArray[np.object_]]:
    """Value of each number, and what it rests on.

    ARPU where there are bills (of a number without one the median of its tier, or of all), else the tier, else how
    many people the number is in contact with, in units of the median.
    """
    tier = _column(table, "value_tier").astype("string")
    if arpu is not None and len(arpu):
        value = table["number"].map(arpu)
        of_all = (
            everybody["number"].map(arpu).groupby(_column(everybody, "value_tier").astype("string")).median()
        )
        value = value.fillna(tier.map(of_all).astype("float64")).fillna(arpu.median())
        return np.asarray(value, np.float64), np.full(len(table), "arpu", dtype=object)
    of_tier = tier.map(dict(settings.tier_values)).to_numpy(np.float64, na_value=np.nan)
    size = _reals(table, "circle_size")
    sizes = _reals(everybody, "circle_size")
    usual = float(np.median(sizes[~np.isnan(sizes)])) if (~np.isnan(sizes)).any() else 0.0
    activity = np.nan_to_num(size) / (usual or 1.0)
    known = ~np.isnan(of_tier)
    return np.where(known, of_tier, activity), np.where(known, "value_tier", "activity").astype(object)


def _arpu(bills: pd.DataFrame, day: pd.Timestamp) -> pd.Series[float]:
    """Mean of the last three bills of each number, of months up to a day's."""
    import pandas as pd

    month = bills["month"].astype(str).str.replace(r"\D", "", regex=True).str[:6]
    billed = bills.assign(month=month, arpu=pd.to_numeric(bills["arpu"], errors="coerce"))
    billed = billed[(month <= f"{day:%Y%m}") & billed["arpu"].notna()]
    last = billed.sort_values(["number", "month"]).groupby("number").tail(3)
    made: pd.Series[float] = last.groupby("number")["arpu"].mean().astype("float64")
    return made


def _desk(table: pd.DataFrame, desks: pd.DataFrame | None, settings: WorklistSettings) -> pd.Series:
    import pandas as pd

    if settings.desk is not None and settings.desk in table:
        named = table[settings.desk]
    elif desks is not None:
        named = table["number"].map(desks.drop_duplicates("number").set_index("number")["desk"])
    else:
        named = pd.Series(["all"] * len(table), index=table.index, dtype=object)
    return named.astype("string").fillna("unknown")


def _cut(table: pd.DataFrame, cap: int) -> pd.DataFrame:
    """The first `cap` to be called at each desk, and those of the control group who would have stood among them."""
    order = ["desk", "value_at_risk", "probability", "number"]
    table = table.sort_values(order, ascending=[True, False, False, True], ignore_index=True)
    called = (table["group"] == CALL).groupby(table["desk"]).cumsum()
    is_call = (table["group"] == CALL).to_numpy(np.bool_)
    kept = table[np.where(is_call, called <= cap, called < cap)].reset_index(drop=True)
    rank = (kept["group"] == CALL).groupby(kept["desk"]).cumsum()
    return kept.assign(rank=rank.where(kept["group"] == CALL).astype("Int64"))
