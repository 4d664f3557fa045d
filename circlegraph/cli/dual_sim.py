"""``circlegraph dual-sim``: the second numbers that took over part of a circle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from circlegraph.cli import options as o
from circlegraph.dialling import home_country


def dual_sim(
    cdr: o.Cdrs,
    at: Annotated[str, typer.Option(metavar="T", help="The split time: a date or a time; auto: any time.")],
    out: Annotated[Path, typer.Option(metavar="F", help="Result, .parquet or .csv.")],
    labels_out: Annotated[
        Path | None, typer.Option(metavar="F", help="A label for each own number, .parquet or .csv.")
    ] = None,
    weights_out: Annotated[
        Path | None, typer.Option(metavar="F", help="What each piece of evidence weighs, .parquet or .csv.")
    ] = None,
    cannot_tell_out: Annotated[
        Path | None,
        typer.Option(metavar="F", help="Numbers that cannot be judged, and why, .parquet or .csv."),
    ] = None,
    forwarding: Annotated[
        Path | None, typer.Option(metavar="F", help="Table of forwarding: number, forward_to, since.")
    ] = None,
    bills: Annotated[
        Path | None, typer.Option(metavar="F", help="Table of bills: number, month, arpu, mou.")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(metavar="F", help="Known pairs to learn from: number, second_number, true.")
    ] = None,
    families: Annotated[
        Path | None,
        typer.Option(metavar="F", help="Pairs of families, as `families --pairs-out` writes them."),
    ] = None,
    top_k: Annotated[int, typer.Option(min=1, metavar="K", help="Candidates listed for each number.")] = 5,
    method: Annotated[Literal["probability", "rules"], typer.Option(help="How to decide.")] = "probability",
    stable_days: Annotated[
        int, typer.Option(min=1, metavar="N", help="A stable peer is met on at least N days before T ...")
    ] = 2,
    stable_weeks: Annotated[
        int, typer.Option(min=1, metavar="N", help="... in at least N different weeks.")
    ] = 2,
    most_peers: Annotated[
        int, typer.Option(min=1, metavar="N", help="Numbers with more peers are hubs and left out.")
    ] = 1000,
    before: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Days before T; all by default.")
    ] = None,
    after: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Days after T; all by default.")
    ] = None,
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
    """Find the second numbers that took over part of a circle after a split time T.

    One row per number and candidate: number, second_number, rank, accepted, probability, onset, how far the two
    circles overlap, and the reason in words. Rejected rows go to F.rejects.csv.
    """
    from collections import Counter

    from circlegraph.cdr.quarantine import Quarantine
    from circlegraph.circles.weights import StableRule
    from circlegraph.cli.text import counts_line
    from circlegraph.contacts.windows import wall_clock
    from circlegraph.detect.second_numbers.run import ANYTIME, run_dual_sim
    from circlegraph.tables import check_suffix

    outputs = [path for path in (out, labels_out, weights_out, cannot_tell_out) if path is not None]
    for path in outputs:
        check_suffix(path)
    if at != ANYTIME:
        wall_clock(at)
    country = home_country(country, plan)
    network = o.own_network(subscribers, own, plan, ported, country)
    resources = o.run_resources(threads, memory_limit, quiet)
    recognised = o.open_cdrs(cdr, form, map, epoch, tz, country)
    rejects = rejects or Path(f"{out}.rejects.csv")
    tables = (subscribers, plan, ported, forwarding, bills, labels, families)
    o.check_outputs(recognised, *outputs, rejects, tables=tables)
    o.say_skipped(recognised)
    o.need_own_numbers()
    with Quarantine(rejects) as quarantine:
        found, contacts = run_dual_sim(
            recognised,
            at,
            subscribers=subscribers,
            forwarding=forwarding,
            bills=bills,
            labels=labels,
            families=families,
            method=method,
            top_k=top_k,
            days_before=before,
            days_after=after,
            stable=StableRule(stable_days, stable_weeks),
            network=network,
            country=country or None,
            most_peers=most_peers,
            resources=resources,
            quarantine=quarantine,
            say=lambda text: None if quiet else typer.echo(f"circlegraph: {text}", err=True),
        )
        found.write(out, labels_out, weights_out, cannot_tell_out)
    typer.echo(counts_line(contacts.report))
    for key, value in found.summary().items():
        typer.echo(f"  {key:<15}{value}")
    for reason, count in Counter(found.cannot_tell.reason).most_common():
        typer.echo(f"    {count:,} with {reason}")
    typer.echo(f"{out}: {len(found.pairs):,} rows of number and candidate")
