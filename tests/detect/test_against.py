"""Calls at the same time, the call that tries a new card, and cells far apart, from CDRs to the reason."""

import numpy as np
import pandas as pd
import planted
import pytest

import circlegraph as cg

CALLS = planted.calls()
WITH_SECOND = CALLS[(CALLS.caller == planted.SECOND) | (CALLS.callee == planted.SECOND)]
FIRST = WITH_SECOND.start.min()
PEERS = sorted(set(CALLS.caller) - {planted.MOVER, planted.SECOND})


def also(*calls: tuple[str, str, pd.Timestamp, int]) -> pd.DataFrame:
    """The town's calls and some more."""
    more = pd.DataFrame(calls, columns=["caller", "callee", "start", "duration"]).assign(kind="call")
    return pd.concat([CALLS, more], ignore_index=True)


def judged(calls: pd.DataFrame, at: str = planted.AT) -> tuple[pd.Series, pd.DataFrame]:
    """The row of the planted pair, and value and weight of its evidence."""
    found = cg.detect.dual_sim(calls, at)
    pair = (found.pairs.number == planted.MOVER) & (found.pairs.second_number == planted.SECOND)
    rows = found.explain(planted.MOVER).weights
    return found.pairs[pair].iloc[0], rows.set_index("evidence")


@pytest.mark.parametrize("at", [planted.AT, "auto"])
def test_two_calls_at_a_time_are_two_people(at: str) -> None:
    long = WITH_SECOND[WITH_SECOND.duration >= 100].head(3)
    busy = [(planted.MOVER, PEERS[0], start + pd.Timedelta(seconds=20), 400) for start in long.start]
    alone, before = judged(CALLS, at)
    row, weights = judged(also(*busy), at)
    assert (alone.calls_at_once, row.calls_at_once) == (0, 3)
    assert weights.weight["never in calls at once"] < -1 < before.weight["never in calls at once"]
    assert row.match_weight < alone.match_weight - 2
    assert "3 of their calls ran at the same time" in row.reason
    assert "same time" not in alone.reason


def test_without_durations_nobody_knows_who_talks() -> None:
    row, weights = judged(CALLS.drop(columns="duration"))
    assert pd.isna(row.calls_at_once)
    assert "never in calls at once" not in weights.index


def test_one_call_on_the_first_day_tries_the_card() -> None:
    trial = (planted.MOVER, planted.SECOND, FIRST.normalize() + pd.Timedelta(minutes=1), 4)
    row, weights = judged(also(trial))
    assert row.calls_between == 1
    assert "he tried it with a call on its first day" in row.reason
    assert weights.value["tried on its first day"] == 1
    later = (*trial[:2], trial[2] + pd.Timedelta(days=9), 4)
    row, weights = judged(also(trial, later))
    assert "2 calls and texts between the two" in row.reason
    assert weights.value["tried on its first day"] == 0
    many = [(*trial[:2], trial[2] + pd.Timedelta(hours=hour), 60) for hour in range(3)]
    assert "3 calls and texts between the two" in judged(also(*many))[0].reason


def test_the_more_it_was_used_before_the_split_the_less_it_is_new() -> None:
    split = pd.Timestamp(planted.AT)
    later = WITH_SECOND[WITH_SECOND.start >= split].start.dt.normalize().nunique()
    weights = []
    for days in (0, 1, 12, 20):  # of 42 before and as many after
        earlier = [(planted.SECOND, "19900001234", split - pd.Timedelta(days=i + 1), 60) for i in range(days)]
        row, evidence = judged(also(*earlier))
        assert evidence.value["newness"] == pytest.approx(later / (later + days), abs=1e-3)
        assert ("known before" in row.reason) == (days > 0)
        weights.append(evidence.weight["newness"])
    assert weights[0] == 0
    assert weights == sorted(weights, reverse=True)
    assert weights[1] > weights[3] + 5


def test_far_apart_within_an_hour() -> None:
    """Everybody lives in one of two towns; the second number is heard in that of its owner, or in the other one."""
    numbers = sorted(set(CALLS.caller) | set(CALLS.callee))
    rng = np.random.default_rng(0)

    def heard(second: int) -> pd.DataFrame:
        town = {number: i % 2 for i, number in enumerate(numbers)}
        town[planted.SECOND] = town[planted.MOVER] ^ second
        cells = {"kind": "call"}
        for end in ("caller", "callee"):
            place = CALLS[end].map(town) * 3 + rng.integers(0, 3, len(CALLS))
            cells[f"{end}_cell"] = "460-" + place.astype(str)
        # Two hours a day, so that both are heard in many; and two cells of a town within one hour.
        once = CALLS.assign(start=CALLS.start.dt.floor("12h"), **cells)
        moved = once.assign(start=once.start + pd.Timedelta(minutes=9))
        for end in ("caller_cell", "callee_cell"):
            place = once[end].str[-1].astype(int)
            moved[end] = "460-" + (place // 3 * 3 + (place + 1) % 3).astype(str)
        return pd.concat([once, moved], ignore_index=True)

    near, weights = judged(heard(0))
    away, _ = judged(heard(1))
    assert near.distant_hours == 0
    assert weights.weight["never far apart"] > 0
    assert away.distant_hours > 3
    assert away.match_weight < near.match_weight - 2
    assert f"in {away.distant_hours} hours they were heard far apart" in away.reason
    assert pd.isna(judged(CALLS)[0].distant_hours)
