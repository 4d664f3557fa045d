"""The section of the report on calibration."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from circlegraph.nightly import charts
from circlegraph.nightly.page import picture, table
from circlegraph.nightly.stage_calibration import HORIZON


def calibration(folder: Path) -> str:
    """What was said earlier against what became true, or at least what tonight's probabilities promise."""
    import pandas as pd

    found = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    judged = [
        (
            question,
            f"{sums['count']:,}",
            f"{sums['expected']:,.1f}",
            f"{sums['right']:,}",
            f"{sums['brier']:.3f}",
            f"{found['without a past probability'].get(question, 0):,}",
        )
        for question, sums in found["judged"].items()
    ]
    head = ("question", "claims", "right by their probabilities", "right", "Brier score", "left out")
    note = (
        "<p class=note>Each claim has the probability of the last night on which its outcome was not known yet; left "
        "out are those known from the first night on, and those that were no candidates.</p>"
    )
    parts = [table(head, judged, numeric=(1, 2, 3, 4, 5)) + note] if judged else []
    if judged and charts.available():
        claims = pd.read_parquet(folder / "judged.parquet")
        parts += [
            f"<h3>{escape(question)}</h3>{picture(chart)}"
            for question, chart in charts.reliability_charts(claims).items()
        ]
    levels = [
        (row["level"], f"{row['count']:,}", f"{row['lost']:,}", f"{row['lost'] / row['count']:.1%}")
        for row in found["levels"]
    ]
    if levels:
        top = ("level of movement", "labels of earlier nights", f"lost within {HORIZON} days", "share")
        parts.append(table(top, levels, numeric=(1, 2, 3)))
    promised = [
        (question, f"{sums['accepted']:,}", f"{sums['expected']:,.1f}")
        for question, sums in found["expected"].items()
    ]
    told = (
        "<p class=note>Not measured, but promised: if tonight's probabilities mean what they say, so many of what is "
        "accepted are right (the sum of their probabilities).</p>"
    )
    parts.append(told + table(("question", "accepted", "right by their probabilities"), promised, (1, 2)))
    if not judged:
        none = "<p>Nothing has become known yet that past probabilities could be compared with.</p>"
        parts.insert(0, none)
    return f"<h2>Calibration</h2>{''.join(parts)}"
