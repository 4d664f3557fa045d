"""Coefficients of the communication index and the rule for stable peers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isclose, isfinite
from typing import Any

from circlegraph.errors import SettingsError

INDEX_MEASURES = ("calls_out", "seconds_out", "calls_in", "seconds_in", "sms_out")
SHAPES = ("linear", "log", "binary")


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients a_j of the five measures, and the shape of the index.

    Attributes
    ----------
    coefficients
        Five non-negative numbers that sum to 1, in the order of `INDEX_MEASURES`.
    shape
        ``linear``: z, the sum of scaled measures, additive over the numbers of one owner. ``log``:
        ``log(1 + sharpness z) / log(1 + sharpness)``, so that one busy tie does not drown the others and
        z = 1 stays 1. ``binary``: 1 for any contact, whatever its volume.
    sharpness
        Of the ``log`` shape: the larger, the closer to ``binary``.

    Raises
    ------
    SettingsError
        If a coefficient is negative, the five do not sum to 1, or the shape is unknown.

    Examples
    --------
    >>> Weights().coefficients
    (0.2, 0.2, 0.2, 0.2, 0.2)
    >>> Weights.of({"calls_out": 0.5, "calls_in": 0.5}).coefficients
    (0.5, 0.0, 0.5, 0.0, 0.0)
    """

    coefficients: tuple[float, ...] = (0.2,) * 5
    shape: str = "linear"
    sharpness: float = 1000.0

    def __post_init__(self) -> None:
        wrong = []
        if len(self.coefficients) != len(INDEX_MEASURES):
            wrong.append(f"there must be five, for {', '.join(INDEX_MEASURES)}")
        for name, a in zip(INDEX_MEASURES, self.coefficients, strict=False):
            if not isfinite(a) or a < 0:
                wrong.append(f"{name} is {a}, but must not be negative")
        if not isclose(sum(self.coefficients), 1.0, abs_tol=1e-9):
            wrong.append(f"they sum to {sum(self.coefficients):g}, but must sum to 1")
        if self.shape not in SHAPES:
            wrong.append(f"the shape is {self.shape!r}, but must be one of {', '.join(SHAPES)}")
        if not isfinite(self.sharpness) or self.sharpness <= 0:
            wrong.append(f"the sharpness is {self.sharpness}, but must be positive")
        if wrong:
            raise SettingsError(f"the coefficients of the communication index are wrong: {'; '.join(wrong)}")

    @classmethod
    def of(
        cls, weights: "Weights | Mapping[str, float] | Sequence[float] | None", shape: str = "linear"
    ) -> "Weights":
        """Weights from a mapping by measure, from five numbers, or the default for None.

        Raises
        ------
        SettingsError
            If they are no numbers, or there is no such measure.
        """
        if isinstance(weights, Weights):
            return weights
        if weights is None:
            return cls(shape=shape)
        values: Any = weights
        if isinstance(weights, Mapping):
            unknown = sorted(map(str, set(weights) - set(INDEX_MEASURES)))
            if unknown:
                raise SettingsError(
                    f"no such measure in the communication index: {', '.join(unknown)}; "
                    f"there are {', '.join(INDEX_MEASURES)}"
                )
            values = [weights.get(name, 0.0) for name in INDEX_MEASURES]
        try:
            coefficients = tuple(float(a) for a in values)
        except (TypeError, ValueError) as error:
            raise SettingsError(
                "the coefficients of the communication index must be five numbers, or numbers by measure, "
                f"not {weights!r}"
            ) from error
        return cls(coefficients, shape)


@dataclass(frozen=True, slots=True)
class StableRule:
    """A stable peer: met on at least `days` days, in at least `weeks` different calendar weeks of before."""

    days: int = 2
    weeks: int = 2

    def __post_init__(self) -> None:
        if self.weeks < 1 or self.days < self.weeks:
            raise SettingsError(
                f"a stable peer on {self.days} days in {self.weeks} weeks makes no sense: "
                "weeks must be at least 1, and days at least weeks"
            )
