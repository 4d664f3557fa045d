"""Run a notebook's cells in this process, as a kernel would, without one."""

import ast
import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@dataclass(frozen=True)
class Shown:
    """What a cell showed under itself, and the names that the notebook then knew."""

    source: str
    shown: str


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def code(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def run(path: Path, *, times: int = 1) -> tuple[list[list[Shown]], dict[str, Any]]:
    """Run every cell, each `times` times before the next, and return what it showed each time, and all names."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.chdir(path.parent):
        return [[run_cell(source, names) for _ in range(times)] for source in code(path)], names


def run_cell(source: str, names: dict[str, Any]) -> Shown:
    parsed = ast.parse(source)
    last = parsed.body[-1] if parsed.body and isinstance(parsed.body[-1], ast.Expr) else None
    if last is not None:
        parsed.body.pop()
    exec(compile(parsed, "<cell>", "exec"), names)
    if last is None:
        return Shown(source, "")
    value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    return Shown(source, "" if value is None else _shown(value))


def _shown(value: Any) -> str:
    if hasattr(value, "_repr_mimebundle_"):
        return value._repr_mimebundle_(include=None, exclude=None)["text/html"]
    if hasattr(value, "_repr_html_") and value._repr_html_() is not None:
        return value._repr_html_()
    return repr(value)
