import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.evaluation import metrics


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [
        pytest.param("kitten", "sitting", 3, id="two substitutions and an insertion"),
        pytest.param("", "abc", 3, id="from nothing, every character is inserted"),
        pytest.param("07030", "07030", 0, id="the same text needs no edit"),
        pytest.param("0730", "07030", 1, id="a lost zero is one edit"),
    ],
)
def test_edit_distance(left, right, edits):
    assert metrics.edit_distance(left, right) == metrics.edit_distance(right, left) == edits


@given(st.text("01a", max_size=8), st.text("01a", max_size=8), st.text("01a", max_size=8))
def test_edit_distance_takes_no_shorter_way_through_a_third_text(a, b, c):
    assert metrics.edit_distance(a, c) <= metrics.edit_distance(a, b) + metrics.edit_distance(b, c)


def test_character_errors_are_counted_over_all_items_together():
    assert metrics.character_error_rate(["7", "12345"], ["1", "12345"]) == pytest.approx(1 / 6)


def test_word_errors_count_words():
    assert metrics.word_error_rate(["one two", "three"], ["one too", "three"]) == pytest.approx(1 / 3)


def test_rates_of_nothing_are_unknown():
    assert metrics.character_error_rate([""], ["7"]) is None
    assert metrics.word_error_rate([""], ["7"]) is None


@pytest.mark.parametrize(
    ("wrong", "n", "bound"),
    [
        pytest.param(0, 598, 0.005, id="598 without an error show half a percent"),
        pytest.param(0, 2995, 0.001, id="2,995 without an error show one in a thousand"),
        pytest.param(1, 10, 0.3942, id="one in ten, from the printed table"),
        pytest.param(0, 0, 1.0, id="nothing looked at shows nothing"),
        pytest.param(3, 3, 1.0, id="all wrong"),
    ],
)
def test_upper_bound_of_the_error(wrong, n, bound):
    assert metrics.error_upper_bound(wrong, n) == pytest.approx(bound, abs=5e-5)


@given(st.integers(1, 400), st.data())
def test_upper_bound_lies_above_the_share_and_grows_with_the_errors(n, data):
    wrong = data.draw(st.integers(0, n - 1))
    bound = metrics.error_upper_bound(wrong, n)
    assert wrong / n < bound <= metrics.error_upper_bound(wrong + 1, n)


def test_calibration_error_is_the_distance_between_promise_and_keeping():
    assert metrics.expected_calibration_error(np.full(10, 0.9), np.arange(10) < 6) == pytest.approx(0.3)


def test_calibration_error_of_kept_promises_is_zero():
    assert metrics.expected_calibration_error(np.full(10, 0.9), np.arange(10) < 9) == pytest.approx(0.0)


def test_risk_coverage_is_least_where_the_doubtful_ones_are_the_wrong_ones():
    confidence, right = np.array([0.9, 0.8, 0.1]), np.array([True, True, False])
    assert metrics.area_under_risk_coverage(confidence, right) == pytest.approx(1 / 9)
    assert metrics.area_under_risk_coverage(-confidence, right) == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_risk_coverage_does_not_hang_on_the_order_of_equals():
    right = np.array([True, False, True, True])
    areas = {metrics.area_under_risk_coverage(np.full(4, 0.5), np.roll(right, i)) for i in range(4)}
    assert areas == {0.25}


def test_figures_without_items_are_unknown():
    none = np.array([])
    assert metrics.expected_calibration_error(none, none) is None
    assert metrics.area_under_risk_coverage(none, none) is None


def test_interval_of_98_percent_of_249():
    low, high = metrics.bootstrap_interval(np.arange(249) >= 5)
    assert 0.955 < low < 0.975 and 0.99 < high <= 1.0


def test_interval_is_wider_where_the_errors_are_one_writers():
    right = np.arange(200) >= 10
    by_item = metrics.bootstrap_interval(right)
    by_writer = metrics.bootstrap_interval(right, [str(i // 10) for i in range(200)])
    assert by_writer[0] < by_item[0] and by_writer[1] >= by_item[1]


def test_interval_without_an_error_does_not_claim_certainty():
    assert metrics.bootstrap_interval(np.ones(100, bool)) == (pytest.approx(0.9638, abs=1e-3), 1.0)
    assert metrics.bootstrap_interval(np.zeros(100, bool)) == (0.0, pytest.approx(0.0362, abs=1e-3))


def test_interval_is_the_same_every_time():
    right = np.arange(50) % 7 > 0
    assert metrics.bootstrap_interval(right) == metrics.bootstrap_interval(right)
