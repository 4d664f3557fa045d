"""The search for second numbers, as of the night."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from circlegraph.nightly.night import Night


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write pairs, labels, weights, and who cannot be judged; nothing where the data are too short for two windows."""
    from circlegraph.circles.weights import StableRule
    from circlegraph.detect.known import LEAST_RELATED, PAIR_COLUMNS
    from circlegraph.detect.second_numbers.anytime import LEAST_AFTER, LEAST_BEFORE
    from circlegraph.detect.second_numbers.run import run_dual_sim

    span, told, tables = night.span, night.settings.second_numbers, night.settings.tables
    if span.before < 1:
        return {"judged": "nobody: the data are too short"}
    short = span.before + span.after < LEAST_BEFORE + LEAST_AFTER
    split = short or told.at == "split" or told.method == "rules"
    found, _ = run_dual_sim(
        night.store,
        span.split if split else "auto",
        subscribers=tables.subscribers,
        forwarding=night.tables.table("forwarding"),
        bills=tables.bills,
        labels=tables.known_second_numbers,
        families=night.previous("families", "pairs", PAIR_COLUMNS, [("probability", ">=", LEAST_RELATED)]),
        method=told.method,
        top_k=told.top_k,
        days_before=span.before if split else None,
        days_after=span.after if split else None,
        stable=StableRule(told.stable_days, told.stable_weeks),
        network=night.network,
        country=night.country,
        most_peers=told.most_peers,
        resources=night.resources,
    )
    night.write_pieces(folder / "pairs.parquet", found.pieces())
    for name in ("labels", "weights", "cannot_tell"):
        night.write(folder / f"{name}.parquet", getattr(found, name))
    kinds = found.labels["kind"].value_counts().sort_index()
    return {
        **found.facts,
        "accepted": found.accepted,
        "cannot tell": len(found.cannot_tell),
        "kinds": {str(name): int(count) for name, count in kinds.items()},
    }
