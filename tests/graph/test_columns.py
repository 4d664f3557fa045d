"""The columns of a graph made by the engine, against the same events summed in plain Python."""

import numpy as np
import pandas as pd
import pytest
from window_graphs import CALL, FORWARD, NAMES, TEXT, WEEKS, Event, differences, graph_of

from circlegraph import Resources, contact_graph
from circlegraph.contacts.windows import DAY

KINDS = {CALL: "call", TEXT: "sms", FORWARD: "forward"}


@pytest.mark.parametrize("threads", [1, 3])
def test_engine_against_plain_sums(threads: int) -> None:
    rng = np.random.default_rng(3)
    names = [*NAMES, *(str(13_900_000_000 + i) for i in range(12))]
    events = []
    for start in np.sort(rng.choice(28 * DAY, 900, replace=False)).tolist():
        caller, callee = rng.choice(len(names), 2, replace=False)
        kind = int(rng.choice([CALL, TEXT, FORWARD], p=[0.5, 0.45, 0.05]))
        events.append(
            Event(names[caller], names[callee], start, int(rng.integers(900)) if kind == CALL else 0, kind)
        )
    frame = pd.DataFrame(
        {
            "caller": [e.caller for e in events],
            "callee": [e.callee for e in events],
            "start": pd.to_datetime([e.start for e in events], unit="s"),
            "duration": [e.duration for e in events],
            "kind": [KINDS[e.kind] for e in events],
        }
    )
    window = [pd.Timestamp(edge, unit="s") for edge in WEEKS]
    made = contact_graph(frame, *window, resources=Resources(threads))
    assert differences(made, graph_of(events)) == ["own", "operators"]
    assert made.numbers.own.all()
