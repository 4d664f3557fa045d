"""Graphs saved and loaded: equal, whole, and refused when anything is wrong with the file."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from window_graphs import ZOO, Event, differences, event_lists, graph_of

from circlegraph.circles.indicators import indicators
from circlegraph.errors import InputError, StoreError
from circlegraph.graph.graph import Graph
from circlegraph.numbers import encode_with_tokens


@pytest.mark.parametrize("events", ZOO.values(), ids=ZOO)
def test_zoo(events: list[Event], tmp_path: Path) -> None:
    graph = graph_of(events)
    graph.save(tmp_path / "graph")
    again = Graph.load(tmp_path / "graph")
    assert differences(graph, again) == []
    assert again.provenance == graph.provenance
    assert again.numbers.operator_names == graph.numbers.operator_names
    assert repr(again) == repr(graph)


@given(event_lists())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_graph(tmp_path: Path, events: list[Event]) -> None:
    graph = graph_of(events)
    graph.save(tmp_path / "graph")
    again = Graph.load(tmp_path / "graph")
    assert differences(graph, again) == []
    assert again.provenance == graph.provenance


def test_only_the_tokens_of_the_graph_are_written(tmp_path: Path) -> None:
    graph = graph_of([Event("a1", "2", 5)])
    more = replace(graph.numbers, tokens=encode_with_tokens(["a1", "elsewhere"])[1])
    graph = replace(graph, numbers=more)
    graph.save(tmp_path / "graph")
    assert Graph.load(tmp_path / "graph").numbers.tokens.text.to_pylist() == ["a1"]
    assert b"elsewhere" not in (tmp_path / "graph").read_bytes()


def test_provenance_becomes_plain_data(tmp_path: Path) -> None:
    graph = replace(graph_of(ZOO["one pair"]), provenance={"rows": np.int64(3), "files": [Path("a.csv")]})
    graph.save(tmp_path / "graph")
    assert Graph.load(tmp_path / "graph").provenance == {"rows": 3, "files": ["a.csv"]}


def test_a_loaded_graph_works(tmp_path: Path) -> None:
    graph = graph_of(ZOO["hub"])
    graph.save(str(tmp_path / "graph"))
    again = Graph.load(str(tmp_path / "graph"))
    before, after = indicators(graph), indicators(again)
    for name, column in before.columns.items():
        np.testing.assert_array_equal(column, after[name], strict=True)
    assert again.numbers.id_of("10086") == graph.numbers.id_of("10086")


def test_changes_stay_in_memory(tmp_path: Path) -> None:
    graph_of(ZOO["hub"]).save(tmp_path / "graph")
    content = (tmp_path / "graph").read_bytes()
    graph = Graph.load(tmp_path / "graph")
    graph["calls_out"][:] = 7
    graph.numbers.own[:] = True
    assert (tmp_path / "graph").read_bytes() == content
    (tmp_path / "graph").unlink()
    assert (graph["calls_out"] == 7).all()


def test_the_file_is_private_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    graph_of(ZOO["hub"]).save(path)
    old = Graph.load(path)
    graph_of(ZOO["one pair"]).save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["graph"]  # noqa: PTH208
    assert differences(Graph.load(path), graph_of(ZOO["one pair"])) == []
    assert differences(old, graph_of(ZOO["hub"])) == []


def test_a_failure_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "graph"
    graph_of(ZOO["hub"]).save(path)
    content = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pa.ipc, "new_stream", full)
    with pytest.raises(InputError, match=r"cannot be written \(No space left on device\)"):
        graph_of(ZOO["one pair"]).save(path)
    assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["graph"]  # noqa: PTH208


@given(st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_byte_is_found(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "graph"
    graph_of(ZOO["tokens"]).save(path)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 2))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        Graph.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@given(st.data())
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_cut_is_found(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "graph"
    graph_of(ZOO["tokens"]).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(StoreError, match="no saved graph, or was cut off"):
        Graph.load(path)


def test_other_versions_and_other_files(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    with pytest.raises(StoreError, match="there is no such file"):
        Graph.load(path)
    with pytest.raises(StoreError, match="cannot be read"):
        Graph.load(tmp_path)
    graph_of(ZOO["one pair"]).save(path)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"circlegraph graph 00001", b"circlegraph graph 00002"))
    with pytest.raises(
        StoreError, match="has version 2, this circlegraph reads version 1; make the graph anew"
    ):
        Graph.load(path)
    path.write_bytes(b"number,peer\n" * 100)
    with pytest.raises(StoreError, match="no saved graph"):
        Graph.load(path)
    with pytest.raises(InputError, match="cannot be written"):
        graph_of([]).save(tmp_path / "missing" / "graph")


def test_other_programs_can_read_it(tmp_path: Path) -> None:
    graph = graph_of(ZOO["both ways"])
    graph.save(tmp_path / "graph")
    with pa.OSFile(str(tmp_path / "graph")) as file:
        numbers, edges = (pa.ipc.open_stream(file).read_all() for _ in range(2))
    assert numbers["degree"].to_pylist() == [1, 1]
    assert edges["calls_out"].to_pylist() == graph["calls_out"].tolist()
