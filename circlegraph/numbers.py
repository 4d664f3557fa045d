"""Numbers: strings outside, int64 keys inside (`circlegraph.kernels.number_keys` and `.dialled` have the rules).

A key of up to 18 digits gives its number back by arithmetic. Any other token is hashed, and a table
of tokens gives it back.

Examples
--------
>>> from circlegraph import numbers
>>> keys, tokens = numbers.encode_with_tokens(["13800138000", "+86 138-0013-8000", "a3f9"])
>>> int(keys[0]), bool(keys[0] == keys[1])
(113800138000, True)
>>> list(numbers.decode(keys, tokens))
['13800138000', '13800138000', 'a3f9']
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlegraph.dialling import country_code, home_of
from circlegraph.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Distinct tokens with their keys.

    Attributes
    ----------
    key : int64[n]
        Negative keys, each once.
    check : int64[n]
        A second, independent hash of the token.
    text : pyarrow.LargeStringArray of length n
    """

    key: Keys
    check: Keys
    text: pa.LargeStringArray

    def __len__(self) -> int:
        return int(self.key.size)

    def take(self, which: NDArray[Any]) -> Tokens:
        """Those tokens that a mask or an index array selects."""
        import pyarrow as pa

        rows = np.flatnonzero(which) if which.dtype == bool else which
        return Tokens(self.key[rows], self.check[rows], self.text.take(pa.array(rows)))

    @staticmethod
    def empty() -> Tokens:
        """No tokens.

        Examples
        --------
        >>> len(Tokens.empty())
        0
        """
        import pyarrow as pa

        return Tokens(np.empty(0, np.int64), np.empty(0, np.int64), pa.array([], pa.large_string()))

    @staticmethod
    def concat(parts: Sequence[Tokens]) -> Tokens:
        """All tokens of several tables that share none."""
        import pyarrow as pa

        if not parts:
            return Tokens.empty()
        return Tokens(
            np.concatenate([part.key for part in parts]),
            np.concatenate([part.check for part in parts]),
            pa.concat_arrays([part.text for part in parts]),
        )


class TokenTable:
    """All tokens met so far; finds those of a batch that are new.

    Examples
    --------
    >>> table = TokenTable()
    >>> _, tokens = encode_with_tokens(["a1", "b2", "a1"])
    >>> table.add(tokens).text.to_pylist()
    ['a1', 'b2']
    >>> len(table.add(tokens)), len(table)
    (0, 2)
    """

    def __init__(self) -> None:
        self._table = np.zeros(1024, np.int64), np.zeros(1024, np.int64)  # keys and second hashes
        self._parts: list[Tokens] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, tokens: Tokens) -> Tokens:
        """Take tokens in and return those that were not there.

        Raises
        ------
        InputError
            Two different tokens have one key.
        """
        from circlegraph.kernels.token_set import insert_tokens

        if not len(tokens):
            return tokens
        self._make_room(len(tokens))
        is_new = np.empty(len(tokens), np.bool_)
        count = insert_tokens(*self._table, tokens.key, tokens.check, is_new)
        if count < 0:
            raise _clash()
        new = tokens if count == len(tokens) else tokens.take(is_new)
        if count:
            self._parts.append(new)
            self._count += count
        return new

    def knows(self, keys: Keys, checks: Keys) -> NDArray[np.bool_]:
        """Which tokens are here; may be asked while another thread adds, and then miss the newest."""
        from circlegraph.kernels.token_set import known_tokens

        known = np.empty(keys.size, np.bool_)
        known_tokens(*self._table, keys, checks, known)
        return known

    def tokens(self) -> Tokens:
        """Every token in the order in which it was met."""
        if len(self._parts) > 1:
            self._parts = [Tokens.concat(self._parts)]
        return self._parts[0] if self._parts else Tokens.empty()

    def _make_room(self, more: int) -> None:
        from circlegraph.kernels.token_set import insert_tokens

        if 2 * (self._count + more) <= self._table[0].size:
            return
        known = self.tokens()
        size = 1 << int(4 * (self._count + more)).bit_length()
        table = np.zeros(size, np.int64), np.zeros(size, np.int64)
        insert_tokens(*table, known.key, known.check, np.empty(len(known), np.bool_))
        self._table = table


