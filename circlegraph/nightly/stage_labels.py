"""The table of labels, the evidence behind them, and what changed since the night before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.nightly.changes import WATCHED, label_changes
from circlegraph.nightly.evidence import write_evidence
from circlegraph.nightly.label_schema import VERSION, arrow_schema, check_labels
from circlegraph.nightly.labels import all_labels
from circlegraph.nightly.night import Night
from circlegraph.nightly.past import apart, earlier, stacked
from circlegraph.nightly.privacy import NUMBER_COLUMNS
from circlegraph.nightly.words import VALUE_COLUMNS, Words

if TYPE_CHECKING:
    import pandas as pd

PAST_DAYS, APART = 365, 14
METADATA = {"circlegraph labels": VERSION}


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write labels (Parquet and CSV), evidence and changes; the labels once more, as ``coded``, in English."""
    import pyarrow as pa

    rows = write_evidence(night, folder / "evidence.parquet")  # first, while nothing else is held
    labels = all_labels(night)
    labels["churn_propensity"] = _propensity(labels, night)
    check_labels(labels)
    night.write(folder / "coded.parquet", labels, arrow_schema(), METADATA)
    told = in_words(labels, night)
    for suffix in ("parquet", "csv"):
        night.write(folder / f"labels.{suffix}", told, arrow_schema(), METADATA)
    before = night.previous("labels", "labels", ("number", *WATCHED))
    changes = _hidden(label_changes(told[["number", *WATCHED]], before), night)
    text = pa.string()
    schema = pa.schema([(name, text) for name in ("number", "label", "before", "after")])
    night.write(folder / "changes.parquet", changes, schema)
    return {
        "schema version": VERSION,
        "numbers": len(labels),
        "rows of evidence": rows,
        **{name: _counts(labels[name]) for name in ("dual_sim", "movement_level", "value_tier")},
        "changes": {
            str(name): int(count) for name, count in changes.label.value_counts().sort_index().items()
        },
    }


def _hidden(changes: pd.DataFrame, night: Night) -> pd.DataFrame:
    """Changes with pseudonyms, where they are wanted, for the numbers among what was and what is."""
    numbers = changes.label.isin(NUMBER_COLUMNS)
    for side in ("before", "after"):
        masked = night.mask.on(changes[[side]].rename(columns={side: "number"}))["number"]
        changes[side] = changes[side].where(~numbers, masked)
    return changes


def in_words(labels: pd.DataFrame, night: Night) -> pd.DataFrame:
    """Labels with their values in the language of the config."""
    told = night.settings.labels
    own = told.own_name
    if own is None and len(night.settings.network.own_operators) == 1:
        own = night.settings.network.own_operators[0]
    words = Words(told.language, own if told.language == "zh" or told.own_name else None, told.operator_names)
    new = {name: labels[name].map(words.value, na_action="ignore").astype("str") for name in VALUE_COLUMNS}
    return labels.assign(**new)


def past(night: Night) -> list[Path]:
    """Labels of earlier nights to learn the churn propensity on; none without outcomes."""
    if night.settings.tables.outcomes is None:
        return []
    return apart(earlier(night, "labels/coded.parquet", PAST_DAYS), APART)


def _propensity(labels: pd.DataFrame, night: Night) -> pd.Series[float]:
    """Churn propensity, learned from what became of the labels of earlier nights up to this one."""
    from circlegraph.nightly.propensity import churn_propensity

    return churn_propensity(labels, stacked(night, past(night)), night.tables.lost())


def _counts(column: pd.Series) -> dict[str, int]:
    counts = column.fillna("unknown").value_counts().sort_index()
    return {str(name): int(count) for name, count in counts.items()}
