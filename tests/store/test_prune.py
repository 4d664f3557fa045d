"""Tokens that no stored day needs are forgotten, those that one needs never."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlegraph.graph.make import contact_graph
from circlegraph.resources import Resources
from circlegraph.store.store import Store, iso_date
from circlegraph.store.token_files import read_tokens

ONE = Resources(threads=1)
FIRST = 19_723


def calls(day: int, *names: str, **columns: Any) -> pd.DataFrame:
    rows = list(pairwise(names))
    frame = pd.DataFrame(rows, columns=["caller", "callee"]).assign(start=f"{iso_date(FIRST + day)} 08:00:00")
    return frame.assign(duration=5, **columns)


def known(store: Store) -> set[str]:
    return set(read_tokens(store.path, store.manifest.tokens).tokens().text.to_pylist())


def test_tokens_go_with_the_last_day_that_knows_them(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    store.append(calls(0, "ann", "bob", "cid"), resources=ONE)
    store.append(calls(1, "bob", "dee", caller_cell="cell-1", callee_imei="imei-1"), resources=ONE)
    store.append(calls(2, "dee", "eve", caller_cell="cell-2", forwarded_to="away"), resources=ONE)
    everything = {"ann", "bob", "cid", "dee", "eve", "cell-1", "cell-2", "imei-1", "away"}
    assert known(store) == everything
    store.drop_before("2024-01-02")  # one day gone, two left
    assert known(store) == everything
    assert store.manifest.dropped == 1
    store.drop_before("2024-01-03")  # two gone, one left
    assert known(store) == {"dee", "eve", "cell-2", "away"}
    assert store.manifest.dropped == 0
    assert len(store.manifest.tokens) == 1
    store.verify()
    assert set(contact_graph(store).to_pandas()["number"]) == {"dee", "eve"}
    store.append(calls(3, "ann", "eve"), resources=ONE)
    assert known(store) == {"dee", "eve", "cell-2", "away", "ann"}
    store.drop_before("2030-01-01")
    assert known(store) == set()
    store.append(calls(4, "ann", "bob"), resources=ONE)
    assert known(store) == {"ann", "bob"}
    files = {path.name for path in (store.path / "tokens").iterdir()}
    assert files == {Path(file.name).name for file in store.manifest.tokens}


def test_a_damaged_day_does_not_keep_the_others(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    for day in range(3):
        store.append(calls(day, "ann", f"n{day}"), resources=ONE)
    (store.path / store.manifest.days["2024-01-03"].events.name).write_bytes(b"")
    store.drop_before("2024-01-03")
    assert store.days == ["2024-01-03"]
    assert known(store) == {"ann", "n0", "n1", "n2"}
    assert store.manifest.dropped == 2


def test_second_records_keep_their_tokens(tmp_path: Path) -> None:
    """They may count one day, when more is known."""
    store = Store.create(tmp_path / "store")
    rows = [
        ("ann", "bob", True, "2024-01-01 23:59:59", 1),
        ("bob", "ann", False, "2024-01-02 00:00:01", 1),
        ("cid", "dee", True, "2024-01-02 08:00:00", 1),
    ]
    columns = ["msisdn", "msisdn_counterpart", "outgoing", "datetime", "duration"]
    store.append(pd.DataFrame(rows, columns=columns), resources=ONE)
    store.drop_before("2024-01-02")
    assert known(store) == {"ann", "bob", "cid", "dee"}
    assert set(contact_graph(store).numbers.text.to_pylist()) == {"cid", "dee"}


STEP = st.one_of(
    st.tuples(st.integers(0, 9), st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=4, unique=True)),
    st.integers(0, 10),
)


@settings(deadline=None, max_examples=10)
@given(steps=st.lists(STEP, max_size=8))
def test_every_stored_number_keeps_its_name(
    steps: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = Store.create(tmp_path_factory.mktemp("store") / "store")
    expected: dict[int, set[str]] = {}
    for step in steps:
        if isinstance(step, int):
            store.drop_before(iso_date(FIRST + step))
            expected = {day: names for day, names in expected.items() if day >= step}
        else:
            day, names = step
            store.append(calls(day, *names), resources=ONE)
            expected.setdefault(day, set()).update(names)
        needed = set().union(*expected.values())
        assert needed <= known(store)
        if expected:
            assert set(contact_graph(store, resources=ONE).numbers.text.to_pylist()) == needed
