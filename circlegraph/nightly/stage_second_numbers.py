"""The search for second numbers, as of the night."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.nightly.night import Night

if TYPE_CHECKING:
    import pandas as pd


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write the pairs, and the numbers that cannot be judged; nothing where the data are too short for two windows."""
    from circlegraph.circles.weights import StableRule
    from circlegraph.detect.second_numbers.run import run_dual_sim

    span, told, tables = night.span, night.settings.second_numbers, night.settings.tables
    if span.before < 1:
        return {"judged": 0}
    found, _ = run_dual_sim(
        night.store,
        span.split,
        subscribers=tables.subscribers,
        forwarding=tables.forwarding,
        method=told.method,
        top_k=told.top_k,
        days_before=span.before,
        days_after=span.after,
        stable=StableRule(told.stable_days, told.stable_weeks),
        network=night.network,
        country=night.country,
        most_peers=told.most_peers,
        resources=night.resources,
    )
    frames = {"pairs": found.pairs, "cannot_tell": found.cannot_tell}
    frames |= {name: getattr(found, name) for name in ("labels", "weights") if hasattr(found, name)}
    if "labels" not in frames:
        frames["labels"] = labels_of(found.pairs, found.cannot_tell, night)
    for name, frame in frames.items():
        night.write(folder / f"{name}.parquet", frame)
    return {**found.facts, "accepted": int(found.pairs.accepted.sum()), "cannot tell": len(found.cannot_tell)}


def labels_of(pairs: pd.DataFrame, cannot_tell: pd.DataFrame, night: Night) -> pd.DataFrame:
    """Say of each number which second number it has: that of its accepted pair, else its best candidate's odds."""
    import pandas as pd

    from circlegraph.numbers import encode

    best = pairs.sort_values(["number", "accepted", "rank"], ascending=[True, False, True]).drop_duplicates(
        "number"
    )
    second = best.second_number.where(best.accepted, None)
    own = night.network.is_own(encode(best.second_number.tolist(), country=None))
    kind = "own+" + best.second_operator.fillna("").where(~own, "own")
    labels = pd.DataFrame(
        {
            "number": best.number,
            "dual_sim": kind.where(best.accepted, "none"),
            "second_number": second,
            "probability": best.probability,
            "since": best.onset.where(best.accepted, None),
            "moved_share": float("nan"),
        }
    )
    unknown = pd.DataFrame({"number": cannot_tell.number, "dual_sim": "cannot_tell"})
    unknown = unknown[~unknown.number.isin(labels.number)]
    return pd.concat([labels, unknown], ignore_index=True)
