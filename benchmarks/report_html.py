"""One self-contained HTML page of tables and charts: nothing is loaded from anywhere."""

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path

from benchmarks.report import Table

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1250px; padding: 0 1rem; color: #1b1b1b }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2.2rem }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums }
th, td { padding: 3px 9px; border-bottom: 1px solid #e2e2e2; text-align: right; white-space: nowrap }
th:first-child, td:first-child { text-align: left } thead th { border-bottom: 2px solid #888 }
.charts { display: flex; flex-wrap: wrap; gap: 1rem } figure { margin: 0.6rem 0 }
figcaption { font-weight: 600; margin-bottom: 6px } svg { max-width: 100%; font: 12px system-ui, sans-serif }
.fall { background: #fbe5e5; border-left: 4px solid #b03a48; padding: 6px 12px } .note { color: #666; font-size: 13px }
"""


def page(
    title: str, facts: str, tables: Sequence[Table], charts: Sequence[str] = (), alarms: Sequence[str] = ()
) -> str:
    """Make a page: alarms first, then charts, then tables.

    Parameters
    ----------
    title, facts : str
        Heading and a line below it.
    tables : sequence of Table
        Tables.
    charts : sequence of str
        Charts as made by `benchmarks.report_charts`.
    alarms : sequence of str
        What has become worse.
    """
    warned = [f'<p class="fall">{escape(text)}</p>' for text in alarms]
    body = [*warned, f'<div class="charts">{"".join(charts)}</div>', *map(_table, tables)]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f'<p class="note">{escape(facts)}</p>{"".join(body)}</body></html>\n'
    )


def write_page(path: Path, text: str) -> None:
    """Write the page in one go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in table.notes)
    return (
        f'<h2>{escape(table.title)}</h2><div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{notes}"
    )
