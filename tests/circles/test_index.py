"""Circles before and after: against SQL over the whole definition, and the properties of the index."""

from collections.abc import Sequence
from typing import Any

import duckdb
import made
import naive
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive import DAY, Event

from circlegraph.circles.circles import Circles
from circlegraph.circles.index import _indexed, circle_index
from circlegraph.circles.run import contact_circles
from circlegraph.circles.weights import StableRule, Weights
from circlegraph.contacts.pairs import MEASURES
from circlegraph.errors import InputError
from circlegraph.graph.make import contact_graph
from circlegraph.graph.network import Network

FIRST = 19_723  # 2024-01-01, a Monday
NAMES = made.town_names()
ROWS = made.town(7)
CDR = made.frame(ROWS, NAMES)
AT = "2024-01-15"
UNEVEN = Weights((0.1, 0.3, 0.15, 0.05, 0.4))

# The definition, as one query: both directions, both windows, stable peers by ISO week, the scale, the index.
SQL = """
WITH contact AS (
    SELECT *, start >= $split AS late FROM cdr WHERE kind != 'forward' AND start >= $first AND start < $last
), seen AS (
    SELECT caller AS number, callee AS peer, late, start, kind = 'call' AS call, duration, true AS out FROM contact
    UNION ALL
    SELECT callee, caller, late, start, kind = 'call', duration, false FROM contact
), measured AS (
    SELECT number, peer, late,
        count(*) FILTER (call AND out) AS calls_out,
        coalesce(sum(duration) FILTER (call AND out), 0)::BIGINT AS seconds_out,
        count(*) FILTER (call AND NOT out) AS calls_in,
        coalesce(sum(duration) FILTER (call AND NOT out), 0)::BIGINT AS seconds_in,
        count(*) FILTER (NOT call AND out) AS sms_out,
        count(*) FILTER (NOT call AND NOT out) AS sms_in,
        bool_and(NOT late) AND count(DISTINCT start::DATE) >= $days
            AND count(DISTINCT (isoyear(start), week(start))) >= $weeks AS steady
    FROM seen GROUP BY ALL
), scaling AS (
    SELECT * FROM measured WHERE NOT late AND number IN (SELECT number FROM own)
), scale AS (
    SELECT avg(calls_out) / $before AS s1, avg(seconds_out) / $before AS s2, avg(calls_in) / $before AS s3,
        avg(seconds_in) / $before AS s4, avg(sms_out) / $before AS s5
    FROM scaling WHERE steady OR NOT (SELECT coalesce(bool_or(steady), false) FROM scaling)
), indexed AS (
    SELECT measured.*, (coalesce(0.1 * calls_out / nullif(s1, 0), 0)
        + coalesce(0.3 * seconds_out / nullif(s2, 0), 0) + coalesce(0.15 * calls_in / nullif(s3, 0), 0)
        + coalesce(0.05 * seconds_in / nullif(s4, 0), 0) + coalesce(0.4 * sms_out / nullif(s5, 0), 0))
        / (CASE WHEN late THEN $after ELSE $before END) AS z
    FROM measured, scale
), before AS (FROM indexed WHERE NOT late), after AS (FROM indexed WHERE late)
SELECT number, peer, coalesce(before.z, 0) AS before_index, coalesce(after.z, 0) AS after_index,
    coalesce(before.steady, false) AS stable, {columns}
FROM before FULL JOIN after USING (number, peer) ORDER BY number, peer
"""


def by_sql(
    cdr: pd.DataFrame, own: Sequence[str], window: tuple[str, str, str], rule: StableRule
) -> pd.DataFrame:
    first, split, last = (pd.Timestamp(edge) for edge in window)
    columns = ", ".join(
        f"coalesce({when}.{name}, 0) AS {when}_{name}" for when in ("before", "after") for name in MEASURES
    )
    with duckdb.connect() as db:
        db.register("cdr", cdr)
        db.register("own", pd.DataFrame({"number": list(own)}))
        values = {
            "first": first,
            "split": split,
            "last": last,
            "days": rule.days,
            "weeks": rule.weeks,
            "before": (split - first) / pd.Timedelta("1D"),
            "after": (last - split) / pd.Timedelta("1D"),
        }
        return db.execute(SQL.format(columns=columns), values).df()


def ordered(circles: Circles) -> pd.DataFrame:
    return circles.to_pandas().sort_values(["number", "peer"], ignore_index=True)


