"""How objects introduce themselves in a notebook."""

from collections.abc import Mapping
from html import escape


def card(title: str, facts: Mapping[str, str], following: str) -> str:
    """Render a small table of facts with what to call next.

    Examples
    --------
    >>> print(card("Graph", {"pairs": "3"}, "to_pandas()"))
    <div><b>Graph</b><table>
    <tr><th style="text-align:left">pairs</th><td style="text-align:left">3</td></tr>
    </table><small>next: <code>to_pandas()</code></small></div>
    """
    left = 'style="text-align:left"'  # notebooks set tables to the right
    rows = "".join(
        f"<tr><th {left}>{escape(key)}</th><td {left}>{escape(value)}</td></tr>\n"
        for key, value in facts.items()
    )
    following = f"<small>next: <code>{escape(following)}</code></small>"
    return f"<div><b>{escape(title)}</b><table>\n{rows}</table>{following}</div>"
