"""Results kept in a folder, so that a long run can be done in pieces or go on after it was stopped.

A file is named by what was run on it and by a hash of the code: after any change of the project nothing old
is taken.
"""

import hashlib
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def keep(
    folder: Path | None, name: str, work: Callable[[], Any], is_sound: Callable[[Any], bool] = lambda _: True
) -> Any:
    """Do the work, or take its result from the folder if it was done before by the same code.

    Parameters
    ----------
    folder : path or None
        Where results are kept; None: nowhere.
    name : str
        What is worked on; different work has different names.
    work : callable
        Does it.
    is_sound : callable
        Whether a result is worth keeping; what broke is tried again.
    """
    if folder is None:
        return work()
    token = hashlib.blake2b(f"{name} {code_hash()}".encode(), digest_size=12).hexdigest()
    path = folder / f"{token}.pickle"
    if path.is_file():
        return pickle.loads(path.read_bytes())
    result = work()
    if not is_sound(result):
        return result
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(pickle.dumps(result))
    unfinished.replace(path)
    return result


@cache
def code_hash() -> str:
    """Hash of the project's code and of the suite's."""
    found = hashlib.blake2b(digest_size=12)
    for part in ("circlegraph", "benchmarks"):
        for path in sorted((ROOT / part).rglob("*.py")):
            found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()
