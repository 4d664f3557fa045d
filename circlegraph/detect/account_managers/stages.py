"""The approached subscribers, and how far it has come with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.windows import DAY
from circlegraph.detect.account_managers.aftermath import FOLLOWED_DAYS, Aftermath
from circlegraph.detect.account_managers.falls import FALLEN, GONE
from circlegraph.detect.account_managers.ties import Scene
from circlegraph.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

STAGES = ("stable", "contacted", "reacting", "taken")
TAKEN = 0.9
MAYBE = 0.5
CARRIED = ("number", "manager", "stage", "since")


def stages_of(scene: Scene, after: Aftermath) -> NDArray[np.int64]:
    """Stage of the peer of each tie, as a position in `STAGES`.

    *Taken*: a second number of that operator with probability of at least 0.9 or, where second numbers are not known,
    next to no traffic any more. *Reacting*: traffic fallen by 40 %, or a second number rather likely. *Contacted*: the
    last contact less than 60 days ago. *Stable* otherwise.
    """
    end = scene.windows.edges[-1]
    stage = np.where(end - scene.ties.last <= FOLLOWED_DAYS * DAY, 1, 0)
    stage[(after.change <= FALLEN) | (after.taken >= MAYBE)] = 2
    told = "second numbers" in after.observed
    stage[after.taken >= TAKEN if told else after.change <= GONE] = 3
    return stage


@dataclass(frozen=True, slots=True)
class Carried:
    """Stages of an earlier run."""

    since: dict[tuple[str, str], tuple[str, Any]]


def read_previous(previous: Any) -> Carried:
    """Read the contacts of an earlier run.

    Raises
    ------
    InputError
        If a column is missing.
    """
    import pandas as pd

    if previous is None:
        return Carried({})
    for name in CARRIED:
        if name not in getattr(previous, "columns", ()):
            raise InputError(
                f"the previous contacts have no column {name!r}; give the .contacts of an earlier run"
            )
    number, manager, stage, since = (previous[name] for name in CARRIED)
    rows = zip(number, manager, stage, pd.to_datetime(since), strict=True)
    return Carried({(str(a), str(b)): (str(now), when) for a, b, now, when in rows})


def contacts_table(
    scene: Scene, after: Aftermath, rows: NDArray[np.int64], previous: Carried
) -> pd.DataFrame:
    """Rows of the approached: number, manager, first and last contact, contacts each way, stage and since when."""
    import pandas as pd

    ties, numbers = scene.ties, scene.numbers
    rows = rows[np.lexsort((ties.callee[rows], ties.caller[rows]))]
    number = numbers.strings(ties.callee[rows].astype(np.int64))
    manager = numbers.strings(scene.judged[ties.caller[rows]])
    stage = np.array(STAGES, dtype=object)[stages_of(scene, after)[rows]]
    if not scene.timed:
        stage[:] = None
    today = np.datetime64(scene.windows.edges[-1] // DAY - 1, "D").astype("datetime64[s]")
    since = []
    for key, now in zip(zip(number.tolist(), manager.tolist(), strict=True), stage.tolist(), strict=True):
        before = previous.since.get(key)
        since.append(before[1] if before is not None and before[0] == now else today)
    unknown = np.datetime64("NaT", "s")

    def dates(seconds: NDArray[np.int64]) -> NDArray[np.datetime64]:
        days = (seconds // DAY).astype("datetime64[D]").astype("datetime64[s]")
        return days if scene.timed else np.full(len(days), unknown)

    return pd.DataFrame(
        {
            "number": pd.Series(number, dtype=object),
            "manager": pd.Series(manager, dtype=object),
            "first_contact": dates(ties.first[rows]),
            "last_contact": dates(ties.last[rows]),
            "calls_in": ties.out[rows].astype(np.int64),
            "calls_out": ties.back[rows].astype(np.int64),
            "times_3m": ties.recent[rows].astype(np.int64),
            "stage": pd.Series(stage, dtype=object),
            "since": pd.Series(since if scene.timed else unknown, range(len(rows)), "datetime64[s]"),
        }
    )
