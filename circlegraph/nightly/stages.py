"""The stages of a night: what each reads, so that it is made anew when that has changed, and only then."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from circlegraph._version import version
from circlegraph.nightly.config import checksum, digest
from circlegraph.nightly.manifest import StageManifest, file_sha256
from circlegraph.nightly.night import Night, previous_night
from circlegraph.nightly.stage_intake import entered

Run = Callable[[Night, Path], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the night's work.

    Attributes
    ----------
    name
        Also the name of its folder of results.
    home
        Module with the function ``run(night, folder)``, which fills the folder and returns what to count.
    settings
        Parts of the config that it reads.
    reads
        Stages of this night whose results it reads; those that are not there it does without.
    tables
        Customer tables that it reads.
    days
        Whether it reads the stored days of the windows.
    before
        Stages whose results of the night before it reads.
    needs
        A module without which the stage does not exist.
    ledger
        Whether it reads what the ledger says of this night's files.
    history
        Whether it reads files of the nights before; its module says which with ``past(night)``.
    """

    name: str
    home: str
    settings: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    days: bool = False
    before: tuple[str, ...] = ()
    needs: str = "circlegraph"
    ledger: bool = False
    history: bool = False

    def work(self) -> Run:
        """What the stage does; imported when it is about to be done."""
        run: Run = import_module(self.home).run
        return run

    def wanted(self, night: Night) -> StageManifest:
        """Manifest that the stage's results must have, but for the results themselves."""
        inputs = {"windows": checksum(repr(night.span))}
        if self.days:
            stored = night.store.manifest.days
            inputs |= {f"day {date}": stored[date].events.sha256 for date in stored}
        if self.ledger:
            inputs["files"] = checksum(json.dumps(entered(night), sort_keys=True))
        for table in self.tables:
            path = getattr(night.settings.tables, table)
            if path is not None:
                inputs[f"table {table}"] = file_sha256(path)
        if self.history:
            paths: list[Path] = import_module(self.home).past(night)
            inputs |= {
                f"{path.parent.name} of {path.parent.parent.name}": file_sha256(path) for path in paths
            }
        for stage in self.reads:
            manifest = StageManifest.read(night.folder / stage) if stage in night.stages else None
            if manifest is not None:
                inputs[stage] = manifest.content()
        for stage in self.before:
            earlier = previous_night(night.settings.folders.results, night.date, stage)
            if earlier is not None:
                manifest = StageManifest.read(night.settings.folders.results / earlier / stage)
                assert manifest is not None
                inputs[f"{stage} of {earlier}"] = manifest.content()
        config = checksum(digest(night.settings, self.settings) + night.mask.name)
        return StageManifest(self.name, night.date, version(), config, inputs)


NETWORK = ("network", "inputs.country")
STAGES = (
    Stage("intake", "circlegraph.nightly.stage_intake", ledger=True),
    Stage(
        "tables",
        "circlegraph.nightly.stage_tables",
        ("inputs.country",),
        tables=("subscribers", "bills", "forwarding", "outcomes", "feedback"),
    ),
    Stage(
        "circles",
        "circlegraph.nightly.stage_circles",
        (*NETWORK, "second_numbers"),
        (),
        ("subscribers",),
        True,
    ),
    Stage(
        "second_numbers",
        "circlegraph.nightly.stage_second_numbers",
        (*NETWORK, "second_numbers"),
        tables=("subscribers", "bills", "forwarding", "known_second_numbers"),
        days=True,
        before=("families",),
    ),
    Stage(
        "families",
        "circlegraph.nightly.stage_families",
        (*NETWORK, "second_numbers.most_peers", "calendar"),
        tables=("subscribers", "known_families"),
        days=True,
        before=("families",),
    ),
    Stage(
        "managers",
        "circlegraph.nightly.stage_managers",
        NETWORK,
        ("second_numbers", "families"),
        ("subscribers", "bills", "known_managers"),
        days=True,
        before=("managers",),
    ),
    Stage(
        "movement",
        "circlegraph.nightly.stage_movement",
        (*NETWORK, "movement", "calendar"),
        ("second_numbers", "families", "managers"),
        ("subscribers", "bills", "forwarding", "outcomes"),
        days=True,
        history=True,
    ),
    Stage(
        "labels",
        "circlegraph.nightly.stage_labels",
        ("labels", *NETWORK),
        ("circles", "second_numbers", "families", "managers", "movement"),
        ("subscribers", "outcomes"),
        before=("labels",),
        history=True,
    ),
    Stage(
        "worklist",
        "circlegraph.nightly.stage_worklist",
        ("worklist", "labels.language"),
        ("labels", "movement"),
        ("bills", "subscribers"),
        history=True,
    ),
    Stage("feedback", "circlegraph.nightly.stage_feedback", tables=("feedback",), history=True),
    Stage(
        "calibration",
        "circlegraph.nightly.stage_calibration",
        ("inputs.country",),
        ("second_numbers", "families", "managers", "labels"),
        ("known_second_numbers", "known_families", "known_managers", "outcomes", "feedback"),
        history=True,
    ),
    Stage(
        "figures",
        "circlegraph.nightly.stage_figures",
        ("privacy.floor",),
        ("intake", "tables", "circles", "second_numbers", "families", "managers", "movement", "labels"),
    ),
    Stage("drift", "circlegraph.nightly.stage_drift", ("drift",), ("figures",), history=True),
)
"""In the order of the work; a new stage is one more entry here, and in what the labels read."""


def stages_here() -> tuple[Stage, ...]:
    """Stages whose parts are installed."""
    return tuple(stage for stage in STAGES if find_spec(stage.needs) is not None)
