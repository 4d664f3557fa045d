"""The exchange, each event once, and the intake: nothing depends on how the work is cut."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made
import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive import Event

from circlegraph.cdr import intake as intake_module
from circlegraph.cdr.exchange import Exchange
from circlegraph.cdr.intake import REPEATED, SECOND_LEG, Intake, take_in
from circlegraph.cdr.once import KINDS, ONE_LEG, LegRule, choose_rule, count_once, count_twins
from circlegraph.cdr.pipeline import open_cdr
from circlegraph.errors import InputError
from circlegraph.numbers import encode
from circlegraph.resources import Resources

FIXTURES = Path(__file__).parents[2] / "fixtures"
OPPOSITE, TWINS = LegRule(opposite=True), LegRule(twins=("calls",))
EVERY = LegRule(twins=KINDS)


def added(exchange: Exchange, rows: list[list[int]], parts: list[int], lowest: int, most: int) -> None:
    caller, callee, stamp = np.array(rows, np.int64).reshape(-1, 3).T.copy()
    exchange.add((caller, callee, stamp), np.array(parts, np.int32), lowest, most)


class TestExchange:
    @given(
        st.lists(st.tuples(st.integers(-3, 3), st.lists(st.integers(0, 3), max_size=20)), max_size=6),
        st.sampled_from([None, 0, 24, 240]),
    )
    def test_a_partition_holds_its_rows(self, batches: list[tuple[int, list[int]]], room: int) -> None:
        exchange = Exchange(room)
        expected: dict[int, list[list[int]]] = {}
        for b, (lowest, parts) in enumerate(batches):
            rows = [[b, i, p] for i, p in enumerate(parts)]
            added(exchange, rows, parts, lowest, 4)
            for p in range(4):
                mine = [row for row in rows if row[2] == p]
                if mine:
                    expected.setdefault(lowest + p, []).extend(mine)
        sizes = exchange.sizes()
        assert list(sizes) == sorted(expected)
        for number, size in sizes.items():
            assert sorted(exchange.partition(number, size).tolist()) == expected[number]
        exchange.release()

    def test_a_full_disk_for_temporary_files_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_args: Any, **_options: Any) -> Any:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("circlegraph.spill.TemporaryFile", full)
        with pytest.raises(InputError, match=r"temporary .*No space left"):
            added(Exchange(0), [[1, 2, 3]], [0], 0, 1)

    def test_a_temporary_file_cut_short_is_no_result(self) -> None:
        exchange = Exchange(0)
        added(exchange, [[1, 2, 3]] * 9, [0] * 9, 0, 1)
        assert exchange._file._file is not None  # the file has no name
        os.truncate(exchange._file._file.fileno(), 100)
        with pytest.raises(InputError, match="temporary"):
            exchange.partition(0, 9)


def once(rows: list[Event], rule: LegRule) -> tuple[list[Event], int, int]:
    found = count_once(naive.packed(rows), rule)
    return naive.unpacked(found.events), found.repeated, found.second_legs


class TestOnce:
    def test_one_leg_drops_repeated_rows_only(self) -> None:
        rows = [Event(1, 2, 10, 5), Event(1, 2, 11, 5), Event(1, 2, 10, 5), Event(2, 1, 10, 5)]
        assert once(rows, ONE_LEG) == ([rows[0], rows[1], rows[3]], 1, 0)

    @pytest.mark.parametrize(
        ("late", "longer", "one"), [(5, 5, 1), (-5, -5, 1), (6, 0, 0), (0, 6, 0), (-6, 0, 0)]
    )
    def test_opposite_legs_agree_within_five_seconds(self, late: int, longer: int, one: int) -> None:
        out = Event(1, 2, 1000, 60, 0, 1)
        back = Event(1, 2, 1000 + late, 60 + longer, 0, 2)
        found, repeated, second = once([back, out], OPPOSITE)
        assert (repeated, second) == (0, one)
        assert found == ([out] if one else [back, out])

    def test_legs_of_other_kinds_or_the_other_way_are_other_events(self) -> None:
        out = Event(1, 2, 1000, 0, 0, 1)
        rows = [out, out._replace(kind=1, leg=2), Event(2, 1, 1000, 0, 0, 2), Event(1, 3, 1000, 0, 0, 2)]
        assert once(rows, OPPOSITE) == (rows, 0, 0)

    def test_each_leg_is_used_once(self) -> None:
        rows = [Event(1, 2, 1000, 9, 0, 1), Event(1, 2, 1001, 9, 0, 2), Event(1, 2, 1002, 9, 0, 2)]
        assert once(rows, OPPOSITE) == ([rows[0], rows[2]], 0, 1)

    def test_rows_of_unknown_leg_stay_beside_legs(self) -> None:
        rows = [Event(1, 2, 1000, 9), Event(1, 2, 1000, 9, 0, 2), Event(1, 2, 1002, 9, 0, 1)]
        assert once(rows, OPPOSITE) == ([rows[0], rows[2]], 0, 1)

    def test_twins_are_rows_of_unknown_leg(self) -> None:
        rows = [Event(1, 2, 1000 + i, 9, 0, leg) for i, leg in enumerate((1, 1, 0, 2, 2, 0))]
        assert once(rows, EVERY) == (rows[:5], 0, 1)
        assert once(rows, LegRule(True, KINDS)) == (rows[:3], 0, 3)

    def test_of_legs_on_two_days_the_earlier_counts(self) -> None:
        back, out = Event(1, 2, naive.DAY - 2, 9, 0, 2), Event(1, 2, naive.DAY, 9, 0, 1)
        assert once([out, back], OPPOSITE) == ([back], 0, 1)

    def test_a_third_neighbour_is_an_event_of_its_own(self) -> None:
        rows = [Event(1, 2, 1000 + 3 * i, 9) for i in range(3)]
        assert once(rows, TWINS) == ([rows[0], rows[2]], 0, 1)

    @given(made.events(0, 60, numbers=(5, -7, 9), legs=(0, 1, 2), durations=st.integers(0, 9)), st.randoms())
    def test_against_plain_python(self, rows: list[Event], random: Any) -> None:
        for rule, second in ((OPPOSITE, naive.second_legs), (EVERY, naive.twins)):
            rows = [e if rule is OPPOSITE else e._replace(leg=0) for e in rows]
            kept = naive.unique(rows)
            dropped = second(kept, 5, 5)
            expected = [e for i, e in enumerate(kept) if i not in dropped]
            assert once(rows, rule) == (expected, len(rows) - len(kept), len(dropped))
            shuffled = list(rows)
            random.shuffle(shuffled)
            found, *counts = once(shuffled, rule)
            assert sorted(found) == sorted(expected)
            assert counts == [len(rows) - len(kept), len(dropped)]


class TestChooseRule:
    @pytest.mark.parametrize(
        ("legs", "rule"),
        [
            ((9, 0, 0), ONE_LEG),
            ((0, 9, 0), ONE_LEG),
            ((0, 0, 9), OPPOSITE),
            ((0, 5, 4), OPPOSITE),
            ((3, 5, 4), OPPOSITE),
            ((3, 5, 0), ONE_LEG),
            ((3, 0, 5), ONE_LEG),
        ],
    )
    def test_legs_that_the_form_tells(self, legs: tuple[int, ...], rule: LegRule) -> None:
        assert choose_rule(np.array(legs), np.empty((0, 3), np.int64)) == rule

    @pytest.mark.parametrize(("share", "rule"), [(0.05, ONE_LEG), (0.5, TWINS), (1.0, TWINS)])
    def test_twins_are_told_by_their_share(self, share: float, rule: LegRule) -> None:
        calls = [Event(i % 30, 99, 1000 * i, 30 + i % 60) for i in range(400)]
        doubled = [e._replace(start=e.start + 2, duration=e.duration + 1) for e in calls[: int(share * 400)]]
        assert choose_rule(np.array([len(calls), 0, 0]), naive.packed(calls + doubled)) == rule

    def test_a_few_redialled_calls_are_no_twins(self) -> None:
        calls = [Event(i, 99, 1000 * i, 30) for i in range(9)]
        again = [e._replace(start=e.start + 4) for e in calls[:4]]
        assert choose_rule(np.array([13, 0, 0]), naive.packed(calls + again)) == ONE_LEG

    @pytest.mark.parametrize("kind", [0, 1, 2])
    def test_what_has_no_duration_must_mostly_come_twice(self, kind: int) -> None:
        name = KINDS[2 * kind + 1]
        for share, rule in ((0.3, ONE_LEG), (0.8, LegRule(twins=(name,))), (1.0, LegRule(twins=(name,)))):
            rows = [Event(i % 30, 99, 1000 * i, 0, kind) for i in range(400)]
            rows += [e._replace(start=e.start + 2) for e in rows[: int(share * 400)]]
            assert choose_rule(np.array([len(rows), 0, 0]), naive.packed(rows)) == rule

    def test_a_few_texts_that_come_twice_are_enough_beside_calls_that_do(self) -> None:
        """Both ends are recorded where both are on-net: for calls and texts alike."""
        calls = [Event(i % 30, 99, 3600 * i, 60) for i in range(400)]
        texts = [Event(i % 30, 99, 3600 * i + 600, 0, 1) for i in range(400)]
        again = [e._replace(start=e.start + 1) for e in calls[:120] + texts[:120]]
        for rows, found in ((calls + texts + again, ("calls", "texts")), (texts + again[120:], ())):
            rule = choose_rule(np.array([len(rows), 0, 0]), naive.packed(rows))
            assert rule == LegRule(twins=found)
            assert len(once(rows, rule)[0]) == (800 if found else len(rows))

    def test_each_kind_is_judged_by_itself(self) -> None:
        """Texts in bursts are no twins, whatever the calls are."""
        calls = [Event(i % 9, 99, 3600 * i + s, 60 + s) for i in range(200) for s in (0, 2)]
        texts = [Event(i % 9, 99, 3600 * i + 600 + s, 0, 1) for i in range(200) for s in (0, 4, 8, 12)]
        for rows in (calls + texts, texts + calls):
            rule = choose_rule(np.array([len(rows), 0, 0]), naive.packed(rows))
            assert rule == TWINS
            assert Counter(e.kind for e in once(rows, rule)[0]) == {0: 200, 1: 800}
        twice = [e for e in texts if e.start % 3600 in (600, 604)]
        rule = choose_rule(np.array([len(calls + twice), 0, 0]), naive.packed(calls + twice))
        assert rule == LegRule(twins=("calls", "texts"))
        assert str(rule).startswith("two-leg, twins of calls, texts: same caller")
        assert len(once(calls + twice, rule)[0]) == 400

    def test_a_pair_of_rows_is_of_the_kind_of_the_longer(self) -> None:
        rows = [Event(1, 2, 1000 * i + s, 2 * s) for i in range(9) for s in (0, 2)]
        assert count_twins(naive.packed(rows)) == {"calls": (9, 18), "calls without a duration": (9, 0)}
        assert len(once(rows, TWINS)[0]) == 9

    def test_repeated_texts_and_missed_calls_say_nothing(self) -> None:
        texts = [Event(1, 2, 1000 * i + j, 0, 1) for i in range(100) for j in range(3)]
        missed = [Event(1, 2, 1000 * i + j, 0) for i in range(100) for j in range(3)]
        repeated = [Event(1, 2, 1000 * i, 60) for i in range(100)] * 2
        for rows in (texts, missed, repeated, texts + repeated):
            assert choose_rule(np.array([len(rows), 0, 0]), naive.packed(rows)) == ONE_LEG


def events_of(found: Intake) -> Counter[tuple[int, ...]]:
    rows: Counter[tuple[int, ...]] = Counter()
    for partition in found.partitions():
        rows.update(map(tuple, found.unique(partition).tolist()))
    found.release()
    return rows


def two_leg_csv(path: Path, rows: list[Event], legs: bool) -> Path:
    """Both records of each call, the other end's one second later; with the direction told or not."""
    names = made.town_names()
    lines = []
    for e in rows:
        ends = names[e.caller], names[e.callee]
        for out in (True, False):
            time = str(np.datetime64(e.start + (not out), "s")).replace("T", " ")
            if legs:
                lines.append(
                    ",".join([*ends[:: 1 if out else -1], "tf"[not out], time, f"{e.duration / 60:.6f}"])
                )
            else:
                lines.append(",".join([*ends, time, str(e.duration)]))
    header = (
        "msisdn,msisdn_counterpart,outgoing,datetime,duration" if legs else "caller,callee,start,duration"
    )
    np.random.default_rng(5).shuffle(lines)
    path.write_text("\n".join([header, *lines, "1,1,1", ""]))
    return path


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Force the number of partitions."""

    def force(bits: int) -> None:
        monkeypatch.setattr(intake_module, "partition_bits", lambda _rows: bits)

    return force


class TestIntake:
    def test_cuts_threads_and_spilling_change_nothing(
        self, cut: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows = made.town(1, days=10)
        data = made.frame(rows + rows[::9], made.town_names())
        expected = None
        for bits in (0, 1, 4, 9):
            cut(bits)
            for threads in (1, 2):
                for room in (None, 0, 5000):
                    monkeypatch.setattr(Resources, "event_room", property(lambda _self, room=room: room))
                    intake = take_in(open_cdr(data), Resources(threads=threads))
                    assert (len(intake.partitions()) > 1) == (bits > 0)
                    found = events_of(intake)
                    report = intake.report()
                    assert report.read == report.accepted + report.duplicates.total()
                    assert +report.duplicates == {REPEATED: len(rows[::9])}
                    expected = expected or found
                    assert found == expected
        assert expected is not None
        assert max(expected.values()) == 1
        keys = encode(list(made.town_names().values()))
        mine = [(keys[e.caller - 1], keys[e.callee - 1], e.stamp) for e in rows]
        assert set(expected) == set(mine)

    @pytest.mark.parametrize("legs", [True, False])
    def test_two_records_of_each_event_count_once(
        self, legs: bool, tmp_path: Path, cut: Callable[[int], None]
    ) -> None:
        rows = [e for e in made.town(2, days=20, events_a_day=60) if e.kind == 0]
        # No two records of one pair within the tolerance, other than those of one event.
        last: dict[tuple[int, int], int] = {}
        spaced = []
        for e in rows:
            if e.start - last.get(e[:2], -100) > 12:
                spaced.append(e)
                last[e[:2]] = e.start
        path = two_leg_csv(tmp_path / "two.csv", spaced, legs)
        for bits in (0, 3):
            cut(bits)
            intake = take_in(open_cdr(path), Resources(threads=2))
            assert intake.rule == (OPPOSITE if legs else TWINS)
            found = events_of(intake)
            report = intake.report()
            assert (report.read, report.accepted) == (2 * len(spaced) + 1, len(spaced))
            assert +report.duplicates == {SECOND_LEG: len(spaced)}
            assert report.rejected.total() == 1
            assert sorted(stamp >> 26 for _, _, stamp in found) == [e.start for e in spaced]

    def test_the_rule_is_told_from_a_part_of_a_crowded_pair(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(intake_module, "CROWDED", 40)
        asked: list[int] = []

        def choose(legs: np.ndarray, sample: np.ndarray) -> LegRule:
            asked.append(len(sample))
            return choose_rule(legs, sample)

        monkeypatch.setattr(intake_module, "choose_rule", choose)
        calls = [Event(113800138000, 113900139000, 100 * i, 20) for i in range(400)]
        twice = calls + [e._replace(start=e.start + 2) for e in calls]
        for rows, rule in ((calls, ONE_LEG), (twice, TWINS)):
            intake = take_in(open_cdr(made.frame(rows)), Resources(threads=1))
            assert intake.rule == rule
            assert sum(events_of(intake).values()) == len(calls)
        assert asked == [41, 41]

    def test_short_repeated_texts_are_not_merged(self) -> None:
        rows = [Event(113800138000, 113900139000, 100 * i + j, 0, 1) for i in range(50) for j in (0, 2, 3)]
        rows += [Event(113800138000, 113900139000, 10_000 + 60 * i, 20) for i in range(50)]
        intake = take_in(open_cdr(made.frame(rows)), Resources(threads=1))
        assert intake.rule == ONE_LEG
        assert sum(events_of(intake).values()) == len(rows)
        assert intake.report().accepted == len(rows)

    @given(st.lists(st.integers(0, 5), min_size=1, max_size=12))
    def test_the_order_of_batches_changes_nothing(self, order: list[int]) -> None:
        rows = made.town(3, days=2, people=12)
        tables = [made.frame(rows[i::6], made.town_names(12)) for i in range(6)]
        found = events_of(take_in(open_cdr([tables[i] for i in order]), Resources(threads=2)))
        expected = events_of(take_in(open_cdr([tables[i] for i in sorted(set(order))]), Resources(threads=1)))
        assert found == expected

    @pytest.mark.parametrize("path", sorted((FIXTURES / "forms").glob("*.*")), ids=lambda path: path.name)
    def test_fixtures_account_for_every_row(self, path: Path) -> None:
        epoch = "2024-01-01" if "relative" in path.name else None
        intake = take_in(open_cdr(path, epoch=epoch), Resources(threads=1))
        found = events_of(intake)
        report = intake.report()
        assert report.read == report.accepted + report.duplicates.total() + report.rejected.total()
        assert report.accepted == sum(found.values()) > 0

    def test_nothing_but_rejected_rows(self) -> None:
        intake = take_in(open_cdr(FIXTURES / "malformed" / "self_call.csv"), Resources(threads=1))
        assert intake.report().read > 0

    def test_no_rows(self) -> None:
        intake = take_in(open_cdr(made.frame([Event(113, 114, 5, 6)])[:0]), Resources(threads=2))
        assert (intake.partitions(), intake.first, intake.last, intake.rule) == ([], None, None, ONE_LEG)
        assert intake.report().read == 0
