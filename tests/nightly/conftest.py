"""The city of the nightly tests, and the command line as in `tests/cli`."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import town

_spec = spec_from_file_location("cli_conftest", Path(__file__).parents[1] / "cli" / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_module = module_from_spec(_spec)
_spec.loader.exec_module(_module)
cli = _module.cli


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town.make_city(tmp_path_factory.mktemp("city") / "city")


@pytest.fixture(scope="session")
def done(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of work in which a night is done; to be looked at only."""
    work = tmp_path_factory.mktemp("done")
    town.night(city, work)
    return work
