"""Tables of counts: caller, callee and how many calls, at unknown times."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from circlegraph.cdr.once import ONE_LEG
from circlegraph.cdr.pipeline import open_cdr
from circlegraph.circles.run import contact_circles
from circlegraph.cli import app
from circlegraph.contacts.windows import Windows
from circlegraph.errors import InputError, UnknownFormError
from circlegraph.graph.inspection import inspect_cdr
from circlegraph.graph.network import Network
from circlegraph.graph.source import Contacts, contacts_of
from circlegraph.resources import Resources
from circlegraph.store.store import Store

ONE = Resources(threads=1)
MOST = 2**31 - 1


def contacts(source: Any, threads: int = 1, **options: Any) -> Contacts:
    def never(first: int, last: int) -> Windows:
        raise AssertionError

    return contacts_of(
        source,
        never,
        network=Network(),
        resources=Resources(threads=threads),
        detail=options.pop("detail", "sums"),
        untimed=True,
        **options,
    )


def sums(found: Contacts) -> dict[tuple[str, str, str], int]:
    """Calls and texts per caller and callee."""
    whole = found.table.parts.whole()
    if whole is None:
        return {}
    assert not whole.seconds.any()
    assert not whole.days.any()
    result = {}
    for ends, counts in zip(whole.ends, whole.counts.tolist(), strict=True):
        a, b = found.numbers.strings(ends)
        for (x, y, kind), count in zip(
            ((a, b, "call"), (b, a, "call"), (a, b, "sms"), (b, a, "sms")), counts, strict=True
        ):
            result |= {(x, y, kind): count} if count else {}
    return result


ROW = st.tuples(
    st.sampled_from(["300", "13800138000", "bee", "ant"]),
    st.sampled_from(["300", "13800138000", "bee", ""]),
    st.sampled_from(
        ["1", "7", " 12 ", "2.0", "1e3", str(MOST), "0", "-3", "2.5", "", "many", "2147483648", "1e30"]
    ),
    st.sampled_from(["call", "sms", "forward"]),
)


@settings(deadline=None)
@given(st.lists(ROW, max_size=30), st.sampled_from([1, 2]))
def test_counts_are_summed_and_bad_ones_rejected(rows: list[tuple[str, ...]], threads: int) -> None:
    expected: dict[tuple[str, str, str], int] = defaultdict(int)
    reasons: dict[str, int] = defaultdict(int)
    for a, b, count, kind in rows:
        try:
            value = float(count)
        except ValueError:
            value = float("nan")
        if not b:
            reasons["empty number"] += 1
        elif a == b:
            reasons["self call"] += 1
        elif value != int(value) if abs(value) < 1e15 else True:
            reasons["unparsable count"] += 1
        elif not 1 <= value <= MOST:
            reasons["count out of range"] += 1
        elif kind != "forward":
            expected[a, b, kind] = min(MOST, expected[a, b, kind] + int(value))
        else:
            expected[a, b, kind] += 0
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    table = pa.table(
        {n: pa.array(c, pa.string()) for n, c in zip(("from", "to", "n", "type"), columns, strict=True)}
    )
    if not any(key in expected for key in expected):
        with pytest.raises(InputError, match="no usable event"):
            contacts(table)
        return
    found = contacts(table, threads)
    assert not found.timed
    assert not found.durations
    assert found.report.rejected == reasons
    assert found.report.duplicates.total() == 0
    assert found.report.first is None
    assert sums(found) == {key: count for key, count in expected.items() if count}


@pytest.mark.parametrize(
    "header",
    [
        "caller,callee,count",
        "From;To;Calls",
        "source\ttarget\tweight",
        "主叫号码,被叫号码,通话次数",
        "a_party|b_party|N",
    ],
)
def test_recognised_by_their_header(header: str, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    mark = next(mark for mark in ",;\t|" if mark in header)
    path.write_text(f"{header}\n{mark.join(('300', '301', '4'))}\n{mark.join(('301', '300', '2'))}\n")
    file = open_cdr(path).files[0]
    assert file.form == "counts"
    assert not file.timed
    assert any("no times" in note for note in file.notes)
    assert sums(contacts(path)) == {("300", "301", "call"): 4, ("301", "300", "call"): 2}


def test_with_times_a_count_is_no_table_of_counts() -> None:
    table = pa.table({"from": ["a"], "to": ["b"], "time": ["2024-01-01 00:00:00"], "n": [3]})
    assert open_cdr(table).files[0].form == "synonyms"
    with pytest.raises(UnknownFormError, match="count"):
        open_cdr(pa.table({"from": ["a"], "to": ["b"]}), form="counts")


@pytest.mark.parametrize(
    "values", [np.array([3, 1, 0]), np.array([3.0, 1.0, np.nan]), pd.Categorical([3, 1, -1])]
)
def test_counts_of_any_type(values: Any) -> None:
    frame = pd.DataFrame({"caller": list("aab"), "callee": list("bbc"), "count": values})
    found = contacts(frame)
    assert sums(found) == {("a", "b", "call"): 4}
    assert found.report.rejected.total() == 1


@pytest.mark.parametrize("detail", ["sums", "times", "habits"])
def test_every_detail_has_its_columns(detail: str) -> None:
    counts = pd.DataFrame({"caller": ["a"], "callee": ["b"], "count": [3]})
    calls = pd.DataFrame(
        {"caller": ["a"], "callee": ["b"], "start": ["2024-01-01 08:00:00"], "duration": [5]}
    )
    timed = contacts_of(
        calls,
        lambda *_: Windows((19_723 * 86_400, 19_724 * 86_400)),
        network=Network(),
        resources=ONE,
        detail=detail,  # type: ignore[arg-type]
    )
    untimed = contacts(counts, detail=detail)
    assert timed.timed
    assert timed.durations
    for one, other in zip(
        timed.table.parts.whole().columns,  # type: ignore[union-attr]
        untimed.table.parts.whole().columns,  # type: ignore[union-attr]
        strict=True,
    ):
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
    (rows,) = untimed.table.rows(ONE)
    assert len(rows.peers) == 2


class TestWhatNeedsTimes:
    """One clear line instead of a result that means nothing."""

    FRAME = pd.DataFrame({"caller": ["a", "b"], "callee": ["b", "c"], "count": [3, 1]})

    def test_circles(self) -> None:
        with pytest.raises(InputError, match="does not say when"):
            contact_circles(self.FRAME, at="2024-01-01")

    @pytest.mark.parametrize(
        "command", [["circles", "--at", "2024-01-01"], ["dual-sim", "--at", "2024-01-01"]]
    )
    def test_commands(self, command: list[str], tmp_path: Path) -> None:
        path = tmp_path / "log.csv"
        self.FRAME.to_csv(path, index=False)
        result = CliRunner().invoke(
            app, [command[0], str(path), *command[1:], "--out", str(tmp_path / "out.csv")]
        )
        assert result.exit_code == 1
        assert "does not say when" in str(result.exception)

    def test_a_store(self, tmp_path: Path) -> None:
        store = Store.create(tmp_path / "store")
        with pytest.raises(InputError, match="does not say when"):
            store.append(self.FRAME)

    def test_counts_among_calls(self, tmp_path: Path) -> None:
        self.FRAME.to_csv(tmp_path / "log.csv", index=False)
        (tmp_path / "calls.csv").write_text("from,to,time,duration\na,b,2024-01-01 00:00:00,3\n")
        with pytest.raises(InputError, match="read them one by one"):
            open_cdr([tmp_path / "calls.csv", tmp_path / "log.csv"])
        cdr = open_cdr([self.FRAME.assign(start="2024-01-01 00:00:00"), tmp_path])
        assert [file.form for file in cdr.files] == ["canonical", "synonyms"]
        assert list(cdr.tables) == [0]
        assert "without times" in cdr.skipped[0][1]


def test_inspect_shows_them(tmp_path: Path) -> None:
    frame = pd.DataFrame({"caller": list("abca"), "callee": list("bccb"), "count": [3, 1, 1, 3]})
    found = inspect_cdr(open_cdr(frame))
    assert (found.total.read, found.total.accepted, found.total.rejected["self call"]) == (4, 3, 1)
    assert (found.pairs, found.numbers, found.rule) == (2, 3, ONE_LEG)
    assert found.as_dict()["total"]["first"] is None


class TestUnknownDurations:
    CALLS = pd.DataFrame({"caller": ["a", "b"], "callee": ["b", "c"], "start": ["2024-01-01 08:00:00"] * 2})

    def seen(self, source: Any) -> Contacts:
        return contacts_of(
            source,
            lambda *_: Windows((19_723 * 86_400, 19_725 * 86_400)),
            network=Network(),
            resources=ONE,
            detail="sums",
        )

    def test_calls_without_durations(self, tmp_path: Path) -> None:
        found = self.seen(self.CALLS)
        assert found.timed
        assert not found.durations
        assert sums_of_kinds(found) == (2, 0)
        store = Store.create(tmp_path / "store")
        store.append(self.CALLS)
        assert not self.seen(store).durations
        store.append(self.CALLS.assign(duration=9, start="2024-01-02 08:00:00"))
        assert self.seen(store).durations

    def test_only_texts(self, tmp_path: Path) -> None:
        path = tmp_path / "sms.csv"
        self.CALLS.to_csv(path, index=False)
        found = self.seen(path)
        assert sums_of_kinds(found) == (0, 2)
        assert not found.durations


def sums_of_kinds(found: Contacts) -> tuple[int, int]:
    whole = found.table.parts.whole()
    assert whole is not None
    return int(whole.counts[:, :2].sum()), int(whole.counts[:, 2:].sum())


def test_a_sum_stays_at_the_largest_count() -> None:
    frame = pd.DataFrame({"caller": list("aab"), "callee": list("bba"), "count": [MOST, 5, MOST]})
    assert sums(contacts(frame)) == {("a", "b", "call"): MOST, ("b", "a", "call"): MOST}


@pytest.mark.parametrize(
    "columns", [{}, {"kind": "sms"}, {"kind": "call"}, {"duration": 0}, {"duration": ""}, {"duration": 60}]
)
def test_circles_of_calls_or_texts_alone(columns: dict[str, Any]) -> None:
    rng = np.random.default_rng(0)
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 28 * 86_400, 500), unit="s")
    frame = pd.DataFrame(
        {"caller": rng.integers(0, 20, 500), "callee": rng.integers(0, 20, 500), "start": start}
    )
    circles = contact_circles(frame.assign(**columns), at="2024-01-15").to_pandas()
    assert circles[["before_index", "after_index"]].notna().all(axis=None)
    assert circles["before_index"].max() > 0
