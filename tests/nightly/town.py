"""A small city for nights, made once, and helpers to look at results."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from circlegraph.nightly.config import make_settings
from circlegraph.nightly.run import Outcome, run_night
from circlegraph.nightly.settings import Settings
from circlegraph.resources import Resources
from circlegraph.synth import write_city

ONE = Resources(threads=1)
FIRST, LAST = "2025-09-01", "2025-10-20"
DAYS = 50
SUBSCRIBERS = 100
NOT_COMPARED = ("log.jsonl", "audit.jsonl", "lock", "run.json")


def make_city(folder: Path, days: int = DAYS) -> Path:
    write_city(folder, subscribers=SUBSCRIBERS, days=days, seed=5, threads=1)
    return folder


def settings_of(city: Path, work: Path, **changes: Any) -> Settings:
    """Settings of a job over a city, with its store and results in a folder of work."""
    raw: dict[str, Any] = {
        "inputs": {"cdr": [str(city / "cdr" / "*.parquet")]},
        "folders": {"store": "store", "results": "results"},
        "tables": {name: str(city / f"{name}.parquet") for name in ("subscribers", "forwarding", "bills")},
        "windows": {"before": 35, "after": 14},
    }
    return make_settings(raw | changes, work)


def night(city: Path, work: Path, date: str | None = LAST, **changes: Any) -> Outcome:
    return run_night(settings_of(city, work, **changes), date, resources=ONE)


def link_city(city: Path, copy: Path, days: int | None = None) -> Path:
    """A copy of a city, of its first days only if that is asked for; times of change are kept."""
    (copy / "cdr").mkdir(parents=True)
    for path in sorted((city / "cdr").iterdir())[:days]:
        shutil.copy2(path, copy / "cdr")
    for path in city.glob("*.parquet"):
        shutil.copy2(path, copy)
    return copy


def content(path: Path) -> bytes:
    """Bytes of a file; of the report without its last section, which tells times."""
    whole = path.read_bytes()
    return whole.split(b"<section id=run>")[0] if path.name == "report.html" else whole


def files(work: Path) -> dict[str, str]:
    """Every file of a store and of results with its hash, but for what tells times."""
    return {
        path.relative_to(work).as_posix(): hashlib.sha256(content(path)).hexdigest()
        for path in sorted(work.rglob("*"))
        if path.is_file() and path.name not in NOT_COMPARED
    }
