"""API reference pages from the docstrings: ``python docs/reference.py [DIR]``, by default into build/reference.

Pages are plain files: no server, no request.
"""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from pathlib import Path

PAGES = (
    "circlegraph",
    "circlegraph.detect",
    "circlegraph.views",
    "circlegraph.synth",
    "circlegraph.errors",
    "circlegraph.graph.inspection",
    "circlegraph.circles.indicators",
    "circlegraph.circles.learn",
    "circlegraph.detect.second_numbers.result",
    "circlegraph.detect.family.result",
    "circlegraph.detect.account_managers.result",
    "circlegraph.detect.weekly_movement.result",
)
"""What a user meets: the public names, and the objects that they return."""


def build(folder: Path) -> list[Path]:
    """Write the pages and return them, the index first."""
    import pdoc

    for page in PAGES:
        module = import_module(page)
        for name in getattr(module, "__all__", ()):
            # Names are loaded when they are first used; pdoc sees only what is loaded.
            vars(module).setdefault(name, getattr(module, name))
    pdoc.render.configure(docformat="numpy", show_source=False, footer_text="circlegraph")
    modules = {page: pdoc.doc.Module(import_module(page)) for page in PAGES}
    with warnings.catch_warnings():
        # Types such as pd.Series[float] exist for type checkers only.
        warnings.filterwarnings("ignore", "Error parsing type annotation", UserWarning)
        texts = {
            "index.html": pdoc.render.html_index(modules),
            "search.js": pdoc.render.search_index(modules),
        }
        texts |= {
            f"{page.replace('.', '/')}.html": pdoc.render.html_module(modules[page], modules)
            for page in PAGES
        }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [folder / name for name in texts if name.endswith(".html")]


if __name__ == "__main__":
    made = build(Path(sys.argv[1] if len(sys.argv) > 1 else "build/reference"))
    sys.stdout.write(f"{len(made)} pages, begin with {made[0]}\n")
