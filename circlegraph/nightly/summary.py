"""What a night found, in lines that a newcomer understands."""

from __future__ import annotations

from typing import Any

from circlegraph.nightly.manifest import StageManifest
from circlegraph.nightly.night import Night


def night_lines(night: Night) -> list[str]:
    """Lines for the terminal."""
    span = night.span
    lines = [f"The night of {night.date}: contacts from {span.first}, compared before and after {span.split}"]
    intake, labels = (StageManifest.read(night.folder / name) for name in ("intake", "labels"))
    if intake is not None:
        counts = intake.counts
        lines += _rows(counts) if counts["files"] or counts["refused files"] else ["  new files       none"]
    if labels is not None:
        counts = labels.counts
        lines.append(f"  own numbers     {counts['numbers']:,}")
        for name, title in (("dual_sim", "second numbers"), ("movement_level", "movement")):
            if counts[name]:
                told = ", ".join(f"{value} {count:,}" for value, count in counts[name].items())
                lines.append(f"  {title:<16}{told}")
    return lines


def _rows(counts: dict[str, Any]) -> list[str]:
    repeated, rejected = (sum(counts[name].values()) for name in ("duplicates", "rejected"))
    return [
        f"  new files       {counts['files']:,} (refused {counts['refused files']:,}); rows read {counts['read']:,} "
        f"= accepted {counts['accepted']:,} + duplicates {repeated:,} + rejected {rejected:,}"
    ]
