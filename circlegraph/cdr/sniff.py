"""The outside of a file: container, compression, encoding, delimiter, header and first rows."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from circlegraph.errors import InputError

_HEAD = 1 << 18
_SAMPLE_ROWS = 500
LONGEST_LINE = 1 << 26
LEAST_COLUMNS = 3
_DELIMITERS = ",;\t|"
_GZIP = b"\x1f\x8b"
_ZSTD = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")  # a frame, or one to skip before it
_PARQUET = b"PAR1"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the first bytes of a file tell.

    Attributes
    ----------
    container : {"csv", "parquet"}
    compression : {"", "gzip", "zstd"}
    encoding : str
        "utf-8" for anything that can be cut as bytes; other encodings are turned into it.
    delimiter : str
    header : tuple of str
    data_offset : int
        First byte behind the header line, in the decompressed UTF-8 text.
    first_line : int
        Line number of the first line behind the header.
    preamble : int
        Lines of other text before the header.
    sample : tuple of rows
    """

    container: str
    compression: str = ""
    encoding: str = "utf-8"
    delimiter: str = ""
    header: tuple[str, ...] = ()
    data_offset: int = 0
    first_line: int = 2
    preamble: int = 0
    sample: tuple[tuple[str, ...], ...] = ()


def sniff(path: Path) -> Sniffed:
    """Look at a file's first bytes.

    Raises
    ------
    InputError
        The file is missing, unreadable, empty, or claims to be what it is not.
    """
    if path.is_fifo():
        raise InputError(f"{path}: a pipe cannot be read twice; write it to a file first")
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except PermissionError as error:
        raise InputError(f"{path}: no permission to read it") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    if not magic:
        raise InputError(f"{path}: the file is empty (0 bytes)")
    if magic == _PARQUET:
        return Sniffed("parquet")
    if magic == _ZIP:
        raise InputError(f"{path}: a workbook or a zip archive, not a table; save its sheets or files as CSV")
    if path.suffix.lower() in (".parquet", ".pq"):
        raise InputError(f"{path}: not a Parquet file, whatever its name says")
    compression = "gzip" if magic[:2] == _GZIP else "zstd" if _ZSTD.match(magic) else ""
    with decompressed(path, compression) as stream:
        head = stream.read(_HEAD)
    return _sniff_text(path, head, compression)


def _sniff_text(path: Path, head: bytes, compression: str) -> Sniffed:
    encoding = _encoding(path, head)
    if encoding != "utf-8":
        head = codecs.getincrementaldecoder(encoding)("replace").decode(head).encode()
    skipped = 3 if head.startswith(codecs.BOM_UTF8) else 0
    lines = head[skipped:].split(b"\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise InputError(f"{path}: the file holds nothing but blank lines")
    if len(lines) == 1 and len(head) >= _HEAD:
        raise InputError(f"{path}: no line ends in its first {_HEAD // 1024} kB; it is no CSV file")
    if b"\r" in lines[first].rstrip(b"\r"):
        raise InputError(
            f"{path}: lines end in a bare carriage return; save it with Unix or Windows line ends"
        )
    if len(head) >= _HEAD:
        lines.pop()
    texts = [line.decode("utf-8", "replace").rstrip("\r") for line in lines[: first + _SAMPLE_ROWS + 2]]
    at, delimiter = _header_line(texts, first)
    offset = min(skipped + sum(len(line) + 1 for line in lines[: at + 1]), len(head))
    body = [_cut(line, delimiter) for line in texts[at + 1 :] if line.strip()][:_SAMPLE_ROWS]
    return Sniffed(
        container="csv",
        compression=compression,
        encoding=encoding,
        delimiter=delimiter,
        header=tuple(name.strip() for name in _as_wide(_cut(texts[at], delimiter), body)),
        data_offset=offset,
        first_line=at + 2,
        preamble=at - first,
        sample=tuple(map(tuple, body)),
    )


def _header_line(lines: list[str], first: int) -> tuple[int, str]:
    """Line of the header and the delimiter: the first line, or the first as wide as most where it is far narrower.

    Operators put a title and what was asked for above the table, spreadsheets then fill it up with empty cells.

    Examples
    --------
    >>> _header_line(["Records of May", "", "caller,callee,start", "1,2,3", "4,5,6"], 0)
    (2, ',')
    >>> _header_line(["sep=;", "caller;callee;start", "1;2;3"], 0), _header_line(["May,,", "a,b,c", "1,2,3"], 0)
    ((1, ';'), (1, ','))
    """
    own = {mark: _cut(lines[first], mark) for mark in _DELIMITERS}
    delimiter = max(own, key=lambda mark: len(own[mark]))
    title = own[delimiter]
    following = next((line for line in lines[first + 1 :] if line.strip()), "")
    if len(title) == len(_cut(following, delimiter)) >= LEAST_COLUMNS and 2 * _filled(title) >= len(title):
        return first, delimiter
    rows = {mark: [_cut(line, mark) for line in lines] for mark in _DELIMITERS}
    widths = {mark: Counter(len(row) for row in rows[mark] if len(row) >= LEAST_COLUMNS) for mark in rows}
    commonest = {mark: widths[mark].most_common(1)[0][0] if widths[mark] else 0 for mark in rows}
    widest = max(commonest, key=commonest.__getitem__)
    wide = {i: _filled(row) for i, row in enumerate(rows[widest]) if len(row) == commonest[widest]}
    filled = Counter(wide.values()).most_common(1)[0][0] if wide else 0
    if 2 * len(title) >= commonest[widest] and 2 * _filled(title) >= filled:
        return first, delimiter
    return next(i for i in wide if wide[i] + 1 >= filled), widest


def _filled(row: list[str]) -> int:
    return sum(map(bool, map(str.strip, row)))


def _as_wide(header: list[str], rows: list[list[str]]) -> list[str]:
    """The header without empty names at its end, or with more of them, if most rows are as wide then.

    Some programs end each row with a delimiter, but not the header, or the other way round.

    Examples
    --------
    >>> _as_wide(["a", "b"], [["1", "2", ""]]), _as_wide(["a", "b", ""], [["1", "2"]])
    (['a', 'b', ''], ['a', 'b'])
    >>> _as_wide(["a", "b"], [["1", "2", "3"]]), _as_wide(["a", "b"], [["1"]])
    (['a', 'b'], ['a', 'b'])
    """
    if not rows:
        return header
    width = Counter(map(len, rows)).most_common(1)[0][0]
    beyond = [header[width:], *(row[len(header) :] for row in rows if len(row) == width)]
    return header if any(map(_filled, beyond)) else (header + [""] * width)[: max(width, 1)]


def _cut(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line.replace("\0", "")], delimiter=delimiter, skipinitialspace=True), [])


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    line = head.split(b"\n", 1)[0]
    if b"\0" in line:
        raise InputError(f"{path}: binary data, or UTF-16 without its byte order mark; save it as UTF-8")
    for encoding in ("utf-8", "gb18030"):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise InputError(f"{path}: the header is neither UTF-8, UTF-16 nor GB18030")


