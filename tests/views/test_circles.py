"""Records of the charts of circles against the tables that they are made of."""

import numpy as np
import pandas as pd
import pytest

from circlegraph.errors import InputError
from circlegraph.views import balance_chart, circle_chart, timeline_chart, weekly_contacts


def crowd(peers=60):
    """Table of a circle of many steady peers, half of them taken over."""
    rows = []
    for i in range(peers):
        moved = i % 2
        rows.append(("13800000001", f"139{i:08d}", 1.0 + i, (1.0 + i) * (1 - moved), True))
        rows.append(("18600000002", f"139{i:08d}", 0.0, (1.0 + i) * moved, False))
    return pd.DataFrame(rows, columns=["number", "peer", "before_index", "after_index", "stable"])


def test_records_are_the_stable_own_peers_and_their_indices(circles, mover):
    records = circle_chart(circles, mover.number, mover.second).records.set_index("peer")
    table = circles.to_pandas()
    ids = circles.numbers.ids_of(table.peer.tolist())
    steady = table[(table.number == mover.number) & table.stable & circles.numbers.own[ids]].set_index("peer")
    assert set(records.index) == set(steady.index)
    assert np.array_equal(records.before_index, steady.before_index.reindex(records.index))
    assert np.array_equal(records.after_index, steady.after_index.reindex(records.index))
    second = table[table.number == mover.second].set_index("peer").after_index
    assert np.array_equal(records.second_index, second.reindex(records.index).fillna(0.0))
    assert (records.second_index > 0).any()


def test_a_frame_does_as_well_as_the_object(circles, mover):
    table = circles.to_pandas()
    own = circles.numbers.own[circles.numbers.ids_of(table.peer.tolist())]
    found = circle_chart(table[own], mover.number, mover.second)
    assert found.title == circle_chart(circles, mover.number, mover.second).title


def test_balance_says_what_persistence_says(circles, mover):
    at = circles.numbers.id_of(mover.number)
    alone = circles.persistence()[at - circles.rows.low]
    assert f"balance {alone:.2f} alone" in balance_chart(circles, mover.number, mover.second).title


def test_gain_of_a_whole_move_is_told():
    chart = balance_chart(crowd(), "13800000001", "18600000002")
    assert "alone, 1 with" in chart.title


def data(chart):
    return list(chart.spec["datasets"].values())


@pytest.mark.parametrize("draw", [circle_chart, balance_chart])
def test_sixty_peers_are_shown_as_the_largest_and_the_rest(draw):
    chart = draw(crowd(), "13800000001", "18600000002", shown=10)
    assert len(chart.records) == 60
    labels = {row["label"] for rows in data(chart) for row in rows if "before_index" in row}
    assert len(labels) == 11
    assert "and 50 more" in labels
    rest = next(row for rows in data(chart) for row in rows if row.get("label") == "and 50 more")
    assert rest["before_index"] == sum(1.0 + i for i in range(50))


def test_names_round_the_ring_keep_apart():
    rows = [row for rows in data(circle_chart(crowd(24), "13800000001", "18600000002")) for row in rows]
    placed = {(row["label_x"], row["label_y"]) for row in rows if "label_x" in row}
    at = np.array(sorted(placed))
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) + 9 * np.eye(len(at))
    # 430 pixels show 3.24 units; a line of text is 11 pixels high.
    assert apart.min() * 430 / 3.24 > 12


def test_without_a_second_number(circles, mover):
    chart = circle_chart(circles, mover.number)
    assert chart.records.second_index.isna().all()
    assert chart.png()[:4] == b"\x89PNG"


def test_somebody_without_a_circle(circles):
    with pytest.raises(InputError, match="no stable peers"):
        circle_chart(crowd().assign(stable=False), "13800000001")


def test_weeks_add_up_to_the_records(demo, mover):
    weekly = weekly_contacts(demo.cdrs, [mover.number, mover.second], network=demo.network)
    cdrs = demo.cdrs[demo.cdrs.kind != "forward"]
    for number in (mover.number, mover.second):
        events = cdrs[(cdrs.caller == number) | (cdrs.callee == number)]
        mine = weekly[weekly.number == number]
        assert mine.calls.sum() + mine.texts.sum() == len(events)
        assert mine.minutes.sum() == pytest.approx(events[events.kind == "call"].duration.sum() / 60)
        mondays = events.start.dt.normalize() - pd.to_timedelta(events.start.dt.day_of_week, unit="D")
        assert set(mine.week) == set(mondays)
    assert (weekly.week.dt.day_of_week == 0).all()


def test_timeline_shows_every_contact(demo, mover):
    weekly = weekly_contacts(demo.cdrs, [mover.number, mover.second], network=demo.network)
    chart = timeline_chart(weekly, mover.number, mover.second, at=demo.at, shown=5)
    drawn = [row for rows in data(chart) for row in rows if "row" in row]
    assert sum(row["contacts"] for row in drawn) == chart.records.contacts.sum()
    assert len({row["label"] for row in drawn}) == 6
    assert chart.png()[:4] == b"\x89PNG"


def test_timeline_of_nobody(demo, mover):
    weekly = weekly_contacts(demo.cdrs, [mover.number], network=demo.network)
    with pytest.raises(InputError, match="no contacts in these weeks"):
        timeline_chart(weekly, "1")
    with pytest.raises(InputError, match="none of these numbers"):
        weekly_contacts(demo.cdrs, ["19900000000"], network=demo.network)
