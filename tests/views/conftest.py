"""One small city, its circles, and one number that somebody took over, for all tests of this folder."""

from types import SimpleNamespace

import pytest

import circlegraph as cg


@pytest.fixture(scope="session")
def demo():
    return cg.load_demo(600)


@pytest.fixture(scope="session")
def circles(demo):
    return cg.contact_circles(demo.cdrs, demo.at, network=demo.network)


@pytest.fixture(scope="session")
def mover(demo, circles):
    """Somebody with a planted second number that took up most of his circle."""
    planted = demo.truth["second_numbers"]
    planted = planted[planted.visible & (planted.onset >= demo.at)]
    known = circles.numbers.ids_of(planted.second_number.tolist()) >= 0
    rows = planted[known].sort_values("second_events", ascending=False)
    row = rows.iloc[0]
    return SimpleNamespace(number=row.number, second=row.second_number)
