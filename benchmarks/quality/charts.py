"""Charts of the quality suite."""

from typing import Any

from benchmarks.quality.tables import ALL
from benchmarks.report_charts import bar_chart, line_chart


def make_charts(content: dict[str, Any]) -> list[str]:
    """Draw PR-AUC by group, rank 1 against the share moved, and reliability of probabilities."""
    groups = content["groups"]
    frames = {group: found for group, found in content["frames"].items() if group.endswith(ALL)}
    made = [
        _areas(group, found)
        for group, found in (groups | frames).items()
        if not group.startswith("Copenhagen")
    ]
    planted = {group: found for group, found in groups.items() if group.startswith("Copenhagen")}
    if planted:
        for name, among in (("rank1", "all numbers"), ("rank1_new", "numbers new since the split")):
            made.append(line_chart(f"Copenhagen: rank 1 by share moved, {among}", _by_share(planted, name)))
    curves = {
        f"{label}, {group}": [(cell["predicted"], cell["observed"]) for cell in figures["reliability"]]
        for group, found in (groups | frames).items()
        for label, figures in found.items()
        if "reliability" in figures and not group.startswith("Copenhagen")
    }
    if curves:
        made.append(line_chart("Reliability: predicted and observed share", curves, diagonal=True))
    return made


def _areas(group: str, found: dict[str, Any]) -> str:
    bars = []
    for label, figures in found.items():
        value = figures["pr_auc"]
        if value is None:
            continue
        low, high = figures.get("intervals", {}).get("pr_auc", (value, value))
        bars.append((label, value, low, high))
    return bar_chart(f"PR-AUC, {group}", bars)


def _by_share(groups: dict[str, Any], name: str) -> dict[str, list[tuple[float, float]]]:
    """Points (share moved, figure) of each method that looks at all numbers; it lists the new ones too."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for group, found in groups.items():
        for label, figures in found.items():
            if figures[name] is not None and not label.endswith("new only"):
                lines.setdefault(label, []).append((float(group.rpartition("= ")[2]), figures[name]))
    return lines
