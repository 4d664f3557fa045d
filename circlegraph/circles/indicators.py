"""Indicators of the behaviour of each number in one window, by the names and definitions of bandicoot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.pairs import DETAILS
from circlegraph.contacts.windows import as_text
from circlegraph.errors import InputError
from circlegraph.graph.graph import Graph
from circlegraph.graph.numbering import Numbers
from circlegraph.kernels.indicators import describe_circles, describe_seconds
from circlegraph.parallel import default_threads, mapped

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

PARETO_SHARE = 0.8
# Calls and texts together have no suffix; then the columns of what happens at night and at weekends.
KINDS = {
    "": (("night_calls", "night_sms"), ("weekend_calls", "weekend_sms")),
    "_call": (("night_calls",), ("weekend_calls",)),
    "_text": (("night_sms",), ("weekend_sms",)),
}


@dataclass(frozen=True, slots=True, repr=False)
class Indicators:
    """Indicators of all numbers of a graph, see `indicators`.

    Attributes
    ----------
    numbers
        The numbers; the id of a number is its position there.
    columns
        By indicator, int64 or float64[numbers].
    window
        Start (inside) and end (outside), wall-clock seconds since 1970.
    provenance
        Where the graph comes from.
    """

    numbers: Numbers
    columns: Mapping[str, NDArray[Any]]
    window: tuple[int, int]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the numbers."""
        return len(self.numbers)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """One indicator of all numbers, by id.

        Raises
        ------
        InputError
            If there is no such indicator.
        """
        if name not in self.columns:
            from difflib import get_close_matches

            near = get_close_matches(name, self.columns, 3)
            hint = f"; did you mean {' or '.join(near)}?" if near else f", only {', '.join(self.columns)}"
            raise InputError(f"there is no indicator {name!r}{hint}")
        return self.columns[name]

    def of(self, number: str) -> pd.Series[float]:
        """All indicators of one number.

        Raises
        ------
        InputError
            If the number has no contact in the window.
        """
        import pandas as pd

        x = self.numbers.id_of(number)
        return pd.Series({name: column[x] for name, column in self.columns.items()}, name=number)

    def to_arrow(self) -> pa.Table:
        """Table with a row per number: the number and its indicators."""
        import pyarrow as pa

        return pa.table({"number": self.numbers.text, **self.columns})

    def to_pandas(self) -> pd.DataFrame:
        """Table as `to_arrow` gives it, in pandas."""
        table: pd.DataFrame = self.to_arrow().to_pandas()
        return table

    def summary(self) -> dict[str, str]:
        """Say what the indicators are, with the middle half of the numbers for some of them."""
        facts = {
            "window": f"{as_text(self.window[0])} to {as_text(self.window[1])}",
            "numbers": f"{len(self):,}",
            "indicators": f"{len(self.columns)}",
        }
        for name in ("active_days", "number_of_contacts", "percent_nocturnal", "entropy_of_contacts"):
            known = self.columns[name][~np.isnan(self.columns[name])]
            if len(known):
                low, middle, high = np.quantile(known, (0.25, 0.5, 0.75))
                facts[name] = f"{middle:.3g} (middle half {low:.3g} to {high:.3g})"
        return facts

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(["Indicators", *lines, "  next: .of(number), .to_pandas(), [name]"])

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card("Indicators", self.summary(), "of(number), to_pandas(), [name]")


