"""Validity: measures of a city beside the same measures of real data and beside published figures.

The bands are wide on purpose: they tell a world of people from a random graph and fit no single country.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from circlegraph.synth.city import City
from circlegraph.synth.meetings import TRADE

if TYPE_CHECKING:
    import pandas as pd

Ints = npt.NDArray[np.int64]
DAY = 86400
FORTNIGHT = 14 * DAY
STEADY = 10
"""Events that a tie or person needs before its burstiness or balance is measured."""


@dataclass(frozen=True)
class Traffic:
    """Events between people of one network.

    Attributes
    ----------
    caller, callee : ndarray of int64
        People.
    time : ndarray of int64
        Seconds since the first midnight.
    """

    caller: Ints
    callee: Ints
    time: Ints

    def between(self, first: int, last: int) -> "Traffic":
        """Pick the events with first <= time < last."""
        rows = (self.time >= first) & (self.time < last)
        return Traffic(self.caller[rows], self.callee[rows], self.time[rows])

    def ties(self) -> tuple[Ints, Ints, Ints]:
        """Tell the two people of each tie, and the tie of each event."""
        base = int(max(self.caller.max(initial=0), self.callee.max(initial=0))) + 1
        key = np.minimum(self.caller, self.callee) * base + np.maximum(self.caller, self.callee)
        tie, index = np.unique(key, return_inverse=True)
        return tie // base, tie % base, index.astype(np.int64)


def city_traffic(city: City, days: int | None = None) -> Traffic:
    """Take the private calls and texts between own numbers, as the own network could count them."""
    own = city.world.sims.own
    parts = []
    for number in range(min(days or city.settings.days, city.settings.days)):
        events = city.events(number)
        rows = np.flatnonzero(own[events.caller] & own[events.callee] & (events.source != TRADE))
        time = events.second[rows].astype(np.int64) + number * DAY
        parts.append(np.column_stack([events.caller[rows], events.callee[rows], time]))
    table = np.concatenate(parts).astype(np.int64)
    return Traffic(table[:, 0], table[:, 1], table[:, 2])


def copenhagen_traffic(folder: Path) -> Traffic:
    """Read the calls (missed ones left out) and texts of the Copenhagen Networks Study."""
    calls = np.loadtxt(folder / "calls.csv", delimiter=",", skiprows=1, dtype=np.int64)
    texts = np.loadtxt(folder / "sms.csv", delimiter=",", skiprows=1, dtype=np.int64)
    table = np.concatenate([calls[calls[:, 3] >= 0][:, :3], texts])
    table = table[table[:, 1] != table[:, 2]]
    return Traffic(table[:, 1], table[:, 2], table[:, 0])


def mean_degree(traffic: Traffic) -> float:
    """Mean number of contacts of those who have any."""
    low, high, _ = traffic.ties()
    return 2.0 * len(low) / max(1, len(np.unique(np.concatenate([low, high]))))


def people_called(traffic: Traffic) -> float:
    """Mean number of people called, of those who call anybody."""
    called = np.unique(np.column_stack([traffic.caller, traffic.callee]), axis=0)
    return len(called) / max(1, len(np.unique(called[:, 0])))


def degree_tail(traffic: Traffic) -> float:
    """Measure the number of contacts of the busiest hundredth, in units of the median."""
    low, high, _ = traffic.ties()
    _, degree = np.unique(np.concatenate([low, high]), return_counts=True)
    return float(np.quantile(degree, 0.99) / np.median(degree))


def clustering(traffic: Traffic) -> float:
    """Share of open pairs of ties that are closed by a third (transitivity)."""
    from scipy.sparse import coo_array

    low, high, _ = traffic.ties()
    people, index = np.unique(np.concatenate([low, high]), return_inverse=True)
    ends = np.concatenate([index[: len(low)], index[len(low) :]])
    others = np.concatenate([index[len(low) :], index[: len(low)]])
    graph = coo_array((np.ones(len(ends), dtype=np.int64), (ends, others)), shape=(len(people),) * 2).tocsr()
    degree = np.bincount(ends, minlength=len(people))
    closed = float((graph @ graph).multiply(graph).sum())
    return closed / max(1.0, float((degree * (degree - 1)).sum()))


def tie_skew(traffic: Traffic) -> float:
    """Mean number of events a tie in units of the median: 1 without a tail."""
    counts = np.bincount(traffic.ties()[2])
    return float(counts.mean() / np.median(counts))


def top_tie_share(traffic: Traffic) -> float:
    """Share of a person's events with the contact of first rank, mean over people with three contacts."""
    low, high, index = traffic.ties()
    counts = np.bincount(index)
    person, weight = np.concatenate([low, high]), np.concatenate([counts, counts])
    order = np.lexsort((-weight, person))
    person, weight = person[order], weight[order]
    start = np.flatnonzero(np.concatenate([[True], person[1:] != person[:-1]]))
    total, contacts = np.add.reduceat(weight, start), np.diff(np.append(start, len(person)))
    known = (contacts >= 3) & (total >= STEADY)
    return float((weight[start][known] / total[known]).mean())


