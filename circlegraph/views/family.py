"""A family inside its circle: who belongs to it, in which role, and whom they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.errors import InputError
from circlegraph.views.chart import Chart, drawn, finished, load_altair
from circlegraph.views.palette import AMBER, BLUE, GREEN, GREY, INK, ORANGE, PAPER, PINK
from circlegraph.views.words import shown_number, with_texts

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.graph.graph import Graph

ROLES = ("key", "spouse", "parent", "child", "other", "unknown")
COLOURS = (AMBER, ORANGE, BLUE, GREEN, PINK, GREY)
SIDE = 460
NEAR, FAR, FEW = 0.5, 0.64, 4
OUTER, REACH = 1.0, 1.5
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
    import pandas as pd

    alt = load_altair()
    members, pairs = (families.members, families.pairs) if hasattr(families, "members") else families
    members, pairs = with_texts(members, "number"), with_texts(pairs, "number_a", "number_b")
    mine = members[members["family_id"] == family_id]
    if mine.empty:
        raise InputError(f"there is no family {family_id!r}; .members lists them")
    mine = mine.sort_values(["is_key_person", "number"], ascending=[False, True], ignore_index=True)
    angle = np.pi / 2 - 2 * np.pi * np.arange(len(mine)) / len(mine)
    inner = NEAR if len(mine) <= FEW else FAR
    mine = mine.assign(x=inner * np.cos(angle), y=inner * np.sin(angle))
    mine["role"] = mine["role"].fillna("unknown").where(lambda role: role.isin(ROLES), "other")
    mine["label"] = [shown_number(number, full=full) for number in mine["number"]]
    is_key = mine["is_key_person"].astype(bool)
    mine["says"] = (
        mine["role"].where(~is_key, mine["role"] + ", key person").where(mine["role"] != "key", "key person")
    )
    ties = _ties(mine, pairs)
    others, spokes = _others(mine, graph, shown, full)
    layers = []
    scale = alt.Scale(domain=[-REACH, REACH], nice=False, zero=False)

    def at(name: str, axis: str) -> Any:
        return (alt.X if axis == "x" else alt.Y)(f"{name}:Q", scale=scale, axis=None)

    hover: dict[str, Any] = {"tooltip": "hover:N", "description": "hover:N"}
    if len(others):
        ray = alt.Chart(drawn(spokes, "number", "member")).mark_rule(color=GREY, opacity=0.45)
        layers.append(
            ray.encode(
                at("x", "x"),
                at("y", "y"),
                x2="x2:Q",
                y2="y2:Q",
                strokeWidth=alt.StrokeWidth("width:Q", scale=None),
                **hover,
            )
        )
        dots = alt.Chart(drawn(others, "number"))
        layers.append(
            dots.mark_circle(opacity=1, color=GREY, stroke=PAPER, size=60).encode(
                at("x", "x"), at("y", "y"), **hover
            )
        )
        for align in ("left", "right"):
            text = alt.Chart(drawn(others[others["align"] == align], "number"))
            layers.append(
                text.mark_text(align=align, baseline="middle", color="#666666", fontSize=10).encode(
                    at("label_x", "x"),
                    at("label_y", "y"),
                    angle=alt.Angle("turn:Q", scale=None),
                    text="label:N",
                )
            )
    if len(ties):
        lines = alt.Chart(drawn(ties, "number_a", "number_b")).mark_rule(
            color=INK, opacity=0.7, strokeCap="round"
        )
        layers.append(
            lines.encode(
                at("x", "x"),
                at("y", "y"),
                x2="x2:Q",
                y2="y2:Q",
                strokeWidth=alt.StrokeWidth("width:Q", scale=None),
                **hover,
            )
        )
    mine["hover"] = [
        f"{label}: {says}, belongs to the family with probability {p:.2f}"
        for label, says, p in mine[["label", "says", "probability"]]
        .astype({"probability": float})
        .itertuples(index=False)
    ]
    mine["size"] = np.where(mine["is_key_person"], 900, 480)
    base = alt.Chart(drawn(mine, "number"))
    colour = alt.Color(
        "role:N",
        title=None,
        scale=alt.Scale(domain=list(ROLES), range=list(COLOURS)),
        legend=alt.Legend(orient="top", symbolType="circle"),
    )
    layers += [
        base.transform_filter("datum.is_key_person")
        .mark_point(size=1700, color=AMBER, strokeWidth=4, opacity=1)
        .encode(at("x", "x"), at("y", "y")),
        base.mark_circle(opacity=1, stroke=PAPER, strokeWidth=2).encode(
            at("x", "x"), at("y", "y"), color=colour, size=alt.Size("size:Q", scale=None), **hover
        ),
    ]
    for field, dy, weight in (("label", 30, "bold"), ("says", 44, "normal")):
        for halo in (True, False):
            extra = {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round"} if halo else {}
            layers.append(
                base.mark_text(dy=dy, fontWeight=weight, fontSize=12, **extra).encode(
                    at("x", "x"), at("y", "y"), text=f"{field}:N"
                )
            )
    chart = alt.layer(*layers).properties(width=SIDE, height=SIDE)
    key = mine.loc[mine["is_key_person"].astype(bool), "label"]
    title = f"A family of {len(mine)}" + (
        f", held together by {key.iloc[0]}" if len(key) else ", without a key person"
    )
    told = mine["role"].value_counts()
    subtitle = ", ".join(f"{role} {told[role]}" for role in ROLES if role in told and role != "key")
    notes = [f"{subtitle or 'no roles'}; the wider a black line, the surer the tie"]
    if len(others):
        notes.append("grey: those they talk to most outside, nearest to whom they belong")
    columns = ["number", "role", "is_key_person", "probability"]
    records = pd.concat(
        [mine[columns], others.reindex(columns=["number", "contacts", "members"]).assign(role="outside")]
        if len(others)
        else [mine[columns]],
        ignore_index=True,
    )
    return finished(chart, title, notes, records)


def _ties(mine: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
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
        width=8 * inside["probability"].astype(float),
        hover=[
            f"{one} and {two}: one family with probability {p:.2f}"
            + (f"; {why}" if isinstance(why, str) and why else "")
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
    right = np.cos(angle) >= 0
    others = others.assign(
        x=OUTER * np.cos(angle),
        y=OUTER * np.sin(angle),
        label_x=1.06 * OUTER * np.cos(angle),
        label_y=1.06 * OUTER * np.sin(angle),
        turn=-np.degrees(angle) + np.where(right, 0.0, 180.0),
        align=np.where(right, "left", "right"),
        label=[shown_number(number, full=full) for number in others["number"]],
    )
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
