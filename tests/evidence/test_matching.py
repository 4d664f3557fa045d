"""Match weights: learned without labels, ascending, and rivals who share one probability."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from circlegraph.detect.second_numbers.bands import BANDS, NEWNESS
from circlegraph.evidence.agreement import agreement_weights
from circlegraph.evidence.bands import Band
from circlegraph.evidence.matching import MatchModel, learn_model, probability, rivalry
from circlegraph.evidence.reasons import in_words

THREE = tuple(Band(name, (0.0, 0.5, 1.0), (0.1, 0.3, 0.6)) for name in "abc")


def simulated(seed: int, pairs: int = 4000, share: float = 0.05):
    """Pairs of which a share has one owner; returns the truth and three independent pieces of evidence."""
    rng = np.random.default_rng(seed)
    same = rng.random(pairs) < share
    values = {
        band.name: np.where(
            same,
            rng.choice([0.0, 0.5, 1.0], pairs, p=(0.2, 0.2, 0.6)),
            rng.choice([0, 0.5, 1], pairs, p=(0.9, 0.08, 0.02)),
        )
        for band in THREE
    }
    return same, values


def test_what_was_planted_is_learned() -> None:
    same, values = simulated(1)
    model = learn_model(THREE, values, prior=0.01)
    assert model.prior == pytest.approx(same.mean(), abs=0.01)
    for weights in model.weights:
        np.testing.assert_allclose(weights, np.log2([0.2 / 0.9, 0.2 / 0.08, 0.6 / 0.02]), atol=0.7)
    believed = probability(model.match_weight(values))
    assert believed.sum() == pytest.approx(same.sum(), rel=0.15)
    assert same[believed > 0.9].mean() > 0.9


@pytest.mark.parametrize("bands", [BANDS, THREE])
@given(data=st.data())
def test_more_evidence_never_lowers_the_weight(bands: tuple[Band, ...], data: st.DataObject) -> None:
    pairs = data.draw(st.integers(1, 12))
    column = hnp.arrays(np.float64, pairs, elements=st.one_of(st.floats(-4, 4), st.just(np.nan)))
    values = {band.name: data.draw(column) for band in bands}
    model = learn_model(bands, values, prior=0.1, sides=(np.arange(pairs) // 2,))
    raised = data.draw(st.sampled_from(bands)).name
    more = {**values, raised: values[raised] + data.draw(st.floats(0, 3))}
    assert (model.match_weight(more) >= model.match_weight(values) - 1e-9).all()
    for band, weights in zip(bands, model.weights, strict=True):
        assert (np.diff(weights) >= -1e-12).all(), band.name


def test_what_is_not_known_weighs_nothing() -> None:
    _, values = simulated(2)
    unknown = {name: np.full(3, np.nan) for name in values}
    model = learn_model(THREE, values, prior=0.01)
    assert model.match_weight(unknown).tolist() == [model.prior_weight] * 3
    parts = model.parts(values)
    np.testing.assert_allclose(sum(parts.values()) + model.prior_weight, model.match_weight(values))


def test_evidence_that_is_trusted_half_weighs_half() -> None:
    _, values = simulated(5)
    half = Band("a", (0.0, 0.5, 1.0), (0.1, 0.3, 0.6), learned=False, trust=0.5)
    weights = learn_model((half, *THREE[1:]), values, prior=0.05).weights[0]
    assert weights == pytest.approx(np.log2([0.1 / 0.9, 0.3 / 0.08, 0.6 / 0.02]) / 2, abs=0.3)


def test_evidence_that_is_trusted_half_can_be_raised_until_pairs_with_two_owners_have_even_odds() -> None:
    same, values = simulated(5)
    half = Band("a", (0.0, 0.5, 1.0), (0.1, 0.3, 0.6), learned=False, trust=0.5)
    flat, raised, some = (
        learn_model((half, *THREE[1:]), values, 0.05, level=level).weights[0] for level in (0.0, 1.0, 0.4)
    )
    odds = np.exp2(raised[half.place(values["a"][~same])]).mean()
    assert odds == pytest.approx(1.0, abs=0.05)
    assert some == pytest.approx(flat + 0.4 * (raised - flat), abs=0.1)
    assert (raised > flat + 0.3).all()


def test_bands_that_are_not_learned_keep_their_expected_shares() -> None:
    _, values = simulated(3)
    fixed = Band("a", (0.0, 0.5, 1.0), (0.3, 0.3, 0.4), learned=False)
    model = learn_model((fixed, *THREE[1:]), values, prior=0.05)
    shares = np.exp2(model.weights[0]) * np.array([0.9, 0.08, 0.02])
    assert shares == pytest.approx([0.3, 0.3, 0.4], rel=0.3)


@given(
    hnp.arrays(np.float64, 7, elements=st.floats(-9, 9)),
    hnp.arrays(np.int64, 7, elements=st.integers(0, 3)),
    hnp.arrays(np.int64, 7, elements=st.integers(0, 3)),
)
def test_rivals_equal_twin(weight: np.ndarray, a: np.ndarray, b: np.ndarray) -> None:
    got = probability(weight + rivalry(weight, (a, b)))
    for i in range(7):
        rivals = [2 ** weight[j] for side in (a, b) for j in range(7) if j != i and side[j] == side[i]]
        mine = 2 ** weight[i]
        assert got[i] == pytest.approx(mine / (1 + mine + sum(rivals)), rel=1e-9)


@pytest.mark.parametrize("band", [*BANDS, NEWNESS], ids=lambda band: band.name)
def test_bands_make_sense(band: Band) -> None:
    assert len(band.knots) == len(band.expected)
    assert (np.diff(band.knots) > 0).all()
    assert sum(band.expected) == pytest.approx(1)
    assert band.place(np.array(band.knots)).tolist() == list(range(len(band.knots)))
    weights = np.arange(len(band.knots), dtype=float)
    assert band.spread(np.array(band.knots), weights).tolist() == weights.tolist()


def test_no_pairs() -> None:
    nothing = {band.name: np.empty(0) for band in THREE}
    model = learn_model(THREE, nothing, prior=0.05, sides=(np.empty(0, np.int64),))
    assert isinstance(model, MatchModel)
    assert model.prior == pytest.approx(0.05)


def test_words_for_what_speaks_against() -> None:
    pair = {
        "shared": 3,
        "steady": 4,
        "onset": (date(2024, 5, 18) - date(1970, 1, 1)).days,
        "newness": 0.4,
        "expected_days": 10.0,
        "own_days": 12,
        "mou_drop": -0.2,
        "arpu_drop": 0.3,
        "balance": 0.5,
        "calls_between": 3,
        "tried": 0,
        "at_once": 1.0,
        "distant": 1.0,
        "same_document": 0.0,
        "same_imei": 1.0,
        "forwards": 1.0,
        "cell_overlap": 0.1,
        "related": 1.0,
        "strangers": 0,
    }
    unknown = dict.fromkeys(
        (
            "mou_drop",
            "arpu_drop",
            "at_once",
            "distant",
            "same_document",
            "same_imei",
            "forwards",
            "cell_overlap",
        ),
        np.nan,
    ) | {"shared": 1, "expected_days": 0.0, "related": np.nan, "tried": 1, "newness": 1.0}
    columns = {name: np.array([value, unknown.get(name, value)]) for name, value in pair.items()}
    words, plain = in_words(second=pa.array(["a1b2", "18612345678"], pa.string()), **columns).to_pylist()
    assert plain == (
        "1 of his 4 steady contacts now call 186…, first seen on 18 May 2024; together the two numbers carry 50 % of "
        "the old circle; he tried it with a call on its first day, and they never call each other again"
    )
    for part in (
        "these contacts all know each other",
        "now call another number, known before, since 18 May 2024",
        "his own contacts with them rose by 20 %",
        "all his minutes rose by 20 %",
        "his bills fell by 30 %",
        "3 calls and texts between the two",
        "1 of their calls ran at the same time",
        "another identity document",
        "same handset",
        "their cells agree to 10 %",
        "in 1 hours they were heard far apart",
        "calls are forwarded",
        "the two are of one family",
    ):
        assert part in words


def test_agreement_counts_against_pairs_that_could_agree() -> None:
    """Friends next door share a cell as often as relatives nearly do; the many who live far apart do not tell."""
    same = np.repeat([1.0, 0.0, 1.0, 0.0, 1.0, 0.0], [450, 50, 500, 500, 50, 4950])
    belief = np.repeat([0.97, 0.1, 0.001], [500, 1000, 5000])
    band = Band("cells", (0.0, 1.0), (0.1, 0.9))
    far_only = np.where(belief == 0.1, 0.001, belief)
    assert agreement_weights(band, same, belief)[1] < 1.2
    assert agreement_weights(band, same, far_only)[1] > 3
