"""Machine code on disk is used for the sources that it was made from, and for no others."""

from pathlib import Path

from circlegraph.kernels import _jit, aggregate
from circlegraph.kernels._jit import source_stamp


def test_a_stamp_follows_the_helpers_of_helpers(tmp_path: Path) -> None:
    def stamp(helper: str) -> str:
        folder = tmp_path / helper
        folder.mkdir()
        (folder / "kernel.py").write_text("import numpy\nfrom circlegraph.kernels.middle import x\n")
        (folder / "middle.py").write_text("from circlegraph.kernels.helper import (\n    y,\n)\n")
        (folder / "helper.py").write_text(helper)
        (folder / "stranger.py").write_text(folder.name)
        return source_stamp(folder / "kernel.py")

    assert stamp("a") != stamp("b")
    assert stamp("c") == source_stamp(tmp_path / "c" / "kernel.py")
    assert source_stamp(tmp_path / "a" / "middle.py") != source_stamp(tmp_path / "b" / "middle.py")


def test_numba_goes_by_the_stamp() -> None:
    kernel = aggregate.group_pairs
    assert kernel._cache._cache_file._source_stamp == source_stamp(Path(aggregate.__file__))  # type: ignore[attr-defined]
    assert source_stamp(Path(aggregate.__file__)) != source_stamp(Path(_jit.__file__))
