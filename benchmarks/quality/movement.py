"""Movement: do the week's warnings lead the loss of a subscriber?

A subscriber is *lost* in the week in which half of his contact, or more, has moved to a competitor's number for
good: the change is complete, and where the old number is given up, it is silent. It is the end of moving and not its
beginning, because until then a desk can still keep what has not gone. In each judged week a method sees
the records and tables up to the week's end, nothing later, and gives each number a score. Judged are own first
numbers of the first week that are not lost before; a row (number, week) is *wanted* if the loss comes in that week
or one of the `AHEAD` - 1 that follow. Numbers that get a second number on our own network, change numbers, or fall
silent for good without a new number are left aside: nothing is lost to a competitor, but the warning is not false
either.

* *Precision at list size*: of the `LIST_SHARE` of the judged numbers with the highest score, each week; *lift* is
  this over the share of wanted rows.
* *Lift over the drop rule*: the same over the precision of the rule that lists everybody whose minutes of the week
  lie `LEAST_DROP` below the mean of the four weeks before; a list of any size drawn from them is as precise.
* *Warned in time*: share of the lost who stood on a weekly list in the week of the loss or one of the `BEFORE` weeks
  before it. *Lead* is the median of the weeks from the first such warning to the loss, of all who were warned until
  `LATE` weeks after it (which counts as negative). A list is made when its week is over; so a lead of 0 is a warning
  just after the change was complete, within days, and only 1 and more came before it.
* *Warned early*: share of the lost who stood on a list when less than half of their contact had gone: the stricter
  test, because some take months to give up a number of which most has gone in days.
* *Possible*: what nobody betters who waits for the subscriber's own records to change. Whoever puts each number on the
  list at the end of the week in which its first contact moves warns that share early, with that median lead. Most
  changes are sudden: those who decide and move within one week cannot be warned of early, unless an account manager's
  calls, calls to competitors or the family give them away.
* *Lead over the bill* is the median of the weeks from the first warning to the end of the first month whose minutes
  lie `LEAST_DROP` below the mean of the three months before, of those whose bills ever show it.

To add a method, write a function from a `World` (whose split is the first moment of the judged week, and whose
records end with it) to a table with number and score; list it in `METHODS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.quality import cities, metrics
from benchmarks.quality.methods import circlegraph_movement
from benchmarks.quality.world import Case, World

NAME = "Movement"
KEY = "movement"
PRESETS = ("standard", "hard")
SUBSCRIBERS = {"small": 1_500, "full": 4_000}
"""Smaller cities than usual in full size: every week is judged anew."""

make = cities.usual_case

WEEKS = range(6, 14)
AHEAD = 4
BEFORE, LATE = 4, 2
LOST_SHARE = 0.5
LIST_SHARE = 0.01
ROUNDING = 1e-5
LEAST_DROP = 0.3
PAST_WEEKS = 4
BILL_MONTHS = 3
WEEK = pd.Timedelta(days=7)


def until(world: World, week: int) -> World:
    """Cut everything that comes after a week of the window (from 0); the split is its first moment."""
    begin = world.events["start"].min().normalize() + week * WEEK
    end = begin + WEEK
    events = world.events[world.events["start"] < end]
    listed, forwarding, bills = world.subscribers, world.forwarding, world.bills
    if listed is not None and "activated" in listed:
        listed = listed[listed["activated"] < end]
    if forwarding is not None:
        forwarding = forwarding[forwarding["since"] < end]
    if bills is not None:
        # A month is billed when it is over.
        bills = bills[pd.to_datetime(bills["month"]) + pd.offsets.MonthBegin(1) <= end]
    return replace(world, events=events, split=begin, subscribers=listed, forwarding=forwarding, bills=bills)


def every_week(warn: Callable[[World], pd.DataFrame], world: World) -> pd.DataFrame:
    """Ask a method week by week; the answers get a column week."""
    return pd.concat([warn(until(world, week)).assign(week=week) for week in WEEKS], ignore_index=True)


def weekly_minutes(world: World) -> pd.DataFrame:
    """Minutes of own numbers, rows are numbers, columns the weeks up to the split's."""
    calls = world.events[world.events["kind"] == "call"]
    first = world.events["start"].min().normalize()
    week = (calls["start"] - first) // WEEK
    both = pd.concat(
        [
            pd.DataFrame({"number": calls[end], "week": week, "minutes": calls["duration"] / 60})
            for end in ("caller", "callee")
        ]
    )
    if world.own is not None:
        both = both[both["number"].isin(world.own)]
    last = int((world.split - first) // WEEK)
    table = both.groupby(["number", "week"])["minutes"].sum().unstack()
    return table.reindex(columns=range(last + 1)).fillna(0.0)


def largest_drop(world: World) -> pd.DataFrame:
    """Score by how far the week's minutes lie below the mean of the four weeks before, as a share of it."""
    minutes = weekly_minutes(world)
    past = minutes.iloc[:, -1 - PAST_WEEKS : -1].mean(axis=1)
    drop = (1 - minutes.iloc[:, -1] / past.where(past > 0)).clip(lower=0).fillna(0)
    return pd.DataFrame({"number": drop.index, "score": drop.to_numpy()})


def drop_rule(world: World) -> pd.DataFrame:
    """Score 1 for a drop of 30 % and more, else 0."""
    found = largest_drop(world)
    return found.assign(score=(found["score"] >= LEAST_DROP).astype(float))


METHODS: dict[str, Callable[[World], pd.DataFrame]] = {
    "circlegraph": partial(every_week, circlegraph_movement.risk),
    "circlegraph, points alone": partial(every_week, circlegraph_movement.warn),
    "circlegraph, fitted points": partial(every_week, circlegraph_movement.fitted),
    "30 % drop": partial(every_week, drop_rule),
    "largest drop": partial(every_week, largest_drop),
}
PROBABILITIES: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """Figures of one case.

    Attributes
    ----------
    rows : pandas.DataFrame
        week, number, score, wanted, listed, dropped: one row per judged number and week.
    lost : pandas.DataFrame
        One row per lost number: lead and bill_lead (weeks from the first warning to the loss, and to the first bill
        that shows it; NaN: not warned, or never shown), early, possible_early, possible_lead.
    """

    rows: pd.DataFrame
    lost: pd.DataFrame


def losses(case: Case) -> tuple["pd.Series[Any]", set[str]]:
    """Tell the week of each loss by number, and which numbers are left aside."""
    weekly, second = case.tables["weekly"], case.tables["second_numbers"]
    leavers = case.tables["leavers"]
    taken = second[(second["mode"] != "data_only")]
    ours = taken["second_operator"] == taken["operator"]
    rival = set(taken.loc[~ours, "number"])
    moving = taken[~ours & (taken["share_moved"] >= LOST_SHARE)].drop_duplicates("number").set_index("number")
    share = weekly["number"].map(moving["share_moved"])
    silent = weekly["number"].map(moving["first_ends"])
    complete = (weekly["moved_share"] >= share - ROUNDING) & ~(silent >= weekly["first_date"] + WEEK)
    aside = set(taken.loc[ours, "number"]) | set(leavers.loc[leavers["cause"] != "replaced", "number"])
    return weekly[complete].groupby("number")["week"].min(), aside - rival


def judge_case(case: Case, found: pd.DataFrame) -> Part:
    """Compare a method's scores, and what the drop rule says, with the planted losses."""
    lost, aside = losses(case)
    weekly = case.tables["weekly"]
    there = set(weekly.loc[(weekly["week"] == 0) & (weekly["state"] != "new"), "number"])
    seconds = set(case.tables["second_numbers"]["second_number"])
    numbers = sorted(there - aside - seconds)
    table = pd.MultiIndex.from_product([WEEKS, numbers], names=["week", "number"]).to_frame(index=False)
    due = table["number"].map(lost)
    table = table[due.isna() | (due >= table["week"])]
    due = due[table.index]
    scores = found.drop_duplicates(["week", "number"]).set_index(["week", "number"])["score"]
    at = pd.MultiIndex.from_frame(table[["week", "number"]])
    dropped = every_week(drop_rule, case.world).set_index(["week", "number"])["score"] > 0
    table = table.assign(
        score=scores.reindex(at).fillna(0.0).to_numpy(dtype=float),
        wanted=(due < table["week"] + AHEAD).to_numpy(),
        dropped=dropped.reindex(at).fillna(False).to_numpy(dtype=bool),
    )
    table["listed"] = _listed(table)
    leads = _leads(found, lost, set(numbers), table)
    due = lost.reindex(leads.index)
    warned = due - leads
    begin = case.world.events["start"].min().normalize()
    told = begin + pd.to_timedelta(7 * (warned + 1), unit="D")
    shown = pd.to_datetime(first_low_bill(case.world).reindex(leads.index))
    first_moved, half_gone = (
        weekly[weekly["moved_share"] >= share].groupby("number")["week"].min().reindex(leads.index)
        for share in (ROUNDING, LOST_SHARE - ROUNDING)
    )
    made = {
        "lead": leads,
        "bill_lead": (shown - told) / WEEK,
        "early": warned < half_gone,
        "possible_early": first_moved < half_gone,
        "possible_lead": (due - first_moved).clip(upper=BEFORE),
    }
    return Part(table, pd.DataFrame(made).astype(float))


def first_low_bill(world: World) -> "pd.Series[Any]":
    """End of the first month with minutes `LEAST_DROP` below the mean of the three months before, by number."""
    if world.bills is None:
        return pd.Series(dtype="datetime64[ns]")
    minutes = world.bills.pivot_table(index="number", columns="month", values="mou").sort_index(axis=1)
    usual = minutes.T.rolling(BILL_MONTHS).mean().shift(1).T
    low = minutes <= (1 - LEAST_DROP) * usual
    first = low.columns.to_numpy()[low.to_numpy().argmax(axis=1)]
    ends = pd.Series(pd.to_datetime(first), index=low.index) + pd.offsets.MonthBegin(1)
    return ends.where(low.any(axis=1)).dropna()


def _listed(table: pd.DataFrame) -> "pd.Series[bool]":
    """Mark the best of each week; equal scores fall in an order that has nothing to do with the numbers."""
    dice = np.random.default_rng(0).random(len(table))
    order = table.assign(dice=dice).sort_values(["week", "score", "dice"], ascending=[True, False, True])
    place = order.groupby("week").cumcount()
    size = order.groupby("week")["number"].transform("size")
    marked: pd.Series[bool] = (place < np.ceil(LIST_SHARE * size)) & (order["score"] > 0)
    return marked.reindex(table.index)


def _leads(
    found: pd.DataFrame, lost: "pd.Series[Any]", numbers: set[str], table: pd.DataFrame
) -> "pd.Series[float]":
    """Weeks from the first warning to the loss, for losses in a judged week."""
    due = lost[lost.isin(WEEKS) & lost.index.isin(numbers)]
    # Whoever is lost stays on the desk's screen for some weeks: late warnings count, as late ones.
    least = table[table["listed"]].groupby("week")["score"].min()
    high = found[found["score"] >= found["week"].map(least).fillna(np.inf)]
    high = high[high["number"].isin(due.index)]
    lead = high["number"].map(due).astype(float) - high["week"]
    near = high.assign(lead=lead)[(lead <= BEFORE) & (lead >= -LATE)]
    listed = table[table["listed"]].assign(on_list=True)
    near = near.merge(listed[["week", "number", "on_list"]], on=["week", "number"], how="left")
    # Before the loss only a place on the list counts; after it the list's least score.
    near = near[near["on_list"].eq(True) | (near["lead"] < 0)]
    first = near.groupby("number")["lead"].max()
    made: pd.Series[float] = first.reindex(due.index).astype(float)
    return made


def measure(
    parts: Sequence[Part],
    *,
    is_probability: bool = False,  # noqa: ARG001
    resamples: int = 0,  # noqa: ARG001
) -> dict[str, Any]:
    """Figures of a method over several cases."""
    rows = pd.concat([part.rows.assign(case=index) for index, part in enumerate(parts)], ignore_index=True)
    lost = pd.concat([part.lost for part in parts], ignore_index=True)
    score, wanted = rows["score"].to_numpy(), rows["wanted"].to_numpy(dtype=float)
    base = float(wanted.mean())
    listed = rows["listed"].to_numpy(dtype=bool)
    precision = float(wanted[listed].mean()) if listed.any() else 0.0
    dropped = rows["dropped"].to_numpy(dtype=bool)
    rule = float(wanted[dropped].mean()) if dropped.any() else float("nan")
    return {
        "wanted": int(wanted.sum()),
        "rows": len(rows),
        "base_rate": base,
        "pr_auc": metrics.pr_auc(score, wanted, wanted.sum()),
        "precision_at_list": precision,
        "lift": precision / base if base else None,
        "rule_precision": rule,
        "lift_over_rule": precision / rule if rule > 0 else None,
        "lost": len(lost),
        "warned_in_time": _or_none((lost["lead"] >= 0).mean()),
        "warned_early": _or_none(lost["early"].mean()),
        "possible_early": _or_none(lost["possible_early"].mean()),
        "lead_weeks": _or_none(lost["lead"].median()),
        "mean_lead_weeks": _or_none(lost["lead"].mean()),
        "possible_lead_weeks": _or_none(lost["possible_lead"].median()),
        "bill_lead_weeks": _or_none(lost["bill_lead"].median()),
    }


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


COLUMNS = {
    "PR-AUC": "pr_auc",
    "precision at list": "precision_at_list",
    "lift": "lift",
    "lift over 30 % drop": "lift_over_rule",
    "lost": "lost",
    "warned in time": "warned_in_time",
    "warned early": "warned_early",
    "possible": "possible_early",
    "lead, weeks": "lead_weeks",
    "possible lead": "possible_lead_weeks",
    "mean lead": "mean_lead_weeks",
    "lead over the bill": "bill_lead_weeks",
}
