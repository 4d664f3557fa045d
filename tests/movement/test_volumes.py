"""Weekly volumes: the kernel, the pass over events and the pass over a store against plain Python and SQL."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import NUMBERS, events, frame, town, zoo
from naive import DAY, Event, packed
from naive_weeks import weekly

from circlegraph.detect.weekly_movement import passes
from circlegraph.detect.weekly_movement.passes import BATCH_ROWS, open_pass
from circlegraph.detect.weekly_movement.totals import Forwards, Total
from circlegraph.detect.weekly_movement.volumes import COLUMNS, Block, Watched, Weeks, competitors_numbers
from circlegraph.graph.network import Network
from circlegraph.kernels.weekly import sum_weeks
from circlegraph.numbers import encode
from circlegraph.resources import Resources
from circlegraph.store.store import Store

SERVICE = ("10010", "300")  # 300 is among `NUMBERS`
WEEKS = Weeks(last_day=10, count=3)  # days -10 to 10


def watched(keys: list[int] | None) -> Watched:
    own = None if keys is None else np.unique(np.array(keys, np.int64))
    return Watched.of(Network(own), SERVICE, None)


def as_dict(block: Block) -> dict[tuple[int, int], list[int]]:
    return {
        (key, week): block.volumes[i, week].tolist()
        for i, key in enumerate(block.keys.tolist())
        for week in range(block.volumes.shape[1])
        if block.volumes[i, week].any()
    }


def inside(rows: list[Event], weeks: Weeks) -> list[Event]:
    return [e for e in dict.fromkeys(rows) if weeks.first_day <= e.start // DAY <= weeks.last_day]


def total_of(rows: list[Event], weeks: Weeks, chosen: Watched) -> Block:
    made = packed(inside(rows, weeks))
    total = Total(weeks, chosen)
    total.add_events(made)
    total.add_forwards(Forwards.of(made))
    return total.block()


def twin(rows: list[Event], weeks: Weeks, chosen: Watched) -> dict[tuple[int, int], list[int]]:
    keys = None if chosen.network.subscribers is None else set(chosen.network.subscribers.tolist())
    return {
        place: row
        for place, row in weekly(
            rows,
            weeks.first_day,
            weeks.count,
            lambda key: keys is None or key in keys,
            chosen.service.tolist(),
        ).items()
        if any(row)
    }


@pytest.mark.parametrize("own", [None, list(NUMBERS[:4])], ids=["all own", "some own"])
@pytest.mark.parametrize("rows", zoo().values(), ids=zoo())
def test_zoo(rows: list[Event], own: list[int] | None) -> None:
    assert as_dict(total_of(rows, WEEKS, watched(own))) == twin(rows, WEEKS, watched(own))


@given(
    events(low=-11 * DAY, high=12 * DAY, legs=(0, 1, 2), durations=st.integers(0, 5000)),
    st.sets(st.sampled_from(NUMBERS)),
)
def test_any_events(rows: list[Event], own: set[int]) -> None:
    chosen = watched(sorted(own))
    assert as_dict(total_of(rows, WEEKS, chosen)) == twin(rows, WEEKS, chosen)


@given(st.data())
@settings(max_examples=25)
def test_kernel_against_loops(data: Any) -> None:
    n = data.draw(st.integers(0, 30))
    column = lambda low, high: np.array(  # noqa: E731
        data.draw(st.lists(st.integers(low, high), min_size=n, max_size=n)), np.int64
    )
    place, peer, day = column(-1, 3), column(5, 9), column(0, 6)
    measures = np.stack([column(0, 2) for _ in range(6)]).reshape(6, n)
    off_net = column(0, 1).astype(np.bool_)
    service = np.array([6, 9], np.int64)
    expected = np.zeros((4, 11), np.int64)
    peers: list[set[int]] = [set() for _ in range(4)]
    for i in range(n):
        p = int(place[i])
        if p >= 0:
            expected[p, :6] += measures[:, i]
            expected[p, 6] += measures[0, i] * off_net[i]
            peers[p].add(int(peer[i]))
            expected[p, 8] |= 1 << int(day[i])
            for s, key in enumerate(service):
                expected[p, 9 + s] += measures[0, i] * (peer[i] == key)
    expected[:, 7] = [len(found) for found in peers]
    assert np.array_equal(sum_weeks(place, peer, day, measures, off_net, service, 4), expected)


@pytest.fixture(scope="module")
def cdr() -> Any:
    made = town(days=24, events_a_day=150, tokens=False)
    names = {key: f"138{key:08d}" for event in made for key in event[:2]}
    return frame(made, names)


def whole(source: Any, weeks: Weeks, chosen: Watched) -> Block:
    blocks = list(open_pass(source, Resources(threads=2)).blocks(weeks, chosen, Resources(threads=2)))
    keys = np.concatenate([block.keys for block in blocks])
    order = np.argsort(keys)
    return Block(keys[order], np.concatenate([block.volumes for block in blocks])[order])


def some_own(cdr: Any) -> Watched:
    return Watched.of(Network.of(sorted(set(cdr["caller"]))[::2]), ("300", cdr["callee"].iloc[0]), "86")


@pytest.mark.parametrize("batch_rows", [BATCH_ROWS, 40], ids=["one batch", "many batches"])
def test_store_as_cdrs(cdr: Any, tmp_path: Path, batch_rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "BATCH_ROWS", batch_rows)
    monkeypatch.setattr(passes, "BLOCK_NUMBERS", 7)
    store = Store.create(tmp_path / "store")
    for half in (cdr[::2], cdr[1::2]):
        store.append(half)
    weeks = Weeks(19_723 + 21, 3)
    of_store, of_cdr = whole(store, weeks, some_own(cdr)), whole(cdr, weeks, some_own(cdr))
    assert np.array_equal(of_store.keys, of_cdr.keys)
    assert np.array_equal(of_store.volumes, of_cdr.volumes)
    assert of_cdr.volumes[:, :, COLUMNS.index("forwarded_calls")].any()


SQL = """
with kept as (select distinct * from cdr where start >= $first and start < $end),
legs as (
    select caller as number, callee as peer, kind, duration, start, true as made from kept where caller <> callee
    union all
    select callee, caller, kind, duration, start, false from kept where caller <> callee
),
mine as (
    select legs.*, date_diff('day', $first, start) // 7 as week,
        exists (from own where own.number = legs.peer) as to_own
    from legs where number in (from own) and kind <> 'forward'
)
select number, week,
    count(*) filter (kind = 'call' and made) as calls_out,
    coalesce(sum(duration) filter (kind = 'call' and made), 0) as seconds_out,
    count(*) filter (kind = 'call' and not made) as calls_in,
    coalesce(sum(duration) filter (kind = 'call' and not made), 0) as seconds_in,
    count(*) filter (kind = 'sms' and made) as texts_out,
    count(*) filter (kind = 'sms' and not made) as texts_in,
    count(*) filter (kind = 'call' and made and not to_own) as off_net_calls,
    count(distinct peer) as contacts,
    count(distinct start::date) as active_days
