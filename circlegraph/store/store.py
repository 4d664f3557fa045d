"""The contact store: contacts per number, peer and day, one day appended a night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from circlegraph.cdr.intake import REPEATED, SECOND_LEG, take_in
from circlegraph.cdr.once import LegRule
from circlegraph.cdr.pipeline import Cdr, open_cdr
from circlegraph.cdr.quarantine import Quarantine
from circlegraph.cdr.report import Report
from circlegraph.errors import InputError, SettingsError, StoreError
from circlegraph.resources import Resources
from circlegraph.store.by_day import ByDay, events_by_day, sightings_by_day
from circlegraph.store.dates import day_number, iso_date, missing_days
from circlegraph.store.manifest import TEMPORARY, VERSION, Manifest, StoredDay, sync_folder
from circlegraph.store.merge import kinds_twice, second_elsewhere
from circlegraph.store.prune import prune_tokens
from circlegraph.store.taking import Taking
from circlegraph.store.token_files import read_tokens, write_tokens

__all__ = ["Store", "day_number", "iso_date", "missing_days"]

PARTITION_BITS = 5
EARLIER = "event taken in before, matched anew"
NEXT = ".append(cdr), cg.contact_graph(store), cg.contact_circles(store, at)"


class Store:
    """A folder of contacts per number, peer and day, from which any window can be had without the CDRs.

    Every change is atomic: a process killed at any moment leaves the old state or the new one, and what
    it began is simply done again. One process may write at a time; readers need no lock.

    Parameters
    ----------
    path
        The folder of an existing store; `Store.create` makes one.

    Examples
    --------
    >>> import tempfile, pandas as pd
    >>> store = Store.create(Path(tempfile.mkdtemp()) / "store")
    >>> calls = pd.DataFrame({"caller": ["a", "b"], "callee": ["b", "a"], "duration": [60, 5],
    ...                       "start": pd.to_datetime(["2024-05-01 08:00", "2024-05-02 09:30"])})
    >>> store.append(calls).accepted, store.append(calls).duplicates.total(), store.days
    (2, 2, ['2024-05-01', '2024-05-02'])

    Raises
    ------
    StoreError
        If there is no store, or it is damaged or of another version.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        Manifest.read(self.path)

    @classmethod
    def create(cls, path: str | Path) -> Store:
        """Make an empty store in a folder that does not exist yet or is empty.

        Raises
        ------
        StoreError
            If the folder holds something or cannot be made.
        """
        root = Path(path)
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Two empty folders may be what a killed attempt left.
            if {path.name for path in root.rglob("*")} - {"days", "tokens"}:
                raise StoreError(f"{root}: the folder is not empty; name a new one for the store")
            for name in ("days", "tokens"):
                (root / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{root}: cannot be made ({error.strerror or error})") from error
        Manifest(VERSION, PARTITION_BITS).write(root)
        return cls(root)

    @property
    def manifest(self) -> Manifest:
        """The present state."""
        return Manifest.read(self.path)

    @property
    def days(self) -> list[str]:
        """ISO dates of the stored days."""
        return list(self.manifest.days)

    def append(
        self,
        sources: Any,
        *,
        resources: Resources | None = None,
        quarantine: Quarantine | None = None,
        **reading: Any,
    ) -> Report:
        """Take in CDRs of any days; events that are stored already are counted as duplicates.

        Days are merged with what is stored of them, so a late day or a late row needs nothing special: what a store
        holds does not depend on how its rows were cut into appends. The work is in proportion to the new rows and
        the days they belong to; only when the new rows change what is known to be recorded twice (see
        `circlegraph.store.merge`), which is seldom, all stored days are matched anew. An event that the store already
        holds and that turns out to be a second record then is counted in the report's notes.

        Parameters
        ----------
        sources
            CDR files, folders or tables as for `open_cdr`, or its result.
        resources
            Threads, memory, progress.
        quarantine
            Where rejected rows go.
        **reading
            Options of `open_cdr`.

        Returns
        -------
        Report
            Rows read = accepted + duplicates + rejected. Accepted are as many as the store holds more events.

        Raises
        ------
        InputError
            If the CDRs cannot be used; the store is then as before.
        SettingsError
            If their numbers are read for another home country than the store's.
        StoreError
            If another process is writing, or the disk is full; the store is then as before.
        """
        with self._writing() as manifest:
            return self._take(manifest, sources, resources or Resources(), quarantine, None, reading)

    def replace_day(
        self,
        day: str | dt.date,
        sources: Any,
        *,
        resources: Resources | None = None,
        quarantine: Quarantine | None = None,
        **reading: Any,
    ) -> Report:
        """Put the events of these CDRs in the place of all that is stored of a day.

        Parameters and errors are those of `append`; CDRs with rows of other days are refused, but for those that tell
        of an event of this day across a midnight. These are counted as second records and not kept: of the days
        beside it, only what is stored already is matched with the new rows. Accepted are the events of this day.
        """
        number = day_number(day)
        with self._writing() as manifest:
            return self._take(manifest, sources, resources or Resources(), quarantine, number, reading)

    def drop_before(self, day: str | dt.date) -> list[str]:
        """Forget all days before a date, and return their dates.

        Once as many days have gone as are left, the numbers, cells and handsets that are no digits and that none
        of the days left knows are forgotten too; so seldom, as all days are looked through for it.
        """
        first = iso_date(day_number(day))
        with self._writing() as manifest:
            old = [date for date in manifest.days if date < first]
            days = {date: files for date, files in manifest.every_day.items() if date >= first}
            if len(days) < len(manifest.every_day):
                dropped = manifest.dropped + len(old)
                tokens = manifest.tokens
                if dropped >= len(days):
                    with suppress(StoreError):  # a damaged day, or a full disk, must not keep the others
                        tokens = prune_tokens(self.path, tokens, days.values(), Resources().threads)
                        dropped = 0
                self._commit(manifest.changed(days, tokens=tokens, dropped=dropped))
            return old

    def verify(self) -> None:
        """Compare every stored file with the checksum noted when it was written.

        Raises
        ------
        StoreError
            For the first file that is missing or differs.
        """
        for file in self.manifest.files():
            file.verify(self.path)

    def _take(
        self,
        manifest: Manifest,
        sources: Any,
        resources: Resources,
        quarantine: Quarantine | None,
        only: int | None,
        reading: Mapping[str, Any],
    ) -> Report:
        cdr = sources if isinstance(sources, Cdr) else open_cdr(sources, **reading)
        home, _ = cdr.settings.country
        if manifest.country not in (None, home):
            raise SettingsError(
                f"{self.path}: the store's numbers are those of home country {manifest.country or 'none'}, and these "
                f"CDRs are read for {home or 'none'}; read them for the store's country, or into a store of their own"
            )
        known = read_tokens(self.path, manifest.tokens)
        intake = take_in(cdr, resources, quarantine, sightings=True)
        new_tokens = known.add(intake.tokens)
        by_day = events_by_day(intake, resources)
        seen = sightings_by_day(intake, resources)
        report = intake.report()
        if only is not None:
            report.drop(SECOND_LEG, _second_elsewhere(by_day, only, intake.rule))
        taking = Taking(self.path, manifest.partition_bits, manifest.every_day, by_day, seen, only)
        guess = tuple(manifest.twins) if manifest.days else intake.rule.twins
        days, evidence, twins = _taken(taking, manifest, guess, report, resources)
        for rows in (by_day, *seen.values()):
            rows.release()
        report.check()
        tokens = (
            [*manifest.tokens, write_tokens(self.path, new_tokens)] if len(new_tokens) else manifest.tokens
        )
        note = {"files": [file.path for file in cdr.files], **report.as_dict()}
        changed = manifest.changed(
            days,
            tokens=tokens,
            appended=[*manifest.appended, note],
            durations=bool(manifest.durations) or cdr.durations,
            country=home if days else None,
            twins=list(twins),
            evidence=evidence,
        )
        self._commit(changed)
        return report

    @contextmanager
    def _writing(self) -> Iterator[Manifest]:
        """Hold the write lock; the operating system lets go of it when a process dies."""
        from filelock import FileLock, Timeout

        try:
            with FileLock(self.path / "lock", timeout=0, mode=0o600):
                manifest = self.manifest
                self._sweep(manifest)
                yield manifest
        except Timeout as error:
            raise StoreError(
                f"{self.path}: another process is writing to the store; try again later"
            ) from error
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be written ({error.strerror or error})") from error

    def _commit(self, manifest: Manifest) -> None:
        sync_folder(self.path / "days")
        sync_folder(self.path / "tokens")
        manifest.write(self.path)
        self._sweep(manifest)

    def _sweep(self, manifest: Manifest) -> None:
        """Remove what no state needs: old files, and what a killed process left behind."""
        needed = {file.name for file in manifest.files()} | set(manifest.former)
        for folder in ("days", "tokens"):
            for path in (self.path / folder).iterdir():
                if f"{folder}/{path.name}" not in needed:
                    path.unlink(missing_ok=True)
        for path in self.path.glob(f"*{TEMPORARY}"):
            path.unlink(missing_ok=True)

    def summary(self) -> dict[str, str]:
        """Say what the store holds, in a few words and figures."""
        manifest = self.manifest
        days = list(manifest.days)
        missing = len(missing_days(days))
        return {
            "folder": str(self.path),
            "days": f"{len(days)}, {days[0]} to {days[-1]}, {missing} missing between"
            if days
            else "none yet",
            "events": f"{sum(day.events.rows for day in manifest.days.values()):,}",
            "size": f"{sum(file.bytes for file in manifest.files()) / 1e6:,.1f} MB",
        }

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.summary().items()]
        return "\n".join(["Store", *lines, f"  next: {NEXT}"])

    def _repr_html_(self) -> str:
        from circlegraph.html import card

        return card("Contact store", self.summary(), NEXT)


