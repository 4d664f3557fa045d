"""What is raced: every race of the speed suite with its inputs, its contestants and what is timed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import inputs
from benchmarks.events import Feed
from benchmarks.measure import Outcome
from benchmarks.results import Shape

CIRCLES = Shape(("number", "peer"), ("before_index", "after_index"))
JACCARD = Shape(("a", "b"), ("jaccard",))
CANDIDATES = Shape(("number", "candidate"), ("shared",))
SHARED = Shape(("a", "b"), ("weighted",))
RANKS = Shape(("number", "peer"), ("rank",))
LINKS = Shape(("number",), ("clustering",))
CALLERS = Shape(("number", "figure"), ("value",))
INDICATORS = Shape(("number", "indicator"), ("value",))


@dataclass(frozen=True)
class Entry:
    """One contestant of a race."""

    label: str
    module: str
    """Module in `benchmarks.contestants`."""
    most_events: int | None = None
    """Left out beyond this many events, where it would not fit or take too long."""
    least_events: int = 0
    """Left out below this many events, to keep a smoke run short."""
    rounds: int | None = None
    """At most this many rounds, for the slow ones."""
    arguments: tuple[str, ...] = ()
    compared: bool = True
    """Whether it writes the race's result."""


@dataclass(frozen=True)
class Timing:
    """A time that a race is about."""

    title: str
    unit: str
    of: Callable[[Outcome], float]


@dataclass(frozen=True)
class Input:
    """The files that the contestants of a race are given."""

    file: Path
    extra: Path | None = None
    per_module: tuple[tuple[str, Path], ...] = ()
    """Contestants that read the same data in another form."""


@dataclass(frozen=True)
class Race:
    """Contestants that do the same job on the same input."""

    name: str
    title: str
    entries: tuple[Entry, ...]
    prepare: Callable[[Path, int], Input]
    """Makes the input in the data folder, given the number of events."""
    shape: Shape | None
    """Columns of the results that must be equal; None where nothing is compared."""
    timings: tuple[Timing, ...]
    share: float = 1.0
    """Share of the suite's number of events that this race works on."""
    least_events: int = 0
    """The race is left out below this many events."""
    common: bool = False
    """Results are compared on the keys that two engines both have."""
    reference: str = "circlegraph"
    """Label of the entry whose time is 1 in the ratios."""


def without_compiling(outcome: Outcome) -> float:
    """Seconds of the whole process without its compile phase."""
    return outcome.wall - float(outcome.answer["phases"]["compile"])


def step(name: str) -> Callable[[Outcome], float]:
    """Return the function that reads the seconds of one step."""
    return lambda outcome: float(outcome.answer["steps"][name])


def per(count: str) -> Callable[[Outcome], float]:
    """Return the function that reads the microseconds of all steps, per one of what was counted."""

    def of(outcome: Outcome) -> float:
        seconds: float = sum(outcome.answer["steps"].values())
        return 1e6 * seconds / float(outcome.answer["counts"][count])

    return of


WHOLE = (Timing("whole process without compiling", "s", without_compiling),)
WORK = (*WHOLE, Timing("without reading and writing", "s", step("work")))
SPARK_MOST = 50_000_000
PANDAS_MOST = 10_000_000
NETWORKX_MOST = 10_000_000


def circles_entries(*arguments: str, spark_least: int = 0) -> tuple[Entry, ...]:
    """Return the contestants of the main task."""
    return (
        Entry("DuckDB SQL", "duckdb_sql", arguments=arguments),
        Entry("Polars streaming", "polars_streaming", arguments=arguments),
        Entry("pandas", "pandas_frame", PANDAS_MOST, arguments=arguments),
        Entry("PySpark local", "pyspark_local", SPARK_MOST, spark_least, rounds=1, arguments=arguments),
        Entry("circlegraph", "circlegraph_circles", arguments=arguments),
    )


FILE_ENTRIES = (
    Entry("DuckDB SQL", "duckdb_sql"),
    Entry("Polars streaming", "polars_streaming"),
    Entry("circlegraph", "circlegraph_circles"),
)

