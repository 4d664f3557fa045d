"""What every chart is: a specification, its records, and pictures without a browser."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlegraph.errors import SettingsError
from circlegraph.tables import atomic_path
from circlegraph.views.palette import config

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".html", ".svg", ".png")


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """A chart with the records that it shows.

    In a notebook it shows itself as a picture of vectors, figures on hover, without any script or request.

    Attributes
    ----------
    title
        What it says.
    records
        What is drawn, with the numbers in full; only what `spec` holds is in the pictures.
    altair
        Chart of Altair, to be changed at will.

    Examples
    --------
    >>> import pandas as pd
    >>> from circlegraph.views import waterfall_chart
    >>> rows = pd.DataFrame({"evidence": ["prior", "overlap"], "value": [None, 0.8], "weight": [-6.0, 9.0]})
    >>> chart = waterfall_chart(rows)
    >>> chart
    Chart: 2 pieces of evidence: probability 88.9%
      3 records; next: .save("chart.html"), .records, .altair
    >>> chart.records["probability"].round(3).tolist()
    [0.015, 0.889, 0.889]
    """

    title: str
    records: pd.DataFrame
    altair: Any

    @property
    def spec(self) -> dict[str, Any]:
        """Vega-Lite specification with its data, as plain data."""
        alt = load_altair()
        with alt.data_transformers.enable("default", max_rows=None):
            made: dict[str, Any] = self.altair.to_dict()
        return made

    def svg(self) -> str:
        """Picture of vectors, as text; figures on hover."""
        import vl_convert

        drawn = vl_convert.vegalite_to_svg(self.spec)
        # A wider font than the one it was laid out for shall not lose the end of a title.
        return _hints(drawn, set(_hovers(self.spec))).replace("<svg ", '<svg style="overflow: visible" ', 1)

    def png(self, scale: float = 2.0) -> bytes:
        """Picture of points, `scale` of them to a CSS pixel."""
        import vl_convert

        drawn: bytes = vl_convert.vegalite_to_png(self.spec, scale=scale)
        return drawn

    def html(self) -> str:
        """Page by itself, scripts embedded: it needs no network and answers to the mouse."""
        alt = load_altair()
        with alt.data_transformers.enable("default", max_rows=None):
            page: str = self.altair.to_html(inline=True, embed_options={"actions": False})
        return page.replace("<head>", f"<head>\n  <title>{escape(self.title)}</title>", 1)

    def save(self, path: str | Path) -> Path:
        """Write the chart to a file, .html, .svg or .png by the suffix, and return its path.

        Raises
        ------
        SettingsError
            If the suffix is none of these.
        InputError
            If the file cannot be written.
        """
        path = Path(path)
        kind = path.suffix.lower()
        if kind not in SUFFIXES:
            raise SettingsError(f"{path}: the name of a chart must end in {', '.join(SUFFIXES)}")
        made = self.png() if kind == ".png" else (self.svg() if kind == ".svg" else self.html()).encode()
        with atomic_path(path) as temporary:
            temporary.write_bytes(made)
        return path

    def __repr__(self) -> str:
        return f'Chart: {self.title}\n  {len(self.records)} records; next: .save("chart.html"), .records, .altair'

    def _repr_html_(self) -> str:
        return f"<div>{self.svg()}</div>"

    def _repr_mimebundle_(self, **_wanted: Any) -> Mapping[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


def load_altair() -> Any:
    """Altair, loaded when the first chart is made.

    Raises
    ------
    SettingsError
        If it is not installed.
    """
    try:
        import altair
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise SettingsError(
            "charts need Altair and vl-convert; install them, or circlegraph with its extra views"
        ) from error
    return altair


def finished(chart: Any, title: str, subtitle: str | list[str], records: pd.DataFrame) -> Chart:
    """Chart with its title and the look that all share."""
    alt = load_altair()
    titled = chart.properties(title=alt.TitleParams(text=title, subtitle=subtitle)).configure(**config())
    return Chart(title, records, titled)


def drawn(frame: pd.DataFrame, *hidden: str) -> Any:
    """Records as data of a specification, without the columns that hold numbers in full."""
    alt = load_altair()
    frame = frame.drop(columns=[name for name in hidden if name in frame])
    rows = [
        {name: _plain(value) for name, value in row.items()}
        for row in frame.astype(object).to_dict(orient="records")
    ]
    return alt.InlineData(values=rows)


def _plain(value: Any) -> Any:
    """Value as JSON knows it; dates without a zone, unknown as null."""
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if hasattr(value, "isoformat"):
        # A date alone would be read as UTC and shown as the day before in the west.
        return pd.Timestamp(value).isoformat()
    return value.item() if hasattr(value, "item") else value


def _hovers(spec: Any) -> Iterator[str]:
    """Texts that marks show on hover, wherever in a specification the data stand."""
    if isinstance(spec, dict):
        if isinstance(spec.get("hover"), str):
            yield spec["hover"]
        spec = list(spec.values())
    if isinstance(spec, list):
        for part in spec:
            yield from _hovers(part)


def _hints(svg: str, hovers: Collection[str]) -> str:
    """Give every mark that is described by one of these texts a title, which browsers show on hover."""

    def titled(match: re.Match[str]) -> str:
        tag, rest, text, end = match[1], match[2], match[3], match[4]
        if unescape(text) not in hovers:  # coordinates, which Vega makes a description of by itself
            return match[0]
        title = f"<title>{text}</title>"
        return f"<{tag}{rest}>{title}</{tag}>" if end == "/>" else f"<{tag}{rest}>{title}"

    return re.sub(r'<(path|text|line)((?=[^>]*aria-label="([^"]*)")[^>]*?)(/>|>)', titled, svg)
