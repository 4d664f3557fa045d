"""Charts of the quality suite."""

from typing import Any

from benchmarks.quality.tables import ALL
from benchmarks.report_charts import bar_chart, line_chart

SHOWN = {
    "pr_auc": "PR-AUC",
    "b_cubed_f1": "B3 F1 of families",
    "key_right": "key person right",
    "roles_f1": "macro-F1 of roles",
    "approached_f1": "F1 of approached subscribers",
    "onset_near": "onset within a week",
    "precision_at_list": "precision at list",
    "warned_in_time": "warned in time",
}
"""Figures that get a bar chart wherever a question has them."""


def make_charts(content: dict[str, Any]) -> list[str]:
    """Draw the main figures by group, rank 1 against the share moved, and reliability of probabilities."""
    groups = content["groups"]
    frames = {group: found for group, found in content["frames"].items() if group.endswith(ALL)}
    made = [
        _bars(name, group, found)
        for group, found in (groups | frames).items()
        if not group.startswith("Copenhagen")
        for name in SHOWN
        if any(figures.get(name) is not None for figures in found.values())
    ]
    planted = {group: found for group, found in groups.items() if group.startswith("Copenhagen")}
    if planted:
        for name, among in (("rank1", "all numbers"), ("rank1_new", "numbers new since the split")):
            made.append(line_chart(f"Copenhagen: rank 1 by share moved, {among}", _by_share(planted, name)))
    return made + [
        _reliability(group, found)
        for group, found in (groups | frames).items()
        if not group.startswith("Copenhagen") and any("reliability" in figures for figures in found.values())
    ]


def _reliability(group: str, found: dict[str, Any]) -> str:
    """Draw observed against predicted shares, with Wilson's intervals."""
    bins = {label: figures["reliability"] for label, figures in found.items() if "reliability" in figures}
    return line_chart(
        f"Reliability, {group}: observed share against predicted probability",
        {label: [(cell["predicted"], cell["observed"]) for cell in cells] for label, cells in bins.items()},
        ranges={label: [(cell["least"], cell["most"]) for cell in cells] for label, cells in bins.items()},
        diagonal=True,
    )


def _bars(name: str, group: str, found: dict[str, Any]) -> str:
    bars = []
    for label, figures in found.items():
        value = figures.get(name)
        if value is None:
            continue
        low, high = figures.get("intervals", {}).get(name) or figures.get("range", {}).get(
            name, (value, value)
        )
        bars.append((label, value, low, high))
    return bar_chart(f"{SHOWN[name]}, {group}", bars)


def _by_share(groups: dict[str, Any], name: str) -> dict[str, list[tuple[float, float]]]:
    """Points (share moved, figure) of each method that looks at all numbers; it lists the new ones too."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for group, found in groups.items():
        for label, figures in found.items():
            if figures[name] is not None and not label.endswith("new only"):
                lines.setdefault(label, []).append((float(group.rpartition("= ")[2]), figures[name]))
    return lines
