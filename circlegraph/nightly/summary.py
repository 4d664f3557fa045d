"""What a night found, in lines that a newcomer understands."""

from __future__ import annotations

from circlegraph.nightly.manifest import StageManifest
from circlegraph.nightly.night import Night


def night_lines(night: Night) -> list[str]:
    """Lines for the terminal."""
    span = night.span
    lines = [f"The night of {night.date}: contacts from {span.first}, compared before and after {span.split}"]
    intake, labels = (StageManifest.read(night.folder / name) for name in ("intake", "labels"))
    if intake is not None:
        counts = intake.counts
        repeated, rejected = (sum(counts[name].values()) for name in ("duplicates", "rejected"))
        lines.append(
            f"  new files    {counts['files']:,} (refused {counts['refused files']:,}); rows read {counts['read']:,} "
            f"= accepted {counts['accepted']:,} + duplicates {repeated:,} + rejected {rejected:,}"
        )
    if labels is not None:
        counts = labels.counts
        lines.append(f"  own numbers  {counts['numbers']:,}")
        for name, title in (("dual_sim", "second numbers"), ("movement_level", "movement")):
            if counts[name]:
                told = ", ".join(f"{value} {count:,}" for value, count in counts[name].items())
                lines.append(f"  {title:<13}{told}")
    return lines
