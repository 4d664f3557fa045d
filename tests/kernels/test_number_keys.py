"""Number keys against a twin that works on strings."""

import re
from ipaddress import IPv4Address
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlegraph import numbers
from circlegraph.dialling import country_code, home_of, trunk_prefix
from circlegraph.errors import InputError, SettingsError
from circlegraph.kernels.text import is_valid_text, two_hashes
from circlegraph.kernels.token_set import distinct_tokens, insert_tokens

_MOBILE = re.compile(r"1[3-9]\d{9}$")
_IP = ("10193", "12583", "12593", "17909", "17911", "17950", "17951")


def slow_national(digits: str, strict: bool) -> str | None:
    if _MOBILE.match(digits):
        return digits
    if re.match(r"01[3-9]\d{9}$", digits):
        return digits[1:]
    if digits.startswith("0"):
        return digits if not strict or 10 <= len(digits) <= 12 else None
    if re.match(r"[48]00\d{7}$", digits):
        return digits
    if re.match(r"(10|[2-9]\d)\d{8}$", digits) or re.match(r"[3-9]\d{10}$", digits):
        return "0" + digits
    if strict and not re.match(r"([19]\d{4})$", digits):
        return None
    return digits


def slow_behind_ip_prefix(rest: str) -> str | None:
    """The number behind an IP-call prefix, None where what follows is none."""
    if found := re.match(r"(?:0|86)?(1[3-9]\d{9})$", rest):
        return found[1]
    if re.match(r"0[1-9]\d{,10}$", rest):
        return rest
    return rest if re.match(r"00[1-9]", rest) and not rest.startswith("0086") else None


# Trunk prefix, lengths of national numbers, and those that a bare country code may stand before.
ABROAD: dict[str, tuple[str, set[int], set[int]]] = {
    "44": ("0", {7, 9, 10}, {7, 9, 10}),
    "1": ("1", {10}, {10}),
    "7": ("8", {10, 14}, {10, 14}),
    "49": ("0", set(range(4, 16)), set(range(10, 16))),
    "39": ("", set(range(6, 13)), {6, 9, 10, 11, 12}),
    "36": ("06", {8, 9}, {8, 9}),
    "999": ("", set(), set()),
}


def test_what_is_known_of_countries_abroad() -> None:
    for country, (trunk, lengths, bare) in ABROAD.items():
        *_, national, behind_code = home_of(*country_code(country))
        assert trunk_prefix(country) == trunk
        assert {n for n in range(19) if national >> n & 1} == lengths
        assert {n for n in range(19) if behind_code >> n & 1} == bare


def slow_without_trunk(digits: str, country: str) -> str:
    trunk, lengths, _ = ABROAD[country]
    rest = digits.removeprefix(trunk)
    return rest if len(rest) in lengths and rest != digits and rest[0] != "0" else digits


def slow_abroad(digits: str, plus: bool, country: str) -> str:
    if plus:
        if digits.startswith(country) and len(digits) - len(country) >= 3:
            return slow_without_trunk(digits[len(country) :], country)
        return "00" + digits if len(digits) <= 16 else digits
    if len(digits) < 7:
        return digits
    if digits.startswith("00" + country) and len(digits) - len(country) >= 5:
        return slow_without_trunk(digits[2 + len(country) :], country)
    if digits.startswith(country) and len(digits) - len(country) in ABROAD[country][2]:
        return slow_without_trunk(digits[len(country) :], country)
    return slow_without_trunk(digits, country)


def slow_digits(digits: str, plus: bool, country: str) -> str:
    if country != "86":
        return slow_abroad(digits, plus, country)
    if plus:
        if digits.startswith("86") and len(digits) >= 5:
            rest = digits[2:]
            if len(rest) >= 15 and rest.startswith(_IP):
                return slow_behind_ip_prefix(rest[5:]) or rest
            return slow_national(rest, False) or rest
        return "00" + digits if len(digits) <= 16 else digits
    if len(digits) < 7 or len(digits) == 11:
        return digits
    if digits.startswith("0086") and len(digits) >= 7:
        rest = digits[4:]
        return slow_national(rest, True) or digits
    if len(digits) == 13 and digits.startswith("86") and _MOBILE.match(digits[2:]):
        return digits[2:]
    if 15 <= len(digits) <= 18 and digits.startswith(_IP):
        return slow_behind_ip_prefix(digits[5:]) or digits
    return digits


