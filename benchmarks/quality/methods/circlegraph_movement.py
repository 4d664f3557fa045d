"""circlegraph's own weekly warnings, by the risk, by the default points and by points fitted to past losses.

The fitted points are those of the tuning seeds; `python -m benchmarks.quality.methods.circlegraph_movement` fits them
anew and prints the scorecard.
"""

from functools import lru_cache
from typing import Any

import pandas as pd

from benchmarks.quality.world import NotAvailableError, World

FITTED = {
    "arpu_drop": 0.0,
    "mou_drop": 0.0,
    "second_number": 11.0,
    "off_net_share": 1.0,
    "forwarded_share": 6.0,
    "approached_once": 4.0,
    "approached_again": 6.0,
    "silent_week": 5.0,
    "outgoing_share": 0.0,
    "arrears": 1.0,
    "circle_residual": 1.0,
    "family_left": 0.0,
    "volume_z": 3.0,
    "competitor_calls": 9.0,
}
"""Fitted on cities of 4,000, standard and hard, the first two tuning seeds."""


def risk(world: World) -> pd.DataFrame:
    """Score by the risk of the weeks, the order that a list is made by."""
    return weekly(world)[["number", "risk"]].rename(columns={"risk": "score"})


def warn(world: World, points: dict[str, float] | None = None) -> pd.DataFrame:
    """Score by the points of `cg.detect.movement` in the week that begins at the world's split.

    Who is high by his calls to competitors' service numbers counts at least the points of that level.

    Returns
    -------
    pandas.DataFrame
        number, score.

    Raises
    ------
    NotAvailableError
        If this version of circlegraph has no movement.
    """
    from circlegraph.detect.weekly_movement.points import Points

    weeks, limits = weekly(world, Points(**(points or {}))), Points()  # type: ignore[arg-type]
    score = weeks["points"].astype(float)
    return pd.DataFrame(
        {
            "number": weeks["number"],
            "score": score.where(weeks["level"] != "high", score.clip(lower=limits.high)),
        }
    )


def fitted(world: World) -> pd.DataFrame:
    """Score by the fitted points."""
    return warn(world, FITTED)


def weekly(world: World, points: Any = None) -> pd.DataFrame:
    """Movement of the week that begins at the world's split, with all that the other detectors find until then."""
    import circlegraph as cg

    detector = getattr(cg.detect, "movement", None)
    if detector is None:
        raise NotAvailableError("cg.detect.movement is not there yet")
    last = world.split + pd.Timedelta(days=6)
    tables = {"subscribers": world.subscribers, "bills": world.bills, "forwarding": world.forwarding}
    weeks: pd.DataFrame = detector(world.events, last, points=points, **tables, **_found(_Once(world))).weeks
    return weeks


class _Once:
    """A world that is the same as another of its name and split."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.key = (world.name, world.split)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and self.key == other.key


@lru_cache(maxsize=16)
def _found(once: _Once) -> dict[str, Any]:
    """Second numbers, families and account managers of a world, found once for several scores."""
    import circlegraph as cg

    world = once.world
    second = cg.detect.dual_sim(
        world.events, at="auto", subscribers=world.subscribers, forwarding=world.forwarding
    )
    managers = cg.detect.managers(
        world.events, subscribers=world.subscribers, bills=world.bills, second_numbers=second
    )
    families = cg.detect.families(world.events, subscribers=world.subscribers)
    return {"second_numbers": second, "managers": managers, "families": families}


def fit() -> Any:
    """Fit the points on the tuning seeds."""
    from benchmarks.quality import cities, movement, seeds
    from circlegraph.detect.weekly_movement.scorecard import fit_scorecard

    weeks, losses = [], []
    for preset in movement.PRESETS:
        for seed in seeds.TUNING["city"][:2]:
            case = cities.city_case(preset, seed, 4_000)
            lost, aside = movement.losses(case)
            first = case.world.events["start"].min().normalize()
            mark = f"{preset} {seed} "
            dates = first + pd.to_timedelta(7 * (lost.to_numpy(dtype=float) + 1), unit="D")
            losses.append(pd.DataFrame({"number": mark + lost.index, "lost": dates}))
            out = aside | set(case.tables["second_numbers"]["second_number"])
            for week in movement.WEEKS:
                found = weekly(movement.until(case.world, week))
                found = found[~found["number"].isin(out)]
                weeks.append(found.assign(number=mark + found["number"]))
    # A city is known to its end, which is later than the horizon of the last judged week.
    last = max(part["week"].max() for part in weeks) + movement.AHEAD * movement.WEEK
    return fit_scorecard(pd.concat(weeks), pd.concat(losses), horizon_weeks=movement.AHEAD, until=last)


if __name__ == "__main__":
    card = fit()
    print(card, card.table.round(3).to_string(), sep="\n")
