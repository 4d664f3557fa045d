"""Places, handsets and forwards: sets of what numbers were seen with, however the input is cut."""

import sys
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlegraph.cdr.intake import take_in
from circlegraph.cdr.pipeline import open_cdr
from circlegraph.cdr.sightings import UNITS
from circlegraph.contacts.forwards import Forwards, forwards_of
from circlegraph.contacts.handsets import Handsets, handsets_of
from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.contacts.places import Places, places_of
from circlegraph.contacts.seen import distinct
from circlegraph.contacts.windows import DAY, Windows
from circlegraph.numbers import decode, encode
from circlegraph.resources import Resources
from circlegraph.spill import SpillFile

FIXTURES = Path(__file__).parents[2] / "fixtures"
COLUMNS = (
    "caller",
    "callee",
    "start",
    "duration",
    "kind",
    "caller_cell",
    "callee_cell",
    "caller_imei",
    "callee_imei",
    "forwarded_to",
)
EPOCH = datetime(1970, 1, 1)
NUMBERS = ("13800138000", "13900139000", "user-a", "user-b", "10086")
CELLS = (None, "", "460-1", "460-2", "9", "10", "null", " 460-1 ")
IMEIS = (None, "", "860000000000001", "860000000000002", "000000000000000", "x9")

Row = tuple[Any, ...]
Seen = tuple[dict[str, set[tuple[int, str]]], dict[str, set[str]], dict[tuple[str, str], list[int]]]


def table(rows: list[Row]) -> pa.Table:
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(COLUMNS, ())
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    frame["start"] = pd.to_datetime(frame["start"]).astype("datetime64[s]")
    frame["duration"] = frame["duration"].astype("int64")
    return pa.Table.from_pandas(frame, preserve_index=False, schema=_schema())


def _schema() -> pa.Schema:
    types = {"start": pa.timestamp("s"), "duration": pa.int64()}
    return pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])


def found(
    source: Any, windows: Windows, threads: int = 1
) -> tuple[Places | None, Handsets | None, Forwards | None, list[str], NumberIndex]:
    """Everything seen of every number of a source."""
    resources = Resources(threads=threads)
    intake = take_in(open_cdr(source, block_size=200), resources, sightings=True)
    assert intake.sightings is not None
    ends = [intake.unique(p)[:, :2].ravel() for p in intake.partitions()]
    index = NumberIndex(np.unique(np.concatenate([*ends, np.empty(0, np.int64)])))
    common = (intake.sightings, index, windows)
    return (
        places_of(*common, intake.tokens, resources),
        handsets_of(*common, intake.tokens, resources),
        forwards_of(*common, resources),
        decode(index.keys, intake.tokens).tolist(),
        index,
    )


def plain(source: Any, windows: Windows, **options: Any) -> Seen:
    """The same as dictionaries of strings."""
    places, handsets, forwards, names, _ = found(source, windows, **options)
    heard: dict[str, set[tuple[int, str]]] = {}
    used: dict[str, set[str]] = {}
    sent: dict[tuple[str, str], list[int]] = {}
    if places is not None:
        assert places.names.tolist() == sorted(places.names)
        for x, name in enumerate(names):
            slots, cells = places.of(x)
            rows = list(zip(slots.tolist(), cells.tolist(), strict=True))
            assert rows == sorted(set(rows))
            if rows:
                heard[name] = {(places.first + slot, places.names[cell]) for slot, cell in rows}
        assert set(places.cell.tolist()) == set(range(len(places.text)))
    if handsets is not None:
        for x, name in enumerate(names):
            codes = handsets.imei[handsets.indptr[x] : handsets.indptr[x + 1]]
            assert codes.tolist() == sorted(set(codes.tolist()))
            if len(codes):
                used[name] = set(handsets.names[codes])
    if forwards is not None:
        for i in range(len(forwards)):
            pair = (names[forwards.number[i]], str(forwards.target_key[i]))
            assert pair not in sent
            sent[pair] = [int(forwards.calls[i]), int(forwards.first_day[i]), int(forwards.last_day[i])]
    return heard, used, sent


