"""Figures of the indicators that rest on weekly volumes alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.weekly_movement.volumes import COLUMNS

HISTORY = 12
"""Weeks before the judged one that are its past."""
MONTH = 4
"""Weeks of a month."""
LEAST_DAYS = 4
"""Days with data that a week needs to count; its volume is then taken for seven."""
LEAST_WEEKS = 6
"""Weeks of the past that a robust z needs."""
LEAST_CALLS = 10
"""Calls from which on a share of calls says anything."""

Floats = NDArray[np.float64]
_AT = {name: j for j, name in enumerate(COLUMNS)}


def median(values: Floats) -> Floats:
    """Median of each row of float64[n, k], NaN left out; NaN where nothing is left.

    Examples
    --------
    >>> median(np.array([[3.0, np.nan, 1.0], [np.nan, np.nan, np.nan]])).tolist()
    [2.0, nan]
    """
    ordered = np.sort(values, axis=1)  # NaN last
    count = (~np.isnan(values)).sum(axis=1)
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    at = np.arange(len(values))
    return np.asarray((ordered[at, low] + ordered[at, np.minimum(high, values.shape[1] - 1)]) / 2)


def robust_z(week: Floats, past: Floats) -> Floats:
    """(week - median) / scale over each row of the past, float64[n, k] with NaN for what does not count.

    The scale is 1.4826 MAD, and at least the square root of the median: counts of contacts are never steadier
    than that.

    Examples
    --------
    >>> robust_z(np.array([0.0]), np.array([[9.0, 9.0, 9.0]])).tolist()
    [-3.0]
    """
    middle = median(past)
    spread = 1.4826 * median(np.abs(past - middle[:, None]))
    return np.asarray((week - middle) / np.maximum(np.maximum(spread, np.sqrt(middle)), 1.0))


def past_weeks(
    volumes: NDArray[np.int64], days: NDArray[np.int64], holidays: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """bool[n, weeks - 1]: which weeks before the last count as a number's past.

    A week counts if it has data, is no holiday week, and the number was there: the week in which it is first seen
    counts only if it is the first of all, because later it may have begun in its middle.
    """
    seen = volumes[:, :, [_AT["contacts"], _AT["forwarded_calls"]]].any(axis=2)
    first = np.argmax(seen, axis=1)
    begin = np.where(first == 0, 0, first + 1)
    usable = (days[:-1] >= LEAST_DAYS) & ~holidays[:-1]
    return np.asarray(usable & (np.arange(volumes.shape[1] - 1) >= begin[:, None]))


def week_figures(
    volumes: NDArray[np.int64],
    days: NDArray[np.int64],
    holidays: NDArray[np.bool_],
    *,
    knows_own: bool,
) -> dict[str, Floats]:
    """Figures of the last of some weeks.

    Parameters
    ----------
    volumes
        int64[n, HISTORY + 1, columns].
    days
        int64[weeks]: days with data in each week.
    holidays
        bool[weeks]: holiday weeks.
    knows_own
        Whether off-net numbers can be told.

    Returns
    -------
    dict
        float64[n] each, NaN for unknown: off_net_share, off_net_usual, forwarded_share, silent_week, outgoing_share,
        volume_z; and `left`, 1 if the last two weeks hold nothing though the number was in use before.
    """
    n = len(volumes)
    out, back = volumes[:, :, _AT["calls_out"]], volumes[:, :, _AT["calls_in"]]
    calls = (out + back).astype(np.float64)
    volume = calls + volumes[:, :, _AT["texts_out"]] + volumes[:, :, _AT["texts_in"]]
    past = past_weeks(volumes, days, holidays)
    enough = past.sum(axis=1) >= LEAST_WEEKS
    judged = bool(days[-1] >= LEAST_DAYS)
    unknown = np.full(n, np.nan)

    scaled = volume * (7 / np.maximum(days, 1))
    z = robust_z(scaled[:, -1], np.where(past, scaled[:, :-1], np.nan))
    usual_calls = median(np.where(past, calls[:, :-1], np.nan))
    with np.errstate(invalid="ignore"):
        silent = (calls[:, -1] == 0) & (usual_calls >= 1)
        usual_volume = median(np.where(past, volume[:, :-1], np.nan))
        gone = (volume[:, -2:] == 0).all(axis=1) & (usual_volume >= 1)
    return {
        **_off_net(volumes, past, knows_own),
        "forwarded_share": _forwarded(volumes),
        "silent_week": np.where(past.any(axis=1) | (calls[:, -1] > 0), silent, np.nan) if judged else unknown,
        "outgoing_share": _outgoing(out, back, days),
        "volume_z": np.where(enough, z, np.nan) if judged and not holidays[-1] else unknown,
        "left": np.where(judged & enough, gone, np.nan),
    }


def _share(part: Floats, whole: Floats, least: float) -> Floats:
    return np.asarray(
        np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole >= least), np.float64
    )


def _off_net(volumes: NDArray[np.int64], past: NDArray[np.bool_], knows_own: bool) -> dict[str, Floats]:
    """Share of calls made to other networks in the last month, and in the past before it."""
    if not knows_own:
        unknown = np.full(len(volumes), np.nan)
        return {"off_net_share": unknown, "off_net_usual": unknown}
    both = volumes[:, :, [_AT["off_net_calls"], _AT["calls_out"]]].astype(np.float64)
    now = both[:, -MONTH:].sum(axis=1)
    before = (both[:, :-MONTH] * past[:, : 1 - MONTH, None]).sum(axis=1)
    return {
        "off_net_share": _share(now[:, 0], now[:, 1], LEAST_CALLS),
        "off_net_usual": _share(before[:, 0], before[:, 1], LEAST_CALLS),
    }


def _forwarded(volumes: NDArray[np.int64]) -> Floats:
    """Share of the last month's time on calls that was forwarded."""
    month = volumes[:, -MONTH:].sum(axis=1).astype(np.float64)
    forwarded = month[:, _AT["forwarded_seconds"]]
    whole = forwarded + month[:, _AT["seconds_out"]] + month[:, _AT["seconds_in"]]
    return _share(forwarded, whole, 1.0)


def _outgoing(out: NDArray[np.int64], back: NDArray[np.int64], days: NDArray[np.int64]) -> Floats:
    """Greatest share of outgoing calls among the last three months; unknown if one has too few calls."""
    if (days[-3 * MONTH :] < LEAST_DAYS).any():
        return np.full(len(out), np.nan)
    shares = []
    for month in range(3):
        stop = out.shape[1] - month * MONTH
        made = out[:, stop - MONTH : stop].sum(axis=1).astype(np.float64)
        shares.append(_share(made, made + back[:, stop - MONTH : stop].sum(axis=1), LEAST_CALLS))
    return np.asarray(np.max(shares, axis=0), np.float64)
