"""The circle before and after: who stays with the old number, who is taken over by the second one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.views.balance import balances, steady_peers
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.layout import HOVER, Plane, haloed, names, round_ring
from circlegraph.views.palette import GREY, INK, NEW, OLD, PALE, PAPER
from circlegraph.views.words import SHOWN, figure, largest, shown_number

if TYPE_CHECKING:
    import pandas as pd

SIDE = 430
REACH = 1.62
"""From the middle to the edge of the picture; the peers stand at 1."""
APART = 0.42
"""How far the two numbers stand from the middle in the picture of after."""
WIDEST, THINNEST = 11.0, 0.8
SUMS = ("before_index", "after_index", "second_index")


def circle_chart(
    circles: Any, number: str, second_number: str | None = None, *, shown: int = SHOWN, full: bool = False
) -> Chart:
    """Draw the steady circle of a number before and after the split, with what a second number took over.

    Parameters
    ----------
    circles
        `Circles`, or a table as their `to_pandas` gives it.
    number, second_number
        Whose circle, and the number that may have taken it over.
    shown
        Peers that are drawn by themselves, the strongest; the rest is one.
    full
        Whether to show numbers without blanking out their middle.

    Returns
    -------
    Chart
        Records: a row per stable own-network peer (all of them) with before_index, after_index,
        second_index, moved (share of what is there after that is with the second number; NaN if nothing is).

    Raises
    ------
    InputError
        If the number has no stable peers.
    """
    alt = load_altair()
    records = steady_peers(circles, number, second_number)
    records["label"] = [shown_number(peer, full=full) for peer in records["peer"]]
    placed = _placed(largest(records, "before_index", shown, SUMS, "label"))
    ego = shown_number(number, full=full)
    other = None if second_number is None else shown_number(second_number, full=full)
    widest = max(float(placed[list(SUMS)].to_numpy(dtype=float, na_value=0.0).max()), 1e-9)
    before = _panel("before", placed, [(0.0, ego, OLD, "before_index")], widest)
    hubs = [(0.0 if other is None else -APART, ego, OLD, "after_index")]
    if other is not None:
        hubs.append((APART, other, NEW, "second_index"))
    after = _panel("after", placed, hubs, widest)
    alone, together = balances(records)
    found = f"{int((records['second_index'] > 0).sum())} of {len(records)} steady contacts"
    if other is None:
        title = f"{ego} and the circle around it"
        text = f"{figure(alone)} of the old circle is found again (balance)"
    else:
        title = f"{other} took up {found} of {ego}"
        text = (
            f"balance (share of the old circle found again): {figure(alone)} at the old number alone, "
            f"{figure(together)} at both together, gain {figure(together - alone)}"
        )
    notes = [text, "line width: communication index; dotted: no contact any more"]
    return finished(alt.hconcat(before, after, spacing=6), title, notes, records)


def _placed(peers: pd.DataFrame) -> pd.DataFrame:
    """Peers round a ring: those who moved on the right, those who stayed on the left, the lost between."""
    after, second = peers["after_index"], peers["second_index"].fillna(0.0)
    total = (after + second).to_numpy()
    share = np.full(len(peers), 0.5)
    np.divide(second.to_numpy(), total, out=share, where=total > 0)
    order = np.lexsort((np.arange(len(peers)), -share))
    count = len(peers)
    # Every other one above and below, from the right to the left.
    slot = np.empty(count)
    slot[order] = np.arange(count)
    side = np.where(slot % 2 == 0, 1.0, -1.0)
    angle = side * np.pi * (np.floor(slot / 2) + 0.5) / max(np.ceil(count / 2), 1)
    return peers.assign(**round_ring(angle), lost=total <= 0)


def _panel(name: str, peers: pd.DataFrame, hubs: list[tuple[float, str, str, str]], widest: float) -> Any:
    """One picture: lines from each number in the middle to its peers, and the peers' names."""
    import pandas as pd

    alt = load_altair()
    plane = Plane(REACH)
    lines = pd.concat(
        [
            peers.assign(hub=at, middle=0.0, index=peers[column].fillna(0.0), colour=colour, who=who)
            for at, who, colour, column in hubs
        ],
        ignore_index=True,
    )
    lines["hover"] = [
        f"{who} and {label}: index {figure(index)} {name}"
        for who, label, index in lines[["who", "label", "index"]].itertuples(index=False)
    ]
    lines["width"] = np.maximum(WIDEST * np.sqrt(lines["index"] / widest), THINNEST)
    ends = {"x": plane.x("hub"), "x2": "x:Q", "y": plane.y("middle"), "y2": "y:Q"}
    rays = alt.Chart(drawn(lines[lines["index"] > 0], "peer")).mark_rule(opacity=0.75, strokeCap="round")
    width, colour = alt.StrokeWidth("width:Q", scale=None), alt.Color("colour:N", scale=None)
    layers = [rays.encode(**ends, strokeWidth=width, color=colour, **HOVER)]
    if name == "after":
        lost = alt.Chart(drawn(lines[lines["lost"] & (lines["colour"] == OLD)], "peer"))
        layers.insert(0, lost.mark_rule(color=GREY, strokeDash=[1, 4], strokeCap="round").encode(**ends))
    layers.append(_dots(peers, name, plane))
    layers += names(peers, plane, "peer")
    layers += _middle(hubs, plane)
    return alt.layer(*layers).properties(
        width=SIDE,
        height=SIDE,
        title=alt.TitleParams(name, anchor="middle", fontSize=13, fontWeight="normal", offset=0),
    )


def _dots(peers: pd.DataFrame, name: str, plane: Plane) -> Any:
    """The peers; pale where they are out of contact."""
    alt = load_altair()
    gone = (peers["lost"] if name == "after" else peers["before_index"] <= 0).to_numpy()
    dots = peers.assign(
        size=np.where(peers["rest"] > 0, 160, 70),
        fill=np.where(gone, PALE, INK),
        hover=[
            f"{label}: before {figure(b)}, after {figure(a)}, with the second number {figure(s)}"
            for label, b, a, s in peers[["label", *SUMS]].itertuples(index=False)
        ],
    )
    marks = alt.Chart(drawn(dots, "peer")).mark_circle(opacity=1, stroke=PAPER, strokeWidth=1.5)
    size, colour = alt.Size("size:Q", scale=None), alt.Color("fill:N", scale=None)
    return marks.encode(x=plane.x(), y=plane.y(), size=size, color=colour, **HOVER)


def _middle(hubs: list[tuple[float, str, str, str]], plane: Plane) -> list[Any]:
    """The numbers in the middle, with their names below and above."""
    alt = load_altair()
    rows = [
        {"x": at, "y": 0.0, "label": who, "colour": colour, "plate": (-1) ** place * -0.16}
        for place, (at, who, colour, _) in enumerate(hubs)
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(plane.x(), color=alt.Color("colour:N", scale=None))
    dots = base.mark_circle(size=520, opacity=1, stroke=PAPER, strokeWidth=2).encode(plane.y())
    return [dots, *haloed(base.encode(plane.y("plate")), "label", fontSize=13, fontWeight="bold")]
