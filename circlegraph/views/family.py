"""A family inside its circle: who belongs to it, in which role, and whom they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.errors import InputError
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.layout import HOVER, Plane, haloed, names, round_ring
from circlegraph.views.palette import AMBER, BLUE, GREEN, GREY, INK, ORANGE, PAPER, PINK
from circlegraph.views.words import shown_number, shown_text, with_texts

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.graph.graph import Graph

ROLES = ("key", "spouse", "parent", "child", "other", "unknown")
COLOURS = (AMBER, ORANGE, BLUE, GREEN, PINK, GREY)
SIDE = 460
NEAR, FAR, FEW = 0.5, 0.64, 4
REACH = 1.5
SHOWN_OTHERS = 16


def family_chart(
    families: Any,
    family_id: Any,
    graph: Graph | None = None,
    *,
    shown: int = SHOWN_OTHERS,
    full: bool = False,
) -> Chart:
    """Draw a family, the key person on top, inside the circle of those whom its members talk to most.

    Parameters
    ----------
    families
        `Families`, or their members and pairs as two tables.
    family_id
        Which family, as in the members' column family_id.
    graph
        Contact graph of the window, for the others around the family; without it the family stands alone.
    shown
        How many others are drawn, those with the most contacts with the family.
    full
        Whether to show numbers without blanking out their middle.

    Returns
    -------
    Chart
        Records: number, role, is_key_person, probability of each member; for the others role *outside*, and
        contacts (calls and texts with the family) and members (how many of them they are in contact with).

    Raises
    ------
    InputError
        If there is no such family.
    """
    members, pairs = (families.members, families.pairs) if hasattr(families, "members") else families
    members, pairs = with_texts(members, "number"), with_texts(pairs, "number_a", "number_b")
    mine = _members(members[members["family_id"] == family_id], family_id, full)
    ties = _ties(mine, pairs, full)
    others, spokes = _others(mine, graph, shown, full)
    plane = Plane(REACH)
    layers = []
    if len(others):
        layers += [_lines(spokes, plane, GREY, 0.45), *_outside(others, plane)]
    if len(ties):
        layers.append(_lines(ties, plane, INK, 0.5))
    layers += _inside(mine, plane)
    chart = load_altair().layer(*layers).properties(width=SIDE, height=SIDE)
    key = mine.loc[mine["is_key_person"], "label"]
    held = f", held together by {key.iloc[0]}" if len(key) else ", without a key person"
    told = mine["role"].value_counts()
    roles = ", ".join(f"{role} {told[role]}" for role in ROLES if role in told and role != "key")
    notes = [f"{roles or 'no roles'}; the wider a black line, the surer the tie"]
    if len(others):
        notes.append("grey: those they talk to most outside, nearest to whom they belong")
    return finished(chart, f"A family of {len(mine)}{held}", notes, _records(mine, others))


def _members(mine: pd.DataFrame, family_id: Any, full: bool) -> pd.DataFrame:
    """Members clockwise from the key person on top, with what they are."""
    if mine.empty:
        raise InputError(f"there is no family {family_id!r}; .members lists them")
    mine = mine.sort_values(["is_key_person", "number"], ascending=[False, True], ignore_index=True)
    angle = np.pi / 2 - 2 * np.pi * np.arange(len(mine)) / len(mine)
    inner = NEAR if len(mine) <= FEW else FAR
    role = mine["role"].fillna("unknown").where(lambda told: told.isin(ROLES), "other")
    is_key = mine["is_key_person"].astype(bool)
    says = role.where(~is_key, role + ", key person").where(role != "key", "key person")
    label = [shown_number(number, full=full) for number in mine["number"]]
    sure = mine["probability"].astype(float)
    return mine[["number"]].assign(
        role=role,
        is_key_person=is_key,
        probability=sure,
        x=inner * np.cos(angle),
        y=inner * np.sin(angle),
        label=label,
        says=says,
        size=np.where(is_key, 900, 480),
        hover=[
            f"{who}: {what}, belongs to the family with probability {p:.2f}"
            for who, what, p in zip(label, says, sure, strict=True)
        ],
    )


def _lines(rows: pd.DataFrame, plane: Plane, color: str, opacity: float) -> Any:
    """Lines from x, y to x2, y2."""
    alt = load_altair()
    marks = alt.Chart(drawn(rows, "number", "number_a", "number_b"))
    marks = marks.mark_rule(color=color, opacity=opacity, strokeCap="round")
    width = alt.StrokeWidth("width:Q", scale=None)
    return marks.encode(plane.x(), plane.y(), x2="x2:Q", y2="y2:Q", strokeWidth=width, **HOVER)


def _outside(others: pd.DataFrame, plane: Plane) -> list[Any]:
    """Those outside, and their names."""
    dots = load_altair().Chart(drawn(others, "number"))
    dots = dots.mark_circle(opacity=1, color=GREY, stroke=PAPER, size=60)
    return [
        dots.encode(plane.x(), plane.y(), **HOVER),
        *names(others, plane, "number", size=10, color="#666666"),
    ]


def _inside(mine: pd.DataFrame, plane: Plane) -> list[Any]:
    """The members by role, the key person in a ring, with number and role below."""
    alt = load_altair()
    base = alt.Chart(drawn(mine, "number")).encode(plane.x(), plane.y())
    colour = alt.Color(
        "role:N",
        title=None,
        scale=alt.Scale(domain=list(ROLES), range=list(COLOURS)),
        legend=alt.Legend(orient="top", symbolType="circle"),
    )
    ring = base.transform_filter("datum.is_key_person")
    dots = base.mark_circle(opacity=1, stroke=PAPER, strokeWidth=2)
    return [
        ring.mark_point(size=1700, color=AMBER, strokeWidth=4, opacity=1),
        dots.encode(color=colour, size=alt.Size("size:Q", scale=None), **HOVER),
        *haloed(base, "label", dy=30, fontWeight="bold", fontSize=12),
        *haloed(base, "says", dy=44, fontSize=12),
    ]


def _records(mine: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    members = mine[["number", "role", "is_key_person", "probability"]]
    if others.empty:
        return members
    outside = others[["number", "contacts", "members"]].assign(role="outside")
    return pd.concat([members, outside], ignore_index=True)


def _ties(mine: pd.DataFrame, pairs: pd.DataFrame, full: bool) -> pd.DataFrame:
    """Lines between the members, as wide as the tie is probable."""
    spot = mine.set_index("number")[["x", "y", "label"]]
    inside = pairs[pairs["number_a"].isin(spot.index) & pairs["number_b"].isin(spot.index)]
    a, b = spot.loc[inside["number_a"]], spot.loc[inside["number_b"]]
    reasons = inside["reason"] if "reason" in inside else [""] * len(inside)
    return inside[["number_a", "number_b"]].assign(
        x=a["x"].to_numpy(),
        y=a["y"].to_numpy(),
        x2=b["x"].to_numpy(),
        y2=b["y"].to_numpy(),
        width=6 * inside["probability"].astype(float),
        hover=[
            f"{one} and {two}: one family with probability {p:.2f}"
            + (f"; {shown_text(why, full=full)}" if isinstance(why, str) and why else "")
            for one, two, p, why in zip(
                a["label"], b["label"], inside["probability"].astype(float), reasons, strict=True
            )
        ],
    )


def _others(
    mine: pd.DataFrame, graph: Graph | None, shown: int, full: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Those outside with the most contacts with the family, each near the members it talks to, and their lines."""
    import pandas as pd

    if graph is None:
        return pd.DataFrame(), pd.DataFrame()
    parts = []
    inside = set(mine["number"])
    present = mine[graph.numbers.ids_of(mine["number"].tolist()) >= 0]
    for number, label, x, y in present[["number", "label", "x", "y"]].itertuples(index=False):
        circle = graph.circle(number)
        calls = circle[["calls_out", "calls_in", "sms_out", "sms_in"]].sum(axis=1)
        part = pd.DataFrame({"number": circle["peer"], "contacts": calls, "member": label, "x2": x, "y2": y})
        parts.append(part[~part["number"].isin(inside)])
    if not parts:
        return pd.DataFrame(), pd.DataFrame()
    spokes = pd.concat(parts, ignore_index=True)
    spokes["pull_x"], spokes["pull_y"] = spokes["contacts"] * spokes["x2"], spokes["contacts"] * spokes["y2"]
    sums = spokes.groupby("number").agg(
        contacts=("contacts", "sum"),
        members=("member", "size"),
        pull_x=("pull_x", "sum"),
        pull_y=("pull_y", "sum"),
    )
    others = sums.sort_values("contacts", ascending=False, kind="stable").head(shown).reset_index()
    # Even places round the ring, in the order of the directions in which the family pulls them.
    wanted = np.arctan2(others["pull_y"].to_numpy(), others["pull_x"].to_numpy())
    order = np.argsort(wanted, kind="stable")
    even = 2 * np.pi * np.arange(len(others)) / max(len(others), 1)
    shift = float(np.angle(np.exp(1j * (wanted[order] - even)).sum()))
    angle = np.empty(len(others))
    angle[order] = even + shift
    labels = [shown_number(number, full=full) for number in others["number"]]
    others = others.assign(**round_ring(angle), label=labels)
    others["hover"] = [
        f"{label}: {n:,} contacts with {m} of the family"
        for label, n, m in others[["label", "contacts", "members"]].itertuples(index=False)
    ]
    spokes = spokes.merge(others[["number", "x", "y", "label"]], on="number")
    spokes["width"] = 1 + 5 * np.sqrt(spokes["contacts"] / spokes["contacts"].max())
    spokes["hover"] = [
        f"{o} and {m}: {n:,} contacts"
        for o, m, n in spokes[["label", "member", "contacts"]].itertuples(index=False)
    ]
    return others, spokes
