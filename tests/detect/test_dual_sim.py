"""Second numbers of a planted town: against SQL, and what must always hold."""

import re
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import planted
import pytest

import circlegraph as cg
from circlegraph.detect.second_numbers import candidates as search
from circlegraph.detect.second_numbers import run
from circlegraph.detect.second_numbers import search as search_rounds
from circlegraph.errors import CirclegraphWarning, InputError, SettingsError

CALLS = planted.calls()

# Circles as sets: stable own-network peers before, own-network peers after, and how they overlap.
SQL = """
WITH seen AS (
    SELECT caller AS number, callee AS peer, start FROM calls WHERE kind != 'forward'
    UNION ALL SELECT callee, caller, start FROM calls WHERE kind != 'forward'
), hubs AS (SELECT number FROM seen GROUP BY number HAVING count(DISTINCT peer) > $most_peers
), stable AS (
    SELECT number, peer FROM seen WHERE start < $at AND peer IN (FROM own) AND peer NOT IN (FROM hubs)
    GROUP BY ALL HAVING count(DISTINCT start::DATE) >= 2 AND count(DISTINCT (isoyear(start), week(start))) >= 2
), later AS (
    SELECT DISTINCT number, peer FROM seen
    WHERE start >= $at AND peer IN (FROM own) AND peer NOT IN (FROM hubs)
), shared AS (
    SELECT stable.number, later.number AS second_number, count(*) AS shared
    FROM stable JOIN later USING (peer) WHERE stable.number != later.number GROUP BY ALL
)
SELECT number, second_number, shared AS shared_peers, shared / s.size AS overlap, shared / c.size AS containment,
    shared / (s.size + c.size - shared) AS jaccard
FROM shared
JOIN (SELECT number, count(*) AS size FROM stable GROUP BY ALL) AS s USING (number)
JOIN (SELECT number AS second_number, count(*) AS size FROM later GROUP BY ALL) AS c USING (second_number)
"""


@pytest.mark.parametrize(("most_peers", "own"), [(1000, 1.0), (1000, 0.6), (33, 0.9)])
def test_overlaps_equal_sql(most_peers: int, own: float) -> None:
    numbers = sorted(set(CALLS.caller) | set(CALLS.callee))
    listed = pd.DataFrame({"number": numbers[: int(own * len(numbers))]})
    found = cg.detect.dual_sim(
        CALLS, planted.AT, subscribers=listed, top_k=1000, most_peers=most_peers, method="rules"
    )
    with duckdb.connect() as db:
        db.register("calls", CALLS)
        db.register("own", listed)
        want = db.execute(SQL, {"at": pd.Timestamp(planted.AT), "most_peers": most_peers}).df()
    assert len(found.pairs) > 100
    both = found.pairs.merge(want, on=["number", "second_number"], suffixes=("", "_sql"))
    assert len(both) == len(found.pairs)
    for name in ("shared_peers", "overlap", "containment", "jaccard"):
        np.testing.assert_allclose(both[name], both[f"{name}_sql"], rtol=1e-12)


def test_the_planted_number_comes_first() -> None:
    found = cg.detect.dual_sim(CALLS, planted.AT)
    rows = found.pairs[found.pairs.number == planted.MOVER]
    best = rows[rows["rank"] == 1].iloc[0]
    assert best.second_number == planted.SECOND
    assert best.second_operator == "China Unicom"
    late = CALLS[(CALLS.caller == planted.SECOND) | (CALLS.callee == planted.SECOND)]
    assert pd.Timestamp(planted.AT) <= best.onset
    assert best.onset >= late.start.min().normalize()
    assert best.probability == found.pairs.probability.max()
    assert found.pairs[found.pairs.accepted].second_number.is_unique
    assert found.pairs.residual.to_numpy() == pytest.approx(1 - found.pairs.balance)
    power = 2.0**found.pairs.match_weight
    assert found.pairs.probability.to_numpy() == pytest.approx(power / (1 + power))


def test_evidence_follows_the_definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_rounds, "owners", lambda numbers, *_: np.arange(numbers))  # one round
    pairs = cg.detect.dual_sim(CALLS, planted.AT, top_k=1000).pairs
    circles = cg.contact_circles(CALLS, planted.AT).to_pandas().set_index(["number", "peer"])
    late = CALLS.start >= pd.Timestamp(planted.AT)
    minutes = [CALLS[(CALLS.kind == "call") & side] for side in (~late, late)]
    assert len(pairs) > 100
    for row in pairs.iloc[::7].itertuples():
        old = circles.loc[row.number].query("stable")
        n = circles.loc[row.second_number].after_index.reindex(old.index).fillna(0)
        b, o = old.before_index, old.after_index
        alone = np.minimum(b, o).sum() / np.maximum(b, o).sum()
        together = np.minimum(b, o + n).sum() / np.maximum(b, o + n).sum()
        assert row.balance == pytest.approx(together)
        assert row.gain == pytest.approx(together - alone, abs=1e-6)
        ends = {row.number, row.second_number}
        between = CALLS.caller.isin(ends) & CALLS.callee.isin(ends) & (CALLS.kind != "forward")
        assert row.calls_between == between.sum()
        spent = [c[(c.caller == row.number) | (c.callee == row.number)].duration.sum() / 42 for c in minutes]
        assert row.mou_drop == pytest.approx(1 - spent[1] / spent[0])
        steady = set(old.index)
        if not (circles.loc[row.second_number].before_index > 0).any():
            steady = set(circles.loc[row.second_number].index)  # a new number: whomever it meets first
        met = [
            c.start
            for c in CALLS[late & (CALLS.kind != "forward")].itertuples()
            if {c.caller, c.callee} & steady
            and row.second_number in (c.caller, c.callee)
            and ({c.caller, c.callee} - {row.second_number}) <= steady
        ]
        assert row.onset == min(met).normalize()


