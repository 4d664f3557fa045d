"""A store named by a relative path."""

from pathlib import Path

import pandas as pd
import pytest

import circlegraph as cg


def test_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = cg.Store.create("here")
    calls = pd.DataFrame(
        {"caller": ["a"], "callee": ["b"], "start": ["2024-05-01 08:00:00"], "duration": [60]}
    )
    assert store.append(calls).accepted == 1
    assert cg.Store(tmp_path / "here").days == ["2024-05-01"]
