"""The tables of numbers that are not made of digits: key, second hash and token."""

from __future__ import annotations

from pathlib import Path

from circlegraph.errors import StoreError
from circlegraph.numbers import Tokens, TokenTable
from circlegraph.store.manifest import StoredFile, new_file


def write_tokens(root: Path, tokens: Tokens) -> StoredFile:
    """Write a table of tokens."""
    import pyarrow as pa
    import pyarrow.parquet

    table = pa.table({"number": tokens.key, "check": tokens.check, "token": tokens.text})
    with new_file(root / "tokens", "tokens") as new:
        pyarrow.parquet.write_table(table, new.temporary, compression="zstd", write_page_checksum=True)
    return new.stored(root, len(tokens))


def read_tokens(root: Path, files: list[StoredFile]) -> TokenTable:
    """Read all tables of tokens.

    Raises
    ------
    StoreError
        If one cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet

    known = TokenTable()
    for file in files:
        path = root / file.name
        try:
            table = pyarrow.parquet.read_table(path, page_checksum_verification=True).combine_chunks()
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{path}: a table of tokens cannot be read; build the store anew") from error
        text = pa.concat_arrays(table["token"].chunks) if table["token"].num_chunks else table["token"]
        known.add(Tokens(table["number"].to_numpy(), table["check"].to_numpy(), text.cast(pa.large_string())))
    return known
