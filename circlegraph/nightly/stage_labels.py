"""The table of labels, the evidence behind them, and what changed since the night before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.nightly.changes import label_changes
from circlegraph.nightly.evidence import label_evidence
from circlegraph.nightly.label_schema import VERSION, arrow_schema, check_labels
from circlegraph.nightly.labels import all_labels
from circlegraph.nightly.night import Night
from circlegraph.nightly.words import VALUE_COLUMNS, Words

if TYPE_CHECKING:
    import pandas as pd

METADATA = {"circlegraph labels": VERSION}


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write labels (Parquet and CSV), evidence and changes."""
    import pyarrow as pa

    labels = all_labels(night)
    check_labels(labels)
    told = in_words(labels, night)
    for suffix in ("parquet", "csv"):
        night.write(folder / f"labels.{suffix}", told, arrow_schema(), METADATA)
    changes = label_changes(told, night.previous("labels", "labels"))
    text = pa.string()
    schema = pa.schema([(name, text) for name in ("number", "label", "before", "after")])
    night.write(folder / "changes.parquet", changes, schema)
    night.write(folder / "evidence.parquet", label_evidence(night))
    return {
        "schema version": VERSION,
        "numbers": len(labels),
        **{name: _counts(labels[name]) for name in ("dual_sim", "movement_level", "value_tier")},
        "changes": {
            str(name): int(count) for name, count in changes.label.value_counts().sort_index().items()
        },
    }


def in_words(labels: pd.DataFrame, night: Night) -> pd.DataFrame:
    """Labels with their values in the language of the config."""
    told = night.settings.labels
    own = told.own_name
    if own is None and len(night.settings.network.own_operators) == 1:
        own = night.settings.network.own_operators[0]
    words = Words(told.language, own if told.language == "zh" or told.own_name else None, told.operator_names)
    new = {name: labels[name].map(words.value, na_action="ignore").astype("str") for name in VALUE_COLUMNS}
    return labels.assign(**new)


def _counts(column: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in column.value_counts().sort_index().items()}
