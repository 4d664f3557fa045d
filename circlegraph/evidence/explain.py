"""Explain a result: one entry for whatever can explain itself."""

from __future__ import annotations

from typing import Any

from circlegraph.errors import SettingsError


def explain(result: Any, number: str) -> Any:
    """Explain what a result says of a number: the reason in words, the match weights, and the peers.

    Parameters
    ----------
    result
        What `detect.dual_sim` returns, or any other result with a method ``explain``.
    number
        The number, as it stands in the CDRs.

    Raises
    ------
    InputError
        If the number has no contacts in the data.
    SettingsError
        If the result cannot explain itself.

    Examples
    --------
    >>> explain({}, "13800000001")
    Traceback (most recent call last):
        ...
    circlegraph.errors.SettingsError: a dict cannot be explained; give a result of circlegraph.detect
    """
    if not hasattr(result, "explain"):
        raise SettingsError(
            f"a {type(result).__name__} cannot be explained; give a result of circlegraph.detect"
        )
    return result.explain(number)
