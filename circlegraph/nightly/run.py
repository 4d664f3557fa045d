"""Run a night: stage by stage, doing only what is not done yet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from warnings import catch_warnings, simplefilter

from circlegraph.errors import CirclegraphError, CirclegraphWarning, InputError, UnknownEntriesWarning
from circlegraph.nightly.days import events_per_day, last_full_day, span_of
from circlegraph.nightly.intake import Intake, Tell
from circlegraph.nightly.lock import one_run
from circlegraph.nightly.log import NAME as LOG
from circlegraph.nightly.log import add_line, measured
from circlegraph.nightly.manifest import StageManifest, new_folder
from circlegraph.nightly.night import Night, nights
from circlegraph.nightly.privacy import STATE, Mask, check_same_mask, mask_of, note_mask
from circlegraph.nightly.report import NAME as REPORT
from circlegraph.nightly.report import write_report
from circlegraph.nightly.settings import Settings
from circlegraph.nightly.stages import Stage, stages_here
from circlegraph.resources import Resources
from circlegraph.store.dates import day_number, iso_date
from circlegraph.store.store import Store

AUDIT = "audit.jsonl"
SHOWN_DAYS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run went.

    Attributes
    ----------
    night
        What the stages shared.
    done
        Stages that were worked on; none if everything was there already.
    warnings
        What somebody should know.
    dropped
        Days and nights that were dropped as the config asks for.
    """

    night: Night
    done: tuple[str, ...]
    warnings: tuple[str, ...]
    dropped: tuple[str, ...]


def run_night(
    settings: Settings,
    date: str | None = None,
    *,
    resources: Resources | None = None,
    tell: Tell | None = None,
) -> Outcome:
    """Take in what is new, and make a night's results as of the end of a date.

    Whatever is there already, made of the same inputs, settings and version, is kept. A run that was killed is carried
    on with, and ends with the same bytes.

    Parameters
    ----------
    settings
        The config, see `circlegraph.nightly.config.read_settings`.
    date
        By default the last stored day that is no stray.
    resources
        Threads, memory, progress.
    tell
        Called with each warning as it arises.

    Raises
    ------
    SettingsError
        If the key of the pseudonyms is missing or too short, or the results were made with another.
    StoreError
        If another run is under way, or the store cannot be used.
    InputError
        If days are missing and the config refuses that, or a table cannot be used.
    """
    resources = resources or Resources()
    warnings: list[str] = []

    def warn(text: str) -> None:
        warnings.append(text)
        if tell is not None:
            tell(text)

    results = settings.folders.results
    wanted = None if date is None else iso_date(day_number(date))
    mask = mask_of(settings.privacy, lambda: _known_numbers(night))
    state = _folders(settings)
    with one_run(state, warn):
        log = state / LOG
        try:
            check_same_mask(mask, results)
            note_mask(mask, results)
            _sweep_files(settings.folders.store, settings.folders.store / "quarantine", results, state)
            store = _store(settings.folders.store)

            def choose_night() -> str:
                events = events_per_day(store.manifest.days)
                return wanted or last_full_day(events, settings.missing_days.thin)

            with measured() as cost:
                Intake(settings, store, resources, warn).run(choose_night)
            chosen = choose_night()
            span_of(settings, chosen, events_per_day(store.manifest.days))  # before a folder is made for it
            log = results / chosen / LOG
            log.parent.mkdir(mode=0o700, exist_ok=True)
            _sweep_files(log.parent)
            _sweep(log.parent)
            add_line(log, stage="new files", state="done", **cost.fields())
            night = _night(settings, chosen, store, resources, mask, warn)
            done = tuple(stage.name for stage in stages_here() if _made(stage, night, log, resources))
            if done or not (night.folder / REPORT).exists():
                write_report(night, warnings)
            dropped = tuple(_dropped(settings, store, night.date))
            ended = {"state": "done" if done else "nothing to do", "made": done, "dropped": dropped}
            add_line(log, run=night.date, **ended, warnings=warnings)
            add_line(results / AUDIT, action="nightly", night=night.date, **ended)
        except Exception as error:
            # Other errors than our own may quote rows of the data.
            ours = isinstance(error, (CirclegraphError, CirclegraphWarning))
            told = str(error) if ours else type(error).__name__
            add_line(log, run=wanted, state="failed", error=told, warnings=warnings)
            add_line(results / AUDIT, action="nightly", night=wanted, state="failed")
            raise
    return Outcome(night, done, tuple(warnings), dropped)


