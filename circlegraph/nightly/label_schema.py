"""The schema of the labels: what whoever feeds on them may rely on."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

VERSION = "1"
"""Goes up with every change that somebody who feeds on the labels would notice."""

SHARE, COUNT, TEXT, FLAG, DATE = "float64", "Int64", "str", "boolean", "datetime64[s]"
COLUMNS = {
    "number": TEXT,
    "date": DATE,
    "value_tier": TEXT,
    "dual_sim": TEXT,
    "second_number": TEXT,
    "dual_sim_probability": SHARE,
    "dual_sim_since": DATE,
    "moved_share": SHARE,
    "family_id": TEXT,
    "family_role": TEXT,
    "is_key_person": FLAG,
    "family_size": COUNT,
    "manager_contacts_3m": COUNT,
    "last_manager": TEXT,
    "stage": TEXT,
    "movement_points": "float64",
    "movement_level": TEXT,
    "churn_propensity": SHARE,
    "circle_size": COUNT,
    "persistence": SHARE,
    "visible_share": SHARE,
}
"""Type in pandas of each column, in order."""

NEVER_EMPTY = ("number", "date", "dual_sim")
FROM_0_TO_1 = (
    "dual_sim_probability",
    "moved_share",
    "churn_propensity",
    "persistence",
    "visible_share",
)
FROM_0 = ("manager_contacts_3m", "movement_points", "circle_size")
LEVELS = ("high", "medium", "low", "stable")


def check_labels(labels: pd.DataFrame) -> None:
    """Check the labels, still in English, against the schema.

    Raises
    ------
    AssertionError
        If they do not keep to it: a fault of circlegraph. Says where, without any number.
    """
    with _quiet():
        pandera = _pandera()
        checked = _schema()
    try:
        with _quiet():
            checked.validate(labels, lazy=True)
    except pandera.errors.SchemaErrors as error:
        wrong = error.failure_cases[["column", "check"]].drop_duplicates().astype(str).agg(": ".join, axis=1)
        raise AssertionError(f"the labels do not keep to their schema: {'; '.join(wrong)}") from None


def arrow_schema() -> Any:
    """Schema on disk."""
    import pyarrow as pa

    kinds = {
        TEXT: pa.string(),
        SHARE: pa.float64(),
        COUNT: pa.int64(),
        FLAG: pa.bool_(),
        DATE: pa.date32(),
    }
    return pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])


@cache
def _schema() -> Any:
    pandera = _pandera()
    checks: dict[str, list[Any]] = {name: [pandera.Check.in_range(0, 1)] for name in FROM_0_TO_1}
    checks |= {name: [pandera.Check.ge(0)] for name in FROM_0}
    checks["family_size"] = [pandera.Check.ge(1)]
    checks["dual_sim"] = [pandera.Check.str_matches(r"^(none|cannot_tell|own\+.*)$")]
    checks["movement_level"] = [pandera.Check.isin(LEVELS)]
    columns = {
        name: pandera.Column(
            kind, checks.get(name), nullable=name not in NEVER_EMPTY, unique=name == "number"
        )
        for name, kind in COLUMNS.items()
    }
    return pandera.DataFrameSchema(columns, strict=True, ordered=True)


def _pandera() -> Any:
    import pandera.pandas

    return pandera.pandas


@contextmanager
def _quiet() -> Iterator[None]:
    """Say nothing of the versions of libraries that pandera knows but that are not used here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
