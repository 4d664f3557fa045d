"""A small city at once, to try things on: CDRs, the operator's tables, planted truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from circlegraph.html import card

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.graph.network import Network

SUBSCRIBERS = 1_500
DAYS = 120
NEXT = "cg.contact_circles(demo.cdrs, demo.at, network=demo.network), cg.detect.dual_sim(demo.cdrs, demo.at)"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Demo:
    """A small synthetic city; every function of circlegraph takes its tables.

    Attributes
    ----------
    cdrs
        Canonical records: caller, callee, start, duration (s), kind, cells, handsets, forwarded_to.
    subscribers
        Own numbers: number, activated, id_document, imei, plan, region, age, value_tier.
    forwarding
        number, forward_to, since.
    bills
        number, month, arpu, mou.
    cells
        cell, lat, lon (degrees).
    truth
        What was planted, by table: second_numbers, families, managers, manager_contacts and more.
    at
        A split time in the middle, as a date.
    network
        The own network, as the subscribers tell it.
    """

    cdrs: pd.DataFrame
    subscribers: pd.DataFrame
    forwarding: pd.DataFrame
    bills: pd.DataFrame
    cells: pd.DataFrame
    truth: Mapping[str, pd.DataFrame]
    at: str
    network: Network

    def summary(self) -> dict[str, str]:
        """Say what the city holds, in a few words and figures."""
        first, last = self.cdrs["start"].min(), self.cdrs["start"].max()
        seconds = int(self.truth["second_numbers"]["visible"].sum())
        families = self.truth["families"]["family_id"].nunique()
        return {
            "records": f"{len(self.cdrs):,}, {first:%Y-%m-%d} to {last:%Y-%m-%d}",
            "subscribers": f"{len(self.subscribers):,}",
            "split": self.at,
            "planted": f"{seconds:,} second numbers that show in the records, {families:,} families, "
            f"{len(self.truth['managers']):,} account managers",
            "tables": ".cdrs, .subscribers, .forwarding, .bills, .cells, .truth",
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(["Demo city", *lines, f"  next: {NEXT}"])

    def _repr_html_(self) -> str:
        return card("Demo city", self.summary(), NEXT)


def load_demo(subscribers: int = SUBSCRIBERS, *, seed: int = 1) -> Demo:
    """Make a small city in memory, in a second or two; nothing is downloaded or written.

    The same arguments give the same city; the last few are kept, so a cell that is run twice costs nothing.
    Do not change the tables in place: the next call returns them again.

    Parameters
    ----------
    subscribers
        Own subscribers, about.
    seed
        Same seed, same city.

    Examples
    --------
    >>> demo = load_demo(300)
    >>> demo.at
    '2025-10-31'
    >>> list(demo.subscribers.columns[:3]), demo is load_demo(300)
    (['number', 'activated', 'id_document'], True)

    Raises
    ------
    SettingsError
        If there are no subscribers to make.
    """
    return _made(subscribers, seed)


@lru_cache(maxsize=2)
def _made(subscribers: int, seed: int) -> Demo:
    import pandas as pd

    from circlegraph.graph.network import Network
    from circlegraph.synth.city import City

    city = City(subscribers=subscribers, days=DAYS, seed=seed)
    split = pd.Timestamp(city.settings.start) + pd.Timedelta(days=DAYS // 2)
    return Demo(
        cdrs=city.cdr(),
        subscribers=city.subscribers,
        forwarding=city.forwarding,
        bills=city.bills,
        cells=city.cells,
        truth=city.truth,
        at=f"{split:%Y-%m-%d}",
        network=Network.of(subscribers=city.subscribers["number"].tolist()),
    )
