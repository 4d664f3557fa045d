"""Tables of the quality suite."""

from collections.abc import Mapping
from typing import Any

from benchmarks.quality.methods import Method
from benchmarks.report import Table

ALL = "all cities"
BRACKETS = (
    "In brackets: 95 % intervals of PR-AUC, recall at 95 % and ranks (bootstrap over numbers), of precision and "
    "recall (Wilson); of other figures least and most over the worlds. Worst bin: largest difference of predicted and "
    "observed share over the bins of at least 50 claims; ECE: the mean one over all claims."
)
TAKEN = ("precision", "recall", "f1")
"""Figures of what a method accepts, for those that accept anything."""


def make_tables(
    content: dict[str, Any], methods: dict[str, Method], frames: Mapping[str, Mapping[str, str]]
) -> list[Table]:
    """Lay out the figures for reading; ``frames`` holds the columns of the other questions by their name."""
    notes = [
        note for note in _troubles(content) if not note.startswith(tuple(f"{name}: " for name in frames))
    ]
    groups = content["groups"]
    semi_real = {group: found for group, found in groups.items() if group.startswith("Copenhagen")}
    city = {group: groups[group] for group in sorted(groups, key=ALL.__eq__) if group not in semi_real}
    # Of a single preset, "all cities" says the same again.
    told = {group: found for group, found in city.items() if group != ALL or len(city) > 2}
    made = [_city_table(group, found, notes, content) for group, found in told.items()]
    if ALL in city:
        made.append(_kind_table(city[ALL], methods))
        made += calibration_table(f"Second numbers, {ALL}", city[ALL])
    if semi_real:
        made += [_copenhagen_table(semi_real, methods, notes)]
    others = content["frames"]
    for group, found in sorted(others.items(), key=lambda item: item[0].endswith(ALL)):
        question = group.partition(",")[0]
        if not group.endswith(ALL):
            made.append(frame_table(group, found, frames[question], content))
            continue
        if sum(name.startswith(f"{question}, ") for name in others) > 2:
            made.append(frame_table(group, found, frames[question], content))
        made += calibration_table(group, found)
    made += [Table(f"{what}: skipped", ["reason"], [[reason]]) for what, reason in content["skipped"].items()]
    return made


def _troubles(content: dict[str, Any], begin: str = "") -> list[str]:
    """Say which methods could not run, or broke; of those whose name begins so."""
    told = {label: f"not available: {reason}" for label, reason in content["not_available"].items()}
    told |= {label: f"FAILED: {reason}" for label, reason in content["failed"].items()}
    return [f"{label}: {text}" for label, text in told.items() if label.startswith(begin)]


def _city_table(group: str, found: dict[str, Any], notes: list[str], content: dict[str, Any]) -> Table:
    columns = ["method", "PR-AUC", "recall at 95 %", "precision at size", "accepted: precision", "recall"]
    columns += ["rank 1", "recall at 5", "hidden claimed", "Brier", "worst bin", "ECE", "s"]
    rows = [
        [
            label,
            _with_interval(figures, "pr_auc"),
            _with_interval(figures, "recall_at_95"),
            _two(figures["precision_at_wanted"]),
            _with_interval(figures, "precision"),
            _with_interval(figures, "recall") if figures["accepted"] else "-",
            _with_interval(figures, "rank1"),
            _two(figures["recall_at_5"]),
            _two(figures["hidden_claimed"]),
            _two(figures.get("brier"), 4),
            _two(figures.get("worst_bin")),
            _two(figures.get("calibration_error"), 3),
            _two(figures["seconds"], 1),
        ]
        for label, figures in found.items()
    ]
    wanted = max((figures["wanted"] for figures in found.values()), default=0)
    title = f"Second numbers, {group} ({content['size']}, {content['seeds']} seeds): {wanted} wanted"
    return Table(title, columns, rows, [BRACKETS, *notes])