def is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


def slow_number(text: str, country: str) -> str:
    text = text.strip(" \t\r\n\v\f")
    text = re.sub(r"^=(?=\")", "", text)
    text = text.strip("'\"") if text.startswith(("'", '"')) else text
    if text.casefold() in ("", "-", "-1", "null", "none", "nan", "na", "n/a", "<na>", "\\n"):
        return ""
    if re.match(
        r"(unknown|private|anonymous|restricted|withheld|unavailable|blocked|no caller)( |$)",
        text,
        re.ASCII | re.IGNORECASE,
    ):
        return ""
    if found := re.match(r"(?:tel|sip):(\+?[0-9]+)(?:[@;].*)?$", text, re.IGNORECASE):
        text = found[1]
    return slow_text(text, country) or slow_behind_prefix(text, country) or text


def slow_text(text: str, country: str) -> str | None:
    """Number of a text, None where it is opaque."""
    if text.startswith("-"):
        return None
    plus = text.startswith("+")
    body = text[1:] if plus else text
    if re.match(r"\d{1,18}\.0$", body) and len(body) < 20:
        return slow_digits(body[:-2], plus, country)
    digits = re.sub(r"[ \-().]", "", body)
    if not re.match(r"[0-9]{1,18}$", digits):
        return None
    if digits != body and not plus and (len(digits) < 7 or is_ipv4(body)):
        return None
    return slow_digits(digits, plus, country)


def slow_behind_prefix(text: str, country: str) -> str | None:
    """Number of a text that is none by itself, as its IP-call prefix makes it too long or has a + behind it."""
    if country != "86":
        return None
    if text.startswith(_IP) and re.match(r"[ \-]*(\+..|00[^0])", text[5:], re.DOTALL):
        return slow_text(text[5:].lstrip(" -"), country)
    return None


ZOO = [
    ("13800138000", "13800138000"),
    ("+8613800138000", "13800138000"),
    ("+86 138-0013-8000", "13800138000"),
    ("008613800138000", "13800138000"),
    ("8613800138000", "13800138000"),
    ("1795113800138000", "13800138000"),
    ("1795013800138000", "13800138000"),
    ("17951013800138000", "13800138000"),
    ("1259301065529988", "01065529988"),
    ("13800138000.0", "13800138000"),
    ("  13800138000\r", "13800138000"),
    ("+8610086", "10086"),
    ("008610086", "10086"),
    ("10086", "10086"),
    ("+861065529988", "01065529988"),
    ("+8675588886666", "075588886666"),
    ("+864008123456", "4008123456"),
    ("010-6552 9988", "01065529988"),
    ("(010)65529988", "01065529988"),
    ("+16502530000", "0016502530000"),
    ("0016502530000", "0016502530000"),
    ("300", "300"),
    ("0", "0"),
    ("007", "007"),
    ("00869", "00869"),
    ("17951", "17951"),
    ("1795112345", "1795112345"),
    ("179518613800138000", "13800138000"),
    ("17951008613800138000", "13800138000"),
    ("17951+8613800138000", "13800138000"),
    ("17951 +86 138-0013-8000", "13800138000"),
    ("+861795113800138000", "13800138000"),
    ("1795100861065529988", "01065529988"),
    ("17951+16502530000", "0016502530000"),
    ("179510016502530000", "0016502530000"),
    ("1795100442079460018", "00442079460018"),
    ("179518612345678901", "179518612345678901"),
    ("17951+a", "17951+a"),
    ("12345678901234567890", "12345678901234567890"),
    ("10.1.12.3", "10.1.12.3"),
    ("10.11.2.3", "10.11.2.3"),
    ("10.11.120.30", "10.11.120.30"),
    ("255.255.255.255", "255.255.255.255"),
    ("01.42.68.53.00", "0142685300"),
    ("07.12.34.56", "07123456"),
    ("10.11.120.256", "1011120256"),
    ("12-3", "12-3"),
    ("1-23", "1-23"),
    ("100-86", "100-86"),
    ("123-4567", "1234567"),
    ("+86 100-86", "10086"),
    ("+44 20 7946 0018", "00442079460018"),
    ("138-0013-8000", "13800138000"),
    ("(0871) 123-4567", "08711234567"),
    ("1-800-FLOWERS", "1-800-FLOWERS"),
    ("8f14e45f-ceea-467a-9575-1234567890ab", "8f14e45f-ceea-467a-9575-1234567890ab"),
    ("12345678-1234-1234-1234-123456789012", "12345678-1234-1234-1234-123456789012"),
    ("17951000000000", "17951000000000"),
    ("123456789012345678", "123456789012345678"),
    ("1234567890123456789", "1234567890123456789"),
    ("-5379953405377816902", "-5379953405377816902"),
    ("3F2504E0-4F89-11D3-9A0C-0305E82C3301", "3F2504E0-4F89-11D3-9A0C-0305E82C3301"),
    ("a3f9", "a3f9"),
    ("A3F9", "A3F9"),
    ("张三", "张三"),
    ("anonymous", ""),
    ("Unknown", ""),
    ("PRIVATE NUMBER", ""),
    ("anonymous7", "anonymous7"),
    ("private-17", "private-17"),
    ("'13800138000", "13800138000"),
    ("'+8613800138000'", "13800138000"),
    ('="13800138000"', "13800138000"),
    ('=""13800138000""', "13800138000"),
    ("'AD-OPERA'", "AD-OPERA"),
    ("x'y'", "x'y'"),
    ("=x", "=x"),
    ("tel:+8613800138000", "13800138000"),
    ("sip:13800138000@ims.example", "13800138000"),
    ("SIP:+8613800138000;user=phone", "13800138000"),
    ("sip:bob@ims.example", "sip:bob@ims.example"),
    ("tel:", "tel:"),
    ("1.5e10x", "1.5e10x"),
    ("", ""),
    ("  ", ""),
    ("NULL", ""),
    ("nan", ""),
    ("-1", ""),
    ("\\N", ""),
]


