"""Numbers that call many: how busy those are whom they call, and whether they know each other."""

import numpy as np

from circlegraph.kernels._jit import jit
from circlegraph.kernels._types import F64, I32, I64, U64
from circlegraph.kernels.day_bits import popcount


@jit
def add_at(ids: I64, values: F64, totals: F64) -> None:
    """Add each value to the total of its id, in place; touches no other total, however many there are."""
    for i in range(ids.shape[0]):
        totals[ids[i]] += values[i]


@jit
def add_loads(ends: I64, days: U64, first_word: int, masks: U64, loads: I32) -> None:
    """Add the days of contact of each pair to both its numbers, period by period.

    Parameters
    ----------
    ends
        int64[k, 2]: the two numbers of each pair.
    days
        uint64[k, words]: day bits of all windows.
    first_word
        Where the window's words begin.
    masks
        uint64[periods, window's words]: the bits of the days of each period.
    loads
        int32[numbers, periods], added to in place: days of contact summed over the peers.
    """
    for i in range(ends.shape[0]):
        for period in range(masks.shape[0]):
            met = np.int64(0)
            for word in range(masks.shape[1]):
                met += popcount(days[i, first_word + word] & masks[period, word])
            if met > 0:
                loads[ends[i, 0], period] += met
                loads[ends[i, 1], period] += met


@jit
def add_calls(caller: I32, lengths: I32, days: U64, all_lengths: I64, all_days: U64) -> None:
    """Add the calls of each tie by length, and its days, to those of its caller.

    Parameters
    ----------
    caller
        int32[k].
    lengths
        int32[k, classes]: calls of each tie by length.
    days
        uint64[k, words]: day bits of each tie.
    all_lengths, all_days
        int64[callers, classes] and uint64[callers, words], added to in place.
    """
    for i in range(caller.shape[0]):
        for j in range(lengths.shape[1]):
            all_lengths[caller[i], j] += lengths[i, j]
        for word in range(days.shape[1]):
            all_days[caller[i], word] |= days[i, word]


@jit
def add_peers(ends: I64, cursor: I64, peers: I32) -> None:
    """Write each pair into the rows of both its numbers, and move their cursors (int64[numbers]) on, in place."""
    for i in range(ends.shape[0]):
        for side in range(2):
            x = ends[i, side]
            peers[cursor[x]] = ends[i, 1 - side]
            cursor[x] += 1


@jit
def count_links(
    indptr: I64, peers: I32, groups: I64, members: I32, most_members: int, most_peers: int
) -> tuple[I64, I64, I64, F64]:
    """Count the ties among the members of each group, and the members with any such tie.

    A group of more than `most_members` is sampled at equal distances, in the order its members are listed. Members
    with more than `most_peers` peers are hubs: their ties are not looked at.

    Parameters
    ----------
    indptr, peers
        int64 and int32: symmetric rows of the graph.
    groups, members
        int64 and int32: group g has the distinct members ``members[groups[g]:groups[g + 1]]``.
    most_members, most_peers
        The caps.

    Returns
    -------
    sampled, links, tied
        int64[groups]: members looked at, pairs of them that are tied, and members with such a tie.
    chance
        float64[groups]: pairs expected to be tied if everybody chose as many peers as he has at random, each peer as
        often as it has peers itself.
    """
    k = groups.shape[0] - 1
    sampled = np.zeros(k, np.int64)
    links = np.zeros(k, np.int64)
    tied = np.zeros(k, np.int64)
    chance = np.zeros(k)
    mark = np.full(indptr.shape[0] - 1, -1, np.int64)
    for g in range(k):
        begin, size = groups[g], groups[g + 1] - groups[g]
        taken = min(size, most_members)
        for j in range(taken):
            y = members[begin + j * size // taken]
            if indptr[y + 1] - indptr[y] <= most_peers:
                mark[y] = g
                sampled[g] += 1
        both = np.int64(0)
        stubs, squares = 0.0, 0.0
        for j in range(taken):
            y = members[begin + j * size // taken]
            if mark[y] != g:
                continue
            degree = float(indptr[y + 1] - indptr[y])
            stubs += degree
            squares += degree * degree
            here = np.int64(0)
            for e in range(indptr[y], indptr[y + 1]):
                if mark[peers[e]] == g and peers[e] != y:
                    here += 1
            both += here
            if here > 0:
                tied[g] += 1
        links[g] = both // 2
        if peers.shape[0] > 0:
            chance[g] = (stubs * stubs - squares) / (2.0 * peers.shape[0])
    return sampled, links, tied, chance


@jit
def count_neighbours(groups: I64, members: I32, home: I32, cells: int) -> tuple[I64, I64]:
    """Count the pairs of each group's members who live in the same cell.

    Parameters
    ----------
    groups, members
        int64 and int32: group g has the distinct members ``members[groups[g]:groups[g + 1]]``.
    home
        int32[numbers]: cell at home, -1 for not known.
    cells
        More than any cell.

    Returns
    -------
    placed, together
        int64[groups]: members whose cell is known, and pairs of them with one cell.
    """
    k = groups.shape[0] - 1
    placed = np.zeros(k, np.int64)
    together = np.zeros(k, np.int64)
    there = np.zeros(cells, np.int64)
    for g in range(k):
        for i in range(groups[g], groups[g + 1]):
            cell = home[members[i]]
            if cell >= 0:
                placed[g] += 1
                together[g] += there[cell]
                there[cell] += 1
        for i in range(groups[g], groups[g + 1]):
            if home[members[i]] >= 0:
                there[home[members[i]]] = 0
    return placed, together
