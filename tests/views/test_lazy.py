import subprocess
import sys


def test_charts_and_cities_are_loaded_when_they_are_used():
    code = """
import sys, circlegraph, circlegraph.views
assert not {"altair", "vl_convert", "pandas", "numba"} & set(sys.modules)
circlegraph.views.waterfall_chart, circlegraph.load_demo
assert not {"altair", "vl_convert"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_altair_one_sentence_says_what_to_install():
    code = """
import sys
sys.modules["altair"] = None
import pandas as pd, circlegraph as cg
rows = pd.DataFrame({"evidence": ["prior"], "value": [None], "weight": [1.0]})
try:
    cg.views.waterfall_chart(rows)
except cg.errors.SettingsError as error:
    assert "circlegraph with its extra views" in str(error), error
else:
    raise AssertionError
"""
    subprocess.run([sys.executable, "-c", code], check=True)