@contextmanager
def decompressed(path: Path, compression: str) -> Iterator[IO[bytes]]:
    """Open a file for reading its decompressed bytes; a broken stream is an InputError.

    Raises
    ------
    InputError
        The compressed stream is truncated or damaged.
    """
    import zlib

    try:
        if compression == "gzip":
            with gzip.open(path, "rb") as stream:
                yield stream  # type: ignore[misc]
        elif compression == "zstd":
            import pyarrow as pa

            with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as stream:
                yield stream
        else:
            with path.open("rb") as stream:
                yield stream
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: the .gz stream is truncated or damaged; copy the file again") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read to its end ({error}); copy the file again") from error


def blocks(path: Path, sniffed: Any, size: int) -> Iterator[bytes]:
    """Decompressed UTF-8 text behind the header, in blocks of whole lines of about ``size`` bytes.

    Raises
    ------
    InputError
        The compressed stream is truncated or damaged, or a line is longer than a block.
    """
    skip = sniffed.data_offset
    rest = b""
    decoder = (
        None if sniffed.encoding == "utf-8" else codecs.getincrementaldecoder(sniffed.encoding)("replace")
    )
    with decompressed(path, sniffed.compression) as stream:
        while True:
            raw = stream.read(size)
            if raw:
                text = raw if decoder is None else decoder.decode(raw).encode()
            else:
                text = b"" if decoder is None else decoder.decode(b"", final=True).encode()
            if skip:
                text, skip = text[skip:], max(skip - len(text), 0)
            end = text.rfind(b"\n") + 1
            if not raw:
                if rest or text:
                    yield rest + text
                return
            if end:
                yield rest + text[:end] if rest else text[:end]
                rest = text[end:]
            else:
                rest += text
            if len(rest) > LONGEST_LINE:
                raise InputError(f"{path}: a line is longer than {LONGEST_LINE} bytes; it is no CSV file")


def line_start(stream: io.BufferedReader, offset: int, size: int, longest: int) -> int:
    """First byte at or behind ``offset`` that begins a line, ``size`` if there is none.

    Raises
    ------
    InputError
        No line begins within ``longest`` bytes.
    """
    if offset >= size:
        return size
    stream.seek(offset - 1)
    while True:
        if stream.tell() - offset > longest:
            raise InputError(f"{stream.name}: a line is longer than {longest} bytes; it is no CSV file")
        piece = stream.read(1 << 16)
        if not piece:
            return size
        end = piece.find(b"\n")
        if end >= 0:
            return min(stream.tell() - len(piece) + end + 1, size)
