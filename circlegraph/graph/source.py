"""Pairs of windows from any source: CDR files, tables, a recognised input, or a contact store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph._version import version
from circlegraph.cdr.intake import take_in
from circlegraph.cdr.once import ONE_LEG, LegRule
from circlegraph.cdr.pipeline import Cdr, open_cdr
from circlegraph.cdr.report import Report
from circlegraph.contacts.forwards import Forwards, forwards_of
from circlegraph.contacts.handsets import Handsets, handsets_of
from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.contacts.pairs import Detail
from circlegraph.contacts.places import Places, places_of
from circlegraph.contacts.strays import FAR, without_strays
from circlegraph.contacts.talks import Talks, long_calls, talks_of
from circlegraph.contacts.windows import DAY, Windows, as_text
from circlegraph.errors import InputError, StoreError
from circlegraph.graph.build import PairTable, pairs_of_intake
from circlegraph.graph.config_hash import config_hash
from circlegraph.graph.from_store import (
    StoredEvents,
    habits_of_store,
    pairs_of_store,
    provenance_of_store,
    sightings_of_store,
)
from circlegraph.graph.network import Network
from circlegraph.graph.numbering import Numbers
from circlegraph.numbers import Tokens
from circlegraph.store.by_day import ByDay
from circlegraph.store.dates import day_number
from circlegraph.store.store import Store
from circlegraph.store.token_files import read_tokens

if TYPE_CHECKING:
    from pathlib import Path

    from circlegraph.cdr.quarantine import Quarantine
    from circlegraph.contacts.seen import SightingSource
    from circlegraph.resources import Resources
    from circlegraph.store.manifest import Manifest

# Words of 64 day bits that any pair may have (11 years), and all of them together past that (1 GB).
PLAIN_WORDS = 64
MOST_WORDS = 1 << 27

# Stands for the unknown time of a table of counts.
UNKNOWN = Windows((0, DAY))

# How often to read a store that is being written to.
ATTEMPTS = 4

ChooseWindows = Callable[[int, int], Windows]

Digest = Callable[["SightingSource", NumberIndex, Windows], Any]
"""Makes something of the cells, handsets and forwarded calls, so that they need not be laid out."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Pairs of some windows with their numbers, and where they come from.

    Attributes
    ----------
    table
        The pairs.
    numbers
        The numbers, own network and operators told.
    provenance
        Version, hash of the settings, source, span and counts, as plain data.
    report
        Counts of the rows read; of a store, none.
    rule
        How one-leg input was told from two-leg input.
    timed
        Whether the data say when; a table of counts does not, and its one window stands for an unknown time.
    durations
        Whether the data say how long calls last; else 0 s stands for an unknown length.
    places, handsets, forwards
        Cells and handsets of each number and forwarded calls, where asked for; None where the data tell none.
    talks
        When each number talks, where asked for; None where the data do not tell.
    digest
        What was made of cells, handsets and forwarded calls instead, where asked for.
    """

    table: PairTable
    numbers: Numbers
    provenance: dict[str, Any]
    report: Report = field(default_factory=Report)
    rule: LegRule = ONE_LEG
    timed: bool = True
    durations: bool = True
    places: Places | None = None
    handsets: Handsets | None = None
    forwards: Forwards | None = None
    talks: Talks | None = None
    digest: Any = None


def contacts_of(
    source: Any,
    choose: ChooseWindows,
    *,
    network: Network,
    resources: Resources,
    detail: Detail,
    quarantine: Quarantine | None = None,
    places: bool = False,
    talks: bool = False,
    digest: Digest | None = None,
    untimed: bool = False,
) -> Contacts:
    """Sum a source by pair over windows that are chosen once its span is known.

    Parameters
    ----------
    source
        A store, a recognised input, or whatever `open_cdr` takes.
    choose
        Returns the windows for the start of the first and the last event.
    network
        Tells the own network's numbers and the operators.
    resources
        Threads, memory, progress.
    detail
        What is summed, see `contacts.pairs.Detail`.
    quarantine
        Where rejected rows go.
    places
        Whether cells, handsets and forwarded calls are wanted too.
    talks
        Whether the times of calls are wanted too.
    digest
        What to make of cells, handsets and forwarded calls instead, which takes less memory than to hold them all.
    untimed
        Whether a table of counts without times will do. Its pairs have calls and texts only: no days, no times,
        no seconds; `choose` is not asked then.

    Raises
    ------
    InputError
        If the source holds no usable event or none in a window, or no times though they are needed.
    """
    if isinstance(source, Store):
        return _of_store(source, choose, network, resources, detail, places, talks, digest)
    cdr = source if isinstance(source, Cdr) else open_cdr(source)
    home, _ = cdr.settings.country
    network.expect_country(home)
    intake = take_in(cdr, resources, quarantine, sightings=places or digest is not None, untimed=untimed)
    if not len(intake):
        raise InputError(
            "the CDRs hold no usable event; `circlegraph inspect` shows why each row was rejected"
        )
    windows = UNKNOWN
    if intake.first is not None and intake.last is not None:
        first, last = intake.first, intake.last
        if last - first > FAR * DAY:
            first, last = without_strays(*intake.days())
        windows = choose(first, last)
        _check_span(windows, len(intake))
    calls = ByDay(resources.sighting_room) if talks and cdr.timed and cdr.durations else None

    def look(events: NDArray[np.int64]) -> None:
        assert calls is not None
        calls.add_events(long_calls(events))

    table = pairs_of_intake(intake, windows, resources, detail=detail, look=None if calls is None else look)
    report = intake.report()
    numbers = network.numbers(table.index, intake.tokens, home)
    reading = {
        "files": [(file.form, dict(file.columns)) for file in cdr.files],
        **{name: getattr(cdr.settings, name) for name in ("epoch", "tz", "country")},
    }
    provenance = {
        "version": version(),
        "config": config_hash(windows, network, reading),
        "files": [file.path for file in cdr.files],
        **report.as_dict(),
    }
    contacts = Contacts(table, numbers, provenance, report, intake.rule, cdr.timed, cdr.durations)
    if calls is not None:
        calls.finish()
        contacts = replace(contacts, talks=talks_of(calls, table.index, windows, resources))
        calls.release()
    if intake.sightings is None:
        return contacts
    seen = _with_sightings(contacts, intake.sightings, intake.tokens, resources, digest)
    intake.sightings.release()
    return seen


def _with_sightings(
    contacts: Contacts,
    source: SightingSource,
    tokens: Tokens,
    resources: Resources,
    digest: Digest | None,
) -> Contacts:
    index, windows = contacts.table.index, contacts.table.windows
    if digest is not None:
        return replace(contacts, digest=digest(source, index, windows) if contacts.timed else None)
    return replace(
        contacts,
        places=places_of(source, index, windows, tokens, resources),
        handsets=handsets_of(source, index, windows, tokens, resources),
        forwards=forwards_of(source, index, windows, resources),
    )


def _check_span(windows: Windows, rows: int) -> None:
    """Refuse windows whose day bits would fill the memory: one wrong time among many stretches them so."""
    words = int(windows.words[-1])
    if words > PLAIN_WORDS and words * rows > MOST_WORDS:
        raise InputError(
            f"the windows run from {as_text(windows.edges[0])} to {as_text(windows.edges[-1])}, which a wrong time "
            "in the CDRs may have caused; say how many days to take (--before and --after, days_before and "
            "days_after) or mend the times"
        )


def _of_store(
    source: Store,
    choose: ChooseWindows,
    network: Network,
    resources: Resources,
    detail: Detail,
    places: bool,
    talks: bool,
    digest: Digest | None,
) -> Contacts:
    """Read one state of a store; anew where writers replaced its files in the meantime."""
    for _ in range(ATTEMPTS - 1):
        manifest = source.manifest
        try:
            return _of_state(source.path, manifest, choose, network, resources, detail, places, talks, digest)
        except StoreError:
            if source.manifest.generation == manifest.generation:
                raise
    return _of_state(source.path, source.manifest, choose, network, resources, detail, places, talks, digest)


def _of_state(
    root: Path,
    manifest: Manifest,
    choose: ChooseWindows,
    network: Network,
    resources: Resources,
    detail: Detail,
    places: bool,
    talks: bool,
    digest: Digest | None,
) -> Contacts:
    if not manifest.days or manifest.country is None:
        raise InputError(f"{root}: the store holds no days yet; append CDRs first")
    network.expect_country(manifest.country)
    held = np.array([[day_number(date), day.events.rows] for date, day in manifest.days.items()])
    windows = choose(*without_strays(*held.T))
    if detail == "habits":
        table = habits_of_store(root, manifest, windows, resources)
    else:
        table = pairs_of_store(root, manifest, windows, resources, detail)
    tokens: Tokens = read_tokens(root, manifest.tokens).tokens()
    numbers = network.numbers(table.index, tokens, manifest.country)
    provenance = {
        "version": version(),
        "config": config_hash(table.windows, network, {}),
        **provenance_of_store(root, manifest, table.windows),
    }
    contacts = Contacts(table, numbers, provenance, durations=bool(manifest.durations))
    if talks and contacts.durations:
        events = StoredEvents(root, manifest, windows)
        contacts = replace(contacts, talks=talks_of(events, table.index, windows, resources))
    if not places and digest is None:
        return contacts
    source = sightings_of_store(root, manifest, windows, resources)
    return _with_sightings(contacts, source, tokens, resources, digest)
