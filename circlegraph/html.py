"""How objects introduce themselves in a notebook."""

from collections.abc import Mapping
from html import escape


def card(title: str, facts: Mapping[str, str], following: str) -> str:
    """Render a small table of facts with what to call next.

    Examples
    --------
    >>> card("Graph", {"pairs": "3"}, "to_pandas()")
    '<table><caption>Graph</caption><tr><th>pairs</th><td>3</td></tr></table><small>next: to_pandas()</small>'
    """
    rows = "".join(f"<tr><th>{escape(key)}</th><td>{escape(value)}</td></tr>" for key, value in facts.items())
    return f"<table><caption>{escape(title)}</caption>{rows}</table><small>next: {escape(following)}</small>"
