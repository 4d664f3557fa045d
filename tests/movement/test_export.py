"""`cg.detect.movement` is the function, whatever was imported before."""

import subprocess
import sys

import pytest

CALLABLE = "; import circlegraph as cg; assert callable(cg.detect.movement); cg.detect.movement.__name__"


@pytest.mark.parametrize(
    "first",
    [
        "pass",
        "import circlegraph.detect.weekly_movement",
        "import circlegraph.detect.weekly_movement.run",
        "from circlegraph.detect.weekly_movement.points import Points",
        "from circlegraph.detect import movement; assert callable(movement)",
    ],
)
def test_function_not_package(first: str) -> None:
    subprocess.run([sys.executable, "-c", first + CALLABLE], check=True)


def test_points_and_scorecard_are_beside_it() -> None:
    import circlegraph as cg

    assert cg.detect.Points().high == 20
    assert cg.detect.fit_scorecard.__name__ == "fit_scorecard"
    assert all(hasattr(cg.detect, name) for name in cg.detect.__all__)