def encode(values: Any, *, country: str | None = "86") -> Keys:
    """Keys of numbers.

    Parameters
    ----------
    values : sequence of str, array of integers, or Arrow array
    country : str or None
        Home calling code for the normalisation of dialled digits (`circlegraph.kernels.dialled` has the rules):
        whether a number comes with +, 00 and the code, with the bare code, or with the trunk prefix, it is one.
        None passes every text unchanged.

    Returns
    -------
    int64[n]
        0 where there is no number.

    Examples
    --------
    >>> encode(["300", "", "+8610086"]).tolist()
    [1300, 0, 110086]
    >>> encode(["+44 7400 123456", "447400123456", "07400123456"], country="44").tolist()
    [17400123456, 17400123456, 17400123456]
    """
    return encode_with_tokens(values, country=country)[0]


def encode_with_tokens(values: Any, *, country: str | None = "86") -> tuple[Keys, Tokens]:
    """Keys of numbers, and the distinct tokens among them.

    Parameters and errors are those of `encode`; two tokens of one key raise InputError.
    """
    import pyarrow as pa

    code, digits = country_code(country)
    if not isinstance(values, pa.Array | pa.ChunkedArray):
        if isinstance(values, np.ndarray) and values.dtype.kind in "iu":
            return integer_keys(values, code, digits)
        values = pa.array(values, from_pandas=True)
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_null(values.type):
        return np.zeros(len(values), np.int64), Tokens.empty()
    if pa.types.is_signed_integer(values.type):
        values = values.cast(pa.int64())
        return integer_keys(values.fill_null(-1).to_numpy(zero_copy_only=False), code, digits)
    exact = pa.types.is_decimal(values.type) and values.type.scale == 0
    if not exact and (pa.types.is_floating(values.type) or pa.types.is_decimal(values.type)):
        reals = values.cast(pa.float64(), safe=False).fill_null(np.nan).to_numpy(zero_copy_only=False)
        return integer_keys(whole_values(reals), code, digits)
    data, begin, end = text_bounds(values)
    return text_keys(data, begin, end, code, digits)


def whole_values(values: NDArray[np.float64]) -> Keys:
    """Whole values as integers, a mark of null for any other; pandas makes floats of integers with gaps.

    Examples
    --------
    >>> int(whole_values(np.array([300.0, np.nan]))[0])
    300
    """
    whole = (np.abs(values) < 2.0**53) & (values == np.floor(values))
    return np.where(whole, np.where(whole, values, 0).astype(np.int64), np.iinfo(np.int64).min + 1)


def integer_keys(values: NDArray[Any], code: int, digits: int) -> tuple[Keys, Tokens]:
    """Keys of integers, and the distinct tokens among them: 19 digits, or negative other than -1."""
    import pyarrow as pa

    from circlegraph.kernels import number_keys

    if values.dtype == np.uint64 and values.size and values.max() >= 2**63:
        return text_keys(*text_bounds(pa.array(values).cast(pa.string())), code, digits)
    values = readable(values.astype(np.int64, copy=False))
    keys = np.empty(values.size, np.int64)
    if number_keys.integer_keys(values, home_of(code, digits), keys) == 0:
        return keys, Tokens.empty()
    odd = keys == number_keys.TOKEN
    texts = pa.array(values[odd]).cast(pa.string())
    keys[odd], tokens = text_keys(*text_bounds(texts), code, digits)
    return keys, tokens


def text_keys(
    data: NDArray[np.uint8],
    begin: NDArray[np.int32],
    end: NDArray[np.int32],
    code: int,
    digits: int,
    known: TokenTable | None = None,
) -> tuple[Keys, Tokens]:
    """Keys of texts given by their bounds in one buffer, and the distinct tokens among them.

    Tokens that a table knows already are left out: to copy their texts again takes more time than all else.
    """
    from circlegraph.kernels import number_keys

    keys = np.empty(begin.size, np.int64)
    checks = np.empty(begin.size, np.int64)
    if number_keys.text_keys(data, begin, end, home_of(code, digits), keys, checks) == 0:
        return keys, Tokens.empty()
    return keys, _distinct(data, begin, end, keys, checks, known)