def _copenhagen_table(groups: dict[str, Any], methods: dict[str, Method], notes: list[str]) -> Table:
    columns = ["rank 1 (Copenhagen)"]
    for group in groups:
        share = group.rpartition("= ")[2]
        columns += [f"p = {share}: all", "new"]
    labels = [label for label in next(iter(groups.values())) if not methods[label].new_only]
    rows = [
        [
            label,
            *(
                text
                for found in groups.values()
                for text in (_two(found[label]["rank1"]), _two(found[label]["rank1_new"]))
            ),
        ]
        for label in labels
    ]
    return Table("Second numbers, planted moves in the Copenhagen data", columns, rows, notes)


def _kind_table(found: dict[str, Any], methods: dict[str, Method]) -> Table:
    """Recall at 95 % precision and rank 1 by kind, of circlegraph and the baselines over new numbers."""
    labels = [label for label in found if methods[label].new_only or methods[label].is_probability]
    most = max(figures["wanted"] for figures in found.values())
    # A method that failed on some case has judged other kinds.
    labels = [label for label in labels or list(found) if found[label]["wanted"] == most]
    rows = []
    for column, kinds in found[labels[0]]["breakdown"].items():
        for place, kind in enumerate(kinds):
            cells = [found[label]["breakdown"][column][place] for label in labels]
            rows.append(
                [f"{column.replace('_', ' ')} {kind['kind']}", str(kind["wanted"])]
                + [f"{_two(cell['recall_at_95'])} / {_two(cell['rank1'])}" for cell in cells]
            )
    return Table(f"Recall at 95 % precision / rank 1 by kind, {ALL}", ["kind", "wanted", *labels], rows)


def frame_table(
    group: str, found: dict[str, Any], columns: Mapping[str, str], content: dict[str, Any]
) -> Table:
    """Lay out one of the further questions: ``columns`` names the figure under each heading."""
    rows = [
        [
            label,
            *(
                "-" if name in TAKEN and not figures.get("accepted") else _with_interval(figures, name)
                for name in columns.values()
            ),
            _two(figures.get("brier"), 4),
            _two(figures.get("worst_bin")),
            _two(figures.get("calibration_error"), 3),
            _two(figures["seconds"], 1),
        ]
        for label, figures in found.items()
    ]
    wanted = max(figures.get("wanted", 0) for figures in found.values())
    title = f"{group} ({content['size']}, {content['seeds']} seeds): {wanted} wanted"
    notes = [
        f"{label} accepts {', '.join(f'{count} {name}' for name, count in figures['lookalikes'].items())}"
        for label, figures in found.items()
        if figures.get("lookalikes")
    ]
    notes += [BRACKETS, *_troubles(content, f"{group.partition(',')[0]}: ")]
    return Table(title, ["method", *columns, "Brier", "worst bin", "ECE", "s"], rows, notes)


def calibration_table(group: str, found: dict[str, Any]) -> list[Table]:
    """Lay out the bins of each method whose scores are probabilities; nothing if there is none."""
    rows = [
        [
            label,
            f"{cell['low']:.1f}-{cell['low'] + 0.1:.1f}",
            str(cell["count"]),
            f"{cell['predicted']:.3f}",
            f"{cell['observed']:.3f} ({cell['least']:.3f}-{cell['most']:.3f})",
        ]
        for label, figures in found.items()
        for cell in figures.get("reliability", ())
    ]
    columns = ["method", "probability", "claims", "predicted", "observed"]
    return [Table(f"{group}: calibration", columns, rows)] if rows else []


def _with_interval(figures: dict[str, Any], name: str) -> str:
    text = _two(figures.get(name))
    if isinstance(figures.get(name), int):
        return text  # a count over all worlds; those of single worlds are no interval of it
    edges = figures.get("intervals", {}).get(name) or figures.get("range", {}).get(name)
    return f"{text} ({_two(edges[0])}-{_two(edges[1])})" if edges else text


def _two(value: float | None, digits: int = 2) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.{digits}f}"