def test_a_store_and_blocks_of_rows_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = cg.detect.dual_sim(CALLS, planted.AT).pairs
    store = cg.Store.create(tmp_path / "store")
    store.append(CALLS)
    pd.testing.assert_frame_equal(cg.detect.dual_sim(store, planted.AT).pairs, whole)
    monkeypatch.setattr(cg.Resources, "block_edges", property(lambda _: 200))
    pd.testing.assert_frame_equal(cg.detect.dual_sim(CALLS, planted.AT).pairs, whole)


def test_threads_and_ranges_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = cg.detect.dual_sim(CALLS, planted.AT, threads=1)
    monkeypatch.setattr(search, "WEDGES_AT_A_TIME", 200)
    two = cg.detect.dual_sim(CALLS, planted.AT, threads=2)
    pd.testing.assert_frame_equal(one.pairs, two.pairs)
    pd.testing.assert_frame_equal(one.cannot_tell, two.cannot_tell)


def test_opaque_ids_give_the_same() -> None:
    numbers = sorted(set(CALLS.caller) | set(CALLS.callee))
    hashed = {number: f"id-{i * 7919 % 1009:x}" for i, number in enumerate(numbers)}
    opaque = CALLS.assign(caller=CALLS.caller.map(hashed), callee=CALLS.callee.map(hashed))
    plain = cg.detect.dual_sim(CALLS, planted.AT, top_k=1000).pairs
    other = cg.detect.dual_sim(opaque, planted.AT, top_k=1000).pairs
    assert other.second_operator.isna().all()
    renamed = plain.assign(number=plain.number.map(hashed), second_number=plain.second_number.map(hashed))
    both = renamed.merge(other, on=["number", "second_number"], suffixes=("", "_opaque"))
    assert len(both) == len(plain) == len(other)
    np.testing.assert_allclose(both.match_weight, both.match_weight_opaque, rtol=1e-9, atol=1e-9)


def test_hubs_are_capped_and_reported() -> None:
    crowd = [f"1390000{i:04}" for i in range(300)]
    hub = pd.DataFrame({"caller": crowd, "callee": "13012345678", "duration": 5, "kind": "call"})
    days = pd.Timestamp(planted.AT) + pd.to_timedelta(np.tile([-20, -10, 10], 100), unit="D")
    found = cg.detect.dual_sim(pd.concat([CALLS, hub.assign(start=days)]), planted.AT, most_peers=200)
    assert found.summary()["hubs"] == "1 numbers with more than 200 peers left out"
    reasons = dict(found.cannot_tell.itertuples(index=False))
    assert reasons["13012345678"] == "more than 200 peers, no person's circle"
    free = cg.detect.dual_sim(CALLS, planted.AT, most_peers=200)
    assert free.summary()["expected"].split(" ")[0] == found.summary()["expected"].split(" ")[0]


def test_who_cannot_be_judged_is_named() -> None:
    found = cg.detect.dual_sim(CALLS, planted.AT)
    assert set(found.cannot_tell.number).isdisjoint(found.pairs.number)
    assert planted.SECOND in set(found.cannot_tell.number)
    assert "0 stable own-network peers, 3 needed" in set(found.cannot_tell.reason)
    assert f"{len(found.cannot_tell):,} numbers" in found._repr_html_()
    assert "Second numbers" in repr(found)


def test_reasons_name_no_numbers() -> None:
    for reason in cg.detect.dual_sim(CALLS, planted.AT).pairs.reason:
        assert not re.search(r"\d{5,}", reason)


def test_rules_to_the_letter() -> None:
    pairs = cg.detect.dual_sim(CALLS, planted.AT, method="rules", subscribers=planted.subscribers()).pairs
    moved = (pairs.overlap >= 0.4) & ~(pairs.mou_drop < 0.3)
    assert (pairs.accepted == (moved | pairs.same_document.fillna(False))).all()
    assert pairs.accepted.any()
    assert not pairs.accepted.all()


def test_what_the_tables_do_not_say_is_unknown() -> None:
    pairs = cg.detect.dual_sim(CALLS[CALLS.kind != "forward"], planted.AT).pairs
    for name in ("cell_overlap", "same_imei", "same_document", "forwards"):
        assert pairs[name].isna().all()


