"""Every form's fixture, row by row."""

import pytest
from reading import read

M = "13800138000"
N = "13900139000"
P = "13700137000"

A, B, C = "AgB6KR3Levd9Z1vJ", "8dpPLR15XwR7jQyN", "m1WGJ0mRjjWWVZzE"

FORMS = {
    "canonical.csv": (
        "canonical",
        [
            (M, N, "2024-01-31 08:00:00", 65, "call", 0),
            (N, M, "2024-01-31 08:05:10", 0, "sms", 0),
            (M, "01065529988", "2024-01-31 23:59:59", 7, "call", 0),
            (M, P, "2024-02-01 00:00:00", 0, "forward", 0),
        ],
    ),
    "flowkit_calls.csv": (
        "flowkit",
        [
            (A, B, "2016-01-01 00:01:26", 120, "call", 1),
            (A, B, "2016-01-01 00:01:26", 120, "call", 2),
            (B, C, "2016-01-01 09:30:00", 30, "call", 1),
            (B, C, "2016-01-01 09:30:00", 30, "call", 2),
        ],
    ),
    "flowkit_sms.csv": (
        "flowkit",
        [(A, C, "2016-01-01 10:00:00", 0, "sms", 1), (A, C, "2016-01-01 10:00:00", 0, "sms", 2)],
    ),
    "cider.csv": (
        "cider",
        [
            ("aa11", "bb22", "2020-01-01 00:00:42", 253, "call", 0),
            ("bb22", "cc33", "2020-02-12 10:12:08", 0, "sms", 0),
            ("dd44", "cc33", "2020-03-30 14:50:01", 0, "sms", 0),
        ],
    ),
    "bass.csv": (
        "bass",
        [
            (M, N, "2011-12-26 14:03:22", 61, "call", 1),
            (M, N, "2011-12-26 14:03:22", 61, "call", 2),
            (M, P, "2011-12-26 15:00:00", 30, "forward", 1),
            (M, "13600136000", "2011-12-26 15:10:00", 12, "forward", 1),
            (M, P, "2011-12-26 16:00:00", 0, "sms", 1),
            (P, M, "2011-12-26 16:05:00", 0, "sms", 2),
        ],
    ),
    "3gpp.csv": (
        "3gpp",
        [
            (M, N, "2024-01-31 08:00:00", 65, "call", 1),
            (M, N, "2024-01-31 08:00:01", 64, "call", 2),
            (M, N, "2024-01-31 09:00:00", 0, "sms", 1),
            (M, N, "2024-01-31 09:00:02", 0, "sms", 2),
        ],
    ),
    "synonyms.tsv": (
        "synonyms",
        [
            (M, N, "2024-01-31 08:00:00", 65, "call", 0),
            (N, "300", "2024-02-01 09:30:00", 0, "call", 0),
            (N, "300", "2024-02-01 09:30:00", 0, "sms", 0),
        ],
    ),
    "chinese.csv": (
        "synonyms",
        [(M, N, "2024-01-31 08:00:00", 65, "call", 0), (N, "10086", "2024-02-01 09:30:00", 7, "call", 0)],
    ),
    "chinese_gb18030.csv": (
        "synonyms",
        [(M, N, "2024-01-31 08:00:00", 65, "call", 1), ("10086", M, "2024-02-01 09:30:00", 7, "call", 2)],
    ),
    "epoch_ms.csv": (
        "synonyms",
        [(M, N, "2024-01-31 08:00:00", 65, "call", 0), (N, M, "2024-01-31 08:10:00", 6, "call", 0)],
    ),
    "relative_calls.csv": (
        "synonyms",
        [
            ("300", "301", "1970-01-01 00:03:04", 121, "call", 0),
            ("512", "299", "1970-01-01 01:05:20", 0, "call", 0),
            ("301", "300", "1970-01-01 01:33:43", 504, "call", 0),
        ],
    ),
    "relative_sms.csv": (
        "synonyms",
        [
            ("370", "512", "1970-01-01 00:00:18", 0, "sms", 0),
            ("512", "370", "1970-01-01 00:00:37", 0, "sms", 0),
        ],
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_form(name: str) -> None:
    form, rows = FORMS[name]
    got = read(f"forms/{name}")
    assert got.cdr.files[0].form == form
    assert got.rows == rows
    assert (got.report.read, got.report.accepted) == (len(rows), len(rows))


def test_bandicoot_folder() -> None:
    got = read("bandicoot")
    assert [(file.form, file.owner) for file in got.cdr.files] == [("bandicoot", "ego")]
    assert sorted(path.rsplit("/", 1)[1] for path, _ in got.cdr.skipped) == [
        "antennas.csv",
        "attributes.csv",
        "correspondents.csv",
    ]
    assert got.rows == [
        ("8f8ad28de134", "ego", "2012-05-20 20:30:37", 137, "call", 2),
        ("ego", "fe01d67aeccd", "2012-05-20 20:31:42", 542, "call", 1),
        ("c8f538f1ccb2", "ego", "2012-05-20 21:10:31", 0, "sms", 2),
        ("ego", "8f8ad28de134", "2012-05-21 07:02:11", 0, "sms", 1),
    ]


def test_a_folder_of_many_forms_is_read_in_order_of_names() -> None:
    got = read("forms")
    assert len(got.cdr.files) == len(FORMS)
    assert got.rows == [row for name in sorted(FORMS) for row in FORMS[name][1]]


def test_cells_and_handsets_are_known_though_not_read() -> None:
    columns = read("forms/canonical.csv").cdr.files[0].columns
    assert columns["caller_cell"] == "caller_cell"
    assert columns["callee_imei"] == "callee_imei"
    assert columns["forwarded_to"] == "forwarded_to"
    assert read("bandicoot").cdr.files[0].columns["owner_cell"] == "antenna_id"


def test_kinds_by_the_stated_rule() -> None:
    assert "by the file's name" in read("forms/relative_sms.csv").cdr.files[0].notes[-1]
    assert "as durations are there" in read("forms/epoch_ms.csv").cdr.files[0].notes[-1]


def test_epoch_moves_relative_times() -> None:
    got = read("forms/relative_calls.csv", epoch="2013-09-01")
    assert [row[2] for row in got.rows] == [
        "2013-09-01 00:03:04",
        "2013-09-01 01:05:20",
        "2013-09-01 01:33:43",
    ]
    assert not any("counted from" in note for note in got.cdr.files[0].notes)


def test_zone_moves_instants_and_leaves_wall_clocks() -> None:
    assert read("forms/epoch_ms.csv", tz="Asia/Shanghai").rows[0][2] == "2024-01-31 16:00:00"
    assert read("forms/flowkit_calls.csv", tz="Africa/Nairobi").rows[0][2] == "2016-01-01 03:01:26"
    assert read("forms/3gpp.csv", tz="UTC").rows[0][2] == "2024-01-31 00:00:00"
    assert read("forms/canonical.csv", tz="Asia/Shanghai").rows[0][2] == "2024-01-31 08:00:00"
    assert read("forms/relative_calls.csv", tz="Asia/Shanghai").rows[0][2] == "1970-01-01 00:03:04"
