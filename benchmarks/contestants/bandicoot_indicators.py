"""The indicators in bandicoot, one person at a time from one CSV file each."""

import contextlib
import datetime
import inspect
import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.contestants import _indicators
from benchmarks.contestants._harness import Clock, Job, main


def load() -> None:
    """Import bandicoot 0.6, with what it asks of `inspect` put back for the time of this process.

    `getargspec` and `formatargspec` are gone since Python 3.11. The first four fields of `getfullargspec`
    are what the one returned; the other is `format_arguments`.
    """
    stand_ins = {
        "getargspec": lambda function: inspect.getfullargspec(function)[:4],
        "formatargspec": format_arguments,
    }
    for name, stand_in in stand_ins.items():
        if not hasattr(inspect, name):
            setattr(inspect, name, stand_in)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bandicoot  # noqa: F401
    logging.disable(logging.WARNING)


def format_arguments(
    names: list[str],
    rest: str | None = None,
    keywords: str | None = None,
    defaults: Sequence[object] | None = None,
    formatvalue: Callable[[Any], str] = lambda value: f"={value!r}",
) -> str:
    """Write the argument list of a function as source text, as `inspect.formatargspec` did."""
    defaults = defaults or ()
    plain = len(names) - len(defaults)
    parts = names[:plain]
    parts += [name + formatvalue(value) for name, value in zip(names[plain:], defaults, strict=True)]
    parts += [f"*{rest}"] if rest else []
    parts += [f"**{keywords}"] if keywords else []
    return f"({', '.join(parts)})"


def run(job: Job, clock: Clock) -> None:
    """Read each person's records ("read"), then work out the indicators ("indicators")."""
    import bandicoot

    names = sorted(path.stem for path in job.file.glob("*.csv"))
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere), clock.step("read"):
        people = [bandicoot.read_csv(name, str(job.file), describe=False, warnings=False) for name in names]
    with clock.step("indicators"):
        rows = [
            (int(name), indicator, value)
            for name, person in zip(names, people, strict=True)
            for indicator, value in indicators(person)
        ]
    clock.counts.update(numbers=len(names), records=sum(len(person.records) for person in people))
    _indicators.write(job.result, rows)


def indicators(person: Any) -> Iterator[tuple[str, float | None]]:
    """Work out the indicators of one person over the whole time."""
    from bandicoot import individual as of

    # bandicoot counts the very second 07:00:00 as night; an end just before makes the night half-open.
    person.night_end = datetime.time(6, 59, 59, 999_999)
    whole = {"groupby": None, "interaction": "callandtext"}
    calls = {"groupby": None, "interaction": "call"}
    yield "active_days", only(of.active_days(person, groupby=None))
    yield "number_of_contacts", only(of.number_of_contacts(person, **whole))
    yield "number_of_interactions_in", only(of.number_of_interactions(person, direction="in", **whole))
    yield "number_of_interactions_out", only(of.number_of_interactions(person, direction="out", **whole))
    yield "percent_nocturnal", only(of.percent_nocturnal(person, **whole))
    yield "percent_initiated_interactions", only(of.percent_initiated_interactions(person, **calls))
    yield "entropy_of_contacts", only(of.entropy_of_contacts(person, **whole))
    yield "balance_of_contacts_mean", only(of.balance_of_contacts(person, **whole))
    yield "interactions_per_contact_mean", only(of.interactions_per_contact(person, **whole))
    yield "percent_pareto_interactions", only(of.percent_pareto_interactions(person, **whole))
    yield "percent_pareto_durations", only(of.percent_pareto_durations(person, **calls))
    yield "call_duration_mean", only(of.call_duration(person, **calls))


def only(nested: Any) -> float | None:
    """Return the one value inside bandicoot's nested result; of a summary its mean."""
    while isinstance(nested, dict):
        nested = nested["mean"] if "mean" in nested else next(iter(nested.values()))
    return None if nested is None else float(nested)


if __name__ == "__main__":
    raise SystemExit(main(load, run))
