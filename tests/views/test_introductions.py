"""Objects introduce themselves: what they are, the counts, what to call next; and never a number in full."""

import re

import pandas as pd
import pytest

import circlegraph as cg

RESULTS = ("dual_sim", "families", "managers", "movement")


@pytest.fixture(scope="module")
def objects(demo, circles, tmp_path_factory):
    days = demo.cdrs[demo.cdrs.start < demo.cdrs.start.min().normalize() + pd.Timedelta(days=9)]
    store = cg.Store.create(tmp_path_factory.mktemp("introductions") / "store")
    store.append(days)
    graph = cg.contact_graph(demo.cdrs, network=demo.network)
    tables = {"subscribers": demo.subscribers, "network": demo.network}
    cdr = cg.open_cdr(days)
    return {
        "demo": demo,
        "cdr": cdr,
        "inspection": cg.inspect_cdr(cdr),
        "store": store,
        "graph": graph,
        "circles": circles,
        "indicators": cg.indicators(graph),
        "learned": cg.learn_weights(circles, most_numbers=100),
        "dual_sim": cg.detect.dual_sim(demo.cdrs, demo.at, **tables),
        "families": cg.detect.families(demo.cdrs, **tables),
        "managers": cg.detect.managers(demo.cdrs, bills=demo.bills, **tables),
        "movement": cg.detect.movement(demo.cdrs, "2025-12-28", **tables),
    }


TABLES = ("demo", "cdr", "inspection", "store", "graph", "circles", "indicators", "learned")
NAMES = (*TABLES, *RESULTS)


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is_and_what_to_call_next(objects, name):
    html, text = objects[name]._repr_html_(), repr(objects[name])
    assert html.count("<tr>") >= 3
    assert "next:" in text
    following = text.rpartition("next:")[2]
    assert "next:" in html
    for member in re.findall(r"(?:^|[\s,])\.(\w+)", following):
        assert hasattr(objects[name], member), member
    for path in re.findall(r"cg\.([\w.]+)", following):
        found = cg
        for part in path.split("."):
            found = getattr(found, part)


@pytest.mark.parametrize("name", NAMES)
def test_shows_no_number_in_full(objects, demo, name):
    shown = objects[name]._repr_html_() + repr(objects[name])
    digits = set(re.findall(r"\d{7,}", shown))
    assert not digits & (set(demo.cdrs.caller) | set(demo.cdrs.callee))


@pytest.mark.parametrize("name", RESULTS)
def test_results_are_frames_of_pandas(objects, name):
    frames = {"dual_sim": "pairs", "families": "members", "managers": "managers", "movement": "weeks"}
    assert isinstance(getattr(objects[name], frames[name]), pd.DataFrame)
