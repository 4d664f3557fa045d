"""Contacts of a few numbers week by week, from any source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.contacts.windows import DAY, Windows
from circlegraph.errors import InputError
from circlegraph.graph.source import contacts_of

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.graph.network import Network

WEEK = 7 * DAY
MONDAY = 4 * DAY
"""The first Monday of 1970."""
MOST_WEEKS = 520


def weekly_contacts(source: Any, numbers: Sequence[str], *, network: Network | None = None) -> pd.DataFrame:
    """Count what each of a few numbers has to do with each of its peers, week by week.

    Parameters
    ----------
    source
        A `Store`, or CDR files, folders or tables as for `open_cdr`, or its result.
    numbers
        Whose contacts; those without any are left out.
    network
        The own network; by default every number is own.

    Returns
    -------
    pandas.DataFrame
        A row per number, peer and calendar week with contact: number, peer, week (its Monday), calls, texts,
        minutes, own (whether the peer is an own number).

    Examples
    --------
    >>> import pandas as pd
    >>> calls = pd.DataFrame({"caller": ["a", "b", "a"], "callee": ["b", "a", "b"], "duration": [60, 30, 90],
    ...     "start": pd.to_datetime(["2024-05-01", "2024-05-02", "2024-05-08"])})
    >>> weekly_contacts(calls, ["a"])[["peer", "week", "calls", "minutes"]].astype(str).to_numpy().tolist()
    [['b', '2024-04-29', '2', '1.5'], ['b', '2024-05-06', '1', '1.5']]

    Raises
    ------
    InputError
        If none of the numbers has contacts in the source.
    """
    import pandas as pd

    from circlegraph.graph.network import Network
    from circlegraph.resources import Resources

    resources = Resources()
    found = contacts_of(source, _weeks, network=network or Network(), resources=resources, detail="sums")
    wanted = found.numbers.ids_of(list(numbers))
    wanted = wanted[wanted >= 0]
    if not len(wanted):
        raise InputError("none of these numbers has a contact here")
    parts = []
    for rows in found.table.rows(resources):
        for x in wanted[(wanted >= rows.low) & (wanted < rows.high)]:
            edges = slice(int(rows.indptr[x - rows.low]), int(rows.indptr[x - rows.low + 1]))
            sums = rows.measures(edges)
            week, edge = np.nonzero(sums.sum(axis=1))
            peers = rows.peers[edges][edge]
            made = sums[week, :, edge]
            parts.append(
                pd.DataFrame(
                    {
                        "number": found.numbers.strings(np.full(len(edge), x)),
                        "peer": found.numbers.strings(peers),
                        "week": _mondays(found.table.windows)[week],
                        "calls": made[:, 0] + made[:, 2],
                        "texts": made[:, 4] + made[:, 5],
                        "minutes": (made[:, 1] + made[:, 3]) / 60,
                        "own": found.numbers.own[peers],
                    }
                )
            )
    return pd.concat(parts, ignore_index=True).sort_values(["number", "peer", "week"], ignore_index=True)


def _weeks(first: int, last: int) -> Windows:
    """Calendar weeks, Monday to Sunday, from the first event to the last."""
    begin = (first - MONDAY) // WEEK * WEEK + MONDAY
    count = (last - begin) // WEEK + 1
    if count > MOST_WEEKS:
        raise InputError(f"the records span {count:,} weeks, more than {MOST_WEEKS}; take a part of them")
    return Windows(tuple(begin + WEEK * week for week in range(count + 1)))


def _mondays(windows: Windows) -> Any:
    return np.array(windows.edges[:-1], dtype="datetime64[s]")
