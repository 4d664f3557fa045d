"""Made-up events for the speed benchmarks: one time-sorted feed of any size, the same for the same seed.

There is one own number for 100 events and two off-net numbers for each own one. Degrees and tie strengths
are power laws; own numbers know their neighbours on a ring (so that circles overlap) and some numbers far
away; a few off-net numbers are hubs. Three ties in ten begin or end inside the 120 days. 50 M events have
about 6.1 M distinct (caller, callee) pairs. Events are drawn day by day: memory is bounded by the ties and
one day, about 1.5 GB at 200 M events.

This is load for a stopwatch, not a model of people: that is `circlegraph synth`.
"""

import gzip
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.task import DAY_SECONDS, DAYS, FIRST

VERSION = 1
"""Part of every file name: raise it whenever the generator changes, so that no old file is taken for new."""

ROW_GROUP = 1 << 20
TIES_PER_EVENT = 0.25
SMS_SHARE = 0.25
HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 12, 11, 12, 12, 13, 14, 15, 15, 13, 10, 7, 4])
WEEKDAYS = np.array([1.0, 1.0, 1.0, 1.02, 1.1, 0.95, 0.9])

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Generator = np.random.Generator


@dataclass(frozen=True)
class Feed:
    """One feed of events and the file that holds it.

    Parameters
    ----------
    events : int
        Number of events, exactly.
    seed : int
        Same seed, same bytes.
    numbers : {"int64", "digits", "hashes"}
        Numbers as int64, as strings of 11 digits, or as hashed tokens of 64 characters.
    suffix : {"parquet", "csv.gz"}
        Container: Parquet (snappy, row groups of 2**20 rows) or gzipped CSV with a header.

    Examples
    --------
    >>> Feed(50_000_000).name
    'events-v1-50000000-seed1-int64.parquet'
    """

    events: int
    seed: int = 1
    numbers: Literal["int64", "digits", "hashes"] = "int64"
    suffix: Literal["parquet", "csv.gz"] = "parquet"

    @property
    def name(self) -> str:
        """File name: holds everything that decides the content."""
        return f"events-v{VERSION}-{self.events}-seed{self.seed}-{self.numbers}.{self.suffix}"

    def file(self, folder: Path) -> Path:
        """Return the path of the feed in `folder`; make the file first where it is missing."""
        path = folder / self.name
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            unfinished = folder / f"{self.name}.{os.getpid()}.tmp"
            try:
                self._write(unfinished)
                unfinished.replace(path)
            finally:
                unfinished.unlink(missing_ok=True)
        return path

    def _write(self, path: Path) -> None:
        rng = np.random.default_rng(self.seed)
        ties = draw_ties(self.events, rng)
        names = number_names(ties.numbers, self.numbers, rng)
        tables = (
            pa.table({**day, "caller": names.take(day["caller"]), "callee": names.take(day["callee"])})
            for day in draw_days(self.events, ties, rng)
        )
        write = _write_parquet if self.suffix == "parquet" else _write_csv
        write((table.select(COLUMNS) for table in tables), path)


COLUMNS = ["caller", "callee", "start", "duration", "kind"]


@dataclass(frozen=True)
class Ties:
    """Pairs of numbers that are in contact, one entry per unordered pair."""

    numbers: int
    """How many numbers there are; they are 0 … numbers - 1 here, own numbers first."""
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    cumulative: Floats
    """Running sum of the tie strengths, scaled to end at 1."""
    a_share: NDArray[np.float32]
    """Share of the contacts that `a` begins."""
    first_day: NDArray[np.int16]
    last_day: NDArray[np.int16]


def power_law(size: int, exponent: float, most: float, rng: Generator) -> Floats:
    """Draw `size` values from 1 to `most` with the tail P(X > x) = x ** -exponent, cut at `most`."""
    return np.minimum((1.0 - rng.random(size)) ** (-1.0 / exponent), most)


