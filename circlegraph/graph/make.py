"""The contact graph of one window of any source."""

from __future__ import annotations

from typing import Any

from circlegraph.contacts.windows import DAY, Windows, wall_clock
from circlegraph.graph.graph import Graph
from circlegraph.graph.network import Network
from circlegraph.graph.source import contacts_of
from circlegraph.resources import Resources


def contact_graph(
    source: Any,
    start: object = None,
    end: object = None,
    *,
    network: Network | None = None,
    resources: Resources | None = None,
) -> Graph:
    """Contact graph of a window.

    Parameters
    ----------
    source
        A `Store`, or CDR files, folders or tables as for `open_cdr`, or its result.
    start, end
        Date or time where the window begins, and where it ends (outside); by default all there is.
    network
        The own network; by default every number is own.
    resources
        Threads, memory, progress.

    Examples
    --------
    >>> import pandas as pd
    >>> calls = pd.DataFrame({"caller": ["a", "a"], "callee": ["b", "c"], "duration": [60, 5],
    ...                       "start": pd.to_datetime(["2024-05-01 08:00", "2024-05-02 09:30"])})
    >>> whole = contact_graph(calls)
    >>> len(whole), whole.n_edges, whole.length
    (3, 4, 2.0)

    Raises
    ------
    InputError
        If the source cannot be used or holds no event.
    """

    def choose(first: int, last: int) -> Windows:
        begin = first // DAY * DAY if start is None else wall_clock(start)
        finish = (last // DAY + 1) * DAY if end is None else wall_clock(end)
        return Windows.single(begin, finish)

    found = contacts_of(
        source, choose, network=network or Network(), resources=resources or Resources(), detail="times"
    )
    (rows,) = found.table.rows(Resources())
    return Graph.from_rows(rows, found.numbers, 0, found.provenance)
