"""The same tables in pandas, Polars and Arrow give the same results."""

import polars as pl
import pyarrow as pa
import pytest

import circlegraph as cg


@pytest.fixture(scope="module")
def week(demo):
    return demo.cdrs[demo.cdrs.start < "2025-09-08"]


@pytest.mark.parametrize("turned", [pl.from_pandas, pa.Table.from_pandas], ids=["polars", "arrow"])
def test_records(week, demo, turned):
    expected = cg.contact_graph(week, network=demo.network).to_pandas()
    assert cg.contact_graph(turned(week), network=demo.network).to_pandas().equals(expected)


@pytest.mark.parametrize("turned", [pl.from_pandas, pa.Table.from_pandas], ids=["polars", "arrow"])
def test_customer_tables(week, demo, turned):
    expected = cg.detect.families(week, subscribers=demo.subscribers).members
    assert cg.detect.families(week, subscribers=turned(demo.subscribers)).members.equals(expected)


def test_graphs_of_other_libraries(week, demo):
    graph = cg.contact_graph(week, network=demo.network)
    assert graph.to_networkx().number_of_edges() == graph.to_igraph().ecount()
    assert pl.from_pandas(graph.to_pandas()).height == graph.n_edges == graph.to_arrow().num_rows