def clean(text: str | None) -> str | None:
    text = (text or "").strip()
    return None if text in ("", "null") else text


def naive(rows: list[Row], windows: Windows) -> Seen:
    """Slow twin: dictionaries of sets, row by row."""
    heard: dict[str, set[tuple[int, str]]] = defaultdict(set)
    used: dict[str, set[str]] = defaultdict(set)
    seconds: dict[tuple[str, str], set[int]] = defaultdict(set)
    numbers = {n for row in rows if row[0] != row[1] and not row[3] < 0 for n in row[:2]}
    first, end = windows.edges[0], windows.edges[-1]
    for a, b, start, duration, kind, a_cell, b_cell, a_imei, b_imei, to in rows:
        if a == b or duration < 0:
            continue
        second = int((start - EPOCH).total_seconds())
        for number, cell, imei in ((a, a_cell, a_imei), (b, b_cell, b_imei)):
            hour, day = second // 3600, second // DAY
            if clean(cell) and hour * 3600 + 3600 > first and hour * 3600 < end:
                heard[number].add((hour, str(clean(cell))))
            if clean(imei) and set(str(imei)) != {"0"} and day * DAY + DAY > first and day * DAY < end:
                used[number].add(str(imei))
        if clean(to):
            who, whom = (a if b == to else b), to
        elif kind == "forward":
            who, whom = a, b
        else:
            continue
        if who != whom and first <= second < end and who in numbers:
            seconds[who, str(int(encode([whom])[0]))].add(second)
    sent = {}
    for pair, at in seconds.items():
        ordered = sorted(at)
        calls = 1 + sum(later - earlier > 5 for earlier, later in pairwise(ordered))
        sent[pair] = [calls, ordered[0] // DAY, ordered[-1] // DAY]
    return dict(heard), dict(used), sent


def events(most: int = 40) -> st.SearchStrategy[list[Row]]:
    number = st.sampled_from(NUMBERS)
    moment = st.integers(-3 * DAY, 9 * DAY).map(lambda s: EPOCH + timedelta(seconds=s // 997 * 997 + s % 3))
    row = st.tuples(
        number,
        number,
        moment,
        st.sampled_from((0, 5, 60, -7)),
        st.sampled_from(("call", "call", "forward")),
        *[st.sampled_from(CELLS)] * 2,
        *[st.sampled_from(IMEIS)] * 2,
        st.sampled_from((None, None, "", *NUMBERS)),
    )
    return st.lists(row, max_size=most).map(lambda rows: rows + rows[::5])


WIDE = Windows((-400 * DAY, 400 * DAY))


@settings(deadline=None, max_examples=60)
@given(events(), st.sampled_from([WIDE, Windows((-DAY, 2 * DAY, 5 * DAY)), Windows((5000, 99_000))]))
def test_what_is_seen_is_that_of_the_twin(rows: list[Row], windows: Windows) -> None:
    assert plain(table(rows), windows) == naive(rows, windows)


def town(count: int = 3000, seed: int = 3) -> list[Row]:
    rng = np.random.default_rng(seed)

    def some(values: tuple[Any, ...]) -> Any:
        return values[rng.integers(len(values))]

    numbers = tuple(f"138{i:08}" for i in range(40)) + tuple(f"hash{i:x}" for i in range(40))
    cells = (None, *(f"4096-{i}" for i in range(30)))
    imeis = (None, *(f"86{i:013}" for i in range(50)))
    return [
        (
            some(numbers),
            some(numbers),
            EPOCH + timedelta(seconds=int(rng.integers(60 * DAY))),
            int(rng.integers(1, 90)),
            some(("call", "sms", "forward")),
            some(cells),
            some(cells),
            some(imeis),
            some(imeis),
            some((*[None] * 20, *numbers)),
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("room", [None, 0])
def test_nothing_depends_on_threads_order_or_room(
    room: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Resources, "sighting_room", room)
    spilled: list[int] = []
    append = SpillFile.append
    monkeypatch.setattr(SpillFile, "append", lambda self, rows: spilled.append(1) or append(self, rows))
    rows = town()
    windows = Windows((0, 60 * DAY))
    expected = naive(rows, windows)
    whole = found(table(rows), windows)
    csv = tmp_path / "town.csv"
    table(rows[::-1]).to_pandas().to_csv(csv, index=False)
    parquet = tmp_path / "town.parquet"
    pa.parquet.write_table(table(rows), parquet, row_group_size=700)
    for source, options in (
        (table(rows), {"threads": 3}),
        (csv, {"threads": 2}),
        (parquet, {"threads": 2}),
        ([table(rows[:1000]), table(rows[500:])], {"threads": 2}),
    ):
        spilled.clear()
        assert plain(source, windows, **options) == expected
        assert bool(spilled) == (room == 0)
        other = found(source, windows, **options)
        for mine, theirs in zip(whole[:3], other[:3], strict=True):
            assert mine is not None
            assert theirs is not None
            for name in ("indptr", "slot", "cell", "imei", "first_day", "last_day", "number", "calls"):
                if hasattr(mine, name):
                    assert getattr(mine, name).dtype == getattr(theirs, name).dtype
                    assert getattr(mine, name).tolist() == getattr(theirs, name).tolist()


class TestForms:
    """Cells and handsets go to the end at which a row was recorded."""

    def of(self, name: str, **options: Any) -> Seen:
        return plain(FIXTURES / name, Windows((0, 30_000 * DAY)), **options)

    @staticmethod
    def cells(seen: Seen) -> dict[str, set[str]]:
        return {number: {cell for _, cell in rows} for number, rows in seen[0].items()}

    def test_canonical(self) -> None:
        heard, used, sent = self.of("forms/canonical.csv")
        assert self.cells((heard, used, sent)) == {"13800138000": {"c1"}, "13900139000": {"c2"}}
        assert set(used["13800138000"]) == {"860000000000001"}
        assert sent == {("13800138000", "113700137000"): [1, 19754, 19754]}

    def test_flowkit_gives_the_cell_of_the_line(self) -> None:
        seen = self.of("forms/flowkit_sms.csv")
        assert self.cells(seen) == {"AgB6KR3Levd9Z1vJ": {"wzrXjw"}, "m1WGJ0mRjjWWVZzE": {"zdNQx2"}}
        assert set(seen[1]) == {"AgB6KR3Levd9Z1vJ", "m1WGJ0mRjjWWVZzE"}

    def test_cider_names_both_ends(self) -> None:
        assert self.cells(self.of("forms/cider.csv")) == {
            "aa11": {"k1"},
            "bb22": {"k2"},
            "cc33": {"k3", "k4"},
            "dd44": {"k3"},
        }

    def test_bandicoot_gives_the_users_antenna(self) -> None:
        assert self.cells(self.of("bandicoot/ego.csv")) == {"ego": {"13084", "13087"}}

    def test_china_mobile_numbers_cells_within_areas(self) -> None:
        seen = self.of("forms/bass.csv")
        assert self.cells(seen) == {"13800138000": {"22-4A1"}, "13900139000": {"22-4A2"}}
        assert seen[2] == {
            ("13800138000", "113700137000"): [1, 15334, 15334],
            ("13800138000", "113600136000"): [1, 15334, 15334],
        }

    def test_3gpp_gives_the_served_number(self) -> None:
        seen = self.of("forms/3gpp.csv")
        assert self.cells(seen) == {"13800138000": {"c1"}, "13900139000": {"c2"}}
        assert {number: set(imeis) for number, imeis in seen[1].items()} == {
            "13800138000": {"86000001"},
            "13900139000": {"86000002"},
        }

    def test_a_forwarding_record_of_3gpp_is_the_served_numbers(self) -> None:
        rows = pa.table(
            {
                "recordType": ["100", "100"],
                "servedMSISDN": ["13900139000", "13900139000"],
                "callingNumber": ["13800138000", "13800138000"],
                "calledNumber": ["13700137000", "13900139000"],  # the second one names no target
                "answerTime": ["2024-01-31 08:00:00", "2024-01-31 09:00:00"],
                "callDuration": [65, 65],
                "location": ["c1", "c1"],
            }
        )
        heard, _, sent = plain(rows, WIDE_TODAY)
        assert {number: {cell for _, cell in seen} for number, seen in heard.items()} == {
            "13900139000": {"c1"}
        }
        assert list(sent) == [("13900139000", "113700137000")]

    def test_data_without_such_columns_have_none(self) -> None:
        places, handsets, forwards, *_ = found(FIXTURES / "forms" / "synonyms.tsv", WIDE_TODAY)
        assert places is None
        assert handsets is None
        assert forwards is None

    def test_a_cell_of_nobody_is_not_used(self) -> None:
        rows = pa.table(
            {"from": ["a"], "to": ["b"], "time": ["2024-01-31 08:00:00"], "dur": [3], "cell": ["c"]}
        )
        assert plain(rows, WIDE_TODAY) == ({}, {}, {})
        assert any("caller_cell" in note for note in open_cdr(rows).files[0].notes)


WIDE_TODAY = Windows((0, 30_000 * DAY))


@given(
    st.sampled_from([10, 10**6, 2**62]).flatmap(
        lambda most: st.lists(st.tuples(*[st.integers(-most, most)] * 3), max_size=50)
    )
)
def test_distinct_triples_are_those_of_a_set(rows: list[tuple[int, int, int]]) -> None:
    columns = np.array(rows + rows[::2], np.int64).reshape(-1, 3).T
    a, b, c = distinct(*columns)
    assert list(zip(a.tolist(), b.tolist(), c.tolist(), strict=True)) == sorted(set(rows))


@given(
    st.lists(st.tuples(st.integers(-2, 4), st.integers(-9000, 9000), st.integers(-1, 3), st.booleans())),
    st.sampled_from(sorted(UNITS.values())),
)
def test_the_kernel_leaves_no_sighting_out(rows: list[tuple[int, int, int, bool]], unit: int) -> None:
    from circlegraph.kernels.sightings import sightings

    number, start, what = (np.array([row[i] for row in rows], np.int64) for i in range(3))
    reasons = np.array([row[3] for row in rows], np.uint8)
    out = np.empty((3, len(rows)), np.int64)
    kept = sightings(number, start, what, reasons, unit, out)
    expected = {(x, s // unit, w) for x, s, w, bad in rows if not bad and x not in (0, 1) and w not in (0, 1)}
    assert {tuple(column) for column in out[:, :kept].T.tolist()} == expected
    assert kept == len(expected)  # so few that none is forgotten


def test_cells_cost_nothing_where_they_are_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_args: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(sys.modules["circlegraph.cdr.clean"], "find_sightings", never)
    assert take_in(open_cdr(table(town(20))), Resources(threads=1)).sightings is None


def test_the_kernel_forgets_but_never_confuses() -> None:
    from circlegraph.kernels.sightings import sightings

    rng = np.random.default_rng(1)
    start = rng.permutation(np.repeat(np.arange(100_000), 2)) * 3600
    for varied in range(3):  # one column at a time tells the sightings apart
        number, what = np.full(len(start), 1300), np.full(len(start), 1400)
        columns = [number, start if varied == 1 else np.full(len(start), 7200), what]
        columns[varied] = columns[varied] if varied == 1 else start + 2
        out = np.empty((3, len(start)), np.int64)
        kept = sightings(*columns, np.zeros(len(start), np.uint8), 3600, out)
        expected = {(x, t // 3600, w) for x, t, w in zip(*(c.tolist() for c in columns), strict=True)}
        assert len(expected) == 100_000
        assert {tuple(column) for column in out[:, :kept].T.tolist()} == expected


def test_every_form_of_a_city_tells_the_same_places(tmp_path: Path) -> None:
    from circlegraph.graph.network import Network
    from circlegraph.graph.source import contacts_of
    from circlegraph.synth import write_city

    found = {}
    for form in ("parquet", "csv.gz", "flowkit", "cider", "bass", "3gpp", "bandicoot"):
        write_city(tmp_path / form, form=form, subscribers=150, days=4, threads=1)
        contacts = contacts_of(
            tmp_path / form / "cdr",
            lambda first, last: Windows((first // DAY * DAY, (last // DAY + 1) * DAY)),
            network=Network(),
            resources=Resources(threads=2),
            detail="sums",
            places=True,
        )
        numbers = contacts.numbers.text.to_pylist()
        places, handsets = contacts.places, contacts.handsets
        assert places is not None
        heard = {
            (numbers[x], slot, places.names[cell])
            for x in range(len(numbers))
            for slot, cell in zip(*(column.tolist() for column in places.of(x)), strict=True)
        }
        used = set()
        if handsets is not None:
            number = np.repeat(np.arange(len(numbers)), np.diff(handsets.indptr))
            used = {(numbers[x], name) for x, name in zip(number, handsets.names[handsets.imei], strict=True)}
        found[form] = (heard, used)
    heard, used = found["parquet"]
    assert len(heard) > 500
    assert len(used) > 100
    for form, (other_heard, other_used) in found.items():
        assert other_heard == heard, form
        assert other_used == (used if form not in ("cider", "bandicoot") else set()), form


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pa.array([7, None, 0], pa.int32()), {"7", "0"}),
        (pa.array([7.0, float("nan"), 2.0**60], pa.float64()), {"7"}),
        (pa.array([2**63 + 5, 1, None], pa.uint64()), {str(2**63 + 5), "1"}),
        (pa.array(["a", None, " a "]).dictionary_encode(), {"a"}),
        (pa.array([None, None, None], pa.null()), set()),
        (pa.array(["小区", "x" * 300, "\x01"]), {"小区", "x" * 300}),
        (pa.array(["007", "7", "7.0"], pa.large_string()), {"007", "7", "7.0"}),
        (pa.array([b"\xff\xfe", b"ok", b""], pa.binary()), {"ok"}),
        (pa.array(["-1", "-", "NULL"]), set()),
    ],
    ids=lambda value: str(getattr(value, "type", "")),
)
def test_cells_of_any_type(cells: pa.Array, expected: set[str]) -> None:
    rows = pa.table(
        {"caller": ["a", "b", "c"], "callee": ["b", "c", "a"], "start": ["2024-01-31 08:00:00"] * 3}
    )
    rows = rows.append_column("caller_cell", cells).append_column("callee_imei", cells)
    heard, used, _ = plain(rows, WIDE_TODAY)
    assert {cell for seen in heard.values() for _, cell in seen} == expected
    assert {imei for imeis in used.values() for imei in imeis} == expected - {"0"}


@pytest.mark.parametrize("odd", [pa.array([5], pa.timestamp("s")), pa.array([{"lat": 1.5, "lon": 2.5}])])
def test_a_column_that_cannot_hold_cells_is_not_read(odd: pa.Array, tmp_path: Path) -> None:
    rows = pa.table(
        {"caller": ["a"], "callee": ["b"], "start": ["2024-01-31 08:00:00"], "callee_cell": ["c"]}
    )
    rows = rows.append_column("caller_cell", odd)
    pa.parquet.write_table(rows, tmp_path / "rows.parquet")
    for source in (rows, tmp_path / "rows.parquet"):
        assert {cell for seen in plain(source, WIDE_TODAY)[0].values() for _, cell in seen} == {"c"}
        assert any("'caller_cell' is not used" in note for note in open_cdr(source).files[0].notes)


@pytest.mark.parametrize("second", [-69 * 366 * DAY, -1, 0, 2**31 + 5, 80_000 * DAY])
def test_odd_times(second: int) -> None:
    row = ("a", "b", EPOCH + timedelta(seconds=second), 5, "forward", "x", None, "86", None, "c")
    windows = Windows((second // DAY * DAY, second // DAY * DAY + DAY))
    assert plain(table([row]), windows) == naive([row], windows)
    assert plain(table([row]), windows)[0] == {"a": {(second // 3600, "x")}}