def burstiness(traffic: Traffic) -> float:
    """Mean over ties of (s - m) / (s + m) of the times between events: 0 for chance, 1 at most."""
    _, _, index = traffic.ties()
    order = np.lexsort((traffic.time, index))
    tie, time = index[order], traffic.time[order]
    same = tie[1:] == tie[:-1]
    gap, tie = np.diff(time)[same].astype(np.float64), tie[1:][same]
    count = np.bincount(tie)
    known = count >= STEADY - 1
    mean = np.bincount(tie, gap) / np.maximum(count, 1)
    spread = np.sqrt(np.maximum(np.bincount(tie, gap**2) / np.maximum(count, 1) - mean**2, 0.0))
    return float(((spread - mean) / np.maximum(spread + mean, 1e-9))[known].mean())


def lopsidedness(traffic: Traffic) -> float:
    """Mean over busy ties of |events one way - other way| / events."""
    _, _, index = traffic.ties()
    forth = (traffic.caller < traffic.callee).astype(np.float64)
    count, one_way = np.bincount(index), np.bincount(index, forth)
    known = count >= STEADY
    return float(np.abs(2.0 * one_way - count)[known].sum() / max(1, count[known].sum()))


def mutual_degree(traffic: Traffic) -> float:
    """Mean number of ties with events both ways, of those who have any."""
    low, high, index = traffic.ties()
    forth = np.bincount(index, traffic.caller < traffic.callee, len(low))
    both = (forth > 0) & (forth < np.bincount(index, minlength=len(low)))
    people = np.unique(np.concatenate([low[both], high[both]]))
    return 2.0 * float(both.sum()) / max(1, len(people))


def reciprocity(traffic: Traffic) -> float:
    """Share of ties of two events and more in which both begin one."""
    low, _, index = traffic.ties()
    count = np.bincount(index, minlength=len(low))
    forth = np.bincount(index, traffic.caller < traffic.callee, len(low))
    return float(((forth > 0) & (forth < count))[count >= 2].sum() / max(1, int((count >= 2).sum())))


