"""The reference pages build, and hold every public name with its text."""

import re
import subprocess
import sys
from pathlib import Path

import circlegraph

ROOT = Path(__file__).parents[2]


def test_one_command_builds_pages_of_all_public_names(tmp_path):
    command = [sys.executable, ROOT / "docs" / "reference.py", tmp_path / "pages"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    page = (tmp_path / "pages" / "circlegraph.html").read_text(encoding="utf-8")
    for name in circlegraph.__all__:
        is_package = (ROOT / "circlegraph" / name).is_dir() and name.islower()
        assert (f'href="circlegraph/{name}.html"' if is_package else f'id="{name}"') in page, name
    views = (tmp_path / "pages" / "circlegraph" / "views.html").read_text(encoding="utf-8")
    assert "Draw the steady circle of a number" in views
    for path in (tmp_path / "pages").rglob("*.html"):
        assert not re.search(r'(src|@import)[="( ]+https?:', path.read_text(encoding="utf-8")), path
