"""Who else calls the same people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.account_managers.ties import Scene

FEW = 10.0
"""Callers of the usual kind that those of each number are mixed with."""

Floats = NDArray[np.float64]


def company(scene: Scene, probability: Floats) -> Floats:
    """What the other callers of the same people are, against all callers, in bits: float64[judged].

    Of each number called, the mean probability of its other callers is compared with that of all callers, as a
    difference of log-odds; a caller gets the mean over those he called. Some numbers get wrong calls for a former
    owner, others hardly any but from those who call everybody.

    Parameters
    ----------
    scene
        The ties.
    probability
        float64[judged]: of an account manager, by everything else.
    """
    rows = scene.ties.out > 0
    caller, (_, callee) = scene.ties.caller[rows], np.unique(scene.ties.callee[rows], return_inverse=True)
    usual = probability.mean() if len(probability) else 0.0
    others = np.bincount(callee, probability[caller])[callee] - probability[caller] + FEW * usual
    size = np.bincount(callee)[callee] - 1 + FEW
    gain = _log2_odds(others / size) - _log2_odds(np.array(usual))
    called = np.bincount(caller, minlength=len(probability))
    return np.bincount(caller, gain, len(probability)) / np.maximum(called, 1)


def _log2_odds(share: Floats) -> Floats:
    kept = np.clip(share, 1e-6, 1 - 1e-6)
    return np.asarray(np.log2(kept / (1 - kept)))