def test_nobody_to_judge() -> None:
    few = CALLS[CALLS.caller == planted.MOVER]
    found = cg.detect.dual_sim(few, planted.AT, stable=cg.StableRule(40, 5))
    assert len(found.pairs) == 0
    assert found.summary()["second numbers"] == "0 accepted of 0 candidates listed"


@pytest.mark.parametrize(
    "options", [{"method": "magic"}, {"top_k": 0}, {"most_peers": 0}, {"weights": [0.5] * 5}]
)
def test_settings_that_make_no_sense(options: dict[str, object]) -> None:
    with pytest.raises(
        SettingsError, match="sum to 2.5" if "weights" in options else str(next(iter(options)))
    ):
        cg.detect.dual_sim(CALLS, planted.AT, **options)  # type: ignore[arg-type]


def test_tables_of_python() -> None:
    twice = pd.DataFrame({"number": ["13800000001", "008613800000001"]})
    with pytest.raises(InputError, match="rows 1 and 2 list the same number"):
        cg.detect.dual_sim(CALLS, planted.AT, subscribers=twice)


def test_a_long_search_says_what_it_will_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LONG_RUN", 1)
    said: list[str] = []
    options = dict.fromkeys(("subscribers", "forwarding", "days_before", "days_after", "stable", "network"))
    found, _ = run.run_dual_sim(
        CALLS,
        planted.AT,
        **options,
        method="rules",
        top_k=5,
        country="86",
        most_peers=99,
        resources=cg.Resources(),
        say=said.append,
    )
    assert said == [found.facts["expected"]]
    assert re.fullmatch(r"[\d,]+ wedges to pass, of them ([\d,]+ by one with \d+ contacts(, )?){3}", said[0])
    wedges, *largest = (int(text.replace(",", "")) for text in re.findall(r"([\d,]+) (?:wedges|by)", said[0]))
    assert wedges >= sum(largest) > 0
    assert largest == sorted(largest, reverse=True)


def test_the_largest_peers_are_those_of_judged_numbers() -> None:
    two = pd.DataFrame({"number": sorted(set(CALLS.caller))[:12]})
    said = cg.detect.dual_sim(CALLS, planted.AT, subscribers=two, method="rules").facts["expected"]
    wedges, *largest = (int(text.replace(",", "")) for text in re.findall(r"([\d,]+) (?:wedges|by)", said))
    assert wedges >= sum(largest)


def test_a_list_that_matches_nobody() -> None:
    nobody = pd.DataFrame({"number": ["13900000000"]})
    with (
        pytest.warns(CirclegraphWarning, match="none of the 1 listed subscribers is in the data"),
        pytest.raises(InputError, match="no number with a contact is the own network's; check the list"),
    ):
        cg.detect.dual_sim(CALLS, planted.AT, subscribers=nobody)


def test_weights_shape_the_balance() -> None:
    plain = cg.detect.dual_sim(CALLS, planted.AT, method="rules").pairs
    calls = cg.detect.dual_sim(
        CALLS, planted.AT, method="rules", weights={"calls_out": 0.5, "calls_in": 0.5}
    ).pairs
    both = plain.merge(calls, on=["number", "second_number"])
    assert (both.overlap_x == both.overlap_y).all()
    assert (both.balance_x != both.balance_y).any()


def test_a_circle_without_weight_has_no_balance() -> None:
    few = CALLS[(CALLS.kind == "call") | (CALLS.caller == planted.MOVER) | (CALLS.callee == planted.MOVER)]
    pairs = cg.detect.dual_sim(few, planted.AT, weights=(0, 0, 0, 0, 1)).pairs  # texts alone
    assert np.isfinite(pairs[["balance", "gain", "residual", "probability"]].to_numpy()).all()
    assert (pairs.balance == 0).any()


def test_relatives_are_two_people() -> None:
    """Who is known to be of one family is less likely to be one owner of two numbers; nobody else is touched."""
    plain = cg.detect.dual_sim(CALLS, planted.AT).pairs
    best = plain[plain.number == planted.MOVER].iloc[0]
    assert best.second_number == planted.SECOND
    pairs = pd.DataFrame({"number_a": [planted.SECOND], "number_b": [planted.MOVER], "probability": [0.8]})
    told = cg.detect.dual_sim(CALLS, planted.AT, families=pairs).pairs
    now = told[(told.number == planted.MOVER) & (told.second_number == planted.SECOND)].iloc[0]
    assert now.probability < best.probability / 2
    assert now.reason.endswith("the two are of one family")
    unsure = cg.detect.dual_sim(CALLS, planted.AT, families=pairs.assign(probability=0.4)).pairs
    pd.testing.assert_frame_equal(unsure, plain)
    with pytest.raises(InputError, match="no column 'probability'"):
        cg.detect.dual_sim(CALLS, planted.AT, families=pairs[["number_a", "number_b"]])
