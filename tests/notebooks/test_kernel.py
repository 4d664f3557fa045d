"""What circlegraph does inside a notebook's kernel, of which these tests make a likeness."""

import sys
from types import SimpleNamespace

import pytest

from circlegraph import progress
from circlegraph.errors import InputError
from circlegraph.progress import NotebookBar, default_progress
from circlegraph.resources import Resources


@pytest.fixture
def shell(monkeypatch):
    """A kernel's shell that remembers what it was asked to call after a cell."""
    after = []
    shell = SimpleNamespace(
        kernel=object(), events=SimpleNamespace(register=lambda *pair: after.append(pair))
    )
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(progress, "_bars", {})
    shell.after = after
    return shell


def test_no_bar_outside_of_a_notebook(capsys):
    Resources().progress("reading", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_no_bar_on_a_terminal_of_ipython(shell):
    del shell.kernel
    assert not isinstance(default_progress(), NotebookBar)


def test_one_bar_per_kernel_cleared_after_each_cell(shell):
    bar = Resources().progress
    assert isinstance(bar, NotebookBar)
    assert Resources().progress is bar
    assert [(name, call.__self__) for name, call in shell.after] == [("post_run_cell", bar)]


def test_short_work_shows_nothing_and_each_cell_begins_anew():
    said = []
    now = [0.0]

    def show(text):
        said.append(text)
        return said.append

    bar = NotebookBar(show, clock=lambda: now[0])
    for now[0] in (0.0, 1.0, 1.9):
        bar("reading", 1, None)
    bar.clear()
    for now[0] in (5.0, 6.9, 7.0, 7.1, 8.0):
        bar("summing", 5, 10)
    bar.clear()
    assert said == [f"summing {'█' * 12}{'·' * 12} 5 of 10, {s} s" for s in (2, 3)] + [""]


def test_an_error_is_one_sentence():
    assert InputError("a.csv: there is no such file")._render_traceback_() == [
        "InputError: a.csv: there is no such file"
    ]
