"""What the indicator contestants share: which indicators, and how the answer is written.

The job: these indicators of the people in the extra input, over all 120 days at once, calls and texts
together unless the name says otherwise. Names and definitions are bandicoot's, with days and nights in UTC.
Result: `number`, `indicator`, `value`. Engines are compared on the indicators that both have. An engine may
work out more numbers than asked; the times compared are those of all its steps, per number and per record
(an event counts once for each of its two numbers), so it reports both as `counts["numbers"]` and
`counts["records"]`.
"""

from collections.abc import Iterable
from pathlib import Path

INDICATORS = (
    "active_days",
    "number_of_contacts",
    "number_of_interactions_in",
    "number_of_interactions_out",
    "percent_nocturnal",
    "percent_initiated_interactions",
    "entropy_of_contacts",
    "balance_of_contacts_mean",
    "interactions_per_contact_mean",
    "percent_pareto_interactions",
    "percent_pareto_durations",
    "call_duration_mean",
)
"""Of one number with n interactions (calls and SMS, both directions) with its contacts c:

active_days                      distinct days with an interaction
number_of_contacts               distinct contacts
number_of_interactions_in, _out  interactions received, made
percent_nocturnal                share of interactions from 19:00 (included) to 07:00 (excluded)
percent_initiated_interactions   share of its calls that it made; 0 if it has no calls
entropy_of_contacts              -Σ (n_c / n) ln(n_c / n)
balance_of_contacts_mean         mean over contacts of (interactions made to c) / n
interactions_per_contact_mean    n / number of contacts
percent_pareto_interactions      least number of contacts with 80 % of its interactions / n
percent_pareto_durations         least number of contacts with 80 % of its call seconds / its calls
call_duration_mean               mean seconds of its calls
"""


def write(path: Path, rows: Iterable[tuple[int, str, float | None]]) -> None:
    """Write (number, indicator, value) rows; a value that is not defined is null."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers, indicators, values = zip(*rows, strict=True)
    columns = {
        "number": pa.array(numbers, pa.int64()),
        "indicator": pa.array(indicators, pa.string()),
        "value": pa.array(values, pa.float64()),
    }
    pq.write_table(pa.table(columns), path)
