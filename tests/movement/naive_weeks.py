"""Weekly volumes in plain Python: one event after the other, with sets and the calendar's own days."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from naive import DAY, Event


def weekly(
    events: Sequence[Event],
    first_day: int,
    weeks: int,
    own: Callable[[int], bool],
    service: Sequence[int],
) -> dict[tuple[int, int], list[int]]:
    """(number, week) -> the columns of `volumes.COLUMNS`, then calls to each service number."""
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0] * (11 + len(service)))
    peers: dict[tuple[int, int], set[int]] = defaultdict(set)
    days: dict[tuple[int, int], set[int]] = defaultdict(set)
    for event in dict.fromkeys(events):
        day = event.start // DAY - first_day
        week = day // 7
        if not 0 <= week < weeks:
            continue
        if event.kind == 2:
            number = event.caller if event.leg == 1 else event.callee
            if own(number):
                sums[number, week][9] += 1
                sums[number, week][10] += event.duration
            continue
        if event.caller == event.callee:
            continue
        for number, peer, back in (
            (event.caller, event.callee, 0),
            (event.callee, event.caller, 1),
        ):
            if not own(number):
                continue
            row = sums[number, week]
            if event.kind == 1:
                row[4 + back] += 1
            else:
                row[2 * back] += 1
                row[2 * back + 1] += event.duration
                if not back:
                    row[6] += not own(peer)
                    for place, key in enumerate(service):
                        row[11 + place] += peer == key
            peers[number, week].add(peer)
            days[number, week].add(day)
    for place, row in sums.items():
        row[7], row[8] = len(peers[place]), len(days[place])
    return dict(sums)
