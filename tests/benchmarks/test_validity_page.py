"""The validity page: curves worked by hand, table, page."""

import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import __main__ as command
from benchmarks.validity import curves, suite
from circlegraph.synth.validity import Traffic, circle_size, mutual_degree, reciprocity

DAY = 86_400


def traffic(rows: list[tuple[int, int, int]]) -> Traffic:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Traffic(table[:, 0], table[:, 1], table[:, 2])


@given(st.lists(st.integers(1, 12), min_size=1, max_size=40))
def test_at_least_as_the_slow_twin(values: list[int]) -> None:
    slow = [(float(x), sum(value >= x for value in values) / len(values)) for x in sorted(set(values))]
    found = curves.at_least(np.array(values))
    assert [x for x, _ in found] == [x for x, _ in slow]
    assert [share for _, share in found] == pytest.approx([share for _, share in slow])


EVENTS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 27 * DAY)).filter(
        lambda row: row[0] != row[1]
    ),
    min_size=1,
    max_size=80,
)


@given(EVENTS)
def test_degrees_and_strengths_as_slow_twins(rows: list[tuple[int, int, int]]) -> None:
    world = traffic(rows)
    ties = Counter(frozenset(row[:2]) for row in rows)
    degree = Counter(person for tie in ties for person in tie)
    for found, values in ((curves.degrees(world), degree.values()), (curves.strengths(world), ties.values())):
        assert dict(found) == pytest.approx(
            {float(x): sum(value >= x for value in values) / len(values) for x in set(values)}
        )


@given(EVENTS)
def test_mutual_ties_and_circles_as_slow_twins(rows: list[tuple[int, int, int]]) -> None:
    world = traffic(rows)
    ties: dict[frozenset[int], list[tuple[int, int]]] = {}
    for caller, callee, time in rows:
        ties.setdefault(frozenset((caller, callee)), []).append((caller, time // DAY))
    mutual = [tie for tie, events in ties.items() if len({caller for caller, _ in events}) == 2]
    people = {person for tie in mutual for person in tie}
    assert mutual_degree(world) == pytest.approx(2 * len(mutual) / max(1, len(people)))
    busy = [tie for tie, events in ties.items() if len(events) >= 2]
    assert reciprocity(world) == pytest.approx(len(mutual) / max(1, len(busy)))
    steady = [tie for tie, events in ties.items() if len({day for _, day in events}) >= 2]
    people = {person for tie in steady for person in tie}
    assert circle_size(world) == pytest.approx(2 * len(steady) / max(1, len(people)))


def test_ranks_by_hand() -> None:
    # 1 has five contacts and 5 + 4 + 3 + 2 + 1 events; the others have one contact each.
    rows = [(1, 10 + peer, place) for peer in range(5) for place in range(5 - peer)]
    assert curves.ranks(traffic(rows)) == [(rank + 1.0, pytest.approx((5 - rank) / 15)) for rank in range(5)]
    assert curves.ranks(traffic(rows[:5])) == []


def test_gaps_by_hand() -> None:
    rows = [(1, 2, 100 * step) for step in range(10)] + [(3, 4, 7)]
    assert curves.gaps(traffic(rows)) == [(1.0, 1.0)]
    assert curves.gaps(traffic(rows[:9])) == []


def test_hours_and_weekdays_by_hand() -> None:
    rows = [(1, 2, 10 * 3600), (1, 2, 10 * 3600 + 1), (2, 1, 2 * DAY + 23 * 3600), (1, 2, 8 * DAY)]
    by_hour = dict(curves.hours(traffic(rows)))
    assert by_hour[10.5 / 24] == 1
    assert by_hour[23.5 / 24] == by_hour[0.5 / 24] == 0.5
    # The second week is not whole and is left out.
    by_day = curves.weekdays(traffic(rows))
    assert [round(7 * x - 0.5) for x, _ in by_day] == list(range(7))
    assert [share for _, share in by_day] == [1, 0, 0.5, 0, 0, 0, 0]


def test_persistence_by_hand() -> None:
    rows = [(1, 2, 0), (1, 3, DAY), (1, 2, 15 * DAY), (1, 4, 28 * DAY - 1)]
    rows += [(1, 2, 21 * DAY + 5), (9, 8, 34 * DAY + 5)]
    found = curves.persistence(traffic(rows))
    # Lag of two weeks, days 14 to 27: {2, 4} against {2, 3}; of three weeks, days 21 to 34: the same.
    assert found == [(2 / curves.WEEKS, pytest.approx(1 / 3)), (3 / curves.WEEKS, pytest.approx(1 / 3))]


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = str(tmp_path / "benchmarks.json")
    arguments = ["--only", "validity", "--presets", "easy,hard", "--subscribers", "120", "--json", place]
    monkeypatch.setattr("sys.argv", ["benchmarks", *arguments])
    assert command.main() == 0
    written = json.loads((tmp_path / "validity.json").read_text())["validity"]
    assert set(written["yardsticks"]["clustering"]["cities"]) == {"easy", "hard"}
    assert set(written["curves"][curves.CURVES[0].title]) >= {"easy", "hard"}
    page = (tmp_path / "validity.html").read_text()
    assert page.count("<svg") == len(curves.CURVES)
    assert "Onnela et al. 2007" in page
    assert "http" not in page


def test_what_is_outside_its_band_is_marked(tmp_path: Path) -> None:
    tables, content, drawn = suite.run(suite.Settings(presets=("easy",), subscribers=120, folder=tmp_path))
    assert not content["copenhagen"]
    assert any("not there" in note for note in tables[0].notes)
    for chart in drawn:
        ElementTree.fromstring(chart)
    item = content["yardsticks"]["clustering"]
    item["cities"] = {"easy": item["high"] * 2}
    row = next(row for row in suite.make_table(content).rows if row[0] == "clustering")
    assert row[3].endswith("(outside)")
