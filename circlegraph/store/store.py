"""The contact store: contacts per number, peer and day, one day appended a night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.cdr.exchange import Exchange
from circlegraph.cdr.intake import REPEATED, SECOND_LEG, Intake, take_in
from circlegraph.cdr.once import ONE_LEG, LegRule
from circlegraph.cdr.pipeline import Cdr, open_cdr
from circlegraph.cdr.quarantine import Quarantine
from circlegraph.cdr.report import Report
from circlegraph.contacts.windows import DAY
from circlegraph.errors import InputError, SettingsError, StoreError
from circlegraph.kernels.stamp import START_SHIFT
from circlegraph.parallel import mapped
from circlegraph.resources import Resources
from circlegraph.store.day_files import read_events, write_contacts, write_events
from circlegraph.store.manifest import TEMPORARY, VERSION, Manifest, StoredDay, sync_folder
from circlegraph.store.merge import MergedDay, merge_day, near_midnight
from circlegraph.store.token_files import read_tokens, write_tokens

PARTITION_BITS = 5
NEXT = ".append(cdr), cg.contact_graph(store), cg.contact_circles(store, at)"
NOTHING = np.empty((0, 3), np.int64)


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

        Days are merged with what is stored of them, so a late day or a late row needs nothing special. The
        work is in proportion to the new rows and the days they belong to.

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
            Rows read = accepted + duplicates + rejected.

        Raises
        ------
        InputError
            If the CDRs cannot be used; the store is then as before.
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

        Parameters and errors are those of `append`; CDRs with events of other days are refused.
        """
        number = day_number(day)
        with self._writing() as manifest:
            return self._take(manifest, sources, resources or Resources(), quarantine, number, reading)

    def drop_before(self, day: str | dt.date) -> list[str]:
        """Forget all days before a date, and return their dates."""
        first = iso_date(day_number(day))
        with self._writing() as manifest:
            old = [date for date in manifest.days if date < first]
            if old:
                days = {date: files for date, files in manifest.days.items() if date >= first}
                self._commit(manifest.changed(days=days))
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
        known = read_tokens(self.path, manifest.tokens)
        intake = take_in(cdr, resources, quarantine)
        new_tokens = known.add(intake.tokens)
        by_day = _by_day(intake, resources)
        report = intake.report()
        sizes = by_day.sizes()
        if only is not None and set(sizes) - {only}:
            others = sum(size for day, size in sizes.items() if day != only)
            raise InputError(f"{others} events are not of {iso_date(only)}; the stored day was left as it is")
        if only is not None and not sizes:
            raise InputError(
                f"the CDRs hold no usable event of {iso_date(only)}; the stored day was left as it is"
            )

        def merged(day: int) -> tuple[int, StoredDay | None, MergedDay]:
            rows = by_day.partition(day, sizes[day])
            return self._merged_day(manifest, day, rows, intake.rule, replace=day == only)

        days = dict(manifest.days)
        for done, (day, files, result) in enumerate(mapped(merged, sizes, resources.threads), 1):
            if files is not None:
                days[iso_date(day)] = files
            report.drop(REPEATED, result.repeated)
            report.drop(SECOND_LEG, result.second_legs)
            resources.progress("storing days", done, len(sizes))
        by_day.release()
        report.check()
        tokens = (
            [*manifest.tokens, write_tokens(self.path, new_tokens)] if len(new_tokens) else manifest.tokens
        )
        note = {"files": [file.path for file in cdr.files], **report.as_dict()}
        self._commit(manifest.changed(days=days, tokens=tokens, appended=[*manifest.appended, note]))
        return report

    def _merged_day(
        self, manifest: Manifest, day: int, rows: NDArray[np.int64], rule: LegRule, *, replace: bool
    ) -> tuple[int, StoredDay | None, MergedDay]:
        if rule == ONE_LEG and (rows[:, 2] & 3).any():  # the other legs may have come another night
            rule = LegRule("opposite legs")
        here = manifest.days.get(iso_date(day))
        stored = NOTHING if here is None or replace else read_events(self.path, here.events)
        result = merge_day(rows, stored, self._neighbours(manifest, day, rule), rule)
        if not replace and len(result.events) == len(stored):
            return day, None, result  # nothing new
        contacts = write_contacts(self.path, day, result.events, manifest.partition_bits)
        return day, StoredDay(contacts, write_events(self.path, day, result.events)), result

    def _neighbours(self, manifest: Manifest, day: int, rule: LegRule) -> NDArray[np.int64]:
        """Stored events just across the day's midnights, where the other leg of an event may stand."""
        if rule.name == "one-leg":
            return NOTHING
        near = [NOTHING]
        for other, before in ((day - 1, False), (day + 1, True)):
            files = manifest.days.get(iso_date(other))
            if files is not None:
                near.append(near_midnight(read_events(self.path, files.events), other, before=before))
        return np.concatenate(near)

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


def _by_day(intake: Intake, resources: Resources) -> Exchange:
    """Cut the unique events of an intake by day."""
    by_day = Exchange(resources.event_room)

    def moved(partition: int) -> None:
        rows = intake.unique(partition)
        if len(rows):
            caller, callee, stamp = np.ascontiguousarray(rows.T)
            day = (stamp >> START_SHIFT) // DAY
            lowest = int(day.min())
            part = (day - lowest).astype(np.int32)
            by_day.add((caller, callee, stamp), part, lowest, int(day.max()) - lowest + 1)

    list(mapped(moved, intake.partitions(), resources.threads))
    intake.release()
    return by_day


def day_number(day: str | dt.date) -> int:
    """Days since 1970-01-01.

    Examples
    --------
    >>> day_number("1970-01-15")
    14

    Raises
    ------
    SettingsError
        If it is no date.
    """
    text = str(day)
    try:
        # NumPy alone would also take "", "NaT" and "today", and sort the first two behind every date.
        return (dt.datetime.fromisoformat(text).date() - dt.date(1970, 1, 1)).days
    except ValueError as error:
        raise SettingsError(f"{text!r} is no date; write it like 2024-05-31") from error


def iso_date(day: int) -> str:
    """Date of a day counted from 1970-01-01.

    Examples
    --------
    >>> iso_date(14)
    '1970-01-15'
    """
    return str(np.datetime64(day, "D"))


def missing_days(days: list[str]) -> list[str]:
    """Dates between the first and the last that are not there.

    Examples
    --------
    >>> missing_days(["2024-02-28", "2024-03-01"])
    ['2024-02-29']
    """
    if not days:
        return []
    there = set(days)
    every = range(day_number(days[0]), day_number(days[-1]) + 1)
    return [date for date in map(iso_date, every) if date not in there]
