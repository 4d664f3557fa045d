"""``circlegraph dual-sim``: from the command line to the file, and one line for each thing that is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import planted
import pytest

Cli = Callable[..., Any]
COLUMNS = [
    *(
        "number",
        "second_number",
        "second_operator",
        "rank",
        "accepted",
        "probability",
        "match_weight",
        "onset",
    ),
    *("shared_peers", "overlap", "containment", "jaccard", "balance", "gain", "residual", "calls_between"),
    *(
        "reason",
        "cell_overlap",
        "same_imei",
        "same_document",
        "forwards",
        "mou_drop",
        "arpu_drop",
        "calls_at_once",
        "distant_hours",
    ),
]


@pytest.fixture(scope="module")
def cdr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cdr") / "calls.csv"
    planted.calls().to_csv(path, index=False)
    return path


def test_both_kinds_of_result_hold_the_same(cli: Cli, cdr: Path, tmp_path: Path) -> None:
    for name in ("a.csv", "a.parquet"):
        ran = cli("dual-sim", cdr, "--at", planted.AT, "--out", tmp_path / name, "--top-k", 2)
        assert (ran.code, ran.err) == (0, "")
        assert "cannot tell" in ran.out
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    table = pd.read_parquet(tmp_path / "a.parquet")
    assert list(table.columns) == COLUMNS
    assert table["rank"].max() <= 2
    text = pd.read_csv(tmp_path / "a.csv", dtype={"number": str, "second_number": str})
    assert list(text.columns) == COLUMNS
    same = ["number", "second_number", "accepted", "shared_peers", "overlap", "probability", "reason"]
    pd.testing.assert_frame_equal(text[same], table[same], check_dtype=False)


def test_threads_and_memory_change_nothing(cli: Cli, cdr: Path, tmp_path: Path) -> None:
    found = set()
    for i, options in enumerate((["--threads", "1"], ["--threads", "2"], ["--memory-limit", "1GB"])):
        out = tmp_path / f"{i}.parquet"
        assert cli("dual-sim", cdr, "--at", planted.AT, "--out", out, *options).code == 0
        found.add(out.read_bytes())
    assert len(found) == 1


def test_tables_beside(cli: Cli, cdr: Path, tmp_path: Path) -> None:
    out, subscribers, forwarding = tmp_path / "a.parquet", tmp_path / "s.csv", tmp_path / "f.csv"
    planted.subscribers().assign(segment="b2c").to_csv(subscribers, index=False)  # an export has more columns
    planted.forwarding().assign(status=1).to_csv(forwarding, index=False)
    arguments = ("--subscribers", subscribers, "--forwarding", forwarding, "--method", "rules")
    ran = cli("dual-sim", cdr, "--at", planted.AT, "--out", out, *arguments)
    assert (ran.code, ran.err) == (0, "")
    table = pd.read_parquet(out).set_index(["number", "second_number"])
    row = table.loc[(planted.MOVER, planted.SECOND)]
    assert (row.same_document, row.forwards, row.accepted) == (True, True, True)
    assert pd.isna(row.same_imei)
    assert table.match_weight.isna().all()


def test_labels_weights_and_the_rest(cli: Cli, cdr: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.csv" for name in ("pairs", "labels", "weights", "untold")]
    options = zip(("--out", "--labels-out", "--weights-out", "--cannot-tell-out"), paths, strict=True)
    ran = cli("dual-sim", cdr, "--at", "auto", *(part for option in options for part in option))
    assert (ran.code, ran.err) == (0, "")
    _, labels, weights, untold = (pd.read_csv(path, dtype=str) for path in paths)
    assert list(labels) == [
        "number",
        "dual_sim",
        "second_number",
        "probability",
        "since",
        "moved_share",
        "kind",
    ]
    assert list(weights) == ["number", "second_number", "evidence", "value", "weight"]
    assert list(untold) == ["number", "reason"]
    assert (labels.dual_sim == "cannot_tell").sum() == len(untold)
    clash = cli("dual-sim", cdr, "--at", "auto", "--out", paths[0], "--labels-out", paths[0])
    assert clash.code != 0


FAILURES = {
    "outside the data": (1, ["--at", "2030-01-01"], "no events on one side"),
    "no date": (2, ["--at", "soon"], "neither a date nor a time"),
    "empty before": (1, ["--at", "2024-02-20", "--before", "2"], "the window before the split"),
    "empty after": (1, ["--at", "2024-02-18", "--after", "2"], "the window after the split"),
    "subscribers": (1, ["--at", planted.AT, "--subscribers", "nobody.csv"], "nobody.csv"),
    "forwarding": (1, ["--at", planted.AT, "--forwarding", "nobody.csv"], "nobody.csv"),
}


@pytest.mark.parametrize(("code", "options", "words"), FAILURES.values(), ids=FAILURES)
def test_one_line_says_what_is_wrong(
    cli: Cli,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    code: int,
    options: list[str],
    words: str,
) -> None:
    source = tmp_path_factory.mktemp("gap") / "calls.csv"
    planted.with_a_gap().to_csv(source, index=False)
    ran = cli("dual-sim", source, "--out", tmp_path / "a.csv", *options)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("circlegraph: ")
    assert ran.err.count("\n") == 1
    assert words in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("number,id_documnet\n13800000001,a\n", "'id_documnet' is not known; did you mean 'id_document'"),
        ("number,Age\n13800000001,a\n", "'Age' is not known; did you mean 'age'"),
        ("number\n13800000001\n13800000002\n+8613800000001\n", "rows 1 and 3 list the same number"),
        ("msisdn\n13800000001\n", "no column 'number'"),
    ],
)
def test_a_table_that_cannot_be_used(cli: Cli, cdr: Path, tmp_path: Path, text: str, words: str) -> None:
    subscribers = tmp_path / "s.csv"
    subscribers.write_text(text)
    ran = cli("dual-sim", cdr, "--at", planted.AT, "--out", tmp_path / "a.csv", "--subscribers", subscribers)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert words in ran.err
    assert "13800000001" not in ran.err
    assert list(tmp_path.iterdir()) == [subscribers]
