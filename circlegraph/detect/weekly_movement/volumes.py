"""Weekly volumes: what each own number did in each of some weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.graph.network import Network
from circlegraph.kernels.weekly import sum_weeks
from circlegraph.numbers import encode

COLUMNS = (
    "calls_out",
    "seconds_out",
    "calls_in",
    "seconds_in",
    "texts_out",
    "texts_in",
    "off_net_calls",
    "contacts",
    "active_days",
    "forwarded_calls",
    "forwarded_seconds",
)
"""Columns of the volumes; one per service number follows. Off-net calls are calls made, contacts distinct peers."""

FORWARDS = COLUMNS.index("forwarded_calls")
DAYS = COLUMNS.index("active_days")

SERVICE_NUMBERS = {
    "10086": "China Mobile",
    "10010": "China Unicom",
    "10011": "China Unicom",
    "10000": "China Telecom",
    "10001": "China Telecom",
    "10099": "China Broadnet",
}
"""Customer-service numbers of the Chinese operators."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weeks of seven days, counted back from a date.

    Attributes
    ----------
    last_day
        Last day of the last week, counted from 1970-01-01.
    count
        How many weeks there are.

    Examples
    --------
    >>> weeks = Weeks(last_day=20, count=2)
    >>> weeks.first_day, weeks.ends.tolist(), weeks.of(np.array([7, 13, 14])).tolist()
    (7, [13, 20], [0, 0, 1])
    """

    last_day: int
    count: int

    @property
    def first_day(self) -> int:
        """First day of the first week."""
        return self.last_day + 1 - 7 * self.count

    @property
    def ends(self) -> NDArray[np.int64]:
        """int64[count]: last day of each week."""
        return self.last_day - 7 * np.arange(self.count - 1, -1, -1, dtype=np.int64)

    def of(self, day: NDArray[np.int64]) -> NDArray[np.int64]:
        """Week of each day; the caller sees to it that the days lie inside."""
        return (day - self.first_day) // 7

    def counted(self, days: Sequence[int]) -> NDArray[np.int64]:
        """int64[count]: how many of some distinct days lie in each week."""
        day = np.array([d for d in days if self.first_day <= d <= self.last_day], np.int64)
        return np.bincount(self.of(day), minlength=self.count).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Block:
    """Volumes of some numbers.

    Attributes
    ----------
    keys
        int64[n], ascending.
    volumes
        int64[n, weeks, columns]: `COLUMNS`, then calls to each service number.
    """

    keys: NDArray[np.int64]
    volumes: NDArray[np.int64]


@dataclass(frozen=True)
class Watched:
    """Whose volumes are summed, and which calls of theirs are told apart.

    Attributes
    ----------
    network
        Tells the own numbers.
    service
        int64[s]: keys of the service numbers.
    """

    network: Network
    service: NDArray[np.int64]
    _listed: NumberIndex | None = None

    @classmethod
    def of(cls, network: Network, service_numbers: Sequence[str], country: str | None) -> Watched:
        """Look the numbers up once."""
        service = np.unique(encode(list(service_numbers), country=country))
        listed = None if network.subscribers is None else NumberIndex(network.subscribers)
        return cls(network, service[service != 0], listed)

    @property
    def width(self) -> int:
        """Columns of the volumes."""
        return len(COLUMNS) + len(self.service)

    @property
    def knows_own(self) -> bool:
        """Whether own and off-net numbers can be told apart at all."""
        return self.network.subscribers is not None or bool(self.network.own_operators)

    def own(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool[n]: is the number the own network's?"""
        return self.network.is_own(keys) if self._listed is None else self._listed.ids(keys) >= 0

    def sums(
        self,
        place: NDArray[np.int64],
        peer: NDArray[np.int64],
        day: NDArray[np.int64],
        measures: NDArray[np.int64],
        places: int,
    ) -> NDArray[np.int64]:
        """int64[places, columns]: rows of contacts summed by place; `active_days` is a bit for each day.

        Parameters are those of `kernels.weekly.sum_weeks`; forwarded calls are left 0.
        """
        off_net = ~self.own(peer) if self.knows_own else np.zeros(len(peer), np.bool_)
        summed = sum_weeks(place, peer, day, np.ascontiguousarray(measures), off_net, self.service, places)
        whole = np.zeros((places, self.width), np.int64)
        whole[:, :FORWARDS] = summed[:, :FORWARDS]
        whole[:, len(COLUMNS) :] = summed[:, FORWARDS:]
        return whole


def competitors_numbers(network: Network) -> tuple[str, ...]:
    """Service numbers of the other operators; own is the operator that most own numbers belong to.

    Examples
    --------
    >>> competitors_numbers(Network.of(own_operators=["China Telecom"]))
    ('10086', '10010', '10011', '10099')
    """
    own = set(network.own_operators)
    if not own and network.plan is not None and network.subscribers is not None:
        codes = network.plan.codes(network.subscribers)
        counts = np.bincount(codes, minlength=len(network.plan.operators))
        counts[0] = 0
        own = {network.plan.operators[int(np.argmax(counts))]} if counts.any() else set()
    # Who does not know his own operator is taken for China Mobile, the largest.
    return tuple(number for number, name in SERVICE_NUMBERS.items() if name not in (own or {"China Mobile"}))
