"""From figures to kinds: the probability of each, what a number seems to be, and what is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.account_managers.bands import MANAGER, Scheme
from circlegraph.evidence.kinds import KindModel, learn_kinds

LEAST_PROBABILITY = 0.5
"""More likely than not. On the tuning seeds no other number came above 0.4, and managers mostly above 0.9."""
LEAST_SURE = 0.5
"""Below it a number's likeliest kind is not named."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What each judged number is.

    Attributes
    ----------
    model
        What the evidence says of each kind.
    values
        float64[judged] by band.
    belief
        float64[judged, kinds].
    accepted
        bool[judged].
    seems
        Name of the likeliest kind, or unclear.
    """

    model: KindModel
    values: Mapping[str, Floats]
    belief: Floats
    accepted: NDArray[np.bool_]
    seems: NDArray[np.object_]

    @property
    def probability(self) -> Floats:
        """Probability of an account manager, float64[judged]."""
        return np.asarray(self.belief[:, MANAGER])

    @property
    def weight(self) -> Floats:
        """Log-odds (log2) of an account manager, float64[judged]."""
        weight = np.log2(self.model.prior) + sum(
            self.model.parts(self.values).values(), np.zeros((len(self.belief), 1))
        )
        rest = np.delete(weight, MANAGER, axis=1)
        most = rest.max(axis=1)
        others = most + np.log2(np.exp2(rest - most[:, None]).sum(axis=1))
        return np.asarray(weight[:, MANAGER] - others)


def decide(
    scheme: Scheme, figures: Mapping[str, Floats], approached: NDArray[np.int64], allowed: NDArray[np.bool_]
) -> Verdict:
    """Learn the kinds and judge every number.

    Parameters
    ----------
    scheme
        Which kinds are told apart, by what.
    figures
        float64[judged] by name; bands without a figure are not known.
    approached
        int64[judged].
    allowed
        bool[judged, kinds]: what each can be, by what is known beforehand.
    """
    n = len(approached)
    values = {band.name: figures.get(band.name, np.full(n, np.nan)) for band in scheme.bands}
    model = KindModel.as_expected(scheme.kinds, scheme.bands, scheme.prior, scheme.temper)
    if scheme.learned:
        model = learn_kinds(model, values, allowed)
    belief = model.belief(values) * allowed
    belief /= np.maximum(belief.sum(axis=1, keepdims=True), 1e-300)
    likeliest = belief.argmax(axis=1)
    seems = np.array(scheme.kinds, dtype=object)[likeliest]
    seems[belief.max(axis=1, initial=0.0) < LEAST_SURE] = "unclear"
    accepted = (belief[:, MANAGER] >= LEAST_PROBABILITY) & (approached >= scheme.least_approached)
    return Verdict(model, values, belief, accepted, seems)
