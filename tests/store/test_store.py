"""The store: days appended in any order make the same files, and the sums are those of the events."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb
import made
import naive
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import DAY, Event

import circlegraph.store.day_files as day_files
from circlegraph.cdr.intake import REPEATED, SECOND_LEG
from circlegraph.circles.run import contact_circles
from circlegraph.contacts.pairs import DETAILS, MEASURES
from circlegraph.errors import InputError, SettingsError, StoreError
from circlegraph.graph.make import contact_graph
from circlegraph.numbers import encode
from circlegraph.resources import Resources
from circlegraph.store.store import EARLIER, Store
from circlegraph.store.token_files import read_tokens

FIRST = 19_723  # 2024-01-01
NAMES = made.town_names()
ROWS = made.town(11, days=12, events_a_day=60)
DATES = [str(np.datetime64(FIRST + i, "D")) for i in range(12)]
ONE = Resources(threads=1)


def table(rows: list[Event]) -> pd.DataFrame:
    return made.frame(rows, NAMES)


def of_day(day: int) -> list[Event]:
    return [e for e in ROWS if e.start // DAY == FIRST + day]


def state(store: Store) -> dict[str, str]:
    """File names of the stored days with the hash of what they hold."""
    files = [f for d in store.manifest.every_day.values() for f in d.files()]
    return {f.name: hashlib.sha256((store.path / f.name).read_bytes()).hexdigest() for f in files}


def new_store(path: Path) -> Store:
    return Store.create(path / f"store{len(list(path.iterdir()))}")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store.create(tmp_path_factory.mktemp("whole") / "store")
    report = store.append(table(ROWS), resources=ONE)
    assert (report.read, report.accepted) == (len(ROWS), len(ROWS))
    return store


class TestAppend:
    def test_the_days_of_the_data(self, whole: Store) -> None:
        assert whole.days == DATES
        whole.verify()
        assert "12, 2024-01-01 to 2024-01-12, 0 missing" in repr(whole)
        assert "Contact store" in whole._repr_html_()

    @pytest.mark.parametrize("order", ["forth", "back", "mixed"])
    def test_day_by_day_in_any_order_as_whole(self, order: str, whole: Store, tmp_path: Path) -> None:
        days = {
            "forth": range(12),
            "back": range(11, -1, -1),
            "mixed": np.random.default_rng(0).permutation(12),
        }[order]
        store = new_store(tmp_path)
        for day in days:
            rows = of_day(int(day))
            assert store.append(table(rows), resources=ONE).accepted == len(rows)
            store.verify()
        assert state(store) == state(whole)
        assert store.manifest.generation == 12
        at = "2024-01-08"
        assert contact_circles(store, at).to_arrow().equals(contact_circles(whole, at).to_arrow())

    @settings(max_examples=12)
    @given(st.integers(0, 10**6), st.integers(2, 5))
    def test_any_cut_of_the_rows_as_whole(self, seed: int, pieces: int) -> None:
        rng = np.random.default_rng(seed)
        rows = made.town(seed % 7, people=8, days=3, events_a_day=4)
        piece = rng.integers(0, pieces, len(rows))
        with tempfile.TemporaryDirectory() as folder:
            store, reference = new_store(Path(folder)), new_store(Path(folder))
            reference.append(table(rows), resources=ONE)
            for p in range(pieces):
                mine = [e for e, q in zip(rows, piece, strict=True) if q == p or rng.random() < 0.2]
                store.append(table(mine + mine[:1]), resources=ONE)
            assert state(store) == state(reference)

    def test_threads_and_spilling_change_nothing(
        self, whole: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("circlegraph.cdr.intake.partition_bits", lambda _rows: 3)
        monkeypatch.setattr(Resources, "event_room", property(lambda _self: 3000))
        for threads in (1, 2):
            store = new_store(tmp_path)
            store.append(table(ROWS[::-1]), resources=Resources(threads=threads))
            assert state(store) == state(whole)

    def test_the_same_file_twice(self, whole: Store, tmp_path: Path) -> None:
        store = new_store(tmp_path)
        store.append(table(ROWS), resources=ONE)
        report = store.append(table(ROWS), resources=ONE)
        assert (report.read, report.accepted) == (len(ROWS), 0)
        assert +report.duplicates == Counter({REPEATED: len(ROWS)})
        assert state(store) == state(whole)

    def test_late_rows_of_a_stored_day(self, whole: Store, tmp_path: Path) -> None:
        store = new_store(tmp_path)
        store.append(table(ROWS[::2]), resources=ONE)
        before = state(store)
        store.append(table(ROWS[1::2]), resources=ONE)
        assert state(store) == state(whole)
        assert all(".forwards." in name for name in set(before) & set(state(store)))

    def test_a_late_day_between(self, whole: Store, tmp_path: Path) -> None:
        store = new_store(tmp_path)
        store.append(table([e for e in ROWS if e.start // DAY != FIRST + 5]), resources=ONE)
        assert "1 missing" in repr(store)
        store.append(table(of_day(5)), resources=ONE)
        assert state(store) == state(whole)

    def test_odd_events(self, tmp_path: Path) -> None:
        for name, rows in made.zoo().items():
            rows = [e for e in naive.unique(rows) if e.caller != e.callee]
            rows = [e._replace(duration=min(e.duration, 604_800) if e.kind != 1 else 0, leg=0) for e in rows]
            rows = naive.unique(rows)
            if not rows:
                continue
            store = new_store(tmp_path)
            assert store.append(made.frame(rows), resources=ONE).accepted == len(rows), name
            store.verify()
            days = sorted({e.start // DAY for e in rows})
            assert store.days == [str(np.datetime64(day, "D")) for day in days], name
            graph = contact_graph(store)
            assert int(graph["seconds_out"].sum()) == sum(e.duration for e in rows if e.kind == 0), name
            assert graph.n_edges == 2 * len({frozenset(e[:2]) for e in rows if e.kind != 2}), name

    def test_reports_and_notes(self, tmp_path: Path) -> None:
        store = new_store(tmp_path)
        rows = of_day(0)
        report = store.append(table([*rows, rows[0], Event(3, 3, FIRST * DAY)]), resources=ONE)
        assert (report.read, report.accepted, report.duplicates.total()) == (len(rows) + 2, len(rows), 1)
        assert report.rejected == {"self call": 1}
        (note,) = store.manifest.appended
        assert (note["read"], note["accepted"], note["rejected"]) == (
            len(rows) + 2,
            len(rows),
            {"self call": 1},
        )

    def test_input_without_an_event_changes_no_day(self, whole: Store) -> None:
        before = state(whole)
        assert whole.append(table([Event(3, 3, FIRST * DAY)]), resources=ONE).accepted == 0
        assert state(whole) == before

    def test_input_that_cannot_be_used(self, whole: Store, tmp_path: Path) -> None:
        before = whole.manifest
        bad = tmp_path / "bad.csv"
        bad.write_text("colour,taste\nred,sweet\n")
        with pytest.raises(InputError):
            whole.append(bad)
        assert whole.manifest == before


class TestReplaceAndDrop:
    def test_replace_a_day(self, whole: Store, tmp_path: Path) -> None:
        store = new_store(tmp_path)
        wrong = [e._replace(duration=e.duration + 1) for e in of_day(4)]
        store.append(table([e for e in ROWS if e.start // DAY != FIRST + 4] + wrong), resources=ONE)
        assert state(store) != state(whole)
        report = store.replace_day(DATES[4], table(of_day(4)), resources=ONE)
        assert report.accepted == len(of_day(4))
        assert state(store) == state(whole)

    def test_a_day_is_replaced_by_its_own_events_only(self, whole: Store) -> None:
        before = whole.manifest
        with pytest.raises(InputError, match=r"\d+ rows are not of 2024-01-05"):
            whole.replace_day(DATES[4], table(of_day(4) + of_day(5)), resources=ONE)
        with pytest.raises(InputError, match="no usable event of 2024-01-05"):
            whole.replace_day(DATES[4], table([Event(3, 3, FIRST * DAY)]), resources=ONE)
        with pytest.raises(SettingsError, match="no date"):
            whole.replace_day("yesterday", table(of_day(4)))
        assert whole.manifest == before

    def test_drop_old_days(self, whole: Store, tmp_path: Path) -> None:
        store = new_store(tmp_path)
        store.append(table(ROWS), resources=ONE)
        assert store.drop_before("2024-01-01") == []
        assert store.manifest.generation == 1
        assert store.drop_before(DATES[5]) == DATES[:5]
        assert store.days == DATES[5:]
        assert state(store).items() <= state(whole).items()
        store.verify()
        store.append(table(ROWS), resources=ONE)
        assert state(store) == state(whole)
        assert store.drop_before("2030-01-01") == DATES
        with pytest.raises(InputError, match="no days"):
            contact_graph(store)

    def test_old_files_go_one_change_later(self, tmp_path: Path) -> None:
        store = new_store(tmp_path)
        store.append(table(of_day(0)), resources=ONE)
        first = set(state(store))
        store.drop_before("2025-01-01")
        there = {f"days/{path.name}" for path in (store.path / "days").iterdir()}
        assert there == first  # a reader of the state before may still want them
        store.append(table(of_day(1)), resources=ONE)
        there = {f"days/{path.name}" for path in (store.path / "days").iterdir()}
        assert there == set(state(store))


def two_legs(e: Event, delay: int = 2) -> tuple[str, str]:
    """Lines of both ends' records of a call."""
    lines = []
    for number, peer, way, start in (
        (NAMES[e.caller], NAMES[e.callee], "t", e.start),
        (NAMES[e.callee], NAMES[e.caller], "f", e.start + delay),
    ):
        lines.append(f"{number},{peer},{way},{np.datetime64(start, 's')},{e.duration // 60}")
    return lines[0], lines[1]