@pytest.mark.parametrize(("text", "number"), ZOO)
def test_zoo(text: str, number: str) -> None:
    keys, tokens = numbers.encode_with_tokens([text])
    assert numbers.decode(keys, tokens)[0] == number
    assert slow_number(text, "86") == number


numberish = st.one_of(
    st.from_regex(r"(\+|00|0086|\+86|86|17951|12593|10193)?[0-9]{0,18}", fullmatch=True),
    st.from_regex(r"(\+86|0086|86)?(17950|17951)?[ -]?(\+86|0086|86|00|\+)?0?1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"(\+|00)?(44|1|7|49|39|36|999)?(0|1|8|06)?[1-9][0-9]{2,12}", fullmatch=True),
    st.from_regex(r"\+?[0-9 ().\-]{1,22}", fullmatch=True),
    st.from_regex(r"(0?[0-9]{1,3}\.){3}[0-9]{1,3}", fullmatch=True),
    st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffd"), max_size=40),
)


@given(st.lists(numberish, max_size=20), st.sampled_from(["86", *ABROAD]))
@settings(max_examples=300, deadline=None)
def test_same_as_twin(texts: list[str], country: str) -> None:
    texts = [text for text in texts if text.isascii() or text.strip() == text.strip(" \t\r\n\v\f")]
    keys, tokens = numbers.encode_with_tokens(texts, country=country)
    assert numbers.decode(keys, tokens).tolist() == [slow_number(text, country) for text in texts]


@given(st.lists(st.from_regex(r"[0-9]{1,18}|[a-z][0-9a-z.\-]{0,70}", fullmatch=True), max_size=30))
@settings(deadline=None)
def test_without_normalisation_texts_come_back(texts: list[str]) -> None:
    texts = [text for text in texts if text not in ("null", "none", "nan", "na")]
    keys, tokens = numbers.encode_with_tokens(texts, country=None)
    assert numbers.decode(keys, tokens).tolist() == texts
    assert (np.unique(keys).size, len(tokens)) == (
        len(set(texts)),
        len({t for t in texts if not t.isdigit()}),
    )


def test_without_normalisation_nothing_is_rewritten() -> None:
    texts = ["+8613800138000", "138-0013", "8613800138000", "1.0"]
    keys, tokens = numbers.encode_with_tokens(texts, country=None)
    assert numbers.decode(keys, tokens).tolist() == texts


@given(st.lists(st.integers(-(2**63) + 2, 2**63 - 1), max_size=30))
@settings(deadline=None)
def test_integers_are_their_texts(values: list[int]) -> None:
    keys, tokens = numbers.encode_with_tokens(np.array(values, np.int64))
    text_keys, text_tokens = numbers.encode_with_tokens([str(value) for value in values])
    assert keys.tolist() == text_keys.tolist()
    assert numbers.decode(keys, tokens).tolist() == numbers.decode(text_keys, text_tokens).tolist()


def test_every_arrow_layout_gives_the_same_keys() -> None:
    texts = ["13800138000", None, "a3f9", "", "+8613800138000", "a3f9"]
    plain = numbers.encode(pa.array(texts))
    layouts: list[Any] = [
        pa.array(texts, pa.large_string()),
        pa.array(texts, pa.string_view()),
        pa.array([None if t is None else t.encode() for t in texts], pa.binary()),
        pa.array([None if t is None else t.encode() for t in texts], pa.large_binary()),
        pa.array(texts).dictionary_encode(),
        pa.chunked_array([pa.array(texts[:2]), pa.array(texts[2:])]),
        pa.concat_arrays([pa.array(["zzz"]), pa.array(texts), pa.array(["y"])]).slice(1, len(texts)),
        texts,
    ]
    for layout in layouts:
        assert numbers.encode(layout).tolist() == plain.tolist()
    assert plain[0] == 113800138000 == plain[4]
    assert plain[1] == plain[3] == 0
    assert plain[2] == plain[5] < 0


def test_numbers_that_a_spreadsheet_has_rounded_are_unreadable() -> None:
    assert numbers.encode(["1.38E+10", "1.3800138e10", "+8.61E12"]).tolist() == [1, 1, 1]
    texts = ["1.38E+10", "1.2.3e4", "1e10"]
    keys, tokens = numbers.encode_with_tokens(texts, country=None)
    assert numbers.decode(keys, tokens).tolist() == texts
    assert (numbers.encode(["1.2.3e4", "1e10", "1.5E+1234"]) < 0).all()


def test_unsigned_and_null_columns() -> None:
    assert (
        numbers.encode(np.array([2**64 - 1, 7], np.uint64)).tolist()
        == numbers.encode([str(2**64 - 1), "7"]).tolist()
    )
    assert numbers.encode(pa.array([7, None], pa.uint64())).tolist() == [17, 0]
    assert numbers.encode(pa.nulls(2)).tolist() == [0, 0]
    assert numbers.encode([]).tolist() == []


@pytest.mark.parametrize(
    "raw", [b"\xff", b"a\x00b", b"\xc3", b"\xed\xa0\x80", b"caf\xef\xbf\xbd", b"\xf5\x80\x80\x80"]
)
def test_invalid_text_has_key_one(raw: bytes) -> None:
    assert numbers.encode(pa.array([raw, b"x" * 20 + raw])).tolist() == [1, 1]


@given(st.binary(max_size=30))
@settings(deadline=None)
def test_valid_text_as_python_sees_it(raw: bytes) -> None:
    try:
        text = raw.decode()
        valid = not any(ord(c) < 32 or ord(c) == 127 or c == "\ufffd" for c in text)
    except UnicodeDecodeError:
        valid = False
    assert is_valid_text(np.frombuffer(raw + b"?", np.uint8).copy(), 0, len(raw)) == valid


def test_hashes_depend_on_every_byte_and_the_length() -> None:
    seen = set()
    for length in range(40):
        data = np.zeros(length + 1, np.uint8)
        for place in range(length):
            data[:] = 65
            data[place] = 66
            seen.add(two_hashes(data, 0, length))
    first, second = {pair[0] for pair in seen}, {pair[1] for pair in seen}
    assert len(seen) == len(first) == len(second) == sum(range(40))


def test_clashes_are_told() -> None:
    keys = np.array([-5, -5], np.int64)
    assert distinct_tokens(keys, np.array([1, 2]), np.empty(2, np.int64)) == -1
    assert distinct_tokens(keys, np.array([1, 1]), np.empty(2, np.int64)) == 1
    slots, checks = np.zeros(8, np.int64), np.zeros(8, np.int64)
    assert insert_tokens(slots, checks, keys[:1], np.array([1]), np.empty(1, np.bool_)) == 1
    assert insert_tokens(slots, checks, keys[:1], np.array([2]), np.empty(1, np.bool_)) == -1
    table = numbers.TokenTable()
    table.add(numbers.Tokens(keys[:1], np.array([1]), pa.array(["a"], pa.large_string())))
    with pytest.raises(InputError, match="same 63-bit key"):
        table.add(numbers.Tokens(keys[:1], np.array([2]), pa.array(["b"], pa.large_string())))


def test_token_table_grows_and_keeps_all() -> None:
    table = numbers.TokenTable()
    texts = [f"token-{i}" for i in range(20_000)]
    for low in range(0, 20_000, 3_000):
        _, tokens = numbers.encode_with_tokens(texts[max(low - 500, 0) : low + 3_000])
        assert len(table.add(tokens)) == min(3_000, 20_000 - low)
    assert len(table) == 20_000
    assert table.tokens().text.to_pylist() == texts
    assert numbers.decode(numbers.encode(texts), table.tokens()).tolist() == texts


def test_decode_needs_the_tokens() -> None:
    keys, _ = numbers.encode_with_tokens(["a", "b"])
    with pytest.raises(InputError, match="lacks a key"):
        numbers.decode(keys)
    with pytest.raises(InputError, match="lacks a key"):
        numbers.decode(keys, numbers.encode_with_tokens(["a", "c"])[1])


@pytest.mark.parametrize("country", ["x", "0", "1234", "８６"])
def test_country_codes_are_checked(country: str) -> None:
    with pytest.raises(SettingsError, match="country"):
        numbers.encode(["1"], country=country)


ONE_PERSON = {
    "44": (
        "7400123456",
        ["+447400123456", "00447400123456", "447400123456", "07400123456", "+44 (0)7400 123456"],
    ),
    "1": ("6502530000", ["+1 (650) 253-0000", "0016502530000", "16502530000", "6502530000"]),
    "7": ("9161234567", ["+79161234567", "0079161234567", "79161234567", "89161234567", "8 (916) 123-45-67"]),
    "49": ("1701234567", ["+491701234567", "00491701234567", "491701234567", "01701234567"]),
    "39": ("3401234567", ["+393401234567", "00393401234567", "393401234567", "3401234567"]),
    "36": ("201234567", ["+36201234567", "0036201234567", "36201234567", "06201234567"]),
    "62": ("81234567890", ["+6281234567890", "006281234567890", "6281234567890", "081234567890"]),
}


@pytest.mark.parametrize("country", ONE_PERSON)
def test_a_number_abroad_is_one_however_it_is_dialled(country: str) -> None:
    number, forms = ONE_PERSON[country]
    assert set(numbers.decode(numbers.encode(forms, country=country))) == {number}
    values = np.array([int(form) for form in forms if form.isdigit() and not form.startswith("06")])
    assert set(numbers.decode(numbers.encode(values, country=country))) == {number}  # a leading 0 is lost


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("27", "272131234"),  # an area code that looks like South Africa's country code
        ("43", "435212345"),
        ("39", "3923456789"),  # a mobile number of Italy
        ("39", "0669812345"),  # the 0 of Italian area codes belongs to the number
        ("44", "999"),
        ("44", "0074001"),
        ("44", "00167400123456"),
        ("44", "004471"),
        ("44", "12345678901"),
        ("999", "9991234567"),
    ],
)
def test_what_is_no_number_behind_a_prefix_stays(country: str, number: str) -> None:
    assert numbers.decode(numbers.encode([number], country=country)).tolist() == [number]


@given(st.sampled_from(["+44", "001", "+7", "0039", "+49"]), st.from_regex(r"[2-9][0-9]{9}", fullmatch=True))
@settings(max_examples=100, deadline=None)
def test_a_number_as_written_out_is_read_back(prefix: str, national: str) -> None:
    """Results name numbers as they are dialled at home, and are read again as input."""
    country = prefix.lstrip("+0")
    keys = numbers.encode([prefix + national], country=country)
    assert numbers.decode(keys).tolist() == [national]
    assert numbers.encode([national], country=country).tolist() == keys.tolist()