from mine group by all
"""


def test_against_sql(cdr: Any) -> None:
    weeks = Weeks(19_723 + 21, 3)
    chosen = some_own(cdr)
    block = whole(cdr, weeks, chosen)
    own = sorted(set(cdr["caller"]))[::2]
    with duckdb.connect() as base:
        base.register("cdr", cdr)
        base.execute("create table own as select unnest($1) as number", [own])
        first = np.datetime64(weeks.first_day, "D").astype("datetime64[s]").item()
        end = np.datetime64(weeks.last_day + 1, "D").astype("datetime64[s]").item()
        rows = base.execute(SQL, {"first": first, "end": end}).fetchall()
    found = {place: row[:9] for place, row in as_dict(block).items() if any(row[:9])}
    keys = encode([row[0] for row in rows]).tolist()
    expected = {(key, row[1]): list(row[2:]) for key, row in zip(keys, rows, strict=True)}
    assert found == expected
    assert sum(row[6] for row in found.values()) > 100


def test_weeks_count_back() -> None:
    weeks = Weeks(19_723, 13)
    assert weeks.ends[-1] == 19_723
    assert weeks.first_day == 19_723 - 90
    assert weeks.counted(range(19_720, 19_800)).tolist() == [0] * 12 + [4]


def test_service_numbers_of_the_others() -> None:
    own = Network.of(["13800138000", "13800138001", "18600001111"])
    assert competitors_numbers(own) == ("10010", "10011", "10000", "10001", "10099")
    assert "10086" in competitors_numbers(Network.of(["18600001111"]))
    assert "10086" not in competitors_numbers(Network.of(["a3f9"]))  # hashed: nobody knows
