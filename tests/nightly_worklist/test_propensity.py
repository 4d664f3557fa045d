"""Churn propensity: calibrated where outcomes exist, null where not."""

import numpy as np
import pandas as pd
import pytest

from circlegraph.errors import InputError
from circlegraph.nightly.propensity import churn_propensity, fit_propensity


def world(n: int = 4000, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Labels, losses, and the true chance of each number."""
    rng = np.random.default_rng(seed)
    points = rng.choice([0.0, 3, 9, 14, 22], n, p=[0.5, 0.3, 0.1, 0.06, 0.04])
    second = rng.random(n) < 0.1
    chance = 1 / (1 + np.exp(4 - 0.12 * points - 1.5 * second))
    lost = rng.random(n) < chance
    labels = pd.DataFrame(
        {
            "number": [f"n{seed}_{i}" for i in range(n)],
            "date": pd.Timestamp("2024-03-01"),
            "dual_sim": np.where(second, "own+China Unicom", "none"),
            "dual_sim_probability": np.where(rng.random(n) < 0.5, np.nan, second * 0.9),
            "movement_points": points,
            "circle_size": rng.integers(0, 40, n),
            "is_key_person": rng.choice([True, False, None], n),
            "value_tier": rng.choice(["high", "mid", "low"], n),
        }
    )
    dates = pd.Timestamp("2024-03-02") + pd.to_timedelta(rng.integers(0, 50, n), unit="D")
    return labels, pd.DataFrame({"number": labels["number"], "lost": dates})[lost], chance


UNTIL = "2024-06-01"


def test_calibrated_on_numbers_it_has_not_seen() -> None:
    past, losses, _ = world(8000)
    fresh, _, chance = world(4000, seed=1)
    found = fit_propensity(past, losses, until=UNTIL)
    assert found is not None
    told = found.of(fresh).to_numpy()
    assert np.corrcoef(told, chance)[0, 1] > 0.85
    for part in np.array_split(np.argsort(told), 4):
        assert told[part].mean() == pytest.approx(chance[part].mean(), abs=0.02)
    assert found.facts["brier"] < found.facts["brier_of_the_mean"]
    assert found.facts["auc"] > 0.65
    assert found.table["feature"][0] in ("movement_points", "dual_sim = own+China Unicom", "dual_sim = none")


def test_null_without_outcomes() -> None:
    past, losses, _ = world(500)
    for told in (None, losses[:0], losses[:10]):
        assert churn_propensity(past, past, told, until=UNTIL).isna().all()
    assert churn_propensity(past).isna().all()
    assert fit_propensity(past, losses.assign(lost=None)) is None


def test_what_cannot_be_judged_yet_is_left_out() -> None:
    past, losses, _ = world()
    early = fit_propensity(past, losses, until=UNTIL)
    assert early is not None
    late = past.assign(date=pd.Timestamp("2024-05-20"), number=past["number"] + "x")
    both = fit_propensity(pd.concat([past, late]), losses, until=UNTIL)
    assert both is not None
    assert both.facts["rows"] == early.facts["rows"]


def test_labels_may_lack_columns_and_hold_new_words() -> None:
    past, losses, _ = world()
    found = fit_propensity(past, losses, until=UNTIL)
    assert found is not None
    odd = past[["number", "movement_points"]].assign(value_tier="platinum")
    assert found.of(odd).between(0, 1).all()
    assert len(found.of(past[:0])) == 0
    assert found.of(past).index.equals(past.index)


def test_errors() -> None:
    past, losses, _ = world(200)
    with pytest.raises(InputError, match="outcomes has no column 'lost'"):
        fit_propensity(past, losses.rename(columns={"lost": "when"}))
