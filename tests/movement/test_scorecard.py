"""Fitted points: what is planted is found, and what is unknown or absent tells nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from circlegraph.detect.weekly_movement.points import FIGURES, Points
from circlegraph.detect.weekly_movement.scorecard import INDICATORS, fit_scorecard
from circlegraph.errors import InputError, SettingsError

WEEK = pd.Timestamp("2024-05-05")


def planted(n: int = 4000, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A second number multiplies the odds of a loss by 16, a silent week by 4, a small bill by nothing."""
    rng = np.random.default_rng(seed)
    flags = {name: rng.random(n) < 0.2 for name in ("second_number", "silent_week", "arpu_drop")}
    log_odds = -4 + np.log(16) * flags["second_number"] + np.log(4) * flags["silent_week"]
    lost = rng.random(n) < 1 / (1 + np.exp(-log_odds))
    number = [f"n{i}" for i in range(n)]
    weeks = pd.DataFrame({"number": number, "week": WEEK, **dict.fromkeys(FIGURES, np.nan)})
    for name, flag in flags.items():
        weeks[name] = flag.astype(float)
    weeks["fired"] = [",".join(name for name, flag in flags.items() if flag[i]) for i in range(n)]
    dates = WEEK + pd.to_timedelta(rng.integers(1, 50, n), unit="D")
    losses = pd.DataFrame({"number": number, "lost": dates})[lost]
    return weeks, losses


UNTIL = "2024-09-01"


def test_planted_odds_are_found() -> None:
    weeks, losses = planted()
    card = fit_scorecard(weeks, losses, until=UNTIL, double=2)
    found = card.table.set_index("indicator")["points"]
    assert found["second_number"] == 8  # 16 = 2 ** 4, two points each
    assert found["silent_week"] == 4
    assert found["arpu_drop"] <= 1
    assert found.drop(["second_number", "silent_week", "arpu_drop"]).eq(0).all()
    assert card.points.second_number == 8
    assert card.rows == 4000


def test_sum_of_points_is_kept_by_default() -> None:
    weeks, losses = planted()
    card = fit_scorecard(weeks, losses, until=UNTIL)
    assert card.points.possible == pytest.approx(Points().possible, abs=2)
    assert (card.points.high, card.points.drop) == (Points().high, Points().drop)


def test_unknown_is_not_zero() -> None:
    """Where half of the second numbers are unknown, the points stay what they were."""
    weeks, losses = planted(8000)
    hidden = np.arange(len(weeks)) % 2 == 0
    weeks.loc[hidden, "second_number"] = np.nan
    weeks.loc[hidden, "fired"] = weeks.loc[hidden, "fired"].str.replace("second_number", "")
    card = fit_scorecard(weeks, losses, until=UNTIL, double=2)
    row = card.table.set_index("indicator").loc["second_number"]
    assert row["points"] in (7, 8)
    assert row["known"] == 0.5


def test_rows_whose_horizon_is_not_over_are_left_out() -> None:
    weeks, losses = planted()
    late = weeks.assign(week=WEEK + pd.Timedelta(days=140))
    both = fit_scorecard(pd.concat([weeks, late]), losses, until=UNTIL)
    # Of the late rows nobody is lost any more, and most of them cannot be judged yet.
    assert both.rows == fit_scorecard(weeks, losses, until=UNTIL).rows
    gone = losses.assign(lost=WEEK)
    with pytest.raises(InputError, match="0 of"):
        fit_scorecard(weeks, gone, until=UNTIL)  # lost before the week: no row


def test_approaches_are_two_indicators() -> None:
    weeks, losses = planted()
    lost = weeks["number"].isin(losses["number"])
    often = np.where(lost, 2.0, 0.0)
    often[::7] = 1.0
    weeks["approaches"] = often
    weeks["fired"] = np.where(often >= 1, "approaches", "")
    points = fit_scorecard(weeks, losses, until=UNTIL).points
    assert points.approached_again > points.approached_once


def test_errors() -> None:
    weeks, losses = planted(500)
    with pytest.raises(InputError, match="needs at least 20"):
        fit_scorecard(weeks, losses[:5], until=UNTIL)
    with pytest.raises(SettingsError, match="horizon_weeks"):
        fit_scorecard(weeks, losses, horizon_weeks=0)
    with pytest.raises(InputError, match="losses has no column 'lost'"):
        fit_scorecard(weeks, losses.rename(columns={"lost": "date"}))
    with pytest.raises(InputError, match="no indicator fires"):
        fit_scorecard(planted()[0].assign(fired=""), planted()[1], until=UNTIL)


def test_table_is_written(tmp_path: Path) -> None:
    card: Any = fit_scorecard(*planted(), until=UNTIL)
    card.write(tmp_path / "card.csv")
    back = pd.read_csv(tmp_path / "card.csv")
    assert back["indicator"].tolist() == list(INDICATORS)
    assert "double the odds" in repr(card)
    assert "Scorecard" in card._repr_html_()