def _distinct(
    data: NDArray[np.uint8], begin: Any, end: Any, keys: Keys, checks: Keys, known: TokenTable | None
) -> Tokens:
    import pyarrow as pa

    from circlegraph.kernels.token_set import distinct_tokens, gather_lengths, gather_texts

    rows = np.empty(keys.size, np.int64)
    found = distinct_tokens(keys, checks, rows)
    if found < 0:
        raise _clash()
    rows = rows[:found].copy()
    if known is not None:
        rows = rows[~known.knows(keys[rows], checks[rows])]
    offsets = np.empty(rows.size + 1, np.int64)
    gather_lengths(data, begin, end, rows, offsets)
    texts = np.empty(offsets[-1], np.uint8)
    gather_texts(data, begin, end, rows, offsets, texts)
    array = pa.LargeStringArray.from_buffers(rows.size, pa.py_buffer(offsets), pa.py_buffer(texts))
    return Tokens(keys[rows], checks[rows], array)


def decode_arrow(keys: Keys, tokens: Tokens | None = None) -> pa.LargeStringArray:
    """Strings of keys as an Arrow array; "" for key 0.

    Raises
    ------
    InputError
        A token's key is not in ``tokens``.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from circlegraph.kernels import number_keys

    keys = np.ascontiguousarray(keys, np.int64)
    offsets = np.zeros(keys.size + 1, np.int64)
    total = number_keys.key_lengths(keys, offsets[1:])
    np.cumsum(offsets, out=offsets)
    data = np.empty(total, np.uint8)
    number_keys.write_digits(keys, offsets, data)
    digits = pa.LargeStringArray.from_buffers(keys.size, pa.py_buffer(offsets), pa.py_buffer(data))
    is_token = keys < 0
    if not is_token.any():
        return digits
    if tokens is None or not len(tokens):
        raise InputError("the table of tokens lacks a key: it belongs to other data")
    order = np.argsort(tokens.key)
    place = np.searchsorted(tokens.key, keys[is_token], sorter=order)
    place = order[np.minimum(place, order.size - 1)]
    if not np.array_equal(tokens.key[place], keys[is_token]):
        raise InputError("the table of tokens lacks a key: it belongs to other data")
    return pc.replace_with_mask(digits, pa.array(is_token), tokens.text.take(pa.array(place)))


def decode(keys: Keys, tokens: Tokens | None = None) -> NDArray[np.object_]:
    """Strings of keys as a NumPy array of str; see `decode_arrow`."""
    texts: NDArray[np.object_] = decode_arrow(keys, tokens).to_numpy(zero_copy_only=False)
    return texts


def text_bounds(array: Any) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.int32]]:
    """Byte buffer and int32 bounds of an Arrow array of text, sliced or not; nulls become empty texts.

    Raises
    ------
    InputError
        The array is not text.
    """
    import pyarrow as pa

    kind = array.type
    if not (pa.types.is_string(kind) or pa.types.is_binary(kind)):
        try:
            array = array.cast(pa.string() if not pa.types.is_large_binary(kind) else pa.binary())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise InputError(f"a column of type {kind} cannot be read as text") from error
    if array.null_count:
        array = array.fill_null("" if pa.types.is_string(array.type) else b"")
    _, offset_buffer, data_buffer = array.buffers()
    if len(array) == 0 or offset_buffer is None:
        none = np.zeros(0, np.int32)
        return np.zeros(0, np.uint8), none, none
    offsets = readable(np.frombuffer(offset_buffer, np.int32))[array.offset : array.offset + len(array) + 1]
    data = (
        readable(np.frombuffer(data_buffer, np.uint8)) if data_buffer is not None else np.zeros(0, np.uint8)
    )
    return data, offsets[:-1], offsets[1:]


def readable(array: NDArray[Any]) -> NDArray[Any]:
    """Give kernels the array as they want it: contiguous, not marked read-only; copied only if strided.

    Numba compiles a kernel anew for read-only arrays, as Arrow's are. The mark is taken off a view; the
    kernels do not write to their inputs.
    """
    array = np.ascontiguousarray(array)
    return array if array.flags.writeable else np.asarray(_Unlocked(array))


class _Unlocked:
    """An array's memory without the read-only mark, kept alive through this object."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array
        self.__array_interface__ = {**array.__array_interface__, "data": (array.ctypes.data, False)}


def _clash() -> InputError:
    return InputError(
        "two different tokens have the same 63-bit key; hash the numbers with another salt and read again"
    )
