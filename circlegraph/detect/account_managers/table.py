"""The table of the judged numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.windows import DAY
from circlegraph.detect.account_managers.aftermath import Aftermath
from circlegraph.detect.account_managers.decide import Verdict
from circlegraph.detect.account_managers.profile import Profile
from circlegraph.detect.account_managers.reasons import reasons_of, with_links
from circlegraph.detect.account_managers.stages import STAGES
from circlegraph.detect.account_managers.teams import Link, teams_of
from circlegraph.detect.account_managers.ties import Scene

if TYPE_CHECKING:
    import pandas as pd


def managers_table(
    scene: Scene,
    profile: Profile,
    after: Aftermath,
    verdict: Verdict,
    stages: NDArray[np.int64],
    links: list[Link],
    figures: Mapping[str, NDArray[np.float64]],
) -> pd.DataFrame:
    """Rows of the judged numbers, likeliest first."""
    import pandas as pd

    numbers, n = scene.numbers, len(scene.judged)
    operators = numbers.operators(scene.judged)
    operators[operators == ""] = None
    first = np.full(n, np.iinfo(np.int64).max)
    last = np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(first, scene.ties.caller, scene.ties.first)
    np.maximum.at(last, scene.ties.caller, scene.ties.last)
    taken = profile.target & (stages == STAGES.index("taken"))
    team = teams_of(links, n)

    def dates(seconds: NDArray[np.int64]) -> NDArray[np.datetime64]:
        days = (seconds // DAY).astype("datetime64[D]").astype("datetime64[s]")
        return days if scene.timed else np.full(len(days), np.datetime64("NaT", "s"))

    table = pd.DataFrame(
        {
            "number": pd.Series(numbers.strings(scene.judged), dtype=object),
            "operator": pd.Series(operators, dtype=object),
            "rank": 0,
            "accepted": verdict.accepted,
            "probability": verdict.probability,
            "seems": pd.Series(verdict.seems, dtype=object),
            "contacted": profile.counts["approached"],
            "contacted_high_value": profile.counts["valued"],
            "converted": scene.total(taken).astype(np.int64),
            "first_seen": dates(first),
            "last_seen": dates(last),
            "team": pd.array(np.where(team > 0, team, 0), dtype="Int64"),
            "reason": pd.Series(
                with_links(scene, reasons_of(scene, profile, after, figures), links), dtype=object
            ),
        }
    )
    table["team"] = table["team"].mask(table["team"] == 0)
    order = np.lexsort((scene.judged, -verdict.weight, ~verdict.accepted))
    table = table.iloc[order].reset_index(drop=True)
    table["rank"] = np.arange(1, n + 1)
    return table
