"""The circle of every own number: its size, how much of it is found again, how much of it can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.nightly.night import Night

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.circles.circles import Circles


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write a row per own number: number, operator, circle_size, persistence, visible_share."""
    import pandas as pd

    frames = [_described(circles) for circles in _blocks(night)]
    frame = pd.concat(frames, ignore_index=True) if frames else _empty()
    night.write(folder / "circles.parquet", frame)
    return {"own numbers": len(frame), "with a circle": int((frame.circle_size > 0).sum())}


def all_numbers(night: Night) -> Iterator[str]:
    """Every number of the windows, and every one of the table of subscribers."""
    from circlegraph.contacts.windows import DAY, Windows
    from circlegraph.detect.known import read_subscribers
    from circlegraph.graph.source import contacts_of

    contacts = contacts_of(
        night.store,
        lambda first, last: Windows.single(first // DAY * DAY, (last // DAY + 1) * DAY),
        network=night.network,
        resources=night.resources,
        detail="sums",
    )
    yield from contacts.numbers.text.to_pylist()
    if night.settings.tables.subscribers is not None:
        listed = read_subscribers(night.settings.tables.subscribers, night.country)
        yield from (str(number) for number in listed.table["number"].to_pylist())


def _blocks(night: Night) -> Iterator[Circles]:
    from circlegraph.circles.run import run_circles
    from circlegraph.circles.weights import StableRule

    span, told = night.span, night.settings.second_numbers
    if span.before < 1:
        return
    yield from run_circles(
        night.store,
        span.split,
        days_before=span.before,
        days_after=span.after,
        stable=StableRule(told.stable_days, told.stable_weeks),
        network=night.network,
        resources=night.resources,
    ).blocks


def _described(circles: Circles) -> pd.DataFrame:
    """Rows of one block.

    The circle is that of `before`, its stable peers. What is visible of it is the share, by communication index, of
    peers on the own network: only with those are contacts of a second number seen as well.
    """
    import pandas as pd

    count = len(circles)
    row = circles.heads - circles.rows.low
    index = np.where(circles.stable, circles.before_index, 0.0)
    whole = np.bincount(row, index, count)
    own_part = np.bincount(row, index * circles.numbers.own[circles.peers], count)
    visible = np.full(count, np.nan)
    np.divide(own_part, whole, out=visible, where=whole > 0)
    ids = circles.ids[circles.numbers.own[circles.ids]]
    at = ids - circles.rows.low
    return pd.DataFrame(
        {
            "number": circles.numbers.strings(ids),
            "operator": circles.numbers.operators(ids),
            "circle_size": np.bincount(row, circles.stable, count).astype(np.int64)[at],
            "persistence": circles.persistence()[at],
            "visible_share": visible[at],
        }
    ).astype({"number": "str", "operator": "str"})


def _empty() -> pd.DataFrame:
    import pandas as pd

    kinds: dict[str, Any] = {
        "number": "str",
        "operator": "str",
        "circle_size": np.int64,
        "persistence": np.float64,
        "visible_share": np.float64,
    }
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})
