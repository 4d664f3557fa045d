"""What the page of a night is made of: its look, tables, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from circlegraph.nightly import charts

if TYPE_CHECKING:
    from circlegraph.views.chart import Chart

STYLE = """
:root{--ink:#1d2733;--soft:#5d6b7a;--line:#e1e6eb;--card:#fff;--page:#f5f7f9;--red:#b83232;--ok:#2f7d4f}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#9aa8b6;--line:#2c3742;--card:#1a222b;--page:#11171d;
--red:#ef7d7d;--ok:#6cc795}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,"Noto Sans SC",
"PingFang SC","Microsoft YaHei",sans-serif}main{max-width:1080px;margin:0 auto;padding:28px 20px 60px}
h1{font-size:26px;margin:0}h2{font-size:18px;margin:34px 0 10px}.sub{color:var(--soft);margin:4px 0 20px}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:12px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 14px}
.tile b{display:block;font-size:24px;font-variant-numeric:tabular-nums}.tile span{color:var(--soft);font-size:13px}
.tile small{display:block;font-variant-numeric:tabular-nums;color:var(--soft)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line)}
th,td{padding:6px 10px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}th{font-size:13px;
color:var(--soft);font-weight:600}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.alarm{color:var(--red);font-weight:600}.ok{color:var(--ok)}.note{color:var(--soft);font-size:13px}
.picture{overflow-x:auto;background:#fff;border:1px solid var(--line);padding:10px;margin:12px 0}svg{display:block}
ul{margin:6px 0;padding-left:20px}
"""


def page(title: str, sections: Iterable[str]) -> str:
    """The whole page."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{''.join(sections)}</main></body></html>\n"
    )


def picture(chart: Chart) -> str:
    """A chart in a frame."""
    return f"<div class=picture>{charts.inline(chart)}</div>"


def table(head: Iterable[str], rows: Iterable[Sequence[str]], numeric: Sequence[int] = ()) -> str:
    """Table of texts.

    Examples
    --------
    >>> table(["a"], [("1 < 2",)], numeric=[0])
    '<div class=scroll><table><tr><th>a</th></tr><tr><td class=n>1 &lt; 2</td></tr></table></div>'
    """
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>"
        + "".join(f"<td{' class=n' * (i in numeric)}>{escape(cell)}</td>" for i, cell in enumerate(row))
        + "</tr>"
        for row in rows
    )
    return f"<div class=scroll><table><tr>{top}</tr>{body}</table></div>"
