"""``circlegraph demo``: a small city, its contact store, and what happens to circles when numbers change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circlegraph.cli import options as o

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.circles.circles import Circles
    from circlegraph.store.store import Store

SPLIT_DAY = 60
SHOWN_PEERS = 8


def demo(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to fill.")] = Path(
        "circlegraph-demo"
    ),
    subscribers: Annotated[int, typer.Option(min=500, help="Own subscribers of the city.")] = 3_000,
    seed: Annotated[int, typer.Option(help="Same seed, same city.")] = 1,
    threads: o.Threads = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,  # noqa: ARG001 - read by main
) -> None:
    """Make a small synthetic city, store its CDRs, and compare circles before and after.

    Ends with the circle of somebody who took a second number, and the paths of all that was written.
    """
    import circlegraph as cg
    from circlegraph.circles.run import run_circles, write_circles
    from circlegraph.tables import read_table

    resources = o.run_resources(threads, None, quiet)
    city = directory / "city"
    made = cg.synth.write_city(
        city, subscribers=subscribers, seed=seed, threads=resources.threads, progress=resources.progress
    )
    store = _fresh_store(directory / "store")
    report = store.append(city / "cdr", resources=resources)
    split = store.days[SPLIT_DAY]
    network = cg.Network.of(subscribers=city / "subscribers.parquet")
    circles = cg.contact_circles(store, split, network=network, threads=resources.threads)
    out = directory / "circles.parquet"
    write_circles(run_circles(store, split, network=network, resources=resources), out)
    truth = read_table(city / "truth" / "second_numbers.parquet", ("number", "second_number", "onset"))

    from circlegraph.cli.text import counts_line

    typer.echo(
        f"A city of {made['counts']['subscribers']:,} subscribers, {len(store.days)} days of calls and texts:"
    )
    typer.echo(f"  {counts_line(report)}")
    typer.echo(f"Circles before and after {split}:")
    for key, value in circles.summary().items():
        typer.echo(f"  {key:<12} {value}")
    typer.echo("\n".join(_movers(circles, truth.to_pandas(), split)))
    typer.echo("Written:")
    for path in (city, store.path, out):
        typer.echo(f"  {path}")


def _fresh_store(path: Path) -> Store:
    """An empty store; what an earlier demo left is removed."""
    import shutil

    import circlegraph as cg

    if (path / "manifest.json").exists():
        cg.Store(path)  # refuses what is no store
        shutil.rmtree(path)
    return cg.Store.create(path)


def _movers(circles: Circles, truth: pd.DataFrame, split: str) -> list[str]:
    """Set planted second numbers beside everybody else, and show the circle of one who moved."""
    import numpy as np

    balance = circles.persistence()
    new = truth[truth.visible & (truth.onset.astype(str) >= split)]
    ids = circles.numbers.ids_of(new.number.tolist())
    new = new[ids >= 0].assign(id=ids[ids >= 0])
    moved = np.zeros(len(circles), np.bool_)
    moved[new.id] = True
    ever = np.isin(np.arange(len(circles)), circles.numbers.ids_of(truth.number.tolist()))
    own = circles.numbers.own & ~np.isnan(balance) & (moved | ~ever)
    lines = [
        "How much of the old circle is found again at the same number (balance, 1 is all):",
        f"  {balance[own & ~moved].mean():.2f} subscribers who kept to one number",
        f"  {balance[own & moved].mean():.2f} subscribers who took a second number after {split} (planted)",
    ]
    indexed = circles.to_pandas()
    second = indexed[indexed.number.isin(new.second_number)].set_index(["number", "peer"]).after_index
    taken = new.assign(
        seen=[second.get(number, second.iloc[:0]).size for number in new.second_number],
        balance=balance[new.id],
    )
    taken = taken[taken.seen >= 3].sort_values(["seen", "number"], ascending=[False, True])
    if taken.empty:
        return lines
    one = taken.iloc[0]
    circle = circles.circle(one.number).query("stable").head(SHOWN_PEERS)
    lines.append(
        f"One of them, {one.number}; his second number is {one.second_number} ({one.second_operator}):"
    )
    lines.append(f"  {'steady peer':<14}{'before':>8}{'after':>8}{'second number':>16}")
    for row in circle.itertuples():
        found = second.get((one.second_number, row.peer), 0.0)
        lines.append(f"  {row.peer:<14}{row.before_index:>8.2f}{row.after_index:>8.2f}{found:>16.2f}")
    return lines
