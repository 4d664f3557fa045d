"""The balance: before against after, peer by peer, with what a second number adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.errors import InputError
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.layout import HOVER
from circlegraph.views.palette import GREY, NEW, OLD
from circlegraph.views.words import figure, largest, shown_number, with_texts

if TYPE_CHECKING:
    import pandas as pd

SHOWN_BARS = 15
BEFORE, OLD_AFTER, NEW_AFTER = "before", "after, same number", "after, second number"
SUMS = ("before_index", "after_index", "second_index")


def balance_chart(
    circles: Any,
    number: str,
    second_number: str | None = None,
    *,
    shown: int = SHOWN_BARS,
    full: bool = False,
) -> Chart:
    """Set each steady peer's index before beside that after, of the number and of a second number on top.

    Parameters
    ----------
    circles
        `Circles`, or a table as their `to_pandas` gives it.
    number, second_number
        Whose circle, and the number that may have taken it over.
    shown
        Peers with bars of their own, the strongest; the rest is summed up.
    full
        Whether to show numbers without blanking out their middle.

    Returns
    -------
    Chart
        Records: a row per stable own-network peer (all of them) with before_index, after_index, second_index.

    Raises
    ------
    InputError
        If the number has no stable peers.
    """
    import pandas as pd

    alt = load_altair()
    records = steady_peers(circles, number, second_number)
    records["label"] = [shown_number(peer, full=full) for peer in records["peer"]]
    bars = largest(records, "before_index", shown, SUMS, "label")
    # Two peers may look alike once masked, so rows go by place and only their labels by name.
    bars["row"] = [f"{place:03d}" for place in range(len(bars))]
    parts = [(BEFORE, "before_index", "before"), (OLD_AFTER, "after_index", "after")]
    if second_number is not None:
        parts.append((NEW_AFTER, "second_index", "after"))
    long = pd.concat(
        [
            bars.assign(part=part, when=when, index=bars[name].fillna(0.0), place=place)
            for place, (part, name, when) in enumerate(parts)
        ],
        ignore_index=True,
    )
    long["hover"] = [
        f"{label}, {part}: index {figure(index)}"
        for label, part, index in long[["label", "part", "index"]].itertuples(index=False)
    ]
    names = ", ".join(f"'{row}': '{label}'" for row, label in zip(bars["row"], bars["label"], strict=True))
    alone, together = balances(records)
    ego = shown_number(number, full=full)
    if second_number is None:
        title = f"{ego}: balance {figure(alone)}"
        subtitle = "how much of each steady tie of before is found again after"
    else:
        other = shown_number(second_number, full=full)
        title = f"{ego}: balance {figure(alone)} alone, {figure(together)} with {other}"
        subtitle = (
            f"balance: how much of each steady tie of before is found again after; gain {figure(together - alone)}, "
            f"residual {figure(1 - together)}"
        )
    chart = (
        alt.Chart(drawn(long, "peer"))
        .mark_bar()
        .encode(
            x=alt.X("index:Q", title="communication index (1: the mean steady tie)", stack="zero"),
            y=alt.Y(
                "row:N",
                title=None,
                axis=alt.Axis(labelExpr=f"{{{names}}}[datum.value]", ticks=False),
                scale=alt.Scale(paddingInner=0.3),
            ),
            yOffset=alt.YOffset("when:N", sort=["before", "after"], scale=alt.Scale(paddingInner=0.08)),
            color=alt.Color(
                "part:N",
                title=None,
                legend=alt.Legend(orient="top"),
                scale=alt.Scale(domain=[p[0] for p in parts], range=[GREY, OLD, NEW][: len(parts)]),
            ),
            order="place:O",
            **HOVER,
        )
        .properties(width=520, height=28 * len(bars))
    )
    return finished(chart, title, subtitle, records)


def steady_peers(circles: Any, number: str, second_number: str | None = None) -> pd.DataFrame:
    """Stable own-network peers of a number: peer, before_index, after_index, second_index, moved.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"number": ["a", "a", "c"], "peer": ["x", "y", "x"], "stable": [True, True, False],
    ...     "before_index": [2.0, 1.0, 0.0], "after_index": [0.5, 1.0, 1.5]})
    >>> steady_peers(table, "a", "c")[["peer", "second_index", "moved"]].to_numpy().tolist()
    [['x', 1.5, 0.75], ['y', 0.0, 0.0]]
    """
    first = _circle(circles, number)
    first = first[first["stable"]]
    if hasattr(circles, "numbers"):
        own = circles.numbers.own[circles.numbers.ids_of(first["peer"].tolist())]
        first = first[own]
    if second_number is not None:
        first = first[first["peer"] != second_number]
    if first.empty:
        raise InputError("the number has no stable peers in the window before, so there is no circle to draw")
    records = first[["peer", "before_index", "after_index"]].reset_index(drop=True)
    if second_number is None:
        return records.assign(second_index=np.nan, moved=np.nan)
    second = _circle(circles, second_number).set_index("peer")["after_index"]
    taken = second.reindex(records["peer"]).fillna(0.0).to_numpy()
    total = records["after_index"].to_numpy() + taken
    share = np.full(len(records), np.nan)
    np.divide(taken, total, out=share, where=total > 0)
    return records.assign(second_index=taken, moved=share)


def balances(peers: pd.DataFrame) -> tuple[float, float]:
    """Balance of the number alone and with the second one; NaN where there was nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> balances(pd.DataFrame({"before_index": [2.0], "after_index": [0.5], "second_index": [1.5]}))
    (0.25, 1.0)
    """
    before, after = (peers[name].to_numpy(dtype=float) for name in ("before_index", "after_index"))
    both = after + peers["second_index"].fillna(0.0).to_numpy(dtype=float)
    found = []
    for later in (after, both):
        all_of_it = float(np.maximum(before, later).sum())
        found.append(float(np.minimum(before, later).sum()) / all_of_it if all_of_it else float("nan"))
    return found[0], found[1]


def _circle(circles: Any, number: str) -> pd.DataFrame:
    """Circle of one number from `Circles` or from their table, strongest first."""
    if hasattr(circles, "circle"):
        found: pd.DataFrame = circles.circle(number)
        return found
    table = with_texts(circles, "number", "peer")
    return table[table["number"] == number].sort_values("before_index", ascending=False, kind="stable")
