"""Evidence that is written piece by piece is that of all numbers at once."""

from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import town

from circlegraph.nightly import evidence
from circlegraph.nightly.days import Span
from circlegraph.nightly.night import Night
from circlegraph.nightly.privacy import Plain
from circlegraph.resources import Resources


@pytest.mark.parametrize("rows", [20, 200])
def test_pieces(done: Path, city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    folder = done / "results" / town.LAST
    stages = ("second_numbers", "families", "managers", "movement")
    span = Span(town.FIRST, town.LAST, town.LAST, (), ())
    night = Night(town.settings_of(city, done), span, stages, Resources(), Plain(), print)
    monkeypatch.setattr(evidence, "PIECE_ROWS", rows)
    cut = evidence.pieces(night)
    assert len(cut) > 2
    assert all(a.last == b.first for a, b in pairwise(cut))
    count = evidence.write_evidence(night, tmp_path / "evidence.parquet")
    whole = pd.read_parquet(folder / "labels" / "evidence.parquet")
    assert count == len(whole)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "evidence.parquet"), whole)


def test_a_table_written_in_pieces_has_the_columns_of_all(done: Path, city: Path, tmp_path: Path) -> None:
    night = Night(
        town.settings_of(city, done),
        Span(town.FIRST, town.LAST, town.LAST, (), ()),
        (),
        Resources(),
        Plain(),
        print,
    )
    frame = pd.DataFrame(
        {"number": ["1", "2", "3"], "operator": [None, None, "Blue"], "share": [0.5, None, 1.0]}
    )
    night.write(tmp_path / "whole.parquet", frame)
    night.write_pieces(tmp_path / "pieces.parquet", [frame[:2], frame[2:2], frame[2:]])
    found, whole = (pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("pieces", "whole"))
    pd.testing.assert_frame_equal(found, whole)
