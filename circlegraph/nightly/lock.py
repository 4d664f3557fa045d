"""One run at a time, and what a killed run leaves behind."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from circlegraph.errors import StoreError


@contextmanager
def one_run(folder: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of a folder of results; the operating system lets go of it when the process dies.

    Beside the lock stands who holds it. If he is gone without having taken his name away, the run was killed:
    that is told, and the lock taken over.

    Raises
    ------
    StoreError
        If another run is under way; says which process, and since when.
    """
    from filelock import FileLock, Timeout

    holder = folder / "run.json"
    lock = FileLock(folder / "lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        run = _read(holder)
        who = f" (process {run['pid']} since {run['since']})" if run else ""
        raise StoreError(f"{folder.parent}: another run is under way{who}; wait for it to end") from error
    try:
        former = _read(holder)
        if former:
            tell(
                f"the run of process {former['pid']}, begun {former['since']}, did not end; its lock is taken over"
            )
        about = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
        holder.write_text(json.dumps(about), encoding="utf-8")
        yield
        # Reached by errors of known kinds too: only a kill leaves the name behind.
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _read(path: Path) -> dict[str, Any] | None:
    with suppress(OSError, ValueError, KeyError):
        run = json.loads(path.read_text(encoding="utf-8"))
        return {"pid": int(run["pid"]), "since": str(run["since"])}
    return None
