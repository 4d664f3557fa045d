"""Every notebook runs, says what it is about, and keeps to the rules of the house."""

import re

import pytest
from running import NOTEBOOKS, code, read, run

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
TOPICS = (
    "quickstart",
    "second_numbers",
    "families",
    "account_managers",
    "own_data",
    "compare_your_method",
    "nightly",
)


def test_all_are_there():
    assert [path.stem for path in PATHS] == [f"{i:02d}_{topic}" for i, topic in enumerate(TOPICS, 1)]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_cell_runs_twice_with_the_same_outcome_and_prints_nothing(path, capsys):
    shown, _ = run(path, times=2)
    for first, second in shown:
        assert first.shown == second.shown, first.source
    assert capsys.readouterr() == ("", "")
    assert sum(bool(first.shown) for first, _ in shown) >= 4


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_begins_with_a_question_and_ends_with_an_answer(path):
    texts = ["".join(cell["source"]) for cell in read(path)["cells"] if cell["cell_type"] == "markdown"]
    assert texts[0].startswith("# ")
    assert "**Purpose.**" in texts[0]
    assert "**Question.**" in texts[0]
    assert "**Answer.**" in texts[-1]
    assert read(path)["cells"][-1]["cell_type"] == "markdown"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_is_stored_without_outputs_magics_and_paths(path):
    notebook = read(path)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
    for source in code(path):
        assert not re.search(r"^\s*[!%]|print\(|https?://|[\"'](/|[A-Z]:)\w", source, re.MULTILINE), source