def circle_size(traffic: Traffic) -> float:
    """Mean number of contacts met on two days or more, of those who have any."""
    low, high, index = traffic.ties()
    met = np.unique(np.column_stack([index, traffic.time // DAY]), axis=0)
    steady = np.bincount(met[:, 0], minlength=len(low)) >= 2
    people = np.unique(np.concatenate([low[steady], high[steady]]))
    return 2.0 * float(steady.sum()) / max(1, len(people))


def night_share(traffic: Traffic) -> float:
    """Share of events between one and six o'clock."""
    hour = traffic.time % DAY // 3600
    return float(((hour >= 1) & (hour < 6)).mean())


def peak_share(traffic: Traffic) -> float:
    """Share of events in the busiest hour of the day."""
    return float(np.bincount(traffic.time % DAY // 3600, minlength=24).max() / max(1, len(traffic.time)))


def tie_overlap(traffic: Traffic) -> float:
    """Jaccard overlap of the ties of the first and the second fortnight."""
    sets = []
    for part in (traffic.between(0, FORTNIGHT), traffic.between(FORTNIGHT, 2 * FORTNIGHT)):
        low, high, _ = part.ties()
        sets.append(set(zip(low.tolist(), high.tolist(), strict=True)))
    return len(sets[0] & sets[1]) / max(1, len(sets[0] | sets[1]))


def circle_persistence(traffic: Traffic) -> float:
    """Mean Jaccard overlap of circles of the first and second fortnight, of two contacts or more at first."""
    circles: list[dict[int, set[int]]] = []
    for part in (traffic.between(0, FORTNIGHT), traffic.between(FORTNIGHT, 2 * FORTNIGHT)):
        low, high, _ = part.ties()
        circle: dict[int, set[int]] = {}
        for one, other in zip(low.tolist(), high.tolist(), strict=True):
            circle.setdefault(one, set()).add(other)
            circle.setdefault(other, set()).add(one)
        circles.append(circle)
    found = [
        len(first & circles[1][person]) / len(first | circles[1][person])
        for person, first in circles[0].items()
        if len(first) >= 2 and person in circles[1]
    ]
    return float(np.mean(found)) if found else float("nan")


@dataclass(frozen=True)
class Yardstick:
    """One measure, over how many days it is taken, and what others found."""

    name: str
    measure: Callable[[Traffic], float]
    days: int
    reference: float
    low: float
    high: float
    source: str
    copenhagen: bool = True


_STUDY = "Copenhagen Networks Study (Sapiezynski et al. 2019), measured here"
_ONNELA = "Onnela et al. 2007 (PNAS): 7.0 M mutual ties of 4.6 M people, a fifth of a country"
_KOVANEN = "Kovanen et al. 2010: 5.41 people called by a postpaid customer, 3.41 by a prepaid one, a fifth of a country"
# Both count contacts within one network of a fifth of the people; the own network of the standard city holds 58 %,
# so the upper ends are 2.9 times what they found.
YARDSTICKS = (
    Yardstick("people called, 18 weeks", people_called, 126, 5.41, 2.5, 15.7, _KOVANEN, False),
    Yardstick("mutual degree, 18 weeks", mutual_degree, 126, 3.04, 2.0, 9.0, _ONNELA, False),
    Yardstick("mean degree, 4 weeks", mean_degree, 28, 2.886, 1.8, 9.0, _STUDY),
    Yardstick("contacts met on two days, 4 weeks", circle_size, 28, 2.145, 1.5, 6.0, _STUDY),
    Yardstick("degree, 99 % / median", degree_tail, 28, 5.98, 2.0, 12.0, _STUDY),
    Yardstick("clustering", clustering, 28, 0.177, 0.05, 0.5, _STUDY),
    Yardstick("tie strength, mean / median", tie_skew, 28, 4.511, 1.5, 6.0, _STUDY),
    Yardstick("share of first-ranked contact", top_tie_share, 28, 0.61, 0.25, 0.75, _STUDY),
    Yardstick("burstiness of ties", burstiness, 28, 0.451, 0.15, 0.7, _STUDY),
    Yardstick("share of ties with both ways", reciprocity, 28, 0.907, 0.6, 0.97, _STUDY),
    Yardstick("lopsidedness of ties", lopsidedness, 28, 0.108, 0.05, 0.5, _STUDY),
    Yardstick("share of events 1-6 h", night_share, 28, 0.017, 0.001, 0.12, _STUDY),
    Yardstick("share of the busiest hour", peak_share, 28, 0.0753, 0.06, 0.13, _STUDY),
    Yardstick("overlap of ties, two fortnights", tie_overlap, 28, 0.464, 0.3, 0.65, _STUDY),
    Yardstick("persistence of circles, two fortnights", circle_persistence, 28, 0.57, 0.3, 0.7, _STUDY),
)


def validity(city: City, copenhagen: Path | None = None) -> "pd.DataFrame":
    """Compare a city with real data.

    Parameters
    ----------
    city : City
        A city of at least 28 days; 1,000 subscribers or more give steady figures.
    copenhagen : path, optional
        Folder with ``calls.csv`` and ``sms.csv`` of the Copenhagen Networks Study, to measure it anew; else
        the figures stored here are shown.

    Returns
    -------
    pandas.DataFrame
        measure, city, reference, low, high, within, source: one row a measure.

    Examples
    --------
    >>> validity(City(subscribers=200, days=28)).columns.tolist()
    ['measure', 'city', 'reference', 'low', 'high', 'within', 'source']
    """
    import pandas as pd

    traffic = city_traffic(city, max(yardstick.days for yardstick in YARDSTICKS))
    real = copenhagen_traffic(copenhagen) if copenhagen is not None else None
    rows = []
    for item in YARDSTICKS:
        found = item.measure(traffic.between(0, item.days * DAY))
        reference = item.measure(real) if real is not None and item.copenhagen else item.reference
        within = item.low <= found <= item.high
        rows.append((item.name, found, reference, item.low, item.high, within, item.source))
    return pd.DataFrame(rows, columns=["measure", "city", "reference", "low", "high", "within", "source"])
