"""The waterfall: what each piece of evidence adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circlegraph.detect.account_managers.bands import MANAGER
from circlegraph.detect.account_managers.decide import Verdict
from circlegraph.detect.account_managers.ties import Scene

if TYPE_CHECKING:
    import pandas as pd

LEAST_SHOWN = 0.01


def weights_table(scene: Scene, verdict: Verdict) -> pd.DataFrame:
    """Rows of number, evidence, value and weight, in bits, for all numbers with a probability of at least 0.01.

    The weights are against the number's likeliest other kind; *prior* is how rare the two are, *other kinds* what
    the remaining kinds take off. They add up to the log-odds (log2) of an account manager, unless he was known before.
    """
    import pandas as pd

    shown = np.flatnonzero(verdict.probability >= LEAST_SHOWN)
    shown = shown[np.argsort(-verdict.probability[shown], kind="stable")]
    model = verdict.model
    parts = {name: part[shown] for name, part in model.parts(verdict.values).items()}
    total = np.log2(model.prior) + sum(parts.values(), np.zeros((len(shown), 1)))
    total[:, MANAGER] = -np.inf
    rival = total.argmax(axis=1)
    at = np.arange(len(shown))
    prior = np.log2(model.prior[MANAGER] / model.prior[rival])
    steps = {"prior": (np.full(len(shown), np.nan), prior)}
    for name, part in parts.items():
        steps[name] = (verdict.values[name][shown], part[:, MANAGER] - part[at, rival])
    against = sum(weight for _, weight in steps.values())
    steps["other kinds"] = (np.full(len(shown), np.nan), verdict.weight[shown] - against)
    return pd.DataFrame(
        {
            "number": pd.Series(
                np.repeat(scene.numbers.strings(scene.judged[shown]), len(steps)), dtype=object
            ),
            "evidence": pd.Series(list(steps) * len(shown), dtype=object),
            "value": np.stack([value for value, _ in steps.values()], axis=1).ravel(),
            "weight": np.stack([weight for _, weight in steps.values()], axis=1).ravel(),
        }
    )
