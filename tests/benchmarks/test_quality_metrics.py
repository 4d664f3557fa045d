"""Each measure against a case worked by hand, a slow twin and scikit-learn."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality import metrics, scored

LISTS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]), st.booleans()), min_size=1, max_size=30
)


def arrays(items: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([score for score, _ in items]), np.array([float(right) for _, right in items])


def slow_points(items: list[tuple[float, bool]]) -> list[tuple[int, int]]:
    """Claims and right claims of each list that can be cut."""
    cuts = sorted({score for score, _ in items}, reverse=True)
    lists = [[right for score, right in items if score >= cut] for cut in cuts]
    return [(len(taken), sum(taken)) for taken in lists]


@given(LISTS, st.integers(0, 5))
def test_lists_as_the_slow_twin(items: list[tuple[float, bool]], missed: int) -> None:
    scores, right = arrays(items)
    wanted = int(right.sum()) + missed
    if wanted == 0:
        assert math.isnan(metrics.pr_auc(scores, right, wanted))
        return
    points = slow_points(items)
    area, before = 0.0, 0
    for claims, hits in points:
        area += (hits - before) / wanted * hits / claims
        before = hits
    assert metrics.pr_auc(scores, right, wanted) == pytest.approx(area)
    recall = max([hits / wanted for claims, hits in points if hits / claims >= 0.95], default=0.0)
    assert metrics.recall_at_precision(scores, right, wanted) == pytest.approx(recall)
    threshold = metrics.threshold_at_precision(scores, right)
    assert right[scores >= threshold].sum() / wanted == pytest.approx(recall)


@given(LISTS)
def test_as_scikit_learn(items: list[tuple[float, bool]]) -> None:
    judge = pytest.importorskip("sklearn.metrics")
    scores, right = arrays(items)
    assert metrics.brier(scores, right) == pytest.approx(np.mean((scores - right) ** 2))
    if 0 < right.sum() < len(right):
        assert metrics.brier(scores, right) == pytest.approx(judge.brier_score_loss(right, scores))
        area = judge.average_precision_score(right, scores)
        assert metrics.pr_auc(scores, right, right.sum()) == pytest.approx(area)
        weights = np.arange(1.0, len(scores) + 1)
        area = judge.average_precision_score(right, scores, sample_weight=weights)
        assert metrics.pr_auc(scores, right, (weights * right).sum(), weights) == pytest.approx(area)


def test_a_precision_of_just_95_percent_is_enough() -> None:
    scores, right = np.arange(20, 0, -1.0), np.append(0.0, np.ones(19))
    assert metrics.recall_at_precision(scores, right, 19) == 1
    assert metrics.threshold_at_precision(scores, right) == 1


def test_what_is_never_listed_costs_recall() -> None:
    scores, right = np.array([0.9, 0.8]), np.array([1.0, 1.0])
    assert metrics.pr_auc(scores, right, 4) == 0.5
    assert metrics.recall_at_precision(scores, right, 4) == 0.5
    assert metrics.pr_auc(np.empty(0), np.empty(0), 4) == 0
    assert metrics.recall_at_precision(np.empty(0), np.empty(0), 4) == 0
    assert metrics.precision_at(np.empty(0), np.empty(0), 4) == 0


@given(
    st.lists(st.tuples(st.sampled_from([0.1, 0.5]), st.booleans()), min_size=1, max_size=5), st.integers(1, 6)
)
def test_precision_at_is_the_mean_over_orders_of_equal_scores(
    items: list[tuple[float, bool]], size: int
) -> None:
    orders = [sorted(order, key=lambda item: -item[0]) for order in permutations(items)]
    mean = np.mean([sum(right for _, right in order[:size]) / size for order in orders])
    assert metrics.precision_at(*arrays(items), size) == pytest.approx(mean)


@given(st.integers(0, 4), st.integers(0, 3), st.integers(1, 6))
def test_rank_credit_is_the_mean_over_orders_of_equal_scores(better: int, equal: int, size: int) -> None:
    mean = np.mean([better + place < size for place in range(equal + 1)])
    assert metrics.rank_credit(np.array([float(better)]), np.array([float(equal)]), size) == pytest.approx(
        mean
    )


def test_reliability_by_hand() -> None:
    bins = metrics.reliability(np.array([0.0, 0.05, 1.0, 0.99]), np.array([0.0, 1.0, 1.0, 1.0]))
    assert [(cell["low"], cell["count"], cell["observed"]) for cell in bins] == [(0.0, 2, 0.5), (0.9, 2, 1.0)]
    assert bins[0]["predicted"] == pytest.approx(0.025)
    assert [bins[1]["least"], bins[1]["most"]] == pytest.approx([0.342, 1.0], abs=1e-3)


def test_calibration_counts_large_bins_alone_in_the_worst_and_all_claims_in_the_mean() -> None:
    scores = np.repeat([0.05, 0.45, 0.95], [50, 49, 100])
    right = np.repeat([0.0, 1.0, 0.0, 1.0], [50, 49, 20, 80])
    found = metrics.calibration(scores, right)
    assert found["worst_bin"] == pytest.approx(0.15)
    assert found["calibration_error"] == pytest.approx((50 * 0.05 + 49 * 0.55 + 100 * 0.15) / 199)
    assert metrics.calibration(scores[:49], right[:49])["worst_bin"] is None


@given(st.integers(0, 40), st.integers(1, 40))
def test_wilson_solves_its_equation(hits: int, more: int) -> None:
    trials = hits + more
    for edge in metrics.wilson(hits, trials):
        if 0 < edge < 1:
            assert abs(hits / trials - edge) == pytest.approx(
                1.959964 * (edge * (1 - edge) / trials) ** 0.5, abs=1e-6
            )


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=15))
def test_b_cubed_as_the_slow_twin(labels: list[tuple[int, int]]) -> None:
    found, true = np.array(labels).T
    precision, recall = [], []
    for ours, theirs in labels:
        both = sum(label == (ours, theirs) for label in labels)
        precision.append(both / sum(label[0] == ours for label in labels))
        recall.append(both / sum(label[1] == theirs for label in labels))
    assert metrics.b_cubed(found, true)[:2] == pytest.approx((np.mean(precision), np.mean(recall)))


def test_scored_items_by_hand() -> None:
    listed = scored.Scored(
        np.array([0.9, 0.7, 0.5]), np.array([1.0, 0.0, 1.0]), np.array([True, True, False]), wanted=4
    )
    found = scored.measure(scored.join([listed, listed]))
    assert (found["wanted"], found["accepted"], found["precision"], found["recall"]) == (8, 4, 0.5, 0.25)
    assert found["pr_auc"] == pytest.approx((2 / 8) * 1 + (2 / 8) * (4 / 6))
    low, high = found["intervals"]["pr_auc"]
    assert low < found["pr_auc"] < high
