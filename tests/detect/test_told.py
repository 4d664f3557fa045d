"""Known answers: read, found by pair, and learned from."""

import numpy as np
import pandas as pd
import planted
import pytest

import circlegraph as cg
from circlegraph.errors import InputError

CALLS = planted.calls()


def test_known_answers_teach_the_weights() -> None:
    plain = cg.detect.dual_sim(CALLS, planted.AT)
    best = plain.pairs[plain.pairs["rank"] == 1]
    true = (best.number == planted.MOVER).astype(int)
    labels = best[["number", "second_number"]].assign(true=true)
    taught = cg.detect.dual_sim(CALLS, planted.AT, labels=labels)

    def of_mover(found) -> float:
        rows = found.pairs[(found.pairs.number == planted.MOVER) & (found.pairs["rank"] == 1)]
        return float(rows.probability.iloc[0])

    assert of_mover(taught) > of_mover(plain)
    nothing = cg.detect.dual_sim(CALLS, planted.AT, labels=labels.assign(true=np.nan))
    pd.testing.assert_frame_equal(nothing.pairs, plain.pairs)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (
            {"number": ["1", "1"], "second_number": ["2", "2"], "true": [1, 0]},
            "rows 1 and 2 list the same pair",
        ),
        (
            {"number": ["1"], "second_number": ["2"], "true": ["perhaps"]},
            "row 1 the column 'true' is neither 1 nor 0",
        ),
        ({"number": ["1"], "second_number": ["2"]}, "there is no column 'true'"),
        ({"number": ["1"], "second_number": ["2"], "ture": [1]}, "'ture' is not known; did you mean 'true'"),
    ],
)
def test_labels_that_cannot_be_used(table: dict[str, list[object]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        cg.detect.dual_sim(CALLS, planted.AT, labels=pd.DataFrame(table))
