"""Headers to forms and roles."""

import pytest

from circlegraph.cdr.recognise import recognise
from circlegraph.errors import UnknownFormError

HEADERS = [
    ("caller,callee,start,duration,kind", "canonical", {}),
    ("Caller,CALLEE,Start", "canonical", {"caller": "Caller"}),
    (
        "interaction,direction,correspondent_id,datetime,call_duration,antenna_id",
        "bandicoot",
        {"peer": "correspondent_id"},
    ),
    ("msisdn,msisdn_counterpart,outgoing,datetime,duration", "flowkit", {"owner": "msisdn"}),
    ("txn_type,caller_id,recipient_id,timestamp,duration", "cider", {"kind": "txn_type"}),
    ("caller_id,recipient_id,timestamp,transaction_type", "cider", {"kind": "transaction_type"}),
    (
        "PRODUCT_NO,OPP_NUMBER,CALLTYPE_ID,START_DATE,START_TIME",
        "bass",
        {"date": "START_DATE", "clock": "START_TIME"},
    ),
    ("PRODUCT_NO,OPP_NUMBER,CALLTYPE_ID,START_TIME", "bass", {"start": "START_TIME"}),
    ("callingNumber,calledNumber,answerTime,callDuration", "3gpp", {"start": "answerTime"}),
    ("a_party,b_party,start_time,dur", "synonyms", {"caller": "a_party", "duration": "dur"}),
    ("From,To,timestamp", "synonyms", {"caller": "From", "callee": "To", "start": "timestamp"}),
    (
        "source,destination,date,time,call_type",
        "synonyms",
        {"date": "date", "clock": "time", "kind": "call_type"},
    ),
    ("MSISDN_A,MSISDN_B,Start Time,Duration (s)", "synonyms", {"duration": "Duration (s)"}),
    ("originating,terminating,call date,call time", "synonyms", {"date": "call date", "clock": "call time"}),
    ("caller_id,callee,timestamp", "synonyms", {"caller": "caller_id"}),
    ("主叫号码,被叫号码,开始时间,通话时长", "synonyms", {"caller": "主叫号码", "duration": "通话时长"}),
    ("本机号码,对方号码,通话类型,通话时间", "synonyms", {"owner": "本机号码", "direction": "通话类型"}),
]


@pytest.mark.parametrize(("header", "form", "roles"), HEADERS)
def test_header(header: str, form: str, roles: dict[str, str]) -> None:
    found = recognise(header.split(","), "f.csv")
    assert found.form.name == form
    assert dict(found.columns) | roles == dict(found.columns)


def test_map_overrides_what_the_form_finds() -> None:
    found = recognise(
        ["Who", "Whom", "When", "from"], "f", columns={"caller": "who", "callee": "Whom", "start": "When"}
    )
    assert dict(found.columns) == {"caller": "Who", "callee": "Whom", "start": "When"}


def test_messages_hold_no_numbers_of_the_data() -> None:
    with pytest.raises(UnknownFormError) as caught:
        recognise(["13800138000", "x", "start"], "f.csv")
    assert "13800138000" not in str(caught.value)
    assert "<value>, x, start" in str(caught.value)


def test_nothing_alike_names_what_lacks() -> None:
    with pytest.raises(
        UnknownFormError, match=r"f.csv: no form fits the columns user, age; the nearest is \w+, which"
    ):
        recognise(["user", "age"], "f.csv")


@pytest.mark.parametrize(
    ("header", "nearest", "given"),
    [
        (
            "calller,calee,start_time,duraton",
            "the nearest is canonical, which lacks caller and callee; did you mean 'duraton' to be duration, "
            "'calller' to be caller, 'calee' to be callee?",
            "caller=calller,callee=calee,duration=duraton",
        ),
        ("caler,calle,time,dur", "nearest is canonical", "caller=caler,callee=calle"),
        ("From,Too,timestamp", "nearest is canonical", "callee=Too"),
        ("product_no,opp_numbr,calltype_id,start_time", "nearest is bass", "peer=opp_numbr"),
        ("msisdn,msisdn_counterprt,outgoing,datetime", "nearest is flowkit", "peer=msisdn_counterprt"),
        ("caller_id,recipiant_id,timestamp", "nearest is cider", "callee=recipiant_id"),
        ("Callng No,callee,wann", "nearest is canonical", "'caller=Callng No,start=COLUMN'"),
    ],
)
def test_columns_nearly_called_so_are_all_named(header: str, nearest: str, given: str) -> None:
    with pytest.raises(UnknownFormError) as caught:
        recognise(header.split(","), "f.csv")
    text = str(caught.value)
    assert nearest in text
    assert text.endswith(f" Name columns with --map {given}")
    if "COLUMN" not in given:
        columns = dict(pair.split("=") for pair in given.split(","))
        assert recognise(header.split(","), "f.csv", columns=columns).columns.items() >= columns.items()
