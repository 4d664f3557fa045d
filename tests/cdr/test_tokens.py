"""Tokens are handed on once, however many chunks and threads meet them."""

import numpy as np
import pyarrow as pa
import pytest

from circlegraph.cdr import chunks as reading
from circlegraph.cdr import clean_chunks, open_cdr
from circlegraph.numbers import TokenTable, encode_with_tokens


@pytest.mark.parametrize("threads", [1, 2])
def test_each_token_comes_once(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_GROUP_ROWS", 50)
    monkeypatch.setattr(reading, "_PIECE_ROWS", 20)
    names = [f"token-{i % 37}" for i in range(400)]
    table = pa.table(
        {
            "caller": names,
            "callee": [f"{n}-peer" for n in names],
            "start": [1_700_000_000] * 400,
            "duration": [1] * 400,
        }
    )
    parts = list(clean_chunks(open_cdr(table), threads))
    assert len(parts) == 8
    told = [text for part in parts for text in part.tokens.text.to_pylist()]
    assert sorted(told) == sorted({*names, *(f"{n}-peer" for n in names)})


def test_a_table_knows_what_was_added() -> None:
    known = TokenTable()
    _, tokens = encode_with_tokens([f"t{i}" for i in range(2000)])
    known.add(tokens.take(np.arange(2000) % 2 == 0))
    assert known.knows(tokens.key, tokens.check).tolist() == [i % 2 == 0 for i in range(2000)]
    assert not known.knows(tokens.key, tokens.check + 1).any()
