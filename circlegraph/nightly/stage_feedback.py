"""What became of the calls of earlier nights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from circlegraph.nightly.night import Night
from circlegraph.nightly.past import earlier, stacked

REACH = 180
"""Days back that lists are judged by their outcomes."""


def past(night: Night) -> list[Path]:
    """Earlier lists, where there are outcomes to compare them with."""
    return (
        [] if night.settings.tables.feedback is None else earlier(night, "worklist/worklist.parquet", REACH)
    )


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write rates by situation, level and desk, and the lift against the control group; nothing without outcomes."""
    import pandas as pd

    from circlegraph.nightly.feedback import feedback

    outcomes, lists = night.tables.frame("feedback"), stacked(night, past(night))
    if outcomes is None or lists is None:
        return {"outcomes": 0}
    outcomes = outcomes[outcomes.date <= pd.Timestamp(night.date)]
    found = feedback(lists, outcomes)
    night.write(folder / "rates.parquet", found.rates)
    (folder / "lift.json").write_text(json.dumps(dict(found.lift), indent=1), encoding="utf-8")
    return {"outcomes": len(outcomes), "unmatched": found.unmatched, "lift": dict(found.lift)}
