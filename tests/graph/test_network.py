"""The own network: by list, by operator, by default."""

from pathlib import Path

import numpy as np
import pytest

import circlegraph as cg
from circlegraph.cli.options import own_network
from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.errors import CirclegraphWarning, SettingsError
from circlegraph.graph.network import Network
from circlegraph.numbers import Tokens, encode

NUMBERS = ["13800138000", "18600001111", "13912345678", "a3f9", "300"]


def own(network: cg.Network) -> list[bool]:
    return network.is_own(encode(NUMBERS)).tolist()


def test_everybody_is_own_by_default() -> None:
    assert own(cg.Network()) == [True] * 5


def test_a_list_decides_in_any_spelling(tmp_path: Path) -> None:
    path = tmp_path / "subscribers.csv"
    path.write_text("number,plan\n+86 138-0013-8000,a\na3f9,b\n,c\n")
    assert own(cg.Network.of(path)) == [True, False, False, True, False]
    assert own(cg.Network.of(path, own_operators=["China Unicom"])) == [True, False, False, True, False]


def test_operators_decide_where_there_is_no_list() -> None:
    assert own(cg.Network.of(own_operators=["China Mobile"])) == [True, False, True, False, False]


def test_ported_numbers_and_other_plans(tmp_path: Path) -> None:
    ported = tmp_path / "ported.csv"
    ported.write_text("number,operator\n13912345678,China Unicom\n")
    network = own_network(None, ["China Mobile"], None, ported, "86")
    assert own(network) == [True, False, False, False, False]
    plan = tmp_path / "plan.csv"
    plan.write_text("prefix,operator\n3,Three\n1,One\n")
    assert own(own_network(None, ["Three"], str(plan), None, "86")) == [False, False, False, False, True]
    abroad = own_network(None, None, "GB", None, "44")
    assert abroad.plan is not None
    assert len(abroad.plan.operators) > 3


def test_a_plan_for_another_country_than_the_cdrs_is_warned_of(tmp_path: Path) -> None:
    import pandas as pd

    calls = pd.DataFrame(
        {"caller": ["+447300123456"], "callee": ["07400123456"], "start": ["2024-05-01"], "duration": [5]}
    )
    abroad = Network.of(plan=cg.NumberingPlan.from_phonenumbers("GB"))
    with pytest.warns(CirclegraphWarning, match="for numbers of country 44, but those .* with country 86"):
        cg.contact_graph(cg.open_cdr(calls), network=abroad)
    for country in ("44", None):  # warnings are errors
        cg.contact_graph(cg.open_cdr(calls, country=country), network=abroad)
    graph = cg.contact_graph(cg.open_cdr(calls, country="44"), network=abroad)
    assert graph.numbers.text.to_pylist() == ["7300123456", "7400123456"]
    graph.save(tmp_path / "abroad.graph")
    for one in (graph, cg.Graph.load(tmp_path / "abroad.graph")):
        assert one.numbers.ids_of(["+44 7400 123456", "07400123456", "447300123456", "7"]).tolist() == [
            1,
            1,
            0,
            -1,
        ]


def test_opaque_tokens_of_digits_are_not_merged() -> None:
    import pandas as pd

    names = ["10.1.12.3", "10.11.2.3", "12-34", "1-234"]
    calls = pd.DataFrame(
        {"caller": names, "callee": names[1:] + names[:1], "start": ["2024-05-01"] * 4, "duration": [5] * 4}
    )
    assert sorted(cg.contact_graph(calls).numbers.text.to_pylist()) == sorted(names)


def test_an_unknown_operator_is_named_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match="did you mean 'China Mobile'"):
        cg.Network.of(own_operators=["China Mobil"])


def test_codes_do_not_depend_on_the_order_of_numbers() -> None:
    plan = cg.NumberingPlan.china()
    keys = np.sort(encode([*NUMBERS, "10086", "01012345678", "17051234567"]))
    order = np.random.default_rng(0).permutation(len(keys))
    assert plan.names(keys)[order].tolist() == plan.names(keys[order]).tolist()


def test_numbers_are_found_as_they_stand_and_as_they_are_dialled() -> None:
    import pandas as pd

    calls = pd.DataFrame(
        {"caller": ["+44123456"], "callee": ["13800138000"], "start": ["2024-05-01"], "duration": [5]}
    )
    graph = cg.contact_graph(cg.open_cdr(calls, country=None))
    assert graph.numbers.ids_of(["+44123456", "+8613800138000", "7"]).tolist() == [0, 1, -1]


def test_a_list_that_matches_no_number_is_warned_of() -> None:
    index = NumberIndex(np.unique(encode(["13800138000", "13900139000"])))
    with pytest.warns(CirclegraphWarning, match="none of the 2 listed subscribers is in the data") as caught:
        found = Network.of(["a1b2", "86138001380"]).numbers(index, Tokens.empty())
    assert not found.own.any()
    assert "138" not in str(caught[0].message)
    with pytest.warns(CirclegraphWarning, match="the table of subscribers lists nobody"):
        Network.of([]).numbers(index, Tokens.empty())
    Network.of(["13800138000", "a1b2"]).numbers(index, Tokens.empty())  # one will do
    Network.of(["a1b2"]).numbers(NumberIndex(index.keys[:0]), Tokens.empty())
