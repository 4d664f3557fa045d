"""The command line as in `tests/cli`, for the tests of this folder."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE)]

_spec = spec_from_file_location("cli_conftest", HERE.parent / "cli" / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_module = module_from_spec(_spec)
_spec.loader.exec_module(_module)
cli = _module.cli