def legs_csv(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(["msisdn,msisdn_counterpart,outgoing,datetime,duration", *lines, ""]))
    return path


class TestTwoLegs:
    def test_legs_across_midnight_on_different_nights(self, tmp_path: Path) -> None:
        calls = [Event(1, 2, FIRST * DAY + 40_000 + 100 * i, 60) for i in range(20)]
        late = Event(1, 3, (FIRST + 1) * DAY - 1, 120)
        early = [e._replace(start=e.start + DAY) for e in calls]
        out, back = two_legs(late)
        first = legs_csv(tmp_path / "1.csv", [line for e in calls for line in two_legs(e)] + [out])
        second = legs_csv(tmp_path / "2.csv", [line for e in early for line in two_legs(e)] + [back])
        both, apart = new_store(tmp_path), new_store(tmp_path)
        assert both.append([first, second], resources=ONE).accepted == 41
        assert apart.append(first, resources=ONE).accepted == 21
        report = apart.append(second, resources=ONE)
        assert (report.read, report.accepted) == (41, 20)
        assert +report.duplicates == Counter({SECOND_LEG: 21})
        assert state(apart) == state(both)

        backwards = new_store(tmp_path)
        assert backwards.append(second, resources=ONE).accepted == 21
        assert backwards.append(first, resources=ONE).accepted == 20
        assert state(backwards) == state(both)

    def test_only_the_other_leg_of_a_stored_event_makes_no_day(self, tmp_path: Path) -> None:
        calls = [Event(1, 2, FIRST * DAY + 40_000 + 100 * i, 60) for i in range(20)]
        out, back = two_legs(Event(1, 3, (FIRST + 1) * DAY - 1, 120))
        store = new_store(tmp_path)
        store.append(
            legs_csv(tmp_path / "1.csv", [x for e in calls for x in two_legs(e)] + [out]), resources=ONE
        )
        assert store.append(legs_csv(tmp_path / "2.csv", [back]), resources=ONE).accepted == 0
        assert store.days == DATES[:1]

    def test_a_day_of_second_records_alone_keeps_them(self, tmp_path: Path) -> None:
        out, back = two_legs(Event(5, 10, (FIRST + 1) * DAY - 1, 120))
        other, _ = two_legs(Event(2, 4, FIRST * DAY + 40_000, 60))
        paths = [legs_csv(tmp_path / f"{i}.csv", [line]) for i, line in enumerate((back, out, other))]
        store, whole = new_store(tmp_path), new_store(tmp_path)
        store.append(paths[0], resources=ONE)
        store.append(paths[1], resources=ONE)
        whole.append(paths[:2], resources=ONE)
        assert state(store) == state(whole)
        assert store.days == DATES[:1]  # a day without an event is no day of the data
        assert list(store.manifest.eventless) == DATES[1:2]
        store.verify()
        report = store.replace_day(DATES[0], paths[2], resources=ONE)
        assert (report.accepted, report.notes[EARLIER]) == (1, 1)
        assert store.days == DATES[:2]
        whole.drop_before(DATES[1])
        assert list(whole.manifest.eventless) == DATES[1:2]
        tokens = read_tokens(whole.path, whole.manifest.tokens).tokens()
        assert set(tokens.text.to_pylist()) == {NAMES[5], NAMES[10]}  # what the row kept needs
        assert whole.drop_before(DATES[2]) == []
        assert state(whole) == {}

    def test_the_callers_leg_counts_whenever_it_comes(self, tmp_path: Path) -> None:
        out = legs_csv(tmp_path / "out.csv", [f"{NAMES[1]},{NAMES[2]},t,2024-01-01 10:00:00,1"])
        back = legs_csv(tmp_path / "back.csv", [f"{NAMES[2]},{NAMES[1]},f,2024-01-01 10:00:03,1.05"])
        states = []
        for first, second in ((out, back), (back, out)):
            store = new_store(tmp_path)
            assert store.append(first, resources=ONE).accepted == 1
            assert +store.append(second, resources=ONE).duplicates == Counter({SECOND_LEG: 1})
            assert +store.append([first, second], resources=ONE).duplicates == Counter({REPEATED: 2})
            assert int(contact_graph(store)["seconds_out"].sum()) == 60
            states.append(state(store))
        assert states[0] == states[1]

    def test_of_legs_on_two_days_the_earlier_counts(self, tmp_path: Path) -> None:
        """So that a new day leaves the one before it as it is; and CDRs are summed likewise."""
        calls = [Event(1, 2, FIRST * DAY + 40_000 + 100 * i, 60) for i in range(40)]
        lines = [line for e in calls for line in two_legs(e)]
        back = f"{NAMES[2]},{NAMES[3]},f,2024-01-01 23:59:58,2"
        out = f"{NAMES[3]},{NAMES[2]},t,2024-01-02 00:00:01,2"
        first = legs_csv(tmp_path / "1.csv", [*lines, back])
        second = legs_csv(
            tmp_path / "2.csv", [line.replace("2024-01-01", "2024-01-02") for line in lines] + [out]
        )
        store, at_once = new_store(tmp_path), new_store(tmp_path)
        store.append(first, resources=ONE)
        before = state(store)
        assert store.append(second, resources=ONE).accepted == 40
        assert before.items() <= state(store).items()
        at_once.append([second, first], resources=ONE)
        assert state(at_once) == state(store)
        days = {}
        for source in (store, [first, second]):
            graph = contact_graph(source, "2024-01-01", "2024-01-02").to_pandas()
            days[str(type(source))] = graph["calls_out"].sum()
        assert list(days.values()) == [41, 41]

    def test_a_day_is_replaced_with_its_legs_across_midnight(self, tmp_path: Path) -> None:
        calls = [Event(1, 2, FIRST * DAY + 40_000 + 100 * i, 60) for i in range(20)]
        late = two_legs(Event(1, 3, (FIRST + 1) * DAY - 1, 120))
        path = legs_csv(tmp_path / "1.csv", [line for e in calls for line in two_legs(e)] + [*late])
        store = new_store(tmp_path)
        report = store.replace_day(DATES[0], path, resources=ONE)
        assert (report.accepted, +report.duplicates) == (21, Counter({SECOND_LEG: 21}))
        with pytest.raises(InputError, match="1 rows are not of"):
            store.replace_day(DATES[0], legs_csv(path, [late[1], *two_legs(calls[0])]))

    @pytest.mark.parametrize("others", [False, True])
    def test_a_call_from_the_day_before_is_not_lost(self, others: bool, tmp_path: Path) -> None:
        """The caller's leg stands on a day that is not replaced and may lack it."""
        call, noon = Event(1, 3, (FIRST + 1) * DAY - 1, 120), Event(2, 4, FIRST * DAY + 40_000, 60)
        later = two_legs(noon._replace(start=noon.start + DAY))
        new = legs_csv(tmp_path / "new.csv", [*two_legs(call), later[0]])
        store = new_store(tmp_path)
        if others:
            store.append(legs_csv(tmp_path / "old.csv", [two_legs(noon)[0], later[0]]), resources=ONE)
        report = store.replace_day(DATES[1], new, resources=ONE)
        assert (report.accepted, +report.duplicates) == (2, Counter({SECOND_LEG: 1}))
        assert store.manifest.days[DATES[1]].events.rows == 2
        store.append(legs_csv(tmp_path / "out.csv", [two_legs(call)[0]]), resources=ONE)
        report = store.replace_day(DATES[1], new, resources=ONE)
        assert (report.accepted, +report.duplicates) == (1, Counter({SECOND_LEG: 2}))
        assert int(contact_graph(store)["calls_out"].sum()) == 2 + others

    def test_no_row_is_counted_twice_when_a_day_is_replaced(self, tmp_path: Path) -> None:
        call, noon = Event(1, 3, (FIRST + 1) * DAY - 1, 120), Event(2, 4, FIRST * DAY + 40_000, 60)
        lines = [two_legs(noon)[0], two_legs(noon._replace(start=noon.start + DAY))[0]]
        store = new_store(tmp_path)
        store.append(legs_csv(tmp_path / "old.csv", lines), resources=ONE)
        new = legs_csv(tmp_path / "new.csv", [*two_legs(call), lines[0]])
        for _ in range(2):
            report = store.replace_day(DATES[0], new, resources=ONE)
            assert (report.accepted, +report.duplicates) == (2, Counter({SECOND_LEG: 1}))
            assert min(report.duplicates.values()) == 0
            assert [day.events.rows for day in store.manifest.days.values()] == [2, 1]

    def test_an_event_set_free_on_the_next_day_is_counted_apart(self, tmp_path: Path) -> None:
        out, back = two_legs(Event(1, 3, (FIRST + 1) * DAY - 1, 120))
        store = new_store(tmp_path)
        store.append(legs_csv(tmp_path / "old.csv", [out, back]), resources=ONE)
        new = legs_csv(tmp_path / "new.csv", [*two_legs(Event(2, 4, FIRST * DAY + 40_000, 60))])
        report = store.replace_day(DATES[0], new, resources=ONE)
        assert (report.accepted, +report.duplicates) == (1, Counter({SECOND_LEG: 1}))
        assert report.notes == {EARLIER: 1}
        assert store.days == DATES[:2]

    def test_a_store_of_two_leg_days_as_the_cdrs(self, tmp_path: Path) -> None:
        """Close calls too: whatever the intake takes for one event, the store does."""
        calls = [
            e
            for e in made.town(4, people=5, days=6, events_a_day=200)
            if e.kind == 0 and e.start % DAY < DAY - 9
        ]
        calls = [e._replace(duration=e.duration // 60 * 60) for e in calls]
        rng = np.random.default_rng(1)
        lines = [(e, line) for e in calls for line in two_legs(e, int(rng.integers(0, 4)))]
        paths = [
            legs_csv(tmp_path / f"{d}.csv", [x for e, x in lines if e.start // DAY == FIRST + d])
            for d in range(6)
        ]
        store = new_store(tmp_path)
        for path in paths:
            store.append(path, resources=ONE)
        at = "2024-01-04"
        assert contact_circles(store, at).to_arrow().equals(contact_circles(paths, at).to_arrow())


def recorded_twice(rows: list[Event], seed: int = 0) -> list[Event]:
    """Rows and second records of them, up to five seconds apart."""
    rng = np.random.default_rng(seed)
    late, longer = rng.integers(-5, 6, (2, len(rows))).tolist()
    again = [
        e._replace(start=e.start + s, duration=max(0, e.duration + d) if e.duration else 0)
        for e, s, d in zip(rows, late, longer, strict=True)
    ]
    return list(dict.fromkeys(rows + again))


class TestTwins:
    """Rows that come twice, without a word of the end at which they were recorded."""

    CALLS = tuple(Event(1 + i % 3, 7, (FIRST + i // 3) * DAY + 5000 * (1 + i % 3), 60 + i) for i in range(36))
    TWICE = tuple(e._replace(start=e.start + s) for e in CALLS for s in (0, 1 + e.caller % 3))

    def appended(self, store: Store, *parts: Iterable[Event]) -> list[int]:
        """Events that came with each part, less those found to be second records."""
        reports = [store.append(table(list(part)), resources=ONE) for part in parts]
        return [report.accepted - report.notes[EARLIER] for report in reports]

    def days(self, rows: Iterable[Event]) -> list[list[Event]]:
        rows = list(rows)
        return [[e for e in rows if e.start // DAY == FIRST + day] for day in range(12)]

    @pytest.mark.parametrize("order", ["forth", "back", "file by file", "switch by switch"])
    def test_days_of_few_calls(self, order: str, tmp_path: Path) -> None:
        whole, store = new_store(tmp_path), new_store(tmp_path)
        assert self.appended(whole, self.TWICE) == [36]
        days = self.days(self.TWICE)
        first, second = self.days(self.TWICE[::2]), self.days(self.TWICE[1::2])
        parts = {
            "forth": days,
            "back": days[::-1],
            "file by file": [x for pair in zip(first, second, strict=True) for x in pair],
            "switch by switch": [self.TWICE[::2], self.TWICE[1::2]],
        }[order]
        assert sum(self.appended(store, *parts)) == 36
        assert state(store) == state(whole)
        assert store.manifest.twins == ["calls"]
        assert int(contact_graph(store)["calls_out"].sum()) == 36
        report = store.append(table(list(self.TWICE)), resources=ONE)
        assert +report.duplicates == Counter({REPEATED: 72})
        assert state(store) == state(whole)
        store.verify()

    def test_rows_found_to_be_second_ones_afterwards(self, tmp_path: Path) -> None:
        """Nine days tell nothing; the tenth makes them too few."""
        rows = [e for e in self.TWICE if e.caller == 1]
        store = new_store(tmp_path)
        days = self.days(rows)
        assert self.appended(store, *days[:4]) == [2, 2, 2, 2]
        assert store.manifest.twins == []
        report = store.append(table(days[4]), resources=ONE)
        assert (report.accepted, report.duplicates[SECOND_LEG]) == (0, 2)
        assert report.notes == {EARLIER: 3}
        assert sum(day.events.rows for day in store.manifest.days.values()) == 5

    def test_a_rule_that_no_longer_holds(self, tmp_path: Path) -> None:
        few = [e._replace(caller=9, start=e.start + s) for e in self.CALLS[:6] for s in (0, 4)]
        many = [Event(1 + i % 5, 8, FIRST * DAY + 300 * i, 60) for i in range(280)]
        store, whole = new_store(tmp_path), new_store(tmp_path)
        assert self.appended(store, few) == [6]
        report = store.append(table(many), resources=ONE)
        assert (report.accepted, report.notes[EARLIER]) == (280, 6)
        self.appended(whole, few + many)
        assert store.manifest.twins == []
        assert state(store) == state(whole)
        assert sum(day.events.rows for day in store.manifest.days.values()) == 292

    def test_a_feed_that_begins_to_record_twice(self, tmp_path: Path) -> None:
        """One day tells it, however many one-leg days were before."""
        once = [Event(1 + i % 5, 8, FIRST * DAY + 3000 * i, 60) for i in range(10 * 28)]
        night = [Event(1 + i % 5, 8, (FIRST + 10) * DAY + 3000 * i, 60) for i in range(28)]
        night += [e._replace(start=e.start + 1) for e in night]
        store, whole = new_store(tmp_path), new_store(tmp_path)
        assert self.appended(store, once, night[:28], night[28:]) == [280, 28, 0]
        assert self.appended(whole, night + once) == [308]
        assert state(store) == state(whole)
        assert store.manifest.twins == whole.manifest.twins == ["calls"]

    def test_what_was_found_outlives_the_days(self, tmp_path: Path) -> None:
        store = new_store(tmp_path)
        days = self.days(self.TWICE)
        self.appended(store, *days[:6])
        store.drop_before(DATES[6])
        assert self.appended(store, days[6]) == [3]

    def test_a_lost_second_record_is_found(self, tmp_path: Path) -> None:
        store = new_store(tmp_path)
        self.appended(store, self.TWICE)
        day = store.manifest.days[DATES[3]]
        assert day.second_legs is not None
        assert day.second_legs.rows == 3
        (store.path / day.second_legs.name).write_bytes(b"no longer")
        with pytest.raises(StoreError, match="has changed"):
            store.verify()
        assert int(contact_graph(store)["calls_out"].sum()) == 36  # they count for nothing

    @settings(max_examples=8)
    @given(st.integers(0, 10**6), st.integers(2, 4), st.booleans())
    def test_any_cut_of_the_rows_as_whole(self, seed: int, pieces: int, told: bool) -> None:
        """Close calls, calls across midnight, texts: what is held depends on the rows alone."""
        rng = np.random.default_rng(seed)
        rows = made.town(seed % 7, people=5, days=4, events_a_day=8)
        rows = [e._replace(start=FIRST * DAY + (e.start - FIRST * DAY) // 60) for e in rows] + [
            Event(1 + i % 3, 5, (FIRST + i // 9) * DAY + int(rng.integers(-9, 9)), 60 + i % 2)
            for i in range(20)
        ]
        rows = [e for e in rows if e.caller != e.callee] + list(self.CALLS[:12])
        twice = recorded_twice(rows, seed)
        frame = table(twice)
        if told:
            frame["leg"] = [("caller", "callee")[int(x)] for x in rng.integers(0, 2, len(frame))]
            frame = legs_frame(frame)
        piece = rng.integers(0, pieces, len(frame))
        with tempfile.TemporaryDirectory() as folder:
            store, whole = new_store(Path(folder)), new_store(Path(folder))
            whole.append(frame, resources=ONE)
            for p in range(pieces):
                mine = (piece == p) | (rng.random(len(frame)) < 0.2)
                if mine.any():
                    store.append(frame[mine].reset_index(drop=True), resources=ONE)
            assert state(store) == state(whole)
            assert (store.manifest.twins, store.manifest.evidence) == (
                whole.manifest.twins,
                whole.manifest.evidence,
            )
            assert len(contact_graph(store)) == len(contact_graph(frame))


def legs_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows as one end tells them: number, peer and direction."""
    out = (frame["leg"] == "caller").to_numpy()
    return pd.DataFrame(
        {
            "msisdn": np.where(out, frame["caller"], frame["callee"]),
            "msisdn_counterpart": np.where(out, frame["callee"], frame["caller"]),
            "outgoing": out,
            "datetime": frame["start"],
            "duration": frame["duration"] / 60,
            "event_type": frame["kind"].replace({"call": "calls", "forward": "calls"}),
        }
    )


class TestFiles:
    def test_duckdb_reads_the_contacts(self, whole: Store) -> None:
        found = duckdb.sql(f"SELECT * FROM '{whole.path}/days/*.contacts.*.parquet'").df()
        keys = dict(zip(encode(list(NAMES.values())).tolist(), NAMES.values(), strict=True))
        expected = {}
        for day in range(12):
            edges = ((FIRST + day) * DAY, (FIRST + day + 1) * DAY)
            for pair, (sums,) in naive.pair_sums(of_day(day), edges).items():
                for side in (0, 1):
                    expected[DATES[day], NAMES[pair[side]], NAMES[pair[1 - side]]] = [
                        *sums.seen_by(side),
                        *sums.nights,
                        *sums.weekends,
                        sums.first,
                        sums.last,
                    ]
        for name in ("first", "last"):
            found[name] = found[name].to_numpy().astype("M8[s]").astype(int)
        columns = [*MEASURES, *DETAILS, "first", "last"]
        rows = zip(
            found["day"], found["number"], found["peer"], found[columns].to_numpy().tolist(), strict=True
        )
        assert {(str(d)[:10], keys[x], keys[y]): values for d, x, y, values in rows} == expected
        assert len(found) == len(expected)

    def test_duckdb_reads_the_events(self, whole: Store) -> None:
        found = duckdb.sql(
            f"SELECT caller, callee, epoch(start), duration, kind, leg FROM '{whole.path}/days/*.events.*.parquet'"
        )
        keys = encode(list(NAMES.values())).tolist()
        assert sorted(found.fetchall()) == sorted(
            (keys[e.caller - 1], keys[e.callee - 1], *e[2:]) for e in ROWS
        )

    def test_sums_agree(self, whole: Store) -> None:
        contacts, events = (
            f"'{whole.path}/days/*.contacts.*.parquet'",
            f"'{whole.path}/days/*.events.*.parquet'",
        )
        query = f"""SELECT (SELECT (sum(calls_out), sum(calls_in), sum(seconds_out), sum(sms_out)) FROM {contacts})
            = (SELECT (count(*) FILTER (kind = 0), count(*) FILTER (kind = 0), sum(duration) FILTER (kind = 0),
                count(*) FILTER (kind = 1)) FROM {events})"""
        assert duckdb.sql(query).fetchall() == [(True,)]

    def test_only_the_owner_can_read(self, whole: Store) -> None:
        for path in whole.path.rglob("*"):
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
        assert whole.path.stat().st_mode & 0o777 == 0o700

    def test_row_groups_are_partitions_of_numbers(self, whole: Store) -> None:
        import pyarrow.parquet

        for day in whole.manifest.days.values():
            file = pyarrow.parquet.ParquetFile(whole.path / day.contacts.name)
            assert file.num_row_groups == 32
            for p in range(32):
                numbers = file.read_row_group(p, columns=["number"])["number"].to_pylist()
                assert {naive.mix(x, 0) >> 59 for x in numbers} <= {p}
                assert numbers == sorted(numbers)

    def test_the_manifest_is_plain(self, whole: Store) -> None:
        raw = json.loads((whole.path / "manifest.json").read_text())
        assert raw["version"] == 2
        assert list(raw["days"]) == DATES


class TestProvenance:
    def test_files_span_and_counts(self, tmp_path: Path) -> None:
        store = new_store(tmp_path)
        for day in range(6):
            path = tmp_path / f"{DATES[day]}.csv"
            rows = table([*of_day(day), of_day(day)[0], Event(3, 3, FIRST * DAY)])
            rows.to_csv(path, index=False)
            store.append(path, resources=ONE)
        found = contact_graph(store, DATES[2], DATES[4]).provenance
        many = len(of_day(2)) + len(of_day(3))
        assert found["files"] == [str(tmp_path / f"{DATES[day]}.csv") for day in (2, 3)]
        assert (found["first"], found["last"], found["n_files"]) == (DATES[2], DATES[3], 2)
        assert (found["read"], found["accepted"]) == (many + 4, many)
        assert found["duplicates"] == {REPEATED: 2, SECOND_LEG: 0}
        assert found["rejected"] == {"self call": 2}
        assert {"version", "config", "store", "generation", "notes"} <= set(found)
        assert set(contact_graph(tmp_path / f"{DATES[0]}.csv").provenance) < set(found)
        circles = contact_circles(store, DATES[3]).provenance
        assert len(circles["files"]) == 6

    def test_it_stays_bounded(self, tmp_path: Path) -> None:
        store, again = new_store(tmp_path), new_store(tmp_path)
        paths = []
        for i, e in enumerate(of_day(0) + of_day(1)):
            paths.append(tmp_path / f"{i:03}.csv")
            table([e]).to_csv(paths[-1], index=False)
        store.append(paths, resources=ONE)
        found = contact_graph(store, resources=ONE).provenance
        assert (len(found["files"]), found["n_files"], found["accepted"]) == (100, len(paths), len(paths))
        again.append(paths[::-1], resources=ONE)
        other = contact_graph(again, resources=ONE).provenance
        assert other["days_sha256"] == found["days_sha256"]
        again.append(table(of_day(1)[:1]).assign(duration=1), resources=ONE)
        assert contact_graph(again, resources=ONE).provenance["days_sha256"] != found["days_sha256"]


class TestCost:
    def test_a_day_costs_its_own_files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Appending reads nothing of one-leg days and writes two files, however long the store is."""
        store = new_store(tmp_path)
        store.append(table([e for e in ROWS if e.start // DAY < FIRST + 11]), resources=ONE)
        opened: list[str] = []
        original = day_files.opened
        monkeypatch.setattr(
            day_files, "opened", lambda root, file: (opened.append(file.name), original(root, file))[1]
        )
        before = {path: path.stat() for path in store.path.rglob("*.parquet")}
        store.append(table(of_day(11)), resources=ONE)
        after = {path: path.stat() for path in store.path.rglob("*.parquet")}
        assert opened == []
        new = sorted(path.name.split(".")[1] for path in after if path not in before)
        assert new == ["contacts", "events"]
        assert all(
            (after[p].st_ino, after[p].st_mtime_ns) == (s.st_ino, s.st_mtime_ns) for p, s in before.items()
        )

    def test_a_late_row_costs_its_day(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        store = new_store(tmp_path)
        store.append(table(ROWS), resources=ONE)
        opened: list[str] = []
        original = day_files.opened
        monkeypatch.setattr(
            day_files, "opened", lambda root, file: (opened.append(file.name), original(root, file))[1]
        )
        before = set(state(store))
        store.append(table([Event(1, 2, (FIRST + 3) * DAY + 1, 9)]), resources=ONE)
        assert [name.split(".")[:2] for name in opened] == [[f"days/{DATES[3]}", "events"]]
        assert len(set(state(store)) - before) == 2


def test_files_say_what_their_numbers_are(whole: Store) -> None:
    for day in whole.manifest.days.values():
        for file in day.files():
            path = whole.path / file.name
            told = duckdb.sql(
                f"SELECT decode(value) FROM parquet_kv_metadata('{path}') WHERE decode(key) = 'keys'"
            )
            assert told.fetchall() == [(day_files.KEYS,)]
