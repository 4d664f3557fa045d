"""``circlegraph explain`` and ``circlegraph unmask``: look at one number; put numbers back for pseudonyms."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import Annotated, Any

import typer

from circlegraph.cli import options as o
from circlegraph.dialling import home_country


def explain(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="An own number, in any spelling.")],
    config: Annotated[Path, typer.Option(metavar="F", help="The config of the nightly job.")],
    date: Annotated[
        str | None, typer.Option(metavar="D", help="The night; by default the last one that is done.")
    ] = None,
    debug: o.Debug = False,  # noqa: ARG001 - read by main
) -> None:
    """Show everything that a night says of one number, with the evidence; leaves a line in the audit log."""
    from circlegraph.nightly.config import read_settings
    from circlegraph.nightly.explain import explain as explained

    night, labels, evidence = explained(read_settings(config), number, date)
    typer.echo(f"{labels.number} in the night of {night}")
    for name, value in labels.items():
        if name not in ("number", "date") and value is not None and value == value:
            typer.echo(f"  {name:<22}{value:.4g}" if isinstance(value, float) else f"  {name:<22}{value}")
    for label, rows in evidence.groupby("label", sort=True):
        typer.echo(f"{label}:")
        for row in rows.to_dict("records"):
            typer.echo(f"  {_line(row)}")


def _line(row: dict[Any, Any]) -> str:
    """A piece of evidence, or a reason in words."""
    about = f"{row['other']}: " if isinstance(row["other"], str) else ""
    if not isinstance(row["evidence"], str):
        return f"{about}{row['reason']}"
    value = "" if isnan(row["value"]) else f" {row['value']:.3g}"
    weight = "" if isnan(row["weight"]) else f", weight {round(row['weight'], 2) + 0.0:+.2f}"  # no -0.00
    return f"  {about}{row['evidence']}{value}{weight}"


def unmask(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Table with pseudonyms, .csv or .parquet.")],
    key_file: Annotated[Path, typer.Option(metavar="K", help="File with the key.")],
    numbers: Annotated[Path, typer.Option(metavar="F", help="Table of known numbers (column number).")],
    out: Annotated[Path, typer.Option(metavar="F", help="Result, .csv or .parquet.")],
    country: o.Country = None,
    debug: o.Debug = False,  # noqa: ARG001 - read by main
) -> None:
    """Put numbers back in the place of their pseudonyms, for whoever holds the key.

    A pseudonym is looked up among those of known numbers; the pseudonyms of others stay. Leaves a line in the audit log
    of the results that the table belongs to.
    """
    from circlegraph.nightly.unmask import unmask as unmasked

    o.check_outputs(None, out, tables=(file, key_file, numbers))
    known, unknown = unmasked(file, key_file, numbers, out, home_country(country, None) or None)
    typer.echo(f"{out}: {known:,} pseudonyms replaced, {unknown:,} not among the known numbers")