def _second_elsewhere(new: ByDay, only: int, rule: LegRule) -> int:
    """Count rows across a midnight from the one day that is to be replaced, which tell of events of that day.

    Raises
    ------
    InputError
        If there are other rows of other days, or none of that day.
    """
    if only not in new.sizes:
        raise InputError(
            f"the CDRs hold no usable event of {iso_date(only)}; the stored day was left as it is"
        )
    both = second_elsewhere(new.rows(only), np.concatenate([new.rows(only - 1), new.rows(only + 1)]), rule)
    others = sum(new.sizes.values()) - new.sizes[only] - both
    if others:
        raise InputError(f"{others} rows are not of {iso_date(only)}; the stored day was left as it is")
    return both


def _taken(
    taking: Taking, manifest: Manifest, guess: tuple[str, ...], report: Report, resources: Resources
) -> tuple[dict[str, StoredDay], dict[str, Any], tuple[str, ...]]:
    """All days, evidence and kinds of events that are recorded twice, once the new rows are in.

    What the evidence of the days says is not known before their rows are put together. It seldom differs from the
    guess; then all days are matched anew.
    """
    while True:
        days, evidence = manifest.every_day, dict(manifest.evidence)
        rows = events = elsewhere = 0
        for change in taking.changes(guess, resources, all_days=guess != tuple(manifest.twins)):
            date = iso_date(change.day)
            days[date] = change.files
            if change.evidence is not None:
                evidence[date] = dict(change.evidence)
            if taking.replaced in (None, change.day):
                rows, events = rows + change.rows, events + change.events
            else:
                elsewhere += change.events
        twins = kinds_twice(evidence.values())
        if twins == guess:
            break
        guess = twins
    accepted = min(max(events, 0), rows)
    report.drop(REPEATED, report.accepted - rows)
    report.drop(SECOND_LEG, rows - accepted)
    matched_anew = abs(events - accepted + elsewhere)
    if matched_anew:
        report.notes[EARLIER] += matched_anew
    return days, dict(sorted(evidence.items())), twins
