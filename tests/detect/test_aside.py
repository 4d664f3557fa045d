"""Arrays put aside where memory is limited: the result is the same, and a full disk is told in one line."""

import os

import numpy as np
import pandas as pd
import planted
import pytest
from test_anytime import CALLS
from test_unify import friends

from circlegraph.detect.second_numbers.run import run_dual_sim
from circlegraph.errors import InputError
from circlegraph.resources import Resources
from circlegraph.spill import Shelf


@pytest.mark.parametrize(("calls", "at"), [(friends()[0], planted.AT), (CALLS, "auto")])
def test_the_memory_does_not_matter(calls: pd.DataFrame, at: str) -> None:
    tables = ("subscribers", "forwarding", "days_before", "days_after", "stable", "network", "country")
    options = {**dict.fromkeys(tables), "method": "probability", "top_k": 5, "most_peers": 1000}
    wide, narrow = (
        run_dual_sim(calls, at, **options, resources=resources)[0]
        for resources in (Resources(threads=1), Resources(threads=3, memory_limit=10**9))
    )
    assert wide.pairs.accepted.any()
    for table in ("pairs", "labels", "weights", "cannot_tell"):
        pd.testing.assert_frame_equal(getattr(wide, table), getattr(narrow, table), check_exact=True)


@pytest.mark.parametrize("on_disk", [True, False])
@pytest.mark.parametrize("shape", [0, 5, (4, 3), (0, 2)])
def test_what_is_put_aside_comes_back(shape: int | tuple[int, ...], on_disk: bool) -> None:
    shelf = Shelf(on_disk)
    arrays = [shelf.empty(shape, dtype) for dtype in (np.bool_, np.int32, np.float64)]
    for array in arrays:
        array[...] = np.arange(array.size).reshape(shape) % 2
    shelf.release()
    for array in arrays:
        assert array.shape == np.empty(shape).shape
        assert (array == np.arange(array.size).reshape(shape) % 2).all()


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(InputError, match=r"cannot be written .No space left on device.; set TMPDIR"):
        Shelf(on_disk=True).empty(3, np.int64)