def draw_ties(events: int, rng: Generator) -> Ties:
    """Draw who is in contact with whom, how strongly, which way, and from which day to which."""
    own = max(events // 100, 20)
    numbers = 3 * own
    pairs = draw_pairs(max(int(events * TIES_PER_EVENT), 20), own, rng)
    count = len(pairs)
    a = (pairs // numbers).astype(np.int32)
    b = (pairs % numbers).astype(np.int32)
    cumulative = np.cumsum(power_law(count, 0.8, 2000.0, rng))
    cumulative /= cumulative[-1]
    kind = rng.random(count, dtype=np.float32)
    day = rng.integers(1, DAYS, count, dtype=np.int16)
    return Ties(
        numbers=numbers,
        a=a,
        b=b,
        cumulative=cumulative,
        a_share=rng.beta(0.7, 0.7, count).astype(np.float32),
        first_day=np.where(kind < 0.15, day, np.int16(0)),
        last_day=np.where(kind > 0.85, day, np.int16(DAYS)),
    )


def draw_pairs(draws: int, own: int, rng: Generator) -> Ints:
    """Draw pairs of numbers, at most `draws`, distinct and sorted, as smaller · 3 own + larger.

    Block by block, since only the pairs themselves should take memory in proportion to their number.
    """
    off_net = 2 * own
    ego = np.cumsum(power_law(own, 1.7, 500.0, rng))
    popular = np.cumsum(power_law(own, 1.7, 500.0, rng))
    hub = np.cumsum(power_law(off_net, 1.3, 20_000.0, rng))
    pairs = np.empty(draws, dtype=np.int64)
    for begin in range(0, draws, ROW_GROUP):
        size = min(ROW_GROUP, draws - begin)
        a = _pick(ego, size, rng)
        offset = 2 * power_law(size, 1.0, 2000.0, rng).astype(np.int64) * rng.choice(np.array([-1, 1]), size)
        b = (a + offset) % own
        kind = rng.random(size)
        far, near_off_net, at_hub = kind < 0.15, (kind >= 0.15) & (kind < 0.45), kind >= 0.85
        b[far] = _pick(popular, int(far.sum()), rng)
        b[near_off_net] = own + ((2 * a + offset) % off_net)[near_off_net]
        b[at_hub] = own + _pick(hub, int(at_hub.sum()), rng)
        b = np.where(a == b, own, b)
        pairs[begin : begin + size] = np.minimum(a, b) * (own + off_net) + np.maximum(a, b)
    return distinct(pairs)


def distinct(values: Ints) -> Ints:
    """Sort values in place and return the distinct ones; on millions far faster than `np.unique`."""
    values.sort()
    kept: Ints = values[np.diff(values, prepend=values[0] - 1) != 0]
    return kept


def _pick(cumulative: Floats, size: int, rng: Generator) -> Ints:
    """Draw `size` indices with replacement, given the running sum of their weights."""
    # Looking up sorted values walks through memory; at random every look-up would miss the cache.
    drawn = np.searchsorted(cumulative, np.sort(rng.random(size)) * cumulative[-1], side="right")
    return rng.permutation(np.minimum(drawn, len(cumulative) - 1))


def number_names(count: int, form: str, rng: Generator) -> pa.Array:
    """Give each number a name that looks like a mobile number, in random order: int64, digits or hashes."""
    drawn = distinct(rng.integers(13_000_000_000, 20_000_000_000, count + count // 8 + 16))
    values = rng.permutation(drawn)[:count]
    if form == "int64":
        return pa.array(values)
    if form == "digits":
        return pa.array(values).cast(pa.string())
    return pa.array([hashlib.sha256(str(value).encode()).hexdigest() for value in values.tolist()])


def draw_days(events: int, ties: Ties, rng: Generator) -> Iterator[dict[str, pa.Array]]:
    """Draw the events of one day after the other; caller and callee are indices."""
    load = WEEKDAYS[np.arange(DAYS) % 7]
    until = np.round(np.cumsum(load) / load.sum() * events).astype(np.int64)
    kinds = pa.array(["call", "sms"])
    for day, count in enumerate(np.diff(until, prepend=0).tolist()):
        tie, from_a, second = _draw_contacts(day, count, ties, rng)
        a, b = ties.a[tie], ties.b[tie]
        sms = rng.random(count) < SMS_SHARE
        seconds = np.clip(np.exp(rng.normal(4.0, 1.1, count)), 1, 14_400)
        yield {
            "caller": pa.array(np.where(from_a, a, b)),
            "callee": pa.array(np.where(from_a, b, a)),
            "start": pa.array(FIRST + day * DAY_SECONDS + second),
            "duration": pa.array(np.where(sms, 0, seconds).astype(np.int32)),
            "kind": pa.DictionaryArray.from_arrays(pa.array(sms.astype(np.int8)), kinds),
        }


def _draw_contacts(day: int, count: int, ties: Ties, rng: Generator) -> tuple[Ints, NDArray[np.bool_], Ints]:
    """Draw `count` contacts of one day in time order, no two of one caller and callee in one second."""
    pairs = 2 * len(ties.a)
    key = np.empty(0, dtype=np.int64)
    while len(key) < count:
        draws = int((count - len(key)) * 1.25) + 64
        tie = np.searchsorted(ties.cumulative, np.sort(rng.random(draws)), side="right")
        tie = np.minimum(tie, len(ties.a) - 1)
        tie = tie[(ties.first_day[tie] <= day) & (day < ties.last_day[tie])]
        hour = np.searchsorted(np.cumsum(HOURS / HOURS.sum()), rng.random(len(tie)))
        second = np.minimum(hour, 23) * 3600 + rng.integers(0, 3600, len(tie))
        backwards = rng.random(len(tie)) >= ties.a_share[tie]
        key = distinct(np.concatenate([key, second * pairs + 2 * tie + backwards]))
    key = np.sort(rng.permutation(key)[:count])
    second, contact = np.divmod(key, pairs)
    return contact >> 1, (contact & 1) == 0, second


def _rechunk(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Cut a stream of tables into pieces of exactly `ROW_GROUP` rows and a rest."""
    waiting: list[pa.Table] = []
    rows = 0
    for table in tables:
        waiting.append(table)
        rows += table.num_rows
        while rows >= ROW_GROUP:
            joined = pa.concat_tables(waiting)
            yield joined.slice(0, ROW_GROUP)
            waiting = [joined.slice(ROW_GROUP)]
            rows -= ROW_GROUP
    if rows:
        yield pa.concat_tables(waiting)


def _write_parquet(tables: Iterator[pa.Table], path: Path) -> None:
    writer = None
    for table in _rechunk(tables):
        writer = writer or pq.ParquetWriter(path, table.schema, compression="snappy")
        writer.write_table(table, row_group_size=ROW_GROUP)
    if writer is not None:
        writer.close()


def _write_csv(tables: Iterator[pa.Table], path: Path) -> None:
    options = pacsv.WriteOptions(include_header=False, quoting_style="none")
    # mtime=0 and no name keep the clock and the path out of the header: same seed, same bytes.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0) as file:
        file.write((",".join(COLUMNS) + "\n").encode())
        for table in tables:
            text = table.set_column(4, "kind", table["kind"].cast(pa.string()))
            pacsv.write_csv(text, file, options)
