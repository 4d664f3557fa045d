"""``circlegraph inspect``: what was recognised in CDR files, and what was wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from circlegraph.cli import options as o
from circlegraph.dialling import home_country

if TYPE_CHECKING:
    from circlegraph.graph.inspection import Inspection


def inspect(
    cdr: o.Cdrs,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
    form: o.Form = None,
    map: o.Map = None,  # noqa: A002 - the option's name
    epoch: o.Epoch = None,
    tz: o.Zone = None,
    country: o.Country = None,
    subscribers: o.Subscribers = None,
    own: o.Own = None,
    plan: o.Plan = None,
    ported: o.Ported = None,
    rejects: o.Rejects = None,
    threads: o.Threads = None,
    memory_limit: o.MemoryLimit = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,  # noqa: ARG001 - read by main
) -> None:
    """Show what was recognised: form and columns, counts, rejects by reason, time span, legs, hubs.

    In total always read = accepted + duplicates + rejected; of a single file it is not told which rows are
    duplicates, as these may stand in two files. Numbers are shown with their middle blanked out.
    """
    from contextlib import nullcontext

    from circlegraph.cdr.quarantine import Quarantine
    from circlegraph.graph.inspection import inspect_cdr

    country = home_country(country, plan)
    network = o.own_network(subscribers, own, plan, ported, country)
    resources = o.run_resources(threads, memory_limit, quiet)
    recognised = o.open_cdrs(cdr, form, map, epoch, tz, country)
    o.check_outputs(recognised, rejects, tables=(subscribers, plan, ported))
    with Quarantine(rejects) if rejects else nullcontext() as quarantine:
        found = inspect_cdr(recognised, network=network, resources=resources, quarantine=quarantine)
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_lines(found)))


def _lines(found: Inspection) -> Iterator[str]:
    from circlegraph.cli.text import counts_line, masked

    for file, report in zip(found.cdr.files, found.files, strict=True):
        mapped = ", ".join(f"{role}={column}" for role, column in file.columns.items())
        yield f"{file.path}"
        yield f"  form         {file.form} ({mapped})"
        for note in file.notes:
            yield f"  note         {note}"
        kept, rejected = report.accepted, report.rejected.total()
        yield f"  rows         read {report.read} = usable {kept} + rejected {rejected}"
    for path, reason in found.cdr.skipped:
        yield f"{path}: skipped, {reason}"
    total = found.total
    yield f"total          {counts_line(total)}"
    for title, counts in (
        ("duplicates", total.duplicates),
        ("rejected", total.rejected),
        ("noted", total.notes),
    ):
        for reason, count in sorted(counts.items()):
            if count:
                yield f"  {title:<12} {count} {reason}"
    span = total.as_dict()
    yield f"time span      {span['first'] or 'none'} to {span['last'] or 'none'}"
    yield f"legs           {found.legs}"
    yield f"numbers        {found.numbers} ({found.own} own network), {found.pairs} pairs in contact"
    if total.accepted:
        yield f"on-net         {found.on_net:.1%} of the events have both ends in the own network"
    hubs = ", ".join(f"{masked(number)} ({peers} peers)" for number, peers in found.hubs)
    yield f"largest hubs   {hubs or 'none'}"
    if found.first_rejected:
        yield "first rejected rows"
        for path, row in found.first_rejected:
            yield f"  {path}:{row.line}: {row.reason}: {masked(row.text)[:100]}"
