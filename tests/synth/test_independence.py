"""The generator shares nothing with what it judges, and costs nothing until it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import circlegraph.synth

FOLDER = Path(circlegraph.synth.__file__).parent


def test_the_generator_imports_only_itself_and_the_errors() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            own = [name for name in names if name.startswith("circlegraph")]
            allowed = ("circlegraph.synth", "circlegraph.errors")
            assert all(name.startswith(allowed) for name in own), f"{path.name}: {own}"


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, circlegraph.synth;"
        "print(sorted({'numpy', 'pandas', 'pyarrow', 'pydantic', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=FOLDER.parents[1]
    )
    assert done.stdout.strip() == "[]"
