"""Write a city to disk, one CDR file a day, with bounded memory and any number of threads."""

import json
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from circlegraph.errors import InputError, SettingsError
from circlegraph.synth.bills import make_bills
from circlegraph.synth.checked import make_settings
from circlegraph.synth.dirt import soil
from circlegraph.synth.events import day_events
from circlegraph.synth.files import write_json, write_parquet
from circlegraph.synth.forms import CANONICAL, CLEAN, FORMS, Form
from circlegraph.synth.records import Names, make_names, records
from circlegraph.synth.settings import Settings
from circlegraph.synth.tables import make_cells, make_forwarding, make_subscribers
from circlegraph.synth.tally import DayCount, Tally, count_day
from circlegraph.synth.truth import make_truth
from circlegraph.synth.truth_weeks import weekly_states
from circlegraph.synth.world import World, make_world

Progress = Callable[[str, int, int], None]


def write_city(
    directory: str | os.PathLike[str],
    settings: Settings | None = None,
    *,
    form: str = "parquet",
    threads: int | None = None,
    progress: Progress | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Make a city and write its CDRs, tables and planted truth.

    Parameters
    ----------
    directory : path
        Folder to fill; made if missing. An earlier city in it is replaced.
    settings : Settings, optional
        Settings; else the standard ones.
    form : str
        ``parquet``, ``csv``, ``csv.gz`` (canonical columns), or ``bandicoot``, ``flowkit``, ``cider``,
        ``bass``, ``3gpp``, or ``counts``: a table of calls and texts per caller and callee, without times.
    threads : int, optional
        Days made side by side; the bytes written do not depend on it. Default: all processors, four at most.
    progress : callable, optional
        Called as ``progress(stage, done, total)`` after each step; in the calling thread.
    **changes
        Changes to the settings, as `make_settings` takes them.

    Returns
    -------
    dict
        What ``city.json`` holds: version, settings and counts.

    Raises
    ------
    SettingsError
        If settings make no sense, naming all of them, or the form is unknown.
    InputError
        If the folder cannot be written to, or holds other files.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = write_city(folder, subscribers=60, days=2)
    ...     sorted(path.name for path in Path(folder, "cdr").iterdir())
    ['2025-09-01.parquet', '2025-09-02.parquet']
    """
    import pyarrow as pa

    unknown = "" if form in FORMS else f"form = {form!r}: unknown (known: {', '.join(FORMS)})"
    try:
        settings = make_settings(settings, **changes)
    except SettingsError as error:
        raise SettingsError(f"{error}; {unknown}" if unknown else str(error)) from None
    if unknown:
        raise SettingsError(unknown)
    left_out = [name for name, kept in settings.records.model_dump().items() if not kept and name != "texts"]
    if form in CLEAN and any(settings.dirt.model_dump().values()):
        raise SettingsError(f"form = {form!r}: its rows are sums and cannot be dirty; leave dirt out")
    if left_out and form not in (*CANONICAL, *CLEAN):
        raise SettingsError(
            f"form = {form!r}: needs records with {', '.join(left_out)}; choose {', '.join(CANONICAL)}"
        )
    told = progress or _silent
    folder = Path(directory)
    about = {
        "circlegraph": "synthetic city",
        "version": 2,
        "form": form,
        "settings": json.loads(settings.model_dump_json()),
    }
    _make_room(folder)
    write_json(folder / "city.json", {**about, "complete": False})
    told("people", 0, 1)
    world = make_world(settings)
    names = make_names(world)
    told("people", 1, 1)
    tally = Tally.empty(world)
    dirt: dict[str, dict[str, int]] = {}
    writer = FORMS[form](folder / "cdr", names.numbers.filter(pa.array(world.sims.own)))
    for done, (day, counted, soiled) in enumerate(_days(world, names, writer, threads), start=1):
        tally.add(counted)
        dirt[day] = soiled
        told("days", done, settings.days)
    writer.finish()
    counts = _tables(folder, world, names, tally, told)
    if any(settings.dirt.model_dump().values()):
        write_json(folder / "truth" / "dirt.json", {"days": dirt, "total": _sum(dirt)})
    counts = {"people": world.people.count, "ties": len(world.ties.a), "records": tally.records, **counts}
    made = {**about, "complete": True, "counts": counts}
    write_json(folder / "city.json", made)
    return made


def _make_room(folder: Path) -> None:
    """Make the folders; an earlier city in them makes place, anything else is left alone."""
    parts = [folder / "cdr", folder / "truth"]
    try:
        for part in parts:
            part.mkdir(parents=True, exist_ok=True)
        old = [path for part in parts for path in part.iterdir()]
        if old and not (folder / "city.json").is_file():
            raise InputError(f"{folder}: holds files that are no synthetic city; choose an empty folder")
        for path in old:
            path.unlink()
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be written to ({error.strerror}); choose another folder"
        ) from error


def _silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def _days(
    world: World, names: Names, writer: Form, threads: int | None
) -> Iterator[tuple[str, DayCount, dict[str, int]]]:
    """Make and write all days, a few at a time; yields in order of day."""
    workers = max(1, min(threads or os.cpu_count() or 1, 4) if threads is None else threads)

    def one(number: int) -> tuple[str, DayCount, dict[str, int]]:
        events = day_events(world, number)
        clean = records(names, events, world.settings.records)
        on_time, late, counts = soil(world.settings, clean, number)
        writer.write(events.day.date.isoformat(), on_time)
        if late is not None:
            writer.write(f"{events.day.date.isoformat()}-late", late)
        return events.day.date.isoformat(), count_day(events, len(world.sims.entity)), counts

    if workers == 1:
        yield from map(one, range(world.settings.days))
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[tuple[str, DayCount, dict[str, int]]]] = deque()
        for number in range(world.settings.days):
            waiting.append(pool.submit(one, number))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _tables(folder: Path, world: World, names: Names, tally: Tally, told: Progress) -> dict[str, int]:
    tables = {
        "subscribers": make_subscribers(world, names),
        "forwarding": make_forwarding(world, names),
        "bills": make_bills(world, names.numbers, tally),
        "cells": make_cells(world),
    }
    counts = {}
    for name, table in tables.items():
        write_parquet(folder / f"{name}.parquet", [table])
        counts[name] = table.num_rows
    told("tables", 1, 2)
    for name, table in make_truth(world, names, tally).items():
        write_parquet(folder / "truth" / f"{name}.parquet", [table])
        counts[name] = table.num_rows
    weeks = len(tally.weekly)
    write_parquet(
        folder / "truth" / "weekly.parquet",
        (weekly_states(world, names, tally, week) for week in range(weeks)),
    )
    told("tables", 2, 2)
    return counts


def _sum(dirt: dict[str, dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for day in dirt.values():
        for name, count in day.items():
            total[name] = total.get(name, 0) + count
    return total
