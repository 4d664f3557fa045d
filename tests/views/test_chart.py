import json
import re
import stat

import pandas as pd
import pytest

from circlegraph.errors import SettingsError
from circlegraph.views import circle_chart, waterfall_chart

ROWS = pd.DataFrame({"evidence": ["prior", "over<lap"], "value": [None, 0.8], "weight": [-6.0, 9.0]})


@pytest.fixture(scope="module")
def chart():
    return waterfall_chart(ROWS)


def test_saves_pictures_and_a_page_that_need_no_network(chart, tmp_path):
    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<svg"), ("a.html", b"\n<!DOCTYPE html>")):
        path = chart.save(tmp_path / name)
        assert path.read_bytes().startswith(start.strip()) or path.read_bytes().strip().startswith(
            start.strip()
        )
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    page = (tmp_path / "a.html").read_text()
    assert not re.search(r"""(src|href)=["']?(https?:)?//|@import|fetch\(["']http|import\(["']http""", page)


def test_refuses_other_suffixes(chart, tmp_path):
    with pytest.raises(SettingsError, match=r"must end in .html, .svg, .png"):
        chart.save(tmp_path / "a.pdf")


def test_notebook_output_is_a_picture_with_figures_on_hover_and_no_script(chart):
    bundle = chart._repr_mimebundle_(include=None, exclude=None)
    shown = bundle["text/html"]
    assert "<script" not in shown
    assert "http" not in shown.replace("http://www.w3.org/", "")
    assert "<title>over&lt;lap: 0.80: weight +9.00" in shown
    assert shown == chart._repr_html_()  # drawn twice, the same
    assert bundle["text/plain"].startswith("Chart: 2 pieces of evidence: probability 88.9%")


def test_only_figures_show_on_hover_no_coordinates(circles, mover):
    drawn = circle_chart(circles, mover.number, mover.second)
    titles = set(re.findall(r"<title>([^<]*)", drawn.svg()))
    assert titles
    assert all(": index" in text or ": before" in text for text in titles)


def test_pictures_name_nothing_that_another_on_the_page_could_mix_up(chart, circles, mover):
    for drawn in (chart.svg(), circle_chart(circles, mover.number, mover.second).svg()):
        assert ' id="' not in drawn


def test_spec_is_plain_data(chart):
    assert json.loads(json.dumps(chart.spec)) == chart.spec


def test_no_picture_holds_a_number_in_full_unless_asked(circles, mover):
    masked = circle_chart(circles, mover.number, mover.second)
    text = json.dumps(masked.spec) + masked.svg()
    peers = masked.records["peer"].tolist()
    assert not [number for number in [mover.number, mover.second, *peers] if number in text]
    shown = json.dumps(circle_chart(circles, mover.number, mover.second, full=True).spec)
    assert all(number in shown for number in [mover.number, mover.second, *peers[:5]])
