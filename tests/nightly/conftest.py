"""The city of the nightly tests, and their helpers."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import town


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town.make_city(tmp_path_factory.mktemp("city") / "city")


@pytest.fixture(scope="session")
def done(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of work in which a night is done; to be looked at only."""
    work = tmp_path_factory.mktemp("done")
    town.night(city, work)
    return work
