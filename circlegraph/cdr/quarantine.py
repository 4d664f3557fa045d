"""The quarantine file: rejected rows with file, line and reason, for whoever has to mend the source."""

from __future__ import annotations

import csv
import fcntl
import glob
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

from circlegraph.cdr.rejected import Rejected
from circlegraph.errors import InputError


class Quarantine:
    """Write rejected rows to a CSV file with the columns file, line, reason, row.

    The file appears when the block ends without an error, all at once, readable by its owner only. Until then
    the rows stand in a hidden file beside it; what a killed run left of it goes when the next one begins. Rows
    stand in the order in which they are added: that of the input, if they come from `clean_chunks`.

    Parameters
    ----------
    path : path

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "rejected.csv"
    >>> with Quarantine(path) as quarantine:
    ...     quarantine.add("calls.csv", [Rejected(3, "self call", "300,300,2024-01-31")])
    >>> path.read_text().splitlines()
    ['file,line,reason,row', 'calls.csv,3,self call,"300,300,2024-01-31"']

    Raises
    ------
    InputError
        The folder cannot be written to.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def __enter__(self) -> Quarantine:
        try:
            self._sweep()
            handle, self._temporary = self._hidden_file()
        except OSError as error:
            raise InputError(f"{self.path}: cannot write the quarantine file ({error.strerror})") from error
        # A file's name may hold bytes that are no text.
        self._stream: TextIO = os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="")
        self._writer = csv.writer(self._stream, lineterminator="\n")
        self._writer.writerow(("file", "line", "reason", "row"))
        return self

    def _hidden_file(self) -> tuple[int, Path]:
        """Make a hidden file, which is locked as long as it is open, and tell its handle and name."""
        while True:
            handle, name = tempfile.mkstemp(".tmp", f".{self.path.name}.", self.path.parent)  # made 0600
            with suppress(OSError):  # where files cannot be locked, none is swept either
                fcntl.flock(handle, fcntl.LOCK_EX)
            if Path(name).exists():  # another run may have swept it before it was locked
                return handle, Path(name)
            os.close(handle)

    def _sweep(self) -> None:
        """Remove the hidden files of killed runs: nobody holds their locks."""
        for old in self.path.parent.glob(f".{glob.escape(self.path.name)}.*.tmp"):
            with suppress(OSError), old.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                old.unlink()

    def add(self, file: str, rejected: Iterable[Rejected]) -> None:
        """Write the rejected rows of one chunk of a file."""
        self._writer.writerows((file, row.line, row.reason, row.text) for row in rejected)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()
            if kind is None:
                self._temporary.replace(self.path)
        except OSError as failure:
            raise InputError(
                f"{self.path}: cannot write the quarantine file ({failure.strerror})"
            ) from failure
        finally:
            with suppress(OSError):  # what a full disk did not take is tried again here
                self._stream.close()
            self._temporary.unlink(missing_ok=True)
