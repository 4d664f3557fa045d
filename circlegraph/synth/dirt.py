"""Dirt: late rows, exact duplicates and broken rows, a known number of each a day."""

from typing import Any

import numpy as np
import numpy.typing as npt

from circlegraph.synth.rng import generator
from circlegraph.synth.settings import Settings

PREFIXES = ("+86", "0086", "17951", "12593")
BREAKAGES = ("negative_duration", "no_callee", "self_call", "no_caller", "no_start")


def soil(settings: Settings, table: Any, number: int) -> tuple[Any, Any | None, dict[str, int]]:
    """Make one day's table as dirty as the settings ask.

    Parameters
    ----------
    settings : Settings
        Settings of the city.
    table : pyarrow.Table
        Clean records of the day.
    number : int
        Day of the window.

    Returns
    -------
    on_time : pyarrow.Table
        Rows of the day's own file: duplicates and broken rows are added, late rows are missing.
    late : pyarrow.Table or None
        Rows that arrive with a later day.
    counts : dict of str to int
        How many late, duplicate and broken rows there are, the latter by what is wrong with them.
    """
    import pyarrow as pa

    rules = settings.dirt
    counts = {"late": 0, "duplicates": 0, "prefixed": 0, **dict.fromkeys(BREAKAGES, 0)}
    if not any(rules.model_dump().values()) or not table.num_rows:
        return table, None, counts
    rng = generator(settings.seed, "dirt", number)
    rows = rng.permutation(table.num_rows)
    late_rows = np.sort(rows[: min(rules.late, len(rows) // 4)])
    twice = rows[len(late_rows) :][: min(rules.duplicates, len(rows) // 4)]
    broken = rows[len(late_rows) + len(twice) :][: min(rules.malformed, len(rows) // 4)]
    rest = rows[len(late_rows) + len(twice) + len(broken) :]
    table, counts["prefixed"] = _prefixed(table, rest, rules.prefixed)
    on_time = table.take(pa.array(np.sort(np.concatenate([rows[len(late_rows) :], twice]))))
    pieces = [on_time]
    breakages = [
        name for name in BREAKAGES if name != "negative_duration" or "duration" in table.column_names
    ]
    for place, name in enumerate(breakages):
        part = table.take(pa.array(broken[place :: len(breakages)]))
        pieces.append(_break(part, name))
        counts[name] = part.num_rows
    counts["late"], counts["duplicates"] = len(late_rows), len(twice)
    late = table.take(pa.array(late_rows)) if len(late_rows) else None
    return pa.concat_tables(pieces).combine_chunks(), late, counts


def _prefixed(table: Any, rows: npt.NDArray[np.int64], wanted: int) -> tuple[Any, int]:
    """Write some callees as other exchanges do: with the country code or an IP-call prefix."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ordinary = pc.equal(pc.utf8_length(table["callee"]), 11).to_numpy()
    rows = rows[ordinary[rows]][:wanted]
    heads = np.full(table.num_rows, "", dtype=object)
    heads[rows] = [PREFIXES[place % len(PREFIXES)] for place in range(len(rows))]
    joined = pc.binary_join_element_wise(pa.array(heads.tolist(), pa.string()), table["callee"], "")
    return table.set_column(table.column_names.index("callee"), "callee", joined), len(rows)


def _break(table: Any, name: str) -> Any:
    import pyarrow as pa

    size, names = table.num_rows, table.column_names
    changed = {
        "negative_duration": ("duration", pa.array(np.full(size, -1, dtype=np.int32))),
        "no_callee": ("callee", pa.nulls(size, pa.string())),
        "self_call": ("callee", table["caller"]),
        "no_caller": ("caller", pa.nulls(size, pa.string())),
        "no_start": ("start", pa.nulls(size, pa.timestamp("ms"))),
    }
    column, values = changed[name]
    return table.set_column(names.index(column), column, values)
