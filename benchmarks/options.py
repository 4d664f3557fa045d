"""The command line of `python -m benchmarks`."""

import argparse
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

from benchmarks.growth.steps import STEPS
from benchmarks.quality import cities
from benchmarks.quality import suite as quality
from benchmarks.races import RACES

SIZES = {"small": 1_000_000, "full": 50_000_000}
"""Events of the speed races."""
PRESETS = (*cities.PRESETS, cities.SPARSE)
SUITES = ("speed", "quality", "growth", "validity")

ABOUT = """Run the benchmarks, print their tables and write them as JSON and HTML.

speed     circlegraph and other engines on the same records
quality   every detector and simple baselines on planted truth; a fall below the stored figures is an error
growth    seconds and memory against the number of subscribers
validity  the synthetic cities beside published figures and real data"""

EXAMPLES = """examples:
  python -m benchmarks --only quality                            all questions, small cities
  python -m benchmarks --only quality --questions families --tuning --presets hard --seeds 1
  python -m benchmarks --only quality --size full --resume build/kept
  python -m benchmarks --only speed --races circles --contestants circlegraph_circles,duckdb_sql
  python -m benchmarks --only growth --growth-sizes 10000,100000,1000000 --resume build/kept
  python -m benchmarks --only growth --growth-sizes 1000000 --growth-steps "dual-sim at any time" --resume build/kept

How to add a method: benchmarks/quality/__init__.py; a contestant: benchmarks/__init__.py."""


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=ABOUT,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--only", choices=SUITES, help="one suite only")
    made.add_argument(
        "--size",
        choices=SIZES,
        default="small",
        help="small: 1 M events, cities of 1,500 subscribers, growth to 10,000; full: 50 M, 10,000, to a million "
        "(default: small)",
    )
    made.add_argument(
        "--json",
        type=Path,
        default=Path("build/benchmarks.json"),
        help="file of the speed figures, with a page beside it; other suites write SUITE.json and SUITE.html there "
        "(default: build/benchmarks.json)",
    )
    made.add_argument(
        "--resume",
        type=Path,
        metavar="FOLDER",
        help="quality, growth: keep what is done there and go on from there after a stop, until the code changes",
    )
    made.add_argument("--threads", type=_above_zero, default=2, help="speed, growth (default: 2)")
    made.add_argument(
        "--data",
        type=Path,
        default=Path(tempfile.gettempdir()) / "circlegraph-benchmarks",
        help="speed, growth: folder for made-up records; feeds are kept between runs (full size: some 5 GB)",
    )
    _speed(made.add_argument_group("speed"))
    _quality(made.add_argument_group("quality"))
    growth = made.add_argument_group("growth")
    growth.add_argument(
        "--growth-sizes",
        type=_sizes,
        metavar="N,N...",
        help="subscribers of the growing cities (a million: 29 GB of disk)",
    )
    growth.add_argument(
        "--growth-steps",
        type=_some_of(STEPS),
        metavar="NAME,NAME...",
        help=f"some of: {', '.join(STEPS)}; with --resume cities and stores stay, so that steps can be run one by one "
        "(choose synth and store to make them anew)",
    )
    return made


def _speed(group: argparse._ArgumentGroup) -> None:
    races = [race.name for race in RACES]
    group.add_argument("--events", type=_above_zero, help="any other number of events")
    group.add_argument(
        "--rounds", type=_above_zero, default=3, help="runs of each contestant, interleaved (default: 3)"
    )
    group.add_argument(
        "--races", type=_some_of(races), metavar="NAME,NAME...", help=f"some of: {', '.join(races)}"
    )
    modules = sorted({entry.module for race in RACES for entry in race.entries})
    group.add_argument(
        "--contestants",
        type=_some_of(modules),
        metavar="NAME,NAME...",
        help=f"some of: {', '.join(modules)}",
    )


def _quality(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--questions",
        type=_some_of(quality.QUESTIONS),
        metavar="NAME,NAME...",
        help=f"some of: {', '.join(quality.QUESTIONS)}",
    )
    group.add_argument(
        "--presets",
        type=_some_of(PRESETS),
        metavar="NAME,NAME...",
        help=f"cities of some presets (validity too): {', '.join(PRESETS)}",
    )
    group.add_argument("--seeds", type=_above_zero, help="cities of the first so many seeds only")
    group.add_argument(
        "--subscribers",
        type=_above_zero,
        help="cities of another size, to look closer or faster (validity too)",
    )
    either = group.add_mutually_exclusive_group()
    either.add_argument(
        "--tuning", action="store_true", help="judge on the tuning seeds, to develop a method"
    )
    either.add_argument(
        "--update-baseline", action="store_true", help="store this run's figures as the baseline"
    )


def _some_of(known: Collection[str]) -> Callable[[str], frozenset[str]]:
    def names(text: str) -> frozenset[str]:
        found = frozenset(text.split(","))
        unknown = found - set(known)
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: known are {', '.join(known)}")
        return found

    return names


def _above_zero(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(_above_zero(part) for part in text.replace("_", "").split(","))