def assert_equal(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    for frame in (found, expected):
        frame[["number", "peer"]] = frame[["number", "peer"]].astype(object)
    pd.testing.assert_frame_equal(found, expected, rtol=1e-12, atol=0, check_dtype=False)


@pytest.mark.parametrize("rule", [StableRule(), StableRule(3, 1), StableRule(1, 1)])
@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("at", [AT, "2024-01-10 13:37:11"])
def test_the_whole_definition_in_sql(rule: StableRule, listed: bool, at: str) -> None:
    own = sorted(NAMES.values())[::3] if listed else sorted(NAMES.values())
    network = Network.of(own) if listed else Network()
    found = contact_circles(CDR, at, weights=UNEVEN, stable=rule, network=network)
    assert found.stable.any()
    assert not found.stable.all()
    assert_equal(ordered(found), by_sql(CDR, own, ("2024-01-01", at, "2024-01-29"), rule))


def test_windows_shorter_than_the_data() -> None:
    found = contact_circles(CDR, "2024-01-18 12:00", days_before=9, days_after=5, weights=UNEVEN)
    window = ("2024-01-09 12:00", "2024-01-18 12:00", "2024-01-23 12:00")
    assert_equal(ordered(found), by_sql(CDR, list(NAMES.values()), window, StableRule()))


@given(st.integers(0, 10**6), st.integers(1, 150), st.integers(1, 90))
def test_any_windows_in_sql(seed: int, before: int, after: int) -> None:
    rng = np.random.default_rng(seed)
    rows = made.town(
        seed, people=8, days=before + after, events_a_day=1, first=FIRST + int(rng.integers(0, 9))
    )
    split = (rows[0].start // DAY + before) * DAY + int(rng.integers(0, 2)) * 40_001
    cdr = made.frame(rows, NAMES)
    if not rows[0].start < split <= rows[-1].start:
        return
    window = [
        str(np.datetime64(t, "s"))
        for t in (rows[0].start // DAY * DAY, split, (rows[-1].start // DAY + 1) * DAY)
    ]
    found = contact_circles(cdr, window[1], weights=UNEVEN)
    assert_equal(
        ordered(found), by_sql(cdr, list(NAMES.values()), (window[0], window[1], window[2]), StableRule())
    )


def assert_same(a: Circles, b: Circles) -> None:
    """Equal to the last bit."""
    assert a.numbers.index.keys.tolist() == b.numbers.index.keys.tolist()
    assert a.numbers.own.tolist() == b.numbers.own.tolist()
    assert a.windows == b.windows
    assert a.scale.tolist() == b.scale.tolist()
    for name in ("indptr", "peers", "stable", "before_index", "after_index", "heads"):
        assert np.array_equal(getattr(a, name), getattr(b, name)), name
    assert np.array_equal(a.measures(), b.measures())
    assert np.array_equal(a.persistence(), b.persistence(), equal_nan=True)
    assert a.to_arrow().equals(b.to_arrow())


@pytest.mark.parametrize("weights", [None, UNEVEN, Weights(shape="log"), Weights(shape="binary")])
@pytest.mark.parametrize("listed", [False, True])
def test_of_two_graphs_as_of_cdrs(weights: Weights | None, listed: bool) -> None:
    network = Network.of(sorted(NAMES.values())[::2]) if listed else Network()
    before = contact_graph(CDR, "2024-01-01", AT, network=network)
    after = contact_graph(CDR, AT, "2024-01-29", network=network)
    assert_same(
        circle_index(before, after, weights=weights),
        contact_circles(CDR, AT, weights=weights, network=network),
    )


def test_threads_change_nothing() -> None:
    assert_same(contact_circles(CDR, AT, threads=1), contact_circles(CDR, AT, threads=2))
    assert_same(contact_circles(CDR, AT, threads=1), contact_circles(CDR, AT, threads=5))


def test_graphs_of_other_windows_are_refused() -> None:
    before = contact_graph(CDR, "2024-01-01", "2024-01-14")
    with pytest.raises(InputError, match="split time"):
        circle_index(before, contact_graph(CDR, AT, "2024-01-29"))


def test_binary_and_log() -> None:
    linear = contact_circles(CDR, AT, weights=UNEVEN)
    binary = contact_circles(CDR, AT, weights=Weights(shape="binary"))
    log = contact_circles(CDR, AT, weights=Weights(UNEVEN.coefficients, "log", sharpness=7.0))
    met = linear.measures().any(axis=1)
    for w, name in enumerate(("before_index", "after_index")):
        assert np.array_equal(getattr(binary, name), met[w])
        z = getattr(linear, name)
        np.testing.assert_allclose(getattr(log, name), np.log1p(7 * z) / np.log1p(7), rtol=1e-12)


def test_binary_counts_a_peer_who_only_sent_texts() -> None:
    rows = [Event(1, 2, FIRST * DAY, 0, 1), Event(2, 1, FIRST * DAY + 20 * DAY, 0, 1)]
    found = contact_circles(made.frame(rows, NAMES), AT, weights=Weights(shape="binary"))
    assert (found.before_index.tolist(), found.after_index.tolist()) == ([1, 1], [1, 1])
    assert contact_circles(made.frame(rows, NAMES), AT).before_index.tolist() == [
        0.2 / (14 * (1 / 2 / 14)),
        0,
    ]  # s_5: one text over two rows, nobody is stable


def test_the_mean_tie_to_a_stable_peer_is_one() -> None:
    found = contact_circles(CDR, AT, weights=UNEVEN)
    assert found.before_index[found.stable].mean() == pytest.approx(1, rel=1e-12)


@given(st.integers(0, 10**6))
def test_additive_over_the_numbers_of_one_owner(seed: int) -> None:
    """One number's calls spread over two: for one scale the indices of both sum to the index of one."""
    rng = np.random.default_rng(seed)
    rows = made.town(seed % 5, people=9, days=28, events_a_day=4)
    owner, second = 3, 60
    moved = {e for e in rows if rng.random() < 0.5}
    split = [
        e._replace(
            caller=second if e.caller == owner and e in moved else e.caller,
            callee=second if e.callee == owner and e in moved else e.callee,
        )
        for e in rows
    ]
    one = contact_circles(made.frame(rows, NAMES), AT, weights=UNEVEN)
    two = contact_circles(made.frame(split, NAMES), AT, weights=UNEVEN)
    two = _indexed(two.rows, two.numbers, two.stable, UNEVEN, one.scale, {})
    whole, parts = one.to_pandas(), two.to_pandas().replace({NAMES[second]: NAMES[owner]})
    indices = ["before_index", "after_index"]
    sums = [frame.groupby(["number", "peer"])[indices].sum().sort_index() for frame in (whole, parts)]
    pd.testing.assert_frame_equal(*sums, rtol=1e-12)


def twice(rows: list[Event], days: int) -> list[Event]:
    """The same events again, so many days later."""
    return rows + [e._replace(start=e.start + days * DAY) for e in rows]


@pytest.mark.parametrize("shape", ["linear", "log", "binary"])
def test_a_circle_that_does_not_change_is_in_full_balance(shape: Any) -> None:
    found = contact_circles(made.frame(twice(ROWS, 28), NAMES), "2024-01-29", weights=Weights(shape=shape))
    balance = found.persistence()
    assert np.isfinite(balance).any()
    assert set(balance[np.isfinite(balance)]) == {1.0}


@given(st.integers(0, 10**6))
def test_balance_of_a_number_with_itself(seed: int) -> None:
    rows = made.town(seed, people=15, days=28, events_a_day=15)
    own = [NAMES[x] for x in range(1, 16) if (seed >> x % 20) & 1] or [NAMES[1]]
    found = contact_circles(made.frame(rows, NAMES), AT, network=Network.of(own))
    table = found.to_pandas()
    table = table[table["stable"] & table["peer"].isin(own)]
    balance = dict(zip(found.numbers.strings(found.ids), found.persistence().tolist(), strict=True))
    for number, value in balance.items():
        circle = table[table["number"] == number]
        expected = naive.balance(circle["before_index"].tolist(), circle["after_index"].tolist())
        assert value == pytest.approx(expected, rel=1e-12, nan_ok=True)
        assert np.isnan(value) or 0 <= value <= 1


def test_a_circle_by_number() -> None:
    found = contact_circles(CDR, AT)
    table = ordered(found)
    for number in (NAMES[1], NAMES[5], NAMES[60]):
        circle = found.circle(number)
        assert circle["before_index"].is_monotonic_decreasing
        mine = table[table["number"] == number]
        assert_equal(circle.sort_values("peer", ignore_index=True), mine.reset_index(drop=True))
    with pytest.raises(InputError, match="no contacts"):
        found.circle("13999999999")


def test_words_and_html() -> None:
    found = contact_circles(CDR, AT)
    assert "14 days" in repr(found)
    assert "persistence" in found._repr_html_()
    assert len(found) == len(NAMES)
