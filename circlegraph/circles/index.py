"""The communication index of every number and peer, before and after a split time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from circlegraph.circles.circles import Circles
from circlegraph.circles.weights import INDEX_MEASURES, StableRule, Weights
from circlegraph.contacts.pairs import PIECE_ROWS, Pairs
from circlegraph.contacts.windows import Windows
from circlegraph.errors import InputError
from circlegraph.graph.build import PairTable
from circlegraph.graph.graph import Graph
from circlegraph.graph.numbering import Numbers, unite
from circlegraph.graph.rows import Rows
from circlegraph.kernels.day_bits import days_and_weeks
from circlegraph.kernels.index import pair_index, spread_index
from circlegraph.kernels.merge import merge_rows
from circlegraph.kernels.pair_sums import stable_pair_sums
from circlegraph.parallel import mapped

if TYPE_CHECKING:
    from circlegraph.resources import Resources

AnyWeights: TypeAlias = Weights | Mapping[str, float] | Sequence[float] | None


def circle_index(
    before: Graph, after: Graph, *, weights: AnyWeights = None, stable: StableRule | None = None
) -> Circles:
    """Contact circles of all numbers from the graphs of two adjoining windows.

    The communication index of number x, peer y and window w of D_w days is
    ``z_w(x, y) = sum_j a_j m_j / (D_w s_j)`` over calls made, seconds made, calls received, seconds received
    and texts sent; s_j is the mean of measure j per own number's stable peer and day of `before`.

    Parameters
    ----------
    before, after
        Graphs of two windows; the first ends at the split time, where the second begins.
    weights
        The coefficients a_j: `Weights`, a mapping by measure, or five numbers; 0.2 each by default.
    stable
        What makes a peer a stable one; by default two days in two different weeks of `before`.

    Raises
    ------
    SettingsError
        If the coefficients are negative or do not sum to 1.
    InputError
        If the windows do not adjoin.
    """
    if after.window[0] != before.window[1]:
        raise InputError("the window after must begin where the window before ends, at the split time")
    windows = Windows((*before.window, after.window[1]))
    rule = stable or StableRule()
    numbers, ids_before, ids_after = unite(before.numbers, after.numbers)
    rows = _merged(before, after, ids_before, ids_after, len(numbers), windows)
    often = (before["days"] >= rule.days) & (before["weeks"] >= rule.weeks)
    steady = np.zeros(len(rows), np.bool_)
    steady[_met_before(rows.pairs)] = often
    once = rows.pairs.ends[:, 0] < rows.pairs.ends[:, 1]
    pairs = rows.pairs.take(once)

    def sums_of(everybody: bool) -> NDArray[np.int64]:
        counted = _met_before(pairs) if everybody else steady[once]
        return stable_pair_sums(pairs.ends, pairs.counts, pairs.seconds, counted, numbers.own)

    scale = _scale(sums_of, windows.length(0))
    provenance = {"before": dict(before.provenance), "after": dict(after.provenance)}
    return _indexed(rows, numbers, steady, Weights.of(weights), scale, provenance)


def circle_blocks(
    table: PairTable,
    numbers: Numbers,
    resources: Resources,
    *,
    weights: AnyWeights = None,
    stable: StableRule | None = None,
    provenance: Mapping[str, Any],
) -> Iterator[Circles]:
    """Contact circles straight from the pairs of two windows, in blocks that the memory allows.

    Parameters and formula are those of `circle_index`; without a memory limit there is one block.
    """
    chosen = Weights.of(weights)
    rule = stable or StableRule()

    def sums_of(everybody: bool) -> NDArray[np.int64]:
        def sums(pairs: Pairs) -> NDArray[np.int64]:
            steady = _met_before(pairs) if everybody else _steady(pairs.days, table.windows, rule)
            return stable_pair_sums(pairs.ends, pairs.counts, pairs.seconds, steady, numbers.own)

        total = np.zeros(len(INDEX_MEASURES) + 1, np.int64)
        for part in mapped(sums, table.parts, resources.threads):
            total += part
        return total

    scale = _scale(sums_of, table.windows.length(0))
    for rows in table.rows(resources):
        resources.progress("circles", rows.high, len(numbers))
        days, parts = rows.pairs.days, _pieces(len(rows.pairs))
        steady = mapped(lambda part: _steady(days[part], rows.windows, rule), parts, rows.threads)  # noqa: B023
        yield _indexed(rows, numbers, np.concatenate(list(steady)), chosen, scale, provenance)


def _met_before(pairs: Pairs) -> NDArray[np.bool_]:
    met = pairs.counts[:, 0] + pairs.counts[:, 1] + pairs.counts[:, 2] + pairs.counts[:, 3] > 0
    return np.asarray(met)


def _steady(days: NDArray[np.uint64], windows: Windows, rule: StableRule) -> NDArray[np.bool_]:
    on_days, in_weeks = days_and_weeks(days, 0, windows.week_masks(0))
    return (on_days >= rule.days) & (in_weeks >= rule.weeks)


def _scale(sums_of: Callable[[bool], NDArray[np.int64]], days: float) -> NDArray[np.float64]:
    """s_j, the mean of each measure per stable pair and day; infinite for a measure that no such pair uses.

    Where nobody has a stable peer (a window of one week has none), the mean is taken over all pairs met before.
    """
    sums = sums_of(False)
    if sums[-1] == 0:
        sums = sums_of(True)
    scale = np.full(len(INDEX_MEASURES), np.inf)
    used = sums[:-1] > 0
    scale[used] = sums[:-1][used] / (sums[-1] * days)
    return scale


def _indexed(
    rows: Rows,
    numbers: Numbers,
    steady: NDArray[np.bool_],
    weights: Weights,
    scale: NDArray[np.float64],
    provenance: Mapping[str, Any],
) -> Circles:
    """Circles of rows: the index is worked out per pair, then spread over the rows of both its numbers.

    `steady` says which pairs are stable.
    """
    windows = rows.windows
    coefficients = np.array(weights.coefficients)
    factors = np.array([coefficients / (windows.length(w) * scale) for w in range(len(windows))])
    sharpness = weights.sharpness if weights.shape == "log" else 0.0
    of_pairs = np.empty((len(rows.pairs), 2 * len(windows)))
    index = np.empty((len(windows), len(rows)))
    stable = np.empty(len(rows), np.bool_)

    def work_out(part: slice) -> None:
        counts, seconds = rows.pairs.counts[part], rows.pairs.seconds[part]
        if weights.shape == "binary":
            of_pairs[part] = np.repeat(counts.reshape(-1, len(windows), 4).any(axis=2), 2, axis=1)
        else:
            of_pairs[part] = pair_index(counts, seconds, factors, sharpness)

    def spread(part: slice) -> None:
        spread_index(rows.sources[part], of_pairs, steady, index[0, part], index[1, part], stable[part])

    list(mapped(work_out, _pieces(len(rows.pairs)), rows.threads))
    list(mapped(spread, _pieces(len(rows)), rows.threads))
    return Circles(numbers, rows, stable, index[0], index[1], weights, scale, provenance)


def _pieces(n: int) -> list[slice]:
    """Cut n rows into pieces that fit the cache, an empty one if there are none."""
    return [slice(low, min(low + PIECE_ROWS, n)) for low in range(0, max(n, 1), PIECE_ROWS)]


def _merged(
    before: Graph,
    after: Graph,
    ids_before: NDArray[np.int64],
    ids_after: NDArray[np.int64],
    numbers: int,
    windows: Windows,
) -> Rows:
    """Rows of two graphs together; each edge is a pair of its own, seen from its first number."""
    indptr_before, peers_before = _renumbered(before, ids_before, numbers)
    indptr_after, peers_after = _renumbered(after, ids_after, numbers)
    indptr, peers, at_before, at_after = merge_rows(indptr_before, peers_before, indptr_after, peers_after)
    edges = len(peers)
    counts = np.zeros((edges, 8), np.int32)
    seconds = np.zeros((edges, 4), np.int64)
    for w, (graph, at) in enumerate(((before, at_before), (after, at_after))):
        known = at >= 0
        for column, name in enumerate(("calls_out", "calls_in", "sms_out", "sms_in")):
            counts[known, 4 * w + column] = graph[name][at[known]]
        for column, name in enumerate(("seconds_out", "seconds_in")):
            seconds[known, 2 * w + column] = graph[name][at[known]]
    heads = np.repeat(np.arange(numbers, dtype=np.int64), np.diff(indptr))
    nothing = np.empty((edges, 0))
    pairs = Pairs(
        ends=np.stack([heads, peers], axis=1),
        counts=counts,
        seconds=seconds,
        days=nothing.astype(np.uint64),
        nights=nothing.astype(np.int32),
        seen=nothing.astype(np.int64),
        habits=nothing.astype(np.int32),
    )
    sources = 2 * np.arange(edges, dtype=np.int64)
    return Rows(0, numbers, indptr, peers, sources, pairs, windows, threads=1)


def _renumbered(
    graph: Graph, ids: NDArray[np.int64], numbers: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of a graph over more numbers; new ids ascend with the old ones, so the edges keep their order."""
    indptr = np.zeros(numbers + 1, np.int64)
    indptr[ids + 1] = graph.degree
    return np.cumsum(indptr), ids[graph.peers]
