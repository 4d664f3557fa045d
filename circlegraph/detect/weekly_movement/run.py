"""Movement from CDRs or a store in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.known import Listed, read_bills, read_forwarding, read_subscribers
from circlegraph.detect.weekly_movement.circle import Residuals
from circlegraph.detect.weekly_movement.context import (
    Floats,
    Listing,
    approaches,
    bill_drops,
    family_left,
    forwards_away,
    second_probability,
)
from circlegraph.detect.weekly_movement.figures import HISTORY, week_figures
from circlegraph.detect.weekly_movement.holidays import CHINA, holiday_weeks
from circlegraph.detect.weekly_movement.passes import Pass, open_pass
from circlegraph.detect.weekly_movement.points import FIGURES, Figures, Points, fired, levels, score
from circlegraph.detect.weekly_movement.result import Movement
from circlegraph.detect.weekly_movement.risk import risk_of
from circlegraph.detect.weekly_movement.volumes import COLUMNS, FORWARDS, Watched, Weeks, competitors_numbers
from circlegraph.detect.weekly_movement.words import in_words
from circlegraph.errors import InputError, SettingsError
from circlegraph.graph.network import Network
from circlegraph.numbers import decode
from circlegraph.resources import Resources
from circlegraph.store.dates import day_number, iso_date

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Tables:
    """What is known beside the contacts; None for what is not."""

    bills: Listed | None
    forwarding: Listed | None
    second_numbers: Any
    families: Any
    managers: Any


def movement(
    source: Any,
    date: object,
    *,
    subscribers: Any = None,
    bills: Any = None,
    forwarding: Any = None,
    second_numbers: Any = None,
    families: Any = None,
    managers: Any = None,
    points: Points | None = None,
    weeks: int = 1,
    service_numbers: Sequence[str] | None = None,
    holidays: Iterable[object] = CHINA,
    network: Network | None = None,
    country: str | None = "86",
    threads: int | None = None,
) -> Movement:
    """Judge how far each own number's week departs from its own past.

    Whatever is not given is unknown: it neither fires nor counts as known.

    Parameters
    ----------
    source
        A `Store`, or CDR files, folders or tables as for `open_cdr`, or its result.
    date
        Last day of the judged week; nothing after it is looked at.
    subscribers
        Table or file of the own network's numbers.
    bills
        Table or file: number, month, arpu, mou and, where known, arrears (months).
    forwarding
        Table or file: number, forward_to, since.
    second_numbers
        A `DualSim`, or a table with number, probability and onset.
    families
        A `Families`, or a table with number and family_id.
    managers
        A `Managers`, or a table with number, manager, first_contact, last_contact and calls_in.
    points
        What the indicators count.
    weeks
        How many weeks up to the date to judge.
    service_numbers
        Competitors' service numbers; by default those of the Chinese operators other than the own one.
    holidays
        Dates; weeks with three and more of them are excused from the comparison of volumes.
    network
        The own network; by default the subscribers, else every number.
    country
        Home calling code of the numbers in the tables.
    threads
        By default all processors.

    Examples
    --------
    For ten weeks ``x`` makes three calls a day, then none; ``b`` goes on.

    >>> import pandas as pd
    >>> hours = pd.date_range("2024-05-06", periods=3 * 77, freq="8h")
    >>> calls = pd.DataFrame({"caller": "x", "callee": "a", "start": hours[:210], "duration": 60})
    >>> others = pd.DataFrame({"caller": "b", "callee": "a", "start": hours, "duration": 60})
    >>> found = movement(pd.concat([calls, others]), "2024-07-21")
    >>> row = found.weeks.set_index("number").loc["x"]
    >>> int(row.points), row.level, int(row.known_points)
    (6, None, 6)
    >>> for part in row.reason.split("; "):
    ...     print(part)
    a week without calls
    the week's volume lies 4.6 robust deviations below his usual
    too little is known for a level: 6 of 43 points

    Raises
    ------
    InputError
        If the source or a table cannot be used, or the weeks hold no contact of an own number.
    SettingsError
        If an argument makes no sense.
    """
    resources = Resources(threads=threads) if threads else Resources()
    return run_movement(
        source,
        date,
        subscribers=subscribers,
        bills=bills,
        forwarding=forwarding,
        second_numbers=second_numbers,
        families=families,
        managers=managers,
        points=points,
        weeks=weeks,
        service_numbers=service_numbers,
        holidays=holidays,
        network=network,
        country=country,
        resources=resources,
    )


def run_movement(
    source: Any,
    date: object,
    *,
    resources: Resources,
    subscribers: Any = None,
    bills: Any = None,
    forwarding: Any = None,
    second_numbers: Any = None,
    families: Any = None,
    managers: Any = None,
    points: Points | None = None,
    weeks: int = 1,
    service_numbers: Sequence[str] | None = None,
    holidays: Iterable[object] = CHINA,
    network: Network | None = None,
    country: str | None = "86",
) -> Movement:
    """Movement with given resources; parameters as for `movement`."""
    if weeks < 1:
        raise SettingsError(f"weeks is {weeks}, but must be at least 1")
    last = day_number(str(date)[:10])
    network = _own(network or Network(), subscribers, country)
    chosen = competitors_numbers(network) if service_numbers is None else tuple(service_numbers)
    watched = Watched.of(network, chosen, country)
    tables = Tables(
        None if bills is None else read_bills(bills, country),
        None if forwarding is None else read_forwarding(forwarding, country),
        second_numbers,
        families,
        managers,
    )
    span = Weeks(last, HISTORY + weeks)
    opened = open_pass(source, resources)
    days = span.counted(opened.days())
    if not days[-1]:
        raise InputError(f"there is no event in the week up to {iso_date(last)}; choose another date")
    keys, parts = _volume_figures(opened, span, watched, days, holiday_weeks(holidays, span), resources)
    listing = Listing(keys, country)
    points = points or Points()
    texts = decode(keys, opened.tokens)
    circles = Residuals(opened, watched, listing, resources)
    frames = [
        _judged(int(span.ends[HISTORY + w]), part, circles, watched, listing, tables, points, texts)
        for w, part in enumerate(parts)
    ]
    return Movement(_stacked(frames), points, _facts(span, days, watched, listing, chosen))


def _own(network: Network, subscribers: Any, country: str | None) -> Network:
    if subscribers is None or network.subscribers is not None:
        return network
    keys = read_subscribers(subscribers, country).keys["number"]
    return replace(network, subscribers=np.unique(keys[keys != 0]))


def _volume_figures(
    opened: Pass,
    span: Weeks,
    watched: Watched,
    days: NDArray[np.int64],
    holidays: NDArray[np.bool_],
    resources: Resources,
) -> tuple[NDArray[np.int64], list[dict[str, Floats]]]:
    """Keys of the own numbers, ascending, and per judged week the figures that rest on volumes."""
    keys: list[NDArray[np.int64]] = []
    found: list[list[dict[str, Floats]]] = [[] for _ in range(span.count - HISTORY)]
    forwards = False
    for block in opened.blocks(span, watched, resources):
        keys.append(block.keys)
        forwards = forwards or bool(block.volumes[:, :, FORWARDS].any())
        for w, parts in enumerate(found):
            weeks = slice(w, w + HISTORY + 1)
            volumes = block.volumes[:, weeks]
            figures = week_figures(volumes, days[weeks], holidays[weeks], knows_own=watched.knows_own)
            figures["competitor_calls"] = volumes[:, -1, len(COLUMNS) :].sum(axis=1).astype(np.float64)
            parts.append(figures)
    whole = np.concatenate(keys) if keys else np.empty(0, np.int64)
    if not len(whole):
        raise InputError(
            f"no own number has a contact between {iso_date(span.first_day)} and {iso_date(span.last_day)}"
        )
    order = np.argsort(whole)
    joined = [
        {name: np.concatenate([part[name] for part in parts])[order] for name in parts[0]} for parts in found
    ]
    if not forwards:  # the data do not tell of forwarding
        for figures in joined:
            figures["forwarded_share"][:] = np.nan
    return whole[order], joined


def _judged(
    day: int,
    figures: dict[str, Floats],
    circles: Residuals,
    watched: Watched,
    listing: Listing,
    tables: Tables,
    points: Points,
    texts: NDArray[np.object_],
) -> pd.DataFrame:
    import pandas as pd

    values = {name: figures[name] for name in FIGURES if name in figures}
    values |= bill_drops(tables.bills, listing, np.datetime64(day, "D"))
    second, second_days = second_probability(tables.second_numbers, listing, day, points.recent_days)
    values["second_number"] = second
    values["approaches"], called_back = approaches(tables.managers, listing, day, points.approach_days)
    values["circle_residual"], circle_usual = circles.on(day)
    moved = (second >= points.probability) | (figures["left"] == 1)
    values["family_left"] = family_left(tables.families, listing, moved)
    away, away_days = forwards_away(tables.forwarding, listing, watched, day)
    known = Figures({name: values[name] for name in FIGURES}, figures["off_net_usual"], circle_usual, away)
    fires = fired(known, points)
    total, possible = score(known, points)
    level = levels(known, points, total, possible)
    names = np.array(FIGURES, dtype=object)
    flags = np.stack([fires[name] for name in FIGURES], axis=1)
    return pd.DataFrame(
        {
            "number": texts,
            "week": np.full(len(listing), np.datetime64(day, "D").astype("datetime64[s]")),
            **known.values,
            "off_net_usual": known.off_net_usual,
            "circle_usual": known.circle_usual,
            "forwards_away": known.forwards_away,
            "points": total,
            "level": level,
            "known_points": possible,
            "risk": risk_of(known, second_days, called_back, away_days),
            "fired": [",".join(names[row]) for row in flags],
            "reason": in_words(known, fires, points, np.where(pd.isna(level), possible, np.nan)),
        }
    )


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def _facts(
    span: Weeks, days: NDArray[np.int64], watched: Watched, listing: Listing, numbers: Sequence[str]
) -> dict[str, str]:
    missing = int((7 - days).sum())
    return {
        "weeks": f"{span.count - HISTORY} up to {iso_date(span.last_day)}, each against the {HISTORY} before",
        "days without data": f"{missing} of {7 * span.count}",
        "judged": f"{len(listing):,} own numbers",
        "own network": "told apart from others" if watched.knows_own else "unknown, every number is own",
        "competitors' service numbers": ", ".join(numbers) or "none",
    }
