"""Put numbers back in the place of their pseudonyms, for those who hold the key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from circlegraph.errors import InputError
from circlegraph.nightly.log import add_line
from circlegraph.nightly.privacy import PSEUDONYM, Pseudonyms, read_key
from circlegraph.nightly.run import AUDIT
from circlegraph.numbers import decode, encode_with_tokens
from circlegraph.tables import check_suffix, read_table, table_writer


def unmask(
    file: Path, key_file: Path, numbers: Path, out: Path, country: str | None = "86"
) -> tuple[int, int]:
    """Write a table again with the numbers that are known; the pseudonyms of others stay.

    A pseudonym cannot be undone by itself: it is looked up among the pseudonyms of known numbers. Leaves a line in the
    audit log of the results that the table belongs to.

    Parameters
    ----------
    file
        Table with pseudonyms, CSV or Parquet.
    key_file
        The key.
    numbers
        Table with the column number.
    out
        Where to write, .parquet or .csv.
    country
        Home calling code of the numbers.

    Returns
    -------
    known, unknown
        How many different pseudonyms were found, and how many were not.

    Raises
    ------
    InputError
        If a file cannot be read, or nothing can be put back.
    """
    import pyarrow as pa

    check_suffix(out)
    table = read_table(file, ())
    listed = read_table(numbers, ("number",))["number"]
    plain = decode(*encode_with_tokens(listed, country=country)).tolist()
    mask = Pseudonyms(read_key(key_file), lambda: plain)
    before = table.to_pandas()
    after = mask.off(before)
    met, left = _pseudonyms(before), _pseudonyms(after)
    if not met - left:
        why = "none of its pseudonyms is of a known number under this key" if met else "it holds no pseudonym"
        _audit(file, 0, len(left))
        raise InputError(
            f"{file}: nothing to put back, {why}; give the key and the numbers that it was made with"
        )
    shown = pa.Table.from_pandas(after, schema=table.schema, preserve_index=False)
    with table_writer(out, shown.schema) as write:
        write(shown)
    _audit(file, len(met - left), len(left))
    return len(met - left), len(left)


def _pseudonyms(frame: Any) -> set[str]:
    texts = (frame[name] for name in frame.columns if str(frame[name].dtype) in ("str", "object"))
    return {
        word for column in texts for text in column.dropna().unique() for word in PSEUDONYM.findall(str(text))
    }


def _audit(file: Path, known: int, unknown: int) -> None:
    for folder in file.absolute().parents:
        if (folder / AUDIT).exists():
            add_line(folder / AUDIT, action="unmask", file=str(file), known=known, unknown=unknown)
            return
