"""Are the results of two engines equal? Digests of a whole result, and a comparison row by row.

All results are Parquet: some key columns and some values. Both questions are asked in DuckDB with the keys
as text, so an engine may keep its numbers as int64 or as strings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOLERANCE = 1e-9
"""Two values are equal if they differ by at most this, relative to the larger of them (or to 1e-3):
engines add the same integers, but multiply and sum the five terms in different order."""

MODULUS = 1_000_003


@dataclass(frozen=True)
class Shape:
    """Key and value columns of a race's results."""

    keys: tuple[str, ...]
    values: tuple[str, ...]


def source(path: Path) -> str:
    """Return the SQL that reads a result, be it a file or a folder."""
    pattern = path / "*.parquet" if path.is_dir() else path
    return f"read_parquet('{pattern}')"


def digest(path: Path, shape: Shape) -> dict[str, float]:
    """Describe a result independently of the order of its rows.

    Returns
    -------
    dict
        `rows`; `keys`, the sum of a hash of each row's key (exact); and for each value column its sum and
        its sum weighted by the hash of the key, which changes when values change places.
    """
    key = f"(hash({', '.join(f'{name}::VARCHAR' for name in shape.keys)}) % {MODULUS})"
    columns = ["count(*) AS rows", f"sum({key})::DOUBLE AS keys"]
    for name in shape.values:
        columns.append(f"sum({name}) AS {name}")
        columns.append(f"sum({name} * {key}) / {MODULUS} AS {name}_weighted")
    names, row = _query(f"SELECT {', '.join(columns)} FROM {source(path)}")
    return dict(zip(names, row, strict=True))


def digests_equal(one: dict[str, float], other: dict[str, float]) -> bool:
    """Say whether two digests are equal, sums up to `TOLERANCE`."""
    return one.keys() == other.keys() and all(
        abs(one[name] - other[name]) <= TOLERANCE * max(abs(one[name]), 1e-3) for name in one
    )


def compare_rows(path: Path, reference: Path, shape: Shape, *, common: bool = False) -> dict[str, float]:
    """Compare a result with another row by row.

    Parameters
    ----------
    path, reference : Path
        The two results.
    shape : Shape
        Their columns.
    common : bool
        Compare only the keys that both have (for races whose engines know different indicators).

    Returns
    -------
    dict
        `rows` compared, `missing` (in the reference only), `surplus` (not in the reference), `different`
        (a value beyond `TOLERANCE`), and `largest`, the largest relative difference of a value.
    """
    keys = " AND ".join(f"a.{name}::VARCHAR = b.{name}::VARCHAR" for name in shape.keys)
    first = shape.keys[0]
    gaps = [
        f"coalesce(abs(a.{name} - b.{name}) / greatest(abs(a.{name}), abs(b.{name}), 1e-3),"
        f" if(a.{name} IS NULL AND b.{name} IS NULL, 0, 1e300))"
        for name in shape.values
    ]
    both = f"a.{first} IS NOT NULL AND b.{first} IS NOT NULL"
    names, row = _query(
        f"""WITH gaps AS (
            SELECT a.{first} IS NULL AS missing, b.{first} IS NULL AS surplus,
                if({both}, greatest({", ".join(gaps)}), 0) AS gap
            FROM {source(path)} a FULL JOIN {source(reference)} b ON {keys}
        )
        SELECT count(*) AS rows, count(*) FILTER (missing) AS missing, count(*) FILTER (surplus) AS surplus,
            count(*) FILTER (gap > {TOLERANCE}) AS different, coalesce(max(gap), 0) AS largest FROM gaps"""
    )
    found = dict(zip(names, row, strict=True))
    if common:
        found["rows"] -= found["missing"] + found["surplus"]
        found["missing"] = found["surplus"] = 0
    return found


def rows_equal(found: dict[str, float]) -> bool:
    """Say whether a comparison found nothing but equal rows, and at least one."""
    return found["rows"] > 0 and found["missing"] == found["surplus"] == found["different"] == 0


def _query(sql: str) -> tuple[Sequence[str], Sequence[Any]]:
    import duckdb

    answer = duckdb.connect().execute(sql)
    return [column[0] for column in answer.description], answer.fetchone()