def _folders(settings: Settings) -> Path:
    state = settings.folders.results / STATE
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{state}: cannot be made ({error.strerror})") from error
    return state


def _store(path: Path) -> Store:
    return Store(path) if (path / "manifest.json").exists() else Store.create(path)


def _sweep_files(*folders: Path) -> None:
    """Remove temporary files that a killed run left."""
    for folder in folders:
        for left in folder.glob("*.tmp"):
            left.unlink()


def _sweep(folder: Path) -> None:
    """Remove what a killed run left of the stages that it was at; a stage whose old folder is left gets it back."""
    for left in folder.glob(".*.old"):
        home = folder / left.name[1 : -len(".old")]
        if not home.exists():
            left.rename(home)
    for left in (*folder.glob(".*.new"), *folder.glob(".*.old")):
        shutil.rmtree(left)


def _night(
    settings: Settings, date: str, store: Store, resources: Resources, mask: Mask, warn: Tell
) -> Night:
    span = span_of(settings, date, events_per_day(store.manifest.days))
    names = tuple(stage.name for stage in stages_here())
    night = Night(settings, span, names, resources, mask, warn)
    rule = settings.missing_days.rule
    for what, days in (("are missing", span.missing), ("hold far fewer events than the others", span.thin)):
        if days and rule != "run":
            shown = ", ".join(days[-SHOWN_DAYS:]) + (
                f" and {len(days) - SHOWN_DAYS} more" * (len(days) > SHOWN_DAYS)
            )
            text = f"{len(days)} of the days from {span.first} to {span.date} {what}: {shown}"
            if rule == "refuse":
                raise InputError(f"{text}; bring them, or let missing_days.rule be 'warn'")
            warn(text)
    return night


def _known_numbers(night: Night) -> Iterator[str]:
    """Numbers that pseudonyms may stand for: those of the windows and of the tables."""
    from circlegraph.nightly.stage_circles import all_numbers

    yield from all_numbers(night)


def _made(stage: Stage, night: Night, log: Path, resources: Resources) -> bool:
    """Make the results of a stage, unless they are there."""
    folder = night.folder / stage.name
    wanted = stage.wanted(night)
    there = StageManifest.read(folder)
    if there is not None and there.made_of_the_same(wanted) and there.intact(folder):
        add_line(log, stage=stage.name, state="kept")
        return False
    why = "new" if there is None else ", ".join(there.changed(wanted)) or "its files were changed"
    (night.folder / REPORT).unlink(missing_ok=True)  # it tells of the former results
    resources.progress(stage.name.replace("_", " "), 0, None)
    with measured() as cost, new_folder(folder) as new, catch_warnings():
        simplefilter("ignore", UnknownEntriesWarning)  # many stages read a table; one tells of it
        counts = stage.work()(night, new)
        replace(wanted, counts=counts).write(new)
    add_line(log, stage=stage.name, state="done", why=why, **cost.fields(), counts=counts)
    return True


def _dropped(settings: Settings, store: Store, date: str) -> Iterator[str]:
    """Drop the days and nights that the config does not keep."""
    kept = settings.retention
    if kept.store_days is not None:
        reach = max(kept.store_days, settings.windows.before + settings.windows.after)
        yield from store.drop_before(iso_date(day_number(date) - reach + 1))
    if kept.result_nights is not None:
        for night in nights(settings.folders.results)[: -kept.result_nights]:
            if night != date:
                with suppress(FileNotFoundError):
                    shutil.rmtree(settings.folders.results / night)
                yield f"results of {night}"
