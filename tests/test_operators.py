"""Numbering plans against a twin that works on strings."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlegraph import numbers
from circlegraph.dialling import home_country
from circlegraph.errors import InputError, SettingsError
from circlegraph.operators import NumberingPlan

CHINA = [
    ("13800138000", "China Mobile"),
    ("13490000000", "China Telecom"),
    ("13480000000", "China Mobile"),
    ("18600001111", "China Unicom"),
    ("18912345678", "China Telecom"),
    ("19212345678", "China Broadnet"),
    ("16512345678", "China Mobile"),
    ("16712345678", "China Unicom"),
    ("16212345678", "China Telecom"),
    ("17012345678", "China Telecom"),
    ("17051234567", "China Mobile"),
    ("17091234567", "China Unicom"),
    ("17112345678", "China Unicom"),
    ("+8613800138000", "China Mobile"),
    ("1795118600001111", "China Unicom"),
    ("10086", "China Mobile"),
    ("1008611", "China Mobile"),
    ("10010", "China Unicom"),
    ("10000", "China Telecom"),
    ("10099", "China Broadnet"),
    ("01065529988", ""),
    ("138", ""),
    ("1380013800", ""),
    ("1000012345", ""),
    ("300", ""),
    ("a3f9", ""),
    ("", ""),
]


@pytest.mark.parametrize(("number", "operator"), CHINA)
def test_china(number: str, operator: str) -> None:
    plan = NumberingPlan.china()
    assert plan.names(numbers.encode([number])).tolist() == [operator]


entries = st.lists(
    st.tuples(
        st.from_regex(r"[0-9]{1,5}", fullmatch=True), st.sampled_from([0, 0, 5, 11]), st.sampled_from("ABC")
    ),
    max_size=15,
    unique_by=lambda entry: entry[:2],
)


@given(entries, st.lists(st.from_regex(r"[0-9]{1,12}|[a-z]{3}", fullmatch=True), max_size=30), st.data())
@settings(max_examples=300, deadline=None)
def test_as_twin(entries: list[tuple[str, int, str]], texts: list[str], data: st.DataObject) -> None:
    ported = (
        data.draw(st.dictionaries(st.sampled_from(texts), st.sampled_from("CD"), max_size=3)) if texts else {}
    )

    def slow(text: str) -> str:
        if text in ported:
            return ported[text]
        fits = [
            (len(prefix), digits, name)
            for prefix, digits, name in entries
            if text.isdigit() and text.startswith(prefix) and digits in (0, len(text))
        ]
        return max(fits, default=(0, 0, ""))[2]

    plan = NumberingPlan(entries, ported, None)
    keys = numbers.encode(texts, country=None)
    assert plan.names(keys).tolist() == [slow(text) for text in texts]
    assert [plan.operators[code] for code in plan.codes(keys)] == [slow(text) for text in texts]


def test_ported_numbers_override() -> None:
    plan = NumberingPlan.china({"+8613800138000": "China Unicom", "10086": "Nobody"})
    assert plan.names(numbers.encode(["13800138000", "13800138001", "10086"])).tolist() == [
        "China Unicom",
        "China Mobile",
        "Nobody",
    ]


def test_phonenumbers_carriers() -> None:
    plan = NumberingPlan.from_phonenumbers("gb")
    assert plan.country == "44"
    forms = ["+447300123456", "07300123456", "447300123456", "00447300123456", "+44 (0)7300 123456"]
    assert plan.names(numbers.encode(forms, country="44")).tolist() == ["EE"] * 5
    assert plan.names(numbers.encode(["+442079460000", "+8613800138000"], country="44")).tolist() == ["", ""]
    assert plan.names(numbers.encode(["07300123456"], country=None)).tolist() == ["EE"]
    with pytest.raises(SettingsError, match="there is no region 'XX'"):
        NumberingPlan.from_phonenumbers("XX")


def test_prefixes_of_a_plan_with_and_without_the_trunk_prefix() -> None:
    keys = numbers.encode(["07400123456", "+447400123456", "447500123456", "02079460018"], country="44")
    for entries in (
        [("074", 11, "A"), ("075", 0, "B")],
        [("74", 10, "A"), ("75", 0, "B")],
    ):
        assert NumberingPlan(entries, None, "44").names(keys).tolist() == ["A", "A", "B", ""]
    plan = NumberingPlan([("07", 0, "A"), ("7", 0, "B")], {"0044 7400 123456": "C"}, "44")
    assert plan.names(keys).tolist() == ["C", "C", "B", ""]  # what is written without it goes before
    assert NumberingPlan([("0138", 0, "A")]).names(numbers.encode(["13800138000"])).tolist() == [""]


def test_a_prefix_may_begin_as_the_trunk_prefix_does() -> None:
    keys = numbers.encode(["+7 4822 123456", "+7 8482 123456", "8 8482 123456"], country="7")
    plan = NumberingPlan.from_mapping({"8482": "A"}, None, "7")
    assert plan.names(keys).tolist() == ["", "A", "A"]


def test_a_plan_by_its_name(tmp_path: Path) -> None:
    assert (
        NumberingPlan.of().digest()
        == NumberingPlan.china().digest()
        == NumberingPlan.of(None, {}, None).digest()
    )
    assert NumberingPlan.of(None, {"07400123456": "A"}, "44").operators == ("", "A")
    assert NumberingPlan.of("GB").digest() == NumberingPlan.from_phonenumbers("GB").digest()
    path = tmp_path / "plan.csv"
    path.write_text("prefix,operator\n074,A\n")
    keys = numbers.encode(["+447400123456"], country="44")
    assert NumberingPlan.of(str(path), {}, "44").names(keys).tolist() == ["A"]


@pytest.mark.parametrize(
    ("country", "plan", "home"),
    [
        (None, None, "86"),
        (None, "GB", "44"),
        (None, "plan.csv", "86"),
        ("33", "plan.csv", "33"),
        ("", "GB", ""),
        ("+44", "gb", "+44"),
        ("1", "CA", "1"),
    ],
)
def test_the_home_country_is_told_by_the_plan(country: str | None, plan: str | None, home: str) -> None:
    assert home_country(country, plan) == home


def test_a_plan_of_another_country() -> None:
    with pytest.raises(SettingsError, match="plan GB is for the numbers of country 44, not 33"):
        home_country("33", "GB")
    with pytest.raises(SettingsError, match="there is no region 'XX'"):
        home_country(None, "XX")


def test_csv_plans(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("# ours\nOperator,Prefix\nA,13\nB,138\n")
    assert NumberingPlan.from_csv(path).names(numbers.encode(["1399", "1389"])).tolist() == ["A", "B"]
    for text, message in [
        ("number,name\n1,A\n", "needs the columns prefix and operator"),
        ("prefix,digits,operator\n1,x,A\n", "'x' is no number of digits"),
    ]:
        path.write_text(text)
        with pytest.raises(InputError, match=message):
            NumberingPlan.from_csv(path)
    with pytest.raises(InputError, match="cannot read the numbering plan"):
        NumberingPlan.from_csv(tmp_path / "none.csv")


def test_plans_are_checked() -> None:
    with pytest.raises(SettingsError, match="'13x' is no prefix"):
        NumberingPlan.from_mapping({"13x": "A"})
    with pytest.raises(SettingsError, match="prefix 13 has two operators"):
        NumberingPlan([("13", 0, "A"), ("13", 0, "B")])
    assert NumberingPlan([]).names(numbers.encode(["1"])).tolist() == [""]


def test_many_numbers_as_one_by_one() -> None:
    plan = NumberingPlan.china()
    keys = 10**11 + np.random.default_rng(0).integers(13 * 10**9, 20 * 10**9, 100_000)
    codes = plan.codes(keys)
    assert codes[:300].tolist() == [int(plan.codes(keys[i : i + 1])[0]) for i in range(300)]
    assert (codes > 0).mean() > 0.7
