"""Keep a graph in one file, and get it back.

The file holds three Arrow streams, one after the other (numbers, edges, tokens), then the SHA-256 of all of
them and the version. Columns are not compressed, so a loaded graph works on the mapped file.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.number_ids import NumberIndex
from circlegraph.errors import StoreError
from circlegraph.graph.graph import Graph
from circlegraph.graph.numbering import Numbers
from circlegraph.numbers import Tokens, readable
from circlegraph.tables import atomic_path

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = 1
MARK = b"circlegraph graph "
END_BYTES = len(MARK) + 6
DIGEST_BYTES = 32
FACTS = b"circlegraph"


def save_graph(graph: Graph, path: str | Path) -> None:
    """Write a graph to one file, readable by its owner only; it appears as a whole or not at all.

    Raises
    ------
    InputError
        If the folder cannot be written to, or the disk is full.

    Examples
    --------
    >>> import pandas as pd
    >>> from tempfile import TemporaryDirectory
    >>> from circlegraph import contact_graph
    >>> calls = pd.DataFrame({"caller": ["a"], "callee": ["b"], "duration": [60], "start": ["2024-05-01 08:00"]})
    >>> with TemporaryDirectory() as folder:
    ...     save_graph(contact_graph(calls), f"{folder}/may.graph")
    ...     load_graph(f"{folder}/may.graph").circle("a")[["peer", "calls_out"]]
      peer  calls_out
    0    b          1
    """
    import pyarrow as pa
    import pyarrow.ipc

    with atomic_path(path) as temporary:
        with pa.OSFile(str(temporary), "wb") as file:
            for part in (_numbers(graph), _edges(graph), _tokens(graph.numbers)):
                with pa.ipc.new_stream(file, part.schema) as stream:
                    stream.write_batch(part)
        with temporary.open("r+b") as whole:
            digest = hashlib.file_digest(whole, "sha256").digest()
            whole.write(digest + MARK + b"%05d\n" % VERSION)


def load_graph(path: str | Path) -> Graph:
    """Read a graph that `save_graph` wrote; its arrays are mapped from the file.

    Changes to the arrays stay in memory. The file may be replaced or removed while the graph is in use.

    Raises
    ------
    StoreError
        If the file is missing, damaged, or of another version.
    """
    import pyarrow as pa
    import pyarrow.ipc

    source = pa.BufferReader(pa.py_buffer(_checked(Path(path))))
    numbers, edges, tokens = (pa.ipc.open_stream(source).read_all() for _ in range(3))
    facts = json.loads(numbers.schema.metadata[FACTS])
    indptr = np.concatenate([[0], np.cumsum(_column(numbers, "degree"))]).astype(np.int64)
    return Graph(
        Numbers(
            NumberIndex(_column(numbers, "key")),
            Tokens(_column(tokens, "key"), _column(tokens, "check"), tokens["text"].chunk(0)),
            _column(numbers, "own"),
            _column(numbers, "operator"),
            tuple(facts["operators"]),
            facts.get("country", "86"),
        ),
        indptr,
        _column(edges, "peer"),
        {name: _column(edges, name) for name in edges.column_names if name != "peer"},
        _column(numbers, "active_days"),
        (facts["window"][0], facts["window"][1]),
        facts["provenance"],
    )


def _checked(path: Path) -> NDArray[np.uint8]:
    """Map the part of a file before its digest, once that is found to be right."""
    try:
        size = path.stat().st_size
        if size <= END_BYTES + DIGEST_BYTES:
            raise StoreError(f"{path}: the file is no saved graph, or was cut off; save the graph again")
        mapped = np.memmap(path, np.uint8, mode="c")  # changes stay in memory
    except FileNotFoundError as error:
        raise StoreError(f"{path}: there is no such file") from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror or error})") from error
    end = mapped[-END_BYTES:].tobytes()
    version = end.removeprefix(MARK).strip()
    if not end.startswith(MARK) or not version.isdigit():
        raise StoreError(f"{path}: the file is no saved graph, or was cut off; save the graph again")
    if int(version) != VERSION:
        raise StoreError(
            f"{path}: the graph has version {int(version)}, this circlegraph reads version {VERSION}; "
            "make the graph anew"
        )
    content = mapped[: -END_BYTES - DIGEST_BYTES]
    digest = mapped[-END_BYTES - DIGEST_BYTES : -END_BYTES].tobytes()
    if hashlib.sha256(content.data).digest() != digest:
        raise StoreError(f"{path}: the file is damaged; save the graph again")
    return content


def _numbers(graph: Graph) -> pa.RecordBatch:
    import pyarrow as pa

    facts = {
        "window": list(graph.window),
        "operators": list(graph.numbers.operator_names),
        "country": graph.numbers.country,
        "provenance": dict(graph.provenance),
    }
    batch = pa.RecordBatch.from_pydict(
        {
            "key": graph.numbers.index.keys,
            "degree": graph.degree,
            "own": graph.numbers.own,
            "operator": graph.numbers.operator_codes,
            "active_days": graph.active_days,
        }
    )
    return batch.replace_schema_metadata({FACTS: json.dumps(facts, default=_plain)})


def _edges(graph: Graph) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pydict({"peer": graph.peers, **graph.columns})


def _tokens(numbers: Numbers) -> pa.RecordBatch:
    """The tokens of the numbers that are in the graph."""
    import pyarrow as pa

    used = numbers.tokens.take(np.isin(numbers.tokens.key, numbers.index.keys))
    return pa.RecordBatch.from_pydict({"key": used.key, "check": used.check, "text": used.text})


def _column(table: pa.Table, name: str) -> NDArray[Any]:
    """Column of a table of one batch, as an array on the file's memory."""
    return readable(table[name].chunk(0).to_numpy(zero_copy_only=False))


def _plain(value: Any) -> Any:
    """What JSON can hold in the place of a value that it cannot."""
    return value.item() if isinstance(value, np.generic) else str(value)
