"""Waterfall, reliability, precision and recall, data quality: figures worked by hand."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

import circlegraph as cg
from circlegraph.errors import InputError
from circlegraph.views import precision_recall_chart, quality_chart, reliability_chart, waterfall_chart


def weights(**more):
    rows = {
        "prior": (None, -6.0),
        "overlap": (0.8, 5.0),
        "same_document": (True, 3.0),
        "calls_between": (4, -1.0),
    }
    frame = pd.DataFrame([(name, *pair) for name, pair in (rows | more).items()])
    return frame.set_axis(["evidence", "value", "weight"], axis=1)


def test_waterfall_ends_at_the_probability_of_the_weights():
    records = waterfall_chart(weights(cells=(None, 0.0))).records
    assert records.weight.iloc[:-1].sum() == records.end.iloc[-1] == 1.0
    assert records.probability.iloc[-1] == pytest.approx(2 / 3)
    assert records.evidence.tolist() == ["prior", "overlap", "same_document", "calls_between", "in all"]
    assert np.array_equal(records.start.iloc[1:-1], records.end.iloc[:-2])


def test_waterfall_takes_the_rows_of_one_pair_only():
    with pytest.raises(InputError, match="2 values of number"):
        waterfall_chart(weights().assign(number=["1", "1", "2", "2"]))
    with pytest.raises(InputError, match="lack the column 'weight'"):
        waterfall_chart(weights().drop(columns="weight"))


def test_reliability_of_known_outcomes():
    p = np.repeat([0.2, 0.8], 100)
    right = np.concatenate([np.arange(100) < 20, np.arange(100) < 60])
    records = reliability_chart(p, right).records
    assert records["observed"].tolist() == [0.2, 0.6]
    assert records["count"].tolist() == [100, 100]
    assert ((records.least < records.observed) & (records.observed < records.most)).all()
    assert (
        reliability_chart(p, right).title
        == "Predicted and observed differ by 10.0 points on average, 20.0 at most"
    )


@pytest.mark.parametrize("bad", [([0.5], [1, 0]), ([], []), ([1.5], [1]), ([np.nan], [1])])
def test_reliability_refuses(bad):
    with pytest.raises(InputError):
        reliability_chart(*bad)


def test_precision_and_recall_with_ties_and_what_nobody_lists():
    chart = precision_recall_chart({"a": ([0.9, 0.5, 0.5], [1, 0, 1]), "b": ([0.1], [0])}, wanted=4)
    a = chart.records[chart.records.method == "a"]
    assert a.precision.tolist() == [1.0, 2 / 3]
    assert a.recall.tolist() == [0.25, 0.5]
    assert a.reached.iloc[0] == 0.25
    assert chart.title == "a: 25% recall at 95% precision"


def test_a_long_curve_is_thinned_in_the_picture_only():
    scores = np.linspace(1, 0, 5000)
    chart = precision_recall_chart({"long": (scores, scores > 0.5)})
    assert len(chart.records) == 5000
    assert max(len(rows) for rows in chart.spec["datasets"].values()) <= 400


def test_quality_of_files_is_the_inspection(tmp_path):
    rows = [
        "caller,callee,start,duration",
        "138,139,2024-05-01 08:00:00,5",
        "138,139,2024-05-01 08:00:00,5",
        "138,,x,1",
    ]
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("\n".join(rows) + "\n")
    found = cg.inspect_cdr(cg.open_cdr(tmp_path))
    chart = quality_chart(found)
    total = chart.records[chart.records.file == "all"].groupby("outcome").rows.sum()
    assert Counter(total.to_dict()) == Counter(
        accepted=found.total.accepted,
        duplicates=found.total.duplicates.total(),
        rejected=found.total.rejected.total(),
    )
    assert total.sum() == found.total.read == 6
    assert chart.records.events.dropna().tolist() == [1]
    assert chart.png()[:4] == b"\x89PNG"


def test_quality_of_files_shows_days_without_records_but_no_stray_ones():
    day = pd.to_datetime(["2024-05-01"] * 600 + ["2024-05-04"] * 600 + ["1970-01-01"])
    calls = pd.DataFrame({"caller": "138", "callee": "139", "start": day, "duration": 5})
    calls["start"] += pd.to_timedelta([60 * i for i in range(600)] * 2 + [0], unit="s")
    chart = quality_chart(cg.inspect_cdr(cg.open_cdr(calls)))
    days = chart.records.dropna(subset="day")
    assert days.day.dt.strftime("%m-%d").tolist() == ["05-01", "05-02", "05-03", "05-04"]
    assert days.events.tolist() == [600, 0, 0, 600]
    assert days.missing.tolist() == [False, True, True, False]
    assert "orange: 2 of 4 days without any; 1 events on days far off" in str(chart.spec)


def test_quality_of_a_store_names_missing_days(tmp_path):
    starts = pd.to_datetime(["2024-05-01 08:00", "2024-05-01 09:00", "2024-05-04 08:00"])
    calls = pd.DataFrame({"caller": "138", "callee": "139", "start": starts, "duration": 5})
    store = cg.Store.create(tmp_path / "store")
    store.append(calls)
    chart = quality_chart(store)
    assert chart.title == "2 days, 2 missing between"
    assert chart.records.events.tolist() == [2, 0, 0, 1]
    assert chart.records.missing.tolist() == [False, True, True, False]
    with pytest.raises(InputError, match="no day yet"):
        quality_chart(cg.Store.create(tmp_path / "empty"))
