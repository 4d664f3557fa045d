"""Take new and late CDR files into the contact store; a bad file is named and set aside."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from circlegraph.cdr.intake import take_in
from circlegraph.cdr.pipeline import open_cdr
from circlegraph.cdr.quarantine import Quarantine
from circlegraph.errors import InputError
from circlegraph.nightly.config import digest
from circlegraph.nightly.ledger import REFUSED, TAKEN, Entry, Ledger, listed_files, news
from circlegraph.nightly.manifest import file_sha256
from circlegraph.nightly.plan import NAME as PLAN
from circlegraph.nightly.plan import Batch, Plan
from circlegraph.nightly.settings import Settings
from circlegraph.nightly.settings_inputs import Inputs
from circlegraph.resources import Resources
from circlegraph.store.store import Store

READING = ("inputs.form", "inputs.columns", "inputs.epoch", "inputs.tz", "inputs.country")
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes CDR files into a store.

    Attributes
    ----------
    settings, store, resources
        What is read, where it goes, and what may be used for it.
    tell
        Called with each thing that somebody should know.
    """

    settings: Settings
    store: Store
    resources: Resources
    tell: Tell

    def run(self, choose_night: Callable[[], str]) -> None:
        """Take in all new files and enter them in the ledger.

        Parameters
        ----------
        choose_night
            Called once the files are stored, for the date that they are entered under.

        Raises
        ------
        StoreError
            If the store cannot be written to.
        """
        while (plan := Plan.read(self.store.path) or self._new_plan()) is not None:
            self._follow(plan)
            self._enter(plan, choose_night())
            (self.store.path / PLAN).unlink()

    def _new_plan(self) -> Plan | None:
        paths, empty = listed_files(self.settings.inputs.cdr)
        for pattern in empty:
            self.tell(f"{pattern}: no file is found there")
        found = news(Ledger.read(self.store.path), paths, digest(self.settings, READING))
        if not found:
            return None
        good: list[Entry] = []
        set_aside: list[Entry] = []
        for entry in found:
            reason = "" if entry.state != TAKEN else _fault(entry, self.settings.inputs)
            if reason:
                self.tell(reason)
                set_aside.append(replace(entry, state=REFUSED, reason=reason))
            else:
                (good if entry.state == TAKEN else set_aside).append(entry)
        plan = Plan.of(len(self.store.manifest.appended), good, set_aside)
        plan.write(self.store.path)
        return plan

    def _follow(self, plan: Plan) -> None:
        """Take in the batches that are not in yet."""
        folder = self.store.path / "quarantine"
        folder.mkdir(mode=0o700, exist_ok=True)
        taken = len(self.store.manifest.appended) - plan.noted
        at = 0
        while at < len(plan.batches):
            batch = plan.batches[at]
            if batch.refused or taken > 0:
                taken -= not batch.refused
                self._mend_quarantine(batch)
            else:
                try:
                    self._append(batch)
                except InputError as error:
                    if len(batch.files) > 1:
                        plan.split(at, self.store.path)
                        continue
                    batch.refused = str(error)
                    self.tell(batch.refused)
                    plan.write(self.store.path)
            at += 1

    def _append(self, batch: Batch) -> None:
        for entry in batch.files:
            if file_sha256(Path(entry.path)) != entry.sha256:
                raise InputError(
                    f"{entry.path}: the file changed while it was taken in; it is read the next time"
                )
        cdr = _opened([entry.path for entry in batch.files], self.settings.inputs)
        with Quarantine(quarantine_path(self.store.path, batch.id)) as quarantine:
            self.store.append(cdr, resources=self.resources, quarantine=quarantine)

    def _mend_quarantine(self, batch: Batch) -> None:
        """Write the rejected rows of a batch again whose run was killed just after the store had taken it."""
        path = quarantine_path(self.store.path, batch.id)
        if not batch.refused and not path.exists():
            cdr = _opened([entry.path for entry in batch.files], self.settings.inputs)
            with Quarantine(path) as quarantine:
                take_in(cdr, self.resources, quarantine).release()

    def _enter(self, plan: Plan, night: str) -> None:
        ledger = Ledger.read(self.store.path)
        if any(entry["plan"] == plan.noted and entry["night"] == night for entry in ledger.batches):
            return
        files = {**ledger.files}
        batches = [*ledger.batches]
        notes = iter(self.store.manifest.appended[plan.noted :])
        for entry in plan.set_aside:
            files[entry.path] = replace(entry, night=night)
        for batch in plan.batches:
            if batch.refused:
                (entry,) = batch.files
                files[entry.path] = replace(entry, state=REFUSED, reason=batch.refused, night=night)
                continue
            rejected = _rejected_by_file(quarantine_path(self.store.path, batch.id))
            for entry in batch.files:
                counts = dict(sorted(rejected.get(entry.path, Counter()).items()))
                files[entry.path] = replace(entry, night=night, rejected=counts)
            counts_of_batch = {name: value for name, value in next(notes).items() if name != "files"}
            batches.append({"plan": plan.noted, "night": night, "id": batch.id, **counts_of_batch})
        for entry in (*plan.set_aside, *(entry for batch in plan.batches for entry in batch.files)):
            if entry.former:
                self.tell(_of_change(files[entry.path]))
        Ledger(files, batches).write(self.store.path)


def quarantine_path(store: Path, batch: str) -> Path:
    """Where the rejected rows of a batch are kept."""
    return store / "quarantine" / f"{batch}.csv"


def _opened(paths: list[str], inputs: Inputs) -> Any:
    return open_cdr(
        paths,
        form=inputs.form,
        columns=inputs.columns or None,
        epoch=inputs.epoch,
        tz=inputs.tz,
        country=inputs.country or None,
    )


def _of_change(entry: Entry) -> str:
    """What came of a file that has changed."""
    new = {TAKEN: "its new rows were added", REFUSED: "it is refused now"}.get(
        entry.state, "it repeats another"
    )
    return (
        f"{entry.path}: the file has changed since it was taken in; {new}, and rows that it no longer holds "
        "stay in the store"
    )


def _fault(entry: Entry, inputs: Inputs) -> str:
    """Why a file cannot be opened as CDRs; "" if it can."""
    try:
        _opened([entry.path], inputs)
    except InputError as error:
        return str(error)
    except Exception as error:  # whatever a damaged file sets off, it does not stop the night
        return f"{entry.path}: cannot be read ({type(error).__name__}); it may be damaged"
    return ""


def _rejected_by_file(path: Path) -> dict[str, Counter[str]]:
    csv.field_size_limit(1 << 30)  # a rejected row may be a whole damaged block
    found: dict[str, Counter[str]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["file"], Counter())[row["reason"]] += 1
    return found
