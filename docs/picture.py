"""The picture that the README shows: ``python docs/picture.py`` writes docs/circle.svg, from the demo city."""

from __future__ import annotations

from pathlib import Path

import circlegraph as cg


def picture() -> cg.views.Chart:
    """Circle of the subscriber who kept his old number and moved most contacts to a second card."""
    demo = cg.load_demo()
    circles = cg.contact_circles(demo.cdrs, demo.at, network=demo.network)
    found = cg.detect.dual_sim(demo.cdrs, demo.at, subscribers=demo.subscribers, forwarding=demo.forwarding)
    kept = found.labels.loc[found.labels["kind"] == "second card", "number"]
    pairs = found.pairs[found.pairs["accepted"] & found.pairs["number"].isin(kept)]
    best = pairs.sort_values(["shared_peers", "gain", "number"], ascending=[False, False, True]).iloc[0]
    return cg.views.circle_chart(circles, best["number"], best["second_number"])


if __name__ == "__main__":
    picture().save(Path(__file__).parent / "circle.svg")