RACES = (
    Race(
        "circles",
        "Both directions, both windows, indices: events as they stand, int64 numbers in Parquet",
        (Entry("DuckDB bare scan", "duckdb_scan", compared=False), *circles_entries()),
        lambda data, events: Input(Feed(events).file(data)),
        CIRCLES,
        WHOLE,
    ),
    Race(
        "circles-distinct",
        "The same with duplicate events removed",
        circles_entries("--distinct", spark_least=2_000_000),
        lambda data, events: Input(Feed(events).file(data)),
        CIRCLES,
        WHOLE,
    ),
    Race(
        "circles-hashes",
        "The same, events as they stand, numbers as 64-character tokens in Parquet",
        FILE_ENTRIES,
        lambda data, events: Input(Feed(events, numbers="hashes").file(data)),
        CIRCLES,
        WHOLE,
        share=0.2,
    ),
    Race(
        "circles-csv",
        "The same, events as they stand, 11-digit numbers in .csv.gz",
        FILE_ENTRIES,
        lambda data, events: Input(Feed(events, numbers="digits", suffix="csv.gz").file(data)),
        CIRCLES,
        WHOLE,
        share=0.2,
    ),
    Race(
        "circles-limited",
        "The same, events as they stand, four times the events within 4 GB",
        (
            Entry("DuckDB SQL, 4 GB", "duckdb_sql", rounds=1, arguments=("--memory-limit", "4GB")),
            Entry("circlegraph, no limit", "circlegraph_circles", rounds=1),
            Entry("circlegraph, 4 GB", "circlegraph_circles", rounds=1, arguments=("--memory-limit", "4GB")),
        ),
        lambda data, events: Input(Feed(events).file(data)),
        CIRCLES,
        WHOLE,
        share=4.0,
        least_events=10_000_000,
        reference="circlegraph, 4 GB",
    ),
    Race(
        "store",
        "A contact store: one day appended to 119 against all 120 built",
        (
            Entry("circlegraph, whole", "circlegraph_build", compared=False),
            Entry("circlegraph, one day", "circlegraph_append", compared=False),
        ),
        lambda data, events: Input(Feed(events).file(data)),
        None,
        (Timing("step in the store", "s", step("store")),),
        reference="circlegraph, one day",
    ),
    Race(
        "indicators",
        f"bandicoot's indicators: {inputs.PEOPLE} people in bandicoot, everybody in circlegraph",
        (
            Entry("bandicoot", "bandicoot_indicators"),
            Entry("circlegraph", "circlegraph_indicators"),
        ),
        lambda data, events: _people(Feed(events).file(data)),
        INDICATORS,
        (Timing("per number", "µs", per("numbers")), Timing("per record", "µs", per("records"))),
        common=True,
    ),
    Race(
        "graph",
        "Weighted graph from an edge list, and Jaccard of the circles of 20,000 pairs",
        (
            Entry("scipy.sparse", "scipy_graph"),
            Entry("igraph", "igraph_graph"),
            Entry("networkx", "networkx_graph"),
            Entry("circlegraph", "circlegraph_graph"),
        ),
        lambda data, events: _graph(Feed(events).file(data)),
        JACCARD,
        (Timing("building the graph", "s", step("build")), Timing("Jaccard", "s", step("jaccard"))),
    ),
    Race(
        "candidates",
        "The 20 best candidates of every number by the steady peers they share; scipy on one thread",
        (
            Entry("scipy.sparse", "scipy_candidates"),
            Entry("DuckDB SQL", "duckdb_candidates"),
            Entry("circlegraph", "circlegraph_candidates"),
        ),
        lambda data, events: Input(inputs.ties_file(Feed(events).file(data))),
        CANDIDATES,
        (Timing("candidates", "s", step("candidates")),),
        share=0.1,
    ),
    Race(
        "shared",
        "Families: the peers that the two of every tie share, rare ones counting more",
        (
            Entry("scipy.sparse", "scipy_shared"),
            Entry("igraph", "igraph_shared"),
            Entry("networkx", "networkx_shared", NETWORKX_MOST, rounds=1),
            Entry("DuckDB SQL", "duckdb_shared"),
            Entry("circlegraph", "circlegraph_shared"),
        ),
        lambda data, events: Input(inputs.ties_without_hubs_file(Feed(events).file(data))),
        SHARED,
        WORK,
    ),
    Race(
        "ranks",
        "Families: the rank of every peer in the circle of a number",
        (
            Entry("pandas", "pandas_ranks"),
            Entry("DuckDB SQL", "duckdb_ranks"),
            Entry("circlegraph", "circlegraph_ranks"),
        ),
        lambda data, events: Input(inputs.ties_without_hubs_file(Feed(events).file(data))),
        RANKS,
        WORK,
    ),
    Race(
        "links",
        "Account managers: do the peers of a number know each other",
        (
            Entry("scipy.sparse", "scipy_links"),
            Entry("igraph", "igraph_links"),
            Entry("networkx", "networkx_links", NETWORKX_MOST, rounds=1),
            Entry("circlegraph", "circlegraph_links"),
        ),
        lambda data, events: Input(inputs.ties_without_hubs_file(Feed(events).file(data))),
        LINKS,
        WORK,
    ),
    Race(
        "callers",
        "Account managers: callees, first contacts and weekly load of everybody who calls many",
        (
            Entry("DuckDB SQL", "duckdb_callers"),
            Entry("pandas", "pandas_callers", PANDAS_MOST),
            Entry("circlegraph", "circlegraph_callers"),
        ),
        lambda data, events: Input(Feed(events).file(data)),
        CALLERS,
        WHOLE,
        share=0.2,
    ),
)


def _people(events: Path) -> Input:
    records = inputs.records_folder(events)
    return Input(events, inputs.people_file(events), (("bandicoot_indicators", records),))


def _graph(events: Path) -> Input:
    return Input(inputs.edges_file(events), inputs.pairs_file(events, 20_000))
