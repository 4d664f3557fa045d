"""Where a store may be made."""

from pathlib import Path

import pytest

from circlegraph.errors import StoreError
from circlegraph.store.store import Store


def test_what_a_killed_attempt_left_is_taken_up(tmp_path: Path) -> None:
    (tmp_path / "days").mkdir()
    assert Store.create(tmp_path).days == []


def test_a_folder_with_anything_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "mine.parquet").touch()
    with pytest.raises(StoreError, match="not empty"):
        Store.create(tmp_path)
