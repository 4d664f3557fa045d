"""A small town with one planted second number, for the tests of the detector."""

import made
import numpy as np
import pandas as pd

AT = "2024-02-12"  # after six weeks, of twelve
NAMES = made.town_names(tokens=False)
MOVER = NAMES[7]
SECOND = "18600000000"


def calls(seed: int = 3, days: int = 84) -> pd.DataFrame:
    """Calls of a town of 60; from the split on most contacts of `MOVER` are with `SECOND`."""
    table = made.frame(made.town(seed, days=days, events_a_day=60, tokens=False), NAMES)
    rng = np.random.default_rng(seed)
    peers = sorted((set(table.caller) | set(table.callee)) - {MOVER})
    moved = {peer for peer in peers if rng.random() < 0.8}
    late = table.start >= pd.Timestamp(AT)
    for end, other in (("caller", "callee"), ("callee", "caller")):
        goes = late & (table[end] == MOVER) & table[other].isin(moved)
        table[end] = table[end].where(~goes, SECOND)
    return table


def with_a_gap() -> pd.DataFrame:
    """Calls with none between 2024-02-12 and 2024-03-01."""
    table = calls()
    gap = (table.start >= pd.Timestamp("2024-02-12")) & (table.start < pd.Timestamp("2024-03-01"))
    return table[~gap]


def subscribers() -> pd.DataFrame:
    """Everybody, the mover's two numbers on one document."""
    numbers = [*sorted(NAMES.values()), SECOND]
    documents = [f"D{i}" for i in range(len(numbers) - 1)]
    documents.append(documents[numbers.index(MOVER)])
    return pd.DataFrame({"number": numbers, "id_document": documents, "age": 40})


def forwarding() -> pd.DataFrame:
    """The old number forwards to the new one."""
    return pd.DataFrame({"number": [MOVER], "forward_to": [SECOND], "since": ["2024-02-12"]})