def indicators(graph: Graph, *, threads: int | None = None) -> Indicators:
    """Work out the indicators of every number of a graph over the whole of its window.

    Names and definitions are those of bandicoot 0.6. A name stands for calls and texts together (bandicoot's
    ``callandtext``), with ``_call`` or ``_text`` for one kind. Of n interactions of a number with k contacts,
    n_c of them with contact c:

    ================================== ====================================================================
    active_days                        days with any contact, calls and texts together only
    number_of_contacts                 k
    number_of_interactions, _in, _out  n; those received; those made
    percent_nocturnal                  share of n from 19:00 to 7:00
    percent_weekend                    share of n on Saturdays and Sundays (not in bandicoot)
    percent_initiated_interactions     share of n that the number made
    entropy_of_contacts                - sum over c of n_c / n ln(n_c / n)
    balance_of_contacts_mean, _std     over c, of (made to c) / n
    interactions_per_contact_mean, _std  over c, of n_c
    percent_pareto_interactions        the fewest contacts with 80 % of n, per interaction
    percent_pareto_durations           the fewest contacts with 80 % of the seconds, per call; calls only
    call_duration_mean                 seconds per call
    ================================== ====================================================================

    What is another here than in bandicoot:

    ================================== ====================================================================
    grouping                           bandicoot averages over weeks unless told ``groupby=None``, which is
                                       what these values equal: a window is looked at as a whole; for weeks,
                                       make a graph of each
    no such interaction                counts are 0 and all else NaN, where bandicoot says None
    07:00:00                           day; bandicoot counts this one second as night
    percent_pareto_...                 as bandicoot works it out: per interaction, although its text says
                                       per contact
    percent_initiated_interactions     bandicoot's default is the one with ``_call``
    repeated events                    counted once, and forwarded calls not at all
    left out                           what needs each event: median, std and the like of call_duration,
                                       interevent_time, response times, conversations; anything of places
    ================================== ====================================================================

    Parameters
    ----------
    graph
        Contact graph of the window.
    threads
        By default all processors; the values do not depend on it.

    Returns
    -------
    Indicators
        Counts are int64, all else float64, NaN where undefined (``active_days`` where the graph was made from
        a table that does not tell it).

    Examples
    --------
    >>> import pandas as pd
    >>> from circlegraph import contact_graph
    >>> calls = pd.DataFrame({"caller": ["a", "a", "b"], "callee": ["b", "c", "a"], "duration": [60, 5, 10],
    ...     "start": pd.to_datetime(["2024-05-01 08:00", "2024-05-02 21:30", "2024-05-03 09:00"])})
    >>> found = indicators(contact_graph(calls))
    >>> found["number_of_contacts"].tolist(), found["call_duration_mean"].tolist()
    ([2, 1, 1], [25.0, 35.0, 5.0])
    >>> found.of("a")[["active_days", "percent_nocturnal", "entropy_of_contacts"]].round(3).tolist()
    [3.0, 0.333, 0.637]
    """
    counts, spread, seconds, fewest_for_seconds = _described(graph, threads or default_threads())
    sums = {name: _row_sums(graph, name) for name in DETAILS}
    active = graph.active_days.astype(np.float64)
    active[graph.active_days < 0] = np.nan
    by_name: dict[str, dict[str, NDArray[Any]]] = {}
    for kind, (suffix, (nights, weekends)) in enumerate(KINDS.items()):
        contacts, made, received, fewest = counts[kind]
        entropy, balance_std, interactions_std = spread[kind]
        n = made + received
        found = {
            "number_of_contacts": contacts,
            "number_of_interactions": n,
            "number_of_interactions_in": received,
            "number_of_interactions_out": made,
            "percent_initiated_interactions": _ratio(made, n),
            "percent_nocturnal": _ratio(np.sum([sums[name] for name in nights], axis=0), n),
            "percent_weekend": _ratio(np.sum([sums[name] for name in weekends], axis=0), n),
            "entropy_of_contacts": entropy,
            "balance_of_contacts_mean": _ratio(made, n * contacts),
            "balance_of_contacts_std": balance_std,
            "interactions_per_contact_mean": _ratio(n, contacts),
            "interactions_per_contact_std": interactions_std,
            "percent_pareto_interactions": _ratio(fewest, n),
        }
        for name, column in found.items():
            by_name.setdefault(name, {})[suffix] = column
    columns: dict[str, NDArray[Any]] = {"active_days": active}
    columns |= {name + suffix: column for name, kinds in by_name.items() for suffix, column in kinds.items()}
    calls = columns["number_of_interactions_call"]
    columns["percent_pareto_durations"] = _ratio(fewest_for_seconds, calls)
    columns["call_duration_mean"] = _ratio(seconds, calls)
    return Indicators(graph.numbers, columns, graph.window, graph.provenance)


def _described(
    graph: Graph, threads: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Run the kernels over ranges of numbers with about as many edges each; see there for what they fill."""
    counts = np.empty((len(KINDS), 4, len(graph)), np.int64)
    spread = np.empty((len(KINDS), 3, len(graph)))
    seconds, fewest = np.empty((2, len(graph)), np.int64)
    calls = graph["calls_out"], graph["calls_in"]
    texts = graph["sms_out"], graph["sms_in"]
    talk = graph["seconds_out"], graph["seconds_in"]
    cuts = np.searchsorted(graph.indptr, np.linspace(0, graph.n_edges, threads + 1)[1:-1])
    ranges = pairwise([0, *cuts.tolist(), len(graph)])

    def describe(part: tuple[int, int]) -> None:
        describe_circles(graph.indptr, *part, *calls, *texts, PARETO_SHARE, counts, spread)
        describe_seconds(graph.indptr, *part, *talk, PARETO_SHARE, seconds, fewest)

    list(mapped(describe, ranges, threads))
    return counts, spread, seconds, fewest


def _row_sums(graph: Graph, name: str) -> NDArray[np.int64]:
    """Sum of an edge column over each row, int64[numbers]."""
    sums = np.zeros(len(graph), np.int64)
    there = graph.degree > 0
    if there.any():
        sums[there] = np.add.reduceat(graph[name], graph.indptr[:-1][there], dtype=np.int64)
    return sums


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    """Quotient, NaN where the whole is 0."""
    out = np.full(len(whole), np.nan)
    np.divide(part, whole, out=out, where=whole > 0)
    return out
