"""Turn pairs into the rows of both their numbers: the CSR order of a contact graph."""

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import I32, I64


@jit
def count_degrees(ids: I64, degrees: I64) -> None:
    """Add to `degrees` (int64[numbers], in place) the pairs that each number has; `ids` is int64[k, 2]."""
    for i in range(ids.shape[0]):
        degrees[ids[i, 0]] += 1
        degrees[ids[i, 1]] += 1


@jit
def place(ids: I64, low: int, high: int, cursor: I64, sources: I64) -> None:
    """Write each pair into the rows of its numbers, as far as those lie in ``range(low, high)``.

    Parameters
    ----------
    ids
        int64[k, 2]: the two numbers of each pair.
    low, high
        The numbers this call is responsible for; calls for disjoint ranges may run side by side.
    cursor
        int64[numbers]: next free position of each number's row; moved on in place.
    sources
        int64[edges]: filled with ``2 * pair``, plus 1 where the row's number is the pair's second.
    """
    for i in range(ids.shape[0]):
        for side in range(2):
            x = ids[i, side]
            if low <= x < high:
                sources[cursor[x]] = 2 * i + side
                cursor[x] += 1


@jit
def sort_rows(ids: I64, indptr: I64, low: int, high: int, sources: I64, peers: I64) -> None:
    """Find the peers of the rows ``low <= x < high``, and sort each row by them.

    Parameters
    ----------
    ids
        int64[k, 2]: the two numbers of each pair.
    indptr
        int64[rows + 1]: row x is ``indptr[x]:indptr[x + 1]``.
    low, high
        The rows this call is responsible for.
    sources
        int64[edges] as `place` fills it; sorted in place.
    peers
        int64[edges], filled with the ids at the other ends.
    """
    for e in range(indptr[low], indptr[high]):  # not row by row: short loops wait for each look-up
        peers[e] = ids[sources[e] >> 1, 1 - (sources[e] & 1)]
    for x in range(low, high):
        begin, end = indptr[x], indptr[x + 1]
        gap = end - begin  # Shell's sort, of short rows by insertion
        while gap > 1:
            gap = gap * 4 // 9 if gap > 24 else 1
            for i in range(begin + gap, end):
                peer, source = peers[i], sources[i]
                j = i
                while j - gap >= begin and peers[j - gap] > peer:
                    peers[j] = peers[j - gap]
                    sources[j] = sources[j - gap]
                    j -= gap
                peers[j] = peer
                sources[j] = source


@jit
def gather_measures(sources: I64, low: int, high: int, counts: I32, seconds: I64, measures: I64) -> None:
    """Write the measures of all windows, as each row's own number sees them.

    Parameters
    ----------
    sources
        int64[edges] as filled by `place`.
    low, high
        The edges this call is responsible for.
    counts, seconds
        The pairs' columns, as `aggregate.sum_pairs` returns them.
    measures
        int64[W, 6, edges], filled: calls out, seconds out, calls in, seconds in, texts out, texts in.
    """
    windows = measures.shape[0]
    for e in range(low, high):
        pair, side = sources[e] >> 1, sources[e] & 1
        for w in range(windows):
            measures[w, 0, e] = counts[pair, 4 * w + side]
            measures[w, 1, e] = seconds[pair, 2 * w + side]
            measures[w, 2, e] = counts[pair, 4 * w + 1 - side]
            measures[w, 3, e] = seconds[pair, 2 * w + 1 - side]
            measures[w, 4, e] = counts[pair, 4 * w + 2 + side]
            measures[w, 5, e] = counts[pair, 4 * w + 3 - side]
